"""The work of a run in the background, and of the run that everybody may read."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from virkestoff.language import Lang
from virkestoff.studies import read_results
from virkestoff.studies.changes import Changes
from virkestoff.workbench.study_pages import as_run
from virkestoff_hub.engine import bench
from virkestoff_hub.studies.held import (
    CURRENT,
    PAGES,
    RUN_NAME,
    THIS_RUN,
    places_of,
    published_folder,
    published_root,
)

__all__ = ["publish", "run_study_of"]

Tell = Callable[[int, int, str], None]
_STEPS = ("writing_study", "drawing_pages")
LEFT_SECONDS = 24 * 3600.0
"""After so long, what lies beside the published run was left by a process that fell."""


def run_study_of(asked: Mapping[str, Any], folder: Path, tell: Tell) -> None:
    """Run a study with what a reader changed."""
    changes = Changes.from_dict(asked["changes"])
    _write(asked["study"], folder, changes, asked["draws"], tell)


def publish(study: str, draws: int, tell: Tell) -> Path:
    """Run a study as it stands and set it where everybody reads it; the old one stays until then.

    Whatever falls on the way, either the old run is read or the new one, and it is whole.

    Raises
    ------
    InputError
        lists every fault of the study.
    """
    root = published_root(study)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=root))
    try:
        _write(study, draft, Changes(), draws, tell)
        place = root / f"run-{secrets.token_hex(8)}"
        draft.replace(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    old = published_folder(study)
    note = root / f".{place.name}"
    note.write_text(place.name, encoding="ascii")
    note.replace(root / CURRENT)
    shutil.rmtree(old, ignore_errors=True)
    _delete_left(root, place)
    return place


def _delete_left(root: Path, current: Path) -> None:
    """Delete what a process that was killed left here, if nobody can be at it any more."""
    before = time.time() - LEFT_SECONDS
    for path in root.iterdir():
        is_left = path.name.startswith(".") or RUN_NAME.fullmatch(path.name)
        with suppress(OSError):  # somebody else was there first
            if is_left and path != current and path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write(study: str, folder: Path, changes: Changes, draws: int, tell: Tell) -> None:
    """All files of a run, and its chapters in every language."""

    def on_step(done: int, of: int, what: str) -> None:
        tell(done, of, what if what in _STEPS else "computing")

    documents = bench().run_changed(study, folder, changes, draws=draws, on_step=on_step)
    results = read_results(folder)
    _, library = as_run(*bench().study(study), results)
    pages = folder / PAGES
    pages.mkdir()
    for i, (lang, document) in enumerate(documents.items()):
        tell(i, len(documents), "drawing_pages")
        places = places_of(study, THIS_RUN, library, results, lang)
        address = _addresses(study, lang)
        chapters = bench().study_chapters(document, places, address)
        text = json.dumps([asdict(c) for c in chapters], ensure_ascii=False)
        (pages / f"{lang}.json").write_text(text, encoding="utf-8")


def _addresses(study: str, lang: Lang) -> Callable[[str], str]:
    def address(chapter: str) -> str:
        with override(lang):
            return str(reverse("studies:chapter", args=(study, THIS_RUN, chapter)))

    return address
