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
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence.fact import Snapshot
from virkestoff.language import Text, visible

__all__ = [
    "FORMAT_VERSION",
    "Held",
    "Manifest",
    "NewSnapshot",
    "SetApart",
    "digest_of",
    "find_by_hash",
    "new_snapshot",
    "read_holdings",
    "safe_cell",
    "write_manifest",
    "write_set_apart",
]

FORMAT_VERSION = 1
"""Raised when the tables change: a snapshot of another version is imported again."""
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
    n_files: int
    format_version: int
    options: dict[str, str] = {}
    n_records: int
    tables: dict[str, int]
    columns: dict[str, dict[str, str]]
    n_set_apart: int
    set_apart_reasons: dict[str, int]
    n_persons: int
    notes: tuple[Text, ...] = ()
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


def digest_of(paths: Sequence[Path], progress: Callable[[int], None] | None = None) -> str:
    """SHA-256 of a file; of several files, that of their names and hashes in order of name."""
    digests = []
    for path in paths:
        whole = hashlib.sha256()
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                whole.update(chunk)
                if progress:
                    progress(len(chunk))
        digests.append((path.name, whole.hexdigest()))
    if len(digests) == 1:
        return digests[0][1]
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


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


def find_by_hash(folder: Path, kind: str, sha256: str) -> Held | None:
    """The snapshot of exactly this file, if this version of the tables holds it."""
    for held in read_holdings(folder):
        manifest = held.manifest
        is_same = manifest.snapshot.sha256 == sha256 and manifest.kind == kind
        if is_same and manifest.format_version == FORMAT_VERSION:
            return held
    return None


@dataclass
class NewSnapshot:
    """A snapshot that is being written in ``work``; ``as_of`` must be set before it is done."""

    work: Path
    parent: Path
    sha256: str
    as_of: date | None = None

    @property
    def place(self) -> Path:
        """Where it will lie."""
        return self.parent / f"{self.as_of}-{self.sha256[:12]}"


@contextmanager
def new_snapshot(folder: Path, kind: str, sha256: str) -> Iterator[NewSnapshot]:
    """A folder to write a snapshot in; it takes its place only when the block ends well.

    The same file imported again with other options takes the place of the first.
    """
    parent = folder / "snapshots" / kind
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
    new = NewSnapshot(work, parent, sha256)
    try:
        yield new
        if new.as_of is None or not (work / MANIFEST).is_file():
            raise RuntimeError("a snapshot ended without its date or manifest")
        for old in parent.glob(f"*-{sha256[:12]}"):
            shutil.rmtree(old)
        work.chmod(0o755)
        work.replace(new.place)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def write_manifest(work: Path, manifest: Manifest) -> None:
    """Write the manifest: sorted keys, so that equal content is equal bytes."""
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, sort_keys=True)
    (work / MANIFEST).write_text(text + "\n", encoding="utf-8")


def safe_cell(text: str) -> str:
    """A cell of CSV that no spreadsheet takes for a formula, and that steers no screen.

    An apostrophe before ``= + - @``, tabs and ends of lines; control characters are written out.
    """
    return visible("'" + text if text.startswith(_FORMULA) else text)


def write_set_apart(work: Path, records: Iterable[SetApart]) -> None:
    """``set_apart.csv`` with columns record, key, reason, detail."""
    with (work / SET_APART).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("record", "key", "reason", "detail"))
        for one in sorted(records):
            writer.writerow((one.record, *map(safe_cell, (one.key, one.reason, one.detail))))
