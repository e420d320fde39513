"""A copy of what the hub owns, taken while it runs, and put back into an empty folder.

A copy is a zip file: the database (SQLite), the secret key, the trees of runs, published studies
and letters, and a list of all of it with sizes and SHA-256. The database is copied first: a file
that is younger than its row in the copy is harmless. PostgreSQL has tools of its own; there a copy
holds all but the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings

from virkestoff.errors import Fault, FaultCollector, InputError

__all__ = ["holds_database", "restore_backup", "write_backup"]

DATABASE, SECRET, LIST = "hub.sqlite3", "secret-key", "backup.json"
FORMAT = 1
"""The form of a copy; a later hub may know more than one."""
BLOCK = 1 << 20
"""Bytes that are read at a time."""
MOST_LIST = 100_000_000
"""Bytes of the longest list of files that is read: a million files."""


def holds_database() -> bool:
    """Whether a copy holds the database, too (SQLite)."""
    return str(settings.DATABASES["default"]["ENGINE"]).endswith("sqlite3")


def _database() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def _trees() -> dict[str, Path]:
    folder = Path(settings.HUB.folder)
    return {"runs": Path(settings.RUNS_ROOT), "studies": folder / "studies",
            "letters": folder / "letters"}  # fmt: skip


# ---- write


def write_backup(file: Path) -> None:
    """Write what the hub owns into one file that only its owner reads.

    The file appears whole or not at all.

    Raises
    ------
    InputError
        if the file is there already, it cannot be written, or there is no database to copy.
    """
    if holds_database() and not _database().is_file():
        raise InputError(Fault(str(_database()), "is not there", next_step="Serve the site once"))
    if os.path.lexists(file):
        raise InputError(Fault(str(file), "is there already", next_step="Choose another name"))
    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        draft = Path(name)
        with os.fdopen(handle, "wb") as raw:
            _write(raw)
            raw.flush()
            os.fsync(raw.fileno())
        draft.rename(file)
    except (OSError, sqlite3.Error) as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        raise InputError(
            Fault(str(file), "cannot be written", why, "Name a folder with room that is yours")
        ) from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)  # half a copy is worse than none


def _write(raw: Any) -> None:
    listed: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        if holds_database():
            with tempfile.TemporaryDirectory(dir=settings.HUB.folder, prefix=".copy-") as draft:
                copy = Path(draft) / DATABASE
                _copy(_database(), copy)
                _add(archive, listed, copy, DATABASE)
        secret = Path(settings.HUB.folder) / SECRET
        if secret.is_file():
            _add(archive, listed, secret, SECRET)
        for tree, root in _trees().items():
            for path in sorted(root.rglob("*")):
                inside = path.relative_to(root)
                is_draft = any(part.startswith(".") for part in inside.parts)
                if not is_draft and path.is_file() and not path.is_symlink():
                    _add(archive, listed, path, f"{tree}/{inside.as_posix()}")
        held = {"format": FORMAT, "has_database": holds_database(), "files": listed}
        archive.writestr(LIST, json.dumps(held, indent=1))


def _add(archive: zipfile.ZipFile, listed: dict[str, Any], path: Path, name: str) -> None:
    """Add a file, unless it went away since its folder was read."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return
    digest, size = hashlib.sha256(), 0
    with source, archive.open(name, "w", force_zip64=True) as target:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
    listed[name] = {"size": size, "sha256": digest.hexdigest()}


def _copy(database: Path, copy: Path) -> None:
    """A whole copy, whatever is being written meanwhile."""
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    try:
        source.backup(target)
        target.execute("pragma journal_mode=delete")  # one file
    finally:
        source.close()
        target.close()


# ---- restore


def restore_backup(file: Path) -> None:
    """Put a copy back: everything is checked and laid out beside before the first file is moved.

    Raises
    ------
    InputError
        lists every fault: the file is no copy, is damaged or was made by a newer hub; the folder
        holds something already; there is no room.
    """
    _check_empty()
    folder = Path(settings.HUB.folder)
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile):
        raise InputError(Fault(str(file), "is no copy that backup wrote")) from None
    draft = Path(tempfile.mkdtemp(prefix=".restore-", dir=folder))
    try:
        with archive:
            listed = _listed(file, archive)
            for name, said in listed.items():
                _lay_out(file, archive, name, said, draft / name)
        if DATABASE in listed:
            _check_database(file, draft / DATABASE)
        _move(draft)
    except (OSError, sqlite3.Error, zipfile.BadZipFile) as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        raise InputError(
            Fault(str(file), "cannot be put back", why, "Make room, or take another copy")
        ) from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _check_empty() -> None:
    faults = FaultCollector()
    database = _database()
    held = [Path(f"{database}{end}") for end in ("", "-wal", "-shm", "-journal")]
    for path in held if holds_database() else ():
        if os.path.lexists(path):
            faults.add(str(path), "is there already", "nothing is overwritten",
                       "Stop the site and move the folder away first")  # fmt: skip
    for path in _trees().values():
        if path.is_dir() and any(path.iterdir()):
            faults.add(str(path), "holds files already", "nothing is overwritten",
                       "Stop the site and move the folder away first")  # fmt: skip
    faults.raise_if_any()


def _listed(file: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    """The list of a copy, if it names what lies in it and nothing else."""
    strange = InputError(Fault(str(file), "is no copy that backup wrote"))
    names = archive.namelist()
    if LIST not in names or archive.getinfo(LIST).file_size > MOST_LIST:
        raise strange
    try:
        held = json.loads(archive.read(LIST))
        listed, version = held["files"], int(held["format"])
        sizes = {name: (int(said["size"]), str(said["sha256"])) for name, said in listed.items()}
        has_database = bool(held["has_database"])
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise strange from None
    if version > FORMAT:
        raise InputError(Fault(str(file), "was made by a newer hub", next_step="Update the hub"))
    if sorted(names) != sorted([*listed, LIST]) or not all(map(_is_ours, listed)):
        raise strange
    if (DATABASE in listed) != has_database or has_database != holds_database():
        raise InputError(
            Fault(str(file), "was made beside another kind of database",
                  "a copy beside PostgreSQL does not hold the database",
                  "Set VIRKESTOFF_HUB_DATABASE as it was when the copy was made")
        )  # fmt: skip
    room = shutil.disk_usage(settings.HUB.folder).free
    if sum(size for size, _ in sizes.values()) > room:
        raise InputError(Fault(str(file), "does not fit on the disk", next_step="Make room"))
    return {name: {"size": size, "sha256": digest} for name, (size, digest) in sizes.items()}


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    is_plain = name == path.as_posix() and "\\" not in name and "\0" not in name
    is_inside = path.parts[0] in _trees() and len(path.parts) > 1
    return is_plain and (
        name in (DATABASE, SECRET)
        or (is_inside and not any(part.startswith(".") for part in path.parts))
    )


def _lay_out(
    file: Path, archive: zipfile.ZipFile, name: str, said: dict[str, Any], path: Path
) -> None:
    """Write a file of the copy beside, if it is what the list says."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target, archive.open(name) as source:
        while size <= said["size"] and (block := source.read(BLOCK)):
            digest.update(block)
            size += len(block)
            target.write(block)
    if size != said["size"] or digest.hexdigest() != said["sha256"]:
        raise InputError(Fault(f"{file}: {name}", "is not what was copied", "the file is damaged",
                               "Take another copy"))  # fmt: skip


def _check_database(file: Path, path: Path) -> None:
    """Whether the database is whole, and no newer than this hub."""
    from django.db.migrations.loader import MigrationLoader

    held = sqlite3.connect(path)
    try:
        is_whole = held.execute("pragma integrity_check").fetchone() == ("ok",)
        applied = set(held.execute("select app, name from django_migrations"))
    finally:
        held.close()
    if not is_whole:
        raise InputError(Fault(f"{file}: {DATABASE}", "is damaged", next_step="Take another copy"))
    known = set(MigrationLoader(None).disk_migrations)
    if newer := sorted(applied - known):
        steps = ", ".join(".".join(step) for step in newer)
        raise InputError(Fault(str(file), "was made by a newer hub", f"unknown here: {steps}",
                               "Update the hub"))  # fmt: skip


def _move(draft: Path) -> None:
    """Into their places; the database last, so that a site without it has nothing half."""
    folder = Path(settings.HUB.folder)
    for tree, root in _trees().items():
        if (draft / tree).is_dir():
            root.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if root.is_dir():
                root.rmdir()  # empty, as was checked
            (draft / tree).replace(root)
    if (draft / SECRET).is_file():
        (draft / SECRET).replace(folder / SECRET)
    if (draft / DATABASE).is_file():
        _database().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(draft / DATABASE, _database())  # it may stand on another disk
