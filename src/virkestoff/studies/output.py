"""Writing results: everything or nothing, and a manifest that says where and when."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from virkestoff.errors import Fault, InputError

__all__ = [
    "atomic_folder",
    "check_same_model",
    "check_writable",
    "hashes_of",
    "read_manifest",
    "write_manifest",
]

_FOUND = ("written", "python", "machine", "packages", "sha256")
_SHOWN = ("numpy", "scipy", "pydantic", "altair", "typst", "python-docx")


def check_writable(folder: Path) -> None:
    """Fail before the work, not after it, if ``folder`` cannot be made or written."""
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    problem = ""
    if not there.is_dir():
        problem = f"{there} is no folder"
    elif not os.access(there, os.W_OK | os.X_OK):
        problem = f"{there} is not writable"
    else:
        try:
            with tempfile.TemporaryFile(dir=there):
                pass
        except OSError as error:
            problem = error.strerror or str(error)
    if problem:
        raise InputError(
            Fault(str(folder), "cannot be written", why=problem, next_step="Choose another --out")
        )


@contextmanager
def atomic_folder(folder: Path, replaced: Sequence[str] = ()) -> Iterator[Path]:
    """A folder beside ``folder`` that takes its place when all is written, and else is removed.

    Results that stand in ``folder`` stay until the new ones are whole. Then files named in
    ``replaced`` that were not written now are removed: a report of an earlier run beside the
    results of this one would mislead. Other files there are kept.
    """
    check_writable(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield draft
        folder.mkdir(exist_ok=True)
        written = sorted(draft.iterdir())
        for path in written:
            target = folder / path.name
            if path.is_dir() and target.is_dir():
                shutil.rmtree(target)
            path.replace(target)
        for name in set(replaced) - {path.name for path in written}:
            _removed(folder / name)
    except OSError as error:
        raise InputError(
            Fault(str(folder), "cannot be written", why=error.strerror or str(error))
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _removed(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def hashes_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file in a folder, by its path in it, without caches and hidden files."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(p[0] in "._" for p in path.relative_to(folder).parts)
    }


def check_same_model(source: Path, ran: dict[str, Any], folder: Path) -> None:
    """Refuse to report results that another model made: one whose Python files differ.

    Raises
    ------
    InputError
        names the files that were changed, added or removed since the run.
    """
    then = {k: v for k, v in ran.get("inputs", {}).items() if k.endswith(".py")}
    now = {k: v for k, v in hashes_of(source).items() if k.endswith(".py")}
    changed = sorted(k for k in then.keys() | now.keys() if then.get(k) != now.get(k))
    if changed:
        raise InputError(
            Fault(
                str(folder),
                f"holds results of an earlier model: {', '.join(changed)} differ",
                why="the report would explain figures by a model that did not make them",
                next_step="Run the study again",
            )
        )


def write_manifest(folder: Path, facts: dict[str, Any]) -> None:
    """``manifest.json``: what ran, when, on what, and the hash of every file (convention 4)."""
    files = hashes_of(folder)
    files.pop("manifest.json", None)
    versions = {}
    for name in _SHOWN:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    manifest = {
        **facts,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": sys.version.split()[0],
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": versions,
        "sha256": files,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> dict[str, Any]:
    """What ran, from ``manifest.json``, without what is found anew when it is written.

    Raises
    ------
    InputError
        if the manifest that should be there is not readable.
    """
    path = folder / "manifest.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise InputError(
            Fault(
                str(path),
                "cannot be read",
                why=getattr(problem, "strerror", None) or str(problem),
                next_step="Run the study again",
            )
        ) from None
    return {key: value for key, value in known.items() if key not in _FOUND}
