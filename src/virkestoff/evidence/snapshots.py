"""Snapshots on disk: tables of an imported file, with a manifest that proves where they are from.

A snapshot is a folder ``snapshots/<kind>/<date>-<first 12 of the hash>/`` with one Parquet file a
table, ``set_apart.csv`` (records that were not imported, each with its reason) and
``manifest.json``. It is written beside its place and moved there whole, so that a folder with a
manifest is always a whole import.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence.fact import Snapshot

__all__ = [
    "Held",
    "Manifest",
    "SetApart",
    "digest_of",
    "find_by_hash",
    "new_snapshot",
    "read_holdings",
    "safe_cell",
    "write_set_apart",
]

MANIFEST, SET_APART = "manifest.json", "set_apart.csv"
_CHUNK = 1 << 20  # constant: a mebibyte at a time
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Manifest(BaseModel):
    """What a snapshot holds. All but ``imported_at`` follows from the file and the options."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    snapshot: Snapshot
    kind: str
    as_of: date
    as_of_from: str
    file_name: str
    format: str
    format_version: int
    n_records: int
    tables: dict[str, int]
    columns: dict[str, dict[str, str]]
    n_set_apart: int
    set_apart_reasons: dict[str, int]
    n_persons: int
    notes: tuple[str, ...] = ()
    imported_at: datetime


@dataclass(frozen=True)
class Held:
    """A snapshot that lies on disk."""

    folder: Path
    manifest: Manifest

    def table(self, name: str) -> Path:
        """The Parquet file of a table."""
        return self.folder / f"{name}.parquet"


@dataclass(frozen=True, order=True)
class SetApart:
    """One record of a file that was not imported: its number (from 1), its key and why."""

    record: int
    key: str
    reason: str
    detail: str


def digest_of(path: Path, progress: Callable[[int], None] | None = None) -> str:
    """SHA-256 of a file, or of a folder's files by name and content in the order of their names."""
    whole = hashlib.sha256()
    if path.is_dir():
        for part in sorted(p for p in path.rglob("*") if p.is_file()):
            whole.update(part.relative_to(path).as_posix().encode() + b"\0")
            whole.update(bytes.fromhex(digest_of(part, progress)))
        return whole.hexdigest()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            whole.update(chunk)
            if progress:
                progress(len(chunk))
    return whole.hexdigest()


def read_holdings(folder: Path) -> list[Held]:
    """Every whole snapshot under ``folder``, ordered by kind, date and hash."""
    faults = FaultCollector()
    found = []
    for path in sorted((folder / "snapshots").glob(f"*/*/{MANIFEST}")):
        try:
            manifest = Manifest.model_validate_json(path.read_bytes())
        except ValidationError as problem:
            first = problem.errors()[0]
            faults.add(
                str(path),
                f"is no manifest: {'.'.join(map(str, first['loc']))}: {first['msg']}",
                "a manifest is written by the import and is not edited by hand",
                "Remove the folder and import the file again",
            )
            continue
        found.append(Held(path.parent, manifest))
    faults.raise_if_any()
    return sorted(found, key=lambda h: (h.manifest.kind, h.manifest.as_of, h.folder.name))


def find_by_hash(folder: Path, kind: str | None, sha256: str) -> Held | None:
    """The snapshot of exactly this file, if it was imported before."""
    for held in read_holdings(folder):
        manifest = held.manifest
        if manifest.snapshot.sha256 == sha256 and kind in (None, manifest.kind):
            return held
    return None


@contextmanager
def new_snapshot(folder: Path, kind: str, as_of: date, sha256: str) -> Iterator[Path]:
    """A folder to write a snapshot in; it takes its place only when the block ends well."""
    parent = folder / "snapshots" / kind
    place = parent / f"{as_of}-{sha256[:12]}"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".being-written-", dir=folder / "snapshots"))
    except OSError as problem:
        raise InputError(
            Fault(
                str(folder),
                f"cannot be written: {problem.strerror}",
                next_step="Name another folder by --data",
            )
        ) from None
    try:
        yield work
        if not (work / MANIFEST).is_file():
            raise RuntimeError("a snapshot ended without its manifest")
        shutil.rmtree(place, ignore_errors=True)
        os.replace(work, place)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_manifest(work: Path, manifest: Manifest) -> None:
    """Write the manifest: sorted keys, so that equal content is equal bytes."""
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, sort_keys=True)
    (work / MANIFEST).write_text(text + "\n", encoding="utf-8")


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before ``= + - @`` and tabs."""
    return "'" + text if text.startswith(_FORMULA) else text


def write_set_apart(work: Path, records: Iterable[SetApart]) -> None:
    """``set_apart.csv`` with columns record, key, reason, detail."""
    with (work / SET_APART).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("record", "key", "reason", "detail"))
        for one in sorted(records):
            writer.writerow((one.record, *map(safe_cell, (one.key, one.reason, one.detail))))
