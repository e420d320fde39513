"""Studies and their runs as the site holds them: where a run lies, and who may read it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from virkestoff.errors import InputError
from virkestoff.evidence import Library
from virkestoff.language import Lang, Text
from virkestoff.reports.fragment import Places
from virkestoff.studies import Definition, read_results
from virkestoff.studies.changes import Changes, changes_of
from virkestoff.studies.citation import check_same_origin
from virkestoff.workbench.study_pages import as_run
from virkestoff_hub.accounts.permissions import may_see_run, role_of
from virkestoff_hub.engine import bench

__all__ = ["CURRENT", "KIND", "PAGES", "PUBLISHED", "RUN_NAME", "THIS_RUN", "Result", "places_of",
           "published_folder", "published_root", "result_of", "results_of",
           "study_of"]  # fmt: skip

KIND = "study"
"""The kind of run in the background."""
PUBLISHED = "published"
"""The name of the run that everybody may read."""
PAGES = "pages"
"""The folder of a run with its chapters, in every language."""
CURRENT = "current"
"""The file that names the published run that is read; it is replaced in one step."""
RUN_NAME = re.compile(r"run-[0-9a-f]{16}")
THIS_RUN = "this-run"
"""Stands in the addresses of chapters as they are written, for the run that is read."""
MOST_LISTED = 25
"""One's own runs that are offered for comparison, the newest."""


@lru_cache(maxsize=16)
def study_of(study: str) -> tuple[Definition, Library]:
    """A study that came along, and the library with its own facts.

    Raises
    ------
    Http404
        if there is none of the name.
    """
    if study not in bench().study_names():
        raise Http404
    return bench().study(study)


def published_root(study: str) -> Path:
    """The folder with the published runs of a study, and the note of which one is read."""
    return Path(settings.HUB.folder) / "studies" / study


def published_folder(study: str) -> Path:
    """Where the run that everybody may read lies; a folder that is not there if there is none."""
    root = published_root(study)
    try:
        name = (root / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    return root / (name if RUN_NAME.fullmatch(name) else "run-none")


@dataclass(frozen=True)
class Result:
    """A run that is whole.

    Attributes
    ----------
    study : slug of the study
    key : ``published``, or the id of the run
    run : of the database; none for the published one
    """

    study: str
    key: str
    folder: Path
    run: Any = None

    @cached_property
    def results(self) -> Mapping[str, Any]:
        """What stands in results.json."""
        path = self.folder / "results.json"
        try:
            return _results(str(path), path.stat().st_mtime_ns)
        except OSError:  # a newer run took its place this moment
            raise Http404 from None

    @property
    def changes(self) -> Changes:
        """What the reader changed."""
        return changes_of(self.results)

    @cached_property
    def is_current(self) -> bool:
        """Whether study and library are still those that the run was made with."""
        try:
            check_same_origin(*study_of(self.study), self.results, self.study)
        except InputError:
            return False
        return True

    @cached_property
    def origin(self) -> tuple[Definition, Library]:
        """The study and the library as the run saw them."""
        return as_run(*study_of(self.study), self.results)

    @property
    def files(self) -> list[str]:
        """Names of its files, in order."""
        return sorted(p.name for p in self.folder.iterdir() if p.is_file())

    def title(self, lang: Lang) -> str:
        """What readers call it."""
        if self.run is None:
            return Text(nb="Studien som den er", en="The study as it stands").in_(lang)
        name = Text(nb="Egen kjøring", en="Own run").in_(lang)
        return f"{name} {timezone.localtime(self.run.created):%Y-%m-%d %H:%M}"

    def chapters(self, lang: Lang) -> list[dict[str, Any]]:
        """Its report as pages."""
        path = self.folder / PAGES / f"{lang}.json"
        try:
            return _chapters(str(path), path.stat().st_mtime_ns, self.key)
        except OSError:
            raise Http404 from None


@lru_cache(maxsize=8)
def _results(path: str, changed: int) -> Mapping[str, Any]:
    return read_results(Path(path))


@lru_cache(maxsize=8)
def _chapters(path: str, changed: int, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(path).read_text(encoding="utf-8"))
    for chapter in found:
        chapter["html"] = chapter["html"].replace(f"/results/{THIS_RUN}/", f"/results/{key}/")
    return found


def result_of(user: Any, study: str, key: str) -> Result:
    """A run that the reader may see and that is whole.

    Raises
    ------
    Http404
        if there is none, it is another's, it is of another study, or it is not done.
    """
    study_of(study)
    if key == PUBLISHED:
        folder = published_folder(study)
        if not (folder / "results.json").is_file():
            raise Http404
        return Result(study, key, folder)
    from virkestoff_hub.runs.models import Run

    try:
        run = Run.objects.filter(id=UUID(key), kind=KIND, state="done").first()
    except ValueError:
        raise Http404 from None
    if run is None or not may_see_run(user, run) or run.parameters.get("study") != study:
        raise Http404
    if not (run.folder / "results.json").is_file():
        raise Http404
    return Result(study, str(run.id), run.folder, run)


def results_of(user: Any, study: str) -> list[Result]:
    """The published run and one's own that are done, the newest first."""
    from virkestoff_hub.runs.models import Run

    found = []
    if (published_folder(study) / "results.json").is_file():
        found.append(Result(study, PUBLISHED, published_folder(study)))
    if role_of(user) == "visitor":
        return found
    own = Run.objects.filter(kind=KIND, state="done", owner=user, parameters__study=study)
    found += [Result(study, str(run.id), run.folder, run) for run in own[:MOST_LISTED]
              if (run.folder / "results.json").is_file()]  # fmt: skip
    return found


def places_of(
    study: str, key: str, library: Library, results: Mapping[str, Any], lang: Lang
) -> Places:
    """Where a run's numbers lead: facts to their own page, outcomes to what they rest on."""
    shared = bench().library
    changed = changes_of(results).facts
    outcomes = {
        f"{run}.{outcome}"
        for kind in ("alternatives", "probes")
        for run, found in results[kind].items()
        for outcome in found
    }

    def address(name: str, *args: str) -> str:
        with override(lang):
            return str(reverse(name, args=args))

    def source(name: str) -> str:
        return address("evidence:source", name) if name in shared.sources else ""

    def record(name: str) -> str:
        if name in library.facts:
            if name in shared.facts and name not in changed:
                return address("evidence:record", name)
            return address("studies:fact", study, key, name)
        if name in shared.statistics:
            return address("evidence:record", name)
        return address("studies:number", study, key, name) if name in outcomes else ""

    return Places(source, record, library.sources)
