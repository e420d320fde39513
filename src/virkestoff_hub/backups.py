"""A copy of what the hub owns, taken while it runs, and put back into an empty folder."""

from __future__ import annotations

import os
import sqlite3
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from django.conf import settings

from virkestoff.errors import Fault, InputError

__all__ = ["restore_backup", "write_backup"]

DATABASE, SECRET, RUNS = "hub.sqlite3", "secret-key", "runs"


def _database() -> Path:
    held = settings.DATABASES["default"]
    if not str(held["ENGINE"]).endswith("sqlite3"):
        raise InputError(
            Fault("database", "is PostgreSQL", "it has a tool of its own for copies",
                  "Use pg_dump and pg_restore, and copy secret-key and runs/ of the hub's folder")
        )  # fmt: skip
    return Path(str(held["NAME"]))


def write_backup(file: Path) -> None:
    """Write database, secret key and files of runs into one file that only its owner reads.

    Raises
    ------
    InputError
        if the file is there already, or there is no database to copy.
    """
    database, folder = _database(), Path(settings.HUB.folder)
    if not database.is_file():
        raise InputError(Fault(str(database), "is not there", next_step="Serve the site once"))
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError(
            Fault(str(file), "is there already", next_step="Choose another name")
        ) from None
    except OSError as problem:
        raise InputError(Fault(str(file), f"cannot be written: {problem.strerror}")) from None
    try:
        with os.fdopen(handle, "wb") as raw, zipfile.ZipFile(
            raw, "w", zipfile.ZIP_DEFLATED
        ) as archive, tempfile.TemporaryDirectory(dir=folder) as draft:
            copy = Path(draft) / DATABASE
            _copy(database, copy)
            archive.write(copy, DATABASE)
            if (folder / SECRET).is_file():
                archive.write(folder / SECRET, SECRET)
            for path in sorted(Path(settings.RUNS_ROOT).glob("*/*")):
                if path.is_file() and not path.parent.name.startswith("."):
                    archive.write(path, f"{RUNS}/{path.parent.name}/{path.name}")
    except BaseException:
        file.unlink(missing_ok=True)  # half a copy is worse than none
        raise


def _copy(database: Path, copy: Path) -> None:
    """A whole copy, whatever is being written meanwhile."""
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


def restore_backup(file: Path) -> None:
    """Put a copy back.

    Raises
    ------
    InputError
        if the file is no copy of a hub, or the folder holds a database already.
    """
    database, folder = _database(), Path(settings.HUB.folder)
    if database.exists():
        raise InputError(
            Fault(str(database), "is there already", "nothing is overwritten",
                  "Stop the site and move the folder away first")
        )  # fmt: skip
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile):
        raise InputError(Fault(str(file), "is no copy that backup wrote")) from None
    with archive:
        names = archive.namelist()
        strange = [n for n in names if not _is_ours(n)]
        if DATABASE not in names or strange:
            raise InputError(Fault(str(file), "is no copy that backup wrote"))
        for name in sorted(names, key=lambda n: n == DATABASE):  # the database last
            path = database if name == DATABASE else folder / name
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(archive.read(name))


def _is_ours(name: str) -> bool:
    parts = PurePosixPath(name).parts
    is_run = len(parts) == len(("runs", "id", "file")) and parts[0] == RUNS
    return name in (DATABASE, SECRET) or (is_run and ".." not in parts)
