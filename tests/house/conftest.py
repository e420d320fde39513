"""What the house tests look at: the tracked files and the parsed modules of the engine."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
ENGINE = CHECKOUT / "src" / "virkestoff"
AIM = 300
"""Lines of a module that we aim for; the limit stands in test_sizes.py."""

_NOT_OURS = {".git", ".venv", "build", "dist", "__pycache__", "results"}


@dataclass(frozen=True)
class Module:
    """One module of the engine, read and parsed once."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def place(self) -> str:
        """The path as a reviewer names it."""
        return self.path.relative_to(CHECKOUT).as_posix()

    @property
    def subject(self) -> str:
        """The top-level name under ``virkestoff``."""
        return self.path.relative_to(ENGINE).parts[0].removesuffix(".py")

    @property
    def name(self) -> str:
        """The dotted name."""
        parts = self.path.relative_to(ENGINE.parent).with_suffix("").parts
        return ".".join(part for part in parts if part != "__init__")


def _tracked_files() -> list[Path]:
    """Files that belong to the project; from a source distribution, every file that it holds."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [CHECKOUT / line for line in listing.stdout.splitlines()]
    else:
        paths = [
            path
            for path in CHECKOUT.rglob("*")
            if not _NOT_OURS & set(path.relative_to(CHECKOUT).parts)
            and not any(part.endswith("_cache") for part in path.parts)
        ]
    return sorted(path for path in paths if path.is_file())


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def engine() -> Path:
    """The folder of the package."""
    return ENGINE


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file of the project."""
    return _tracked_files()


@pytest.fixture(scope="session")
def modules() -> list[Module]:
    """Every module of the engine."""
    found = []
    for path in sorted(ENGINE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Module(path, text, ast.parse(text, filename=str(path))))
    assert found, "no module found: the tests would pass on nothing"
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the modules that have grown past the aim, long before the limit stops them."""
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in ENGINE.rglob("*.py")}
    large = {path: size for path, size in sizes.items() if size > AIM}
    if large:
        terminalreporter.section(f"modules above the aim of {AIM} lines")
        for path, size in sorted(large.items(), key=lambda item: -item[1]):
            terminalreporter.write_line(f"{size:4d}  {path.relative_to(CHECKOUT)}")
