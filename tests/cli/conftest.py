"""The command as a user meets it: arguments in; exit code, screen and files out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from _pytest.capture import SysCapture

from virkestoff.cli import main
from virkestoff.evidence import load_library, use_library

_cached_library = lru_cache(maxsize=4)(load_library)


@dataclass(frozen=True)
class Answer:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture(scope="session")
def command() -> Iterator[Command]:
    """Runs ``virkestoff ARGUMENTS`` in this process.

    The library is read once for all tests: it is a frozen value, and reading it takes a second.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("virkestoff.workbench.library.load_library", _cached_library)

        def run(*arguments: object) -> Answer:
            out, err = SysCapture(1), SysCapture(2)
            out.start()
            err.start()
            code = 0
            try:
                patch.setattr(sys, "argv", ["virkestoff", *map(str, arguments)])
                main()
            except SystemExit as stop:
                code = int(stop.code or 0)
            finally:
                said = out.snap(), err.snap()
                out.done()
                err.done()
                use_library(None)
            return Answer(code, *said)

        yield run


@pytest.fixture(scope="session")
def example_run(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the example study: 130 draws, both languages."""
    folder = tmp_path_factory.mktemp("run") / "example"
    answer = command("study", "run", "example", "--draws", 130, "--seed", 3, "--out", folder)
    assert answer.code == 0, answer.err
    return folder
