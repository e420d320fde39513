"""What can be run in the background: a name in words, and the work itself.

The work gets what was asked for, an empty folder to write into, and ``tell(done, of, step)``, which
notes how far it has come and ends the run if somebody has cancelled it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from virkestoff.language import LANGUAGES, Text
from virkestoff_hub.engine import bench
from virkestoff_hub.studies.work import run_study_of

__all__ = ["KINDS", "Kind", "Tell"]

Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Kind:
    """A kind of run."""

    title: Text
    work: Callable[[Mapping[str, Any], Path, Tell], None]


def _coverage_report(asked: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """The report on coverage as web page, PDF and Word, in both languages."""
    on, n = date.fromisoformat(asked["on"]), len(LANGUAGES) + 1
    tell(0, n, "counting")
    found = bench().coverage_findings(on)
    for k, lang in enumerate(LANGUAGES, 1):
        tell(k, n, "writing")
        bench().write_coverage_report(found, folder, lang, on)
    tell(n, n, "written")


KINDS: dict[str, Kind] = {
    "coverage_report": Kind(
        Text(nb="Rapport om dekning av støtteordninger", en="Report on the coverage of support"),
        _coverage_report,
    ),
    "study": Kind(Text(nb="Kjøring av en studie", en="Run of a study"), run_study_of),
}
