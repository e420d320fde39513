"""Importing public registers: files in, snapshots with hash and date out.

In order: look at every file, recognise one that is already there by its hash, check each file to
its end, read it into a folder beside the place, and move all folders to their places together. A
fault of a file stops all of it; a faulty record is set apart with its number and reason.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from virkestoff.errors import FaultCollector, InputError
from virkestoff.evidence.fact import Snapshot
from virkestoff.evidence.snapshots import (
    FORMAT_VERSION,
    Held,
    Manifest,
    digest_of,
    find_by_hash,
    new_snapshot,
    write_manifest,
    write_set_apart,
)
from virkestoff.industry.file_check import CheckBeside
from virkestoff.industry.reading import Reading, Request
from virkestoff.industry.register_files import FileHead, check_whole, look_at, unreadable
from virkestoff.industry.register_kinds import (
    Register,
    kind_of_keys,
    known_kind,
    register_rules,
)
from virkestoff.industry.standards import known_standard

__all__ = ["Imported", "Watch", "import_files"]

Watch = Callable[[str, int, int], None]
"""Called with the stage (``hash``, ``check``, ``read``), bytes done since last time, and all."""

PARTS = "parts"
_IN_PAGES = ("accounts", "aid", "municipalities", "updates")
_WITH_CODES = ("units", "subunits")
_WITH_DATE = ("updates",)
_DAY = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_MEDIA = {
    "array": "application/json", "lines": "application/x-ndjson", "object": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """What became of one file, or of the pages of one kind: its snapshot, and if it was there."""

    held: Held
    is_new: bool


@dataclass(frozen=True)
class _Batch:
    """Files that become one snapshot."""

    path: Path
    heads: tuple[FileHead, ...]
    kind: str
    sha256: str
    size: int
    as_of: date | None
    as_of_from: str
    there: Held | None = None


def import_files(
    paths: Sequence[Path],
    folder: Path,
    kind: str | None = None,
    as_of: date | None = None,
    standard: str | None = None,
    watch: Watch | None = None,
) -> list[Imported]:
    """Import files of public registers; each becomes a snapshot under ``folder``.

    Parameters
    ----------
    paths : files, or folders of saved responses. Pages of one kind (accounts, aid, municipalities,
        updates) become one snapshot; every other file becomes one of its own.
    folder : the folder of imported data (``holdings.data_folder``)
    kind : which register; recognised by the file's fields if not given
    as_of : the date of the data. If not given: a date in the file (updates) or in the file's name.
    standard : ``SN2007`` or ``SN2025``, where the person knows which one the codes belong to
    watch : is told how far the work has come

    Raises
    ------
    InputError
        with every fault of every file as a whole; then nothing has been written.
    """
    rules = register_rules()
    if kind is not None:
        known_kind(kind)
    known_standard(standard, rules.standards)
    faults = FaultCollector()
    if set(str(folder)) & set("*?["):
        faults.add(
            f"--data {folder}",
            "holds one of * ? [",
            "the table engine takes such a name for a pattern of several files",
            "Name a folder without them",
        )
    batches = _batches(paths, folder, (kind, as_of, standard), watch or _nobody, faults)
    beside = _checked_beside(batches)
    for batch in batches:
        if batch.there is not None:
            continue
        if batch.as_of is None and batch.kind not in _WITH_DATE:
            faults.add(
                str(batch.path),
                "holds no date of its own",
                "a snapshot without its date cannot be set beside another",
                "Give the day the file was published: --date YYYY-MM-DD",
            )
        if batch is beside:
            continue
        for head in batch.heads:
            try:
                check_whole(head, rules.limits, _told(watch, "check", batch.size))
            except InputError as problem:
                faults.extend(problem)
    if faults.faults and beside is not None:
        try:  # all faults at once: now that something else is wrong, it is not read
            check_whole(beside.heads[0], rules.limits, _told(watch, "check", beside.size))
        except InputError as problem:
            faults.extend(problem)
    faults.raise_if_any()
    return _write_all(batches, folder, standard, watch or _nobody, beside)


def _checked_beside(batches: list[_Batch]) -> _Batch | None:
    """The one bulk file of the register, if there is one, which is checked while it is read."""
    large = [b for b in batches if b.there is None and b.kind in _WITH_CODES]
    return large[0] if len(large) == 1 else None


def _nobody(stage: str, done: int, total: int) -> None:
    """Nobody watches."""


def _told(watch: Watch | None, stage: str, total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if watch:
            watch(stage, done, total)

    return tell


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))


def _batches(
    paths: Sequence[Path],
    folder: Path,
    options: tuple[str | None, date | None, str | None],
    watch: Watch,
    faults: FaultCollector,
) -> list[_Batch]:
    """Look at all files, put pages of one kind together, and find what is already there."""
    kind, as_of, standard = options
    groups: dict[tuple[str, str], list[tuple[Path, FileHead]]] = {}
    for path in paths:
        files = _files_of(path)
        if not files:
            faults.add(str(path), "is a folder without files")
        for file in files:
            try:
                head = look_at(file)
                found = _kind_of(head, kind)
            except InputError as problem:
                faults.extend(problem)
                continue
            key = (found, "" if found in _IN_PAGES else str(file))
            groups.setdefault(key, []).append((path, head))
    batches = []
    for (found, _), members in groups.items():
        try:
            batches.append(_batch(found, members, folder, as_of, standard, watch))
        except InputError as problem:
            faults.extend(problem)
    return batches


def _kind_of(head: FileHead, stated: str | None) -> str:
    found = kind_of_keys(head.small_keys)
    if stated is None and found is not None:
        stated = found
    faults = FaultCollector()
    shown = ", ".join(head.keys[:8]) or "no fields"
    if stated is None:
        is_empty_page = head.layout == "object" and "page" in head.small_keys
        faults.add(
            str(head.path),
            "is an empty page of results" if is_empty_page else "is of no register that is known",
            f"its fields begin with: {shown}",
            "Name it with --kind"
            + ("" if is_empty_page else ", or compare with docs/howto/import-registers.md"),
        )
    elif found is not None and found != stated:
        faults.add(
            str(head.path),
            f"is not '{stated}' but looks like '{found}'",
            f"its fields begin with: {shown}",
            f"Import it with --kind {found}, or name the right file",
        )
    elif not _has_layout(head, register_rules().registers[stated]):
        faults.add(
            str(head.path),
            f"is {head.layout}, and '{stated}' is not published so",
            f"it comes as {', '.join(register_rules().registers[stated].layouts)}",
            f"The file is: {register_rules().registers[stated].file}",
        )
    faults.raise_if_any()
    assert stated is not None  # a fault was raised above
    return stated


def _has_layout(head: FileHead, register: Register) -> bool:
    layout = "json" if head.layout in ("array", "lines", "object") else head.layout
    return layout in register.layouts


def _batch(
    kind: str,
    members: list[tuple[Path, FileHead]],
    folder: Path,
    as_of: date | None,
    standard: str | None,
    watch: Watch,
) -> _Batch:
    heads = tuple(head for _, head in members)
    sizes = [head.path.stat().st_size for head in heads]
    sha = digest_of([h.path for h in heads], _told(watch, "hash", sum(sizes)))
    shown = members[0][0] if len({path for path, _ in members}) == 1 else heads[0].path.parent
    encoding = heads[0].encoding
    if kind != "innovation" and encoding != "utf-8":
        # the check of the whole file says where
        heads = tuple(replace(head, encoding="utf-8") for head in heads)
    as_of, origin = (as_of, "option") if as_of else _date_in_name(shown)
    batch = _Batch(shown, heads, kind, sha, sum(sizes), as_of, origin)
    options = {"standard": standard} if standard and kind in _WITH_CODES else {}
    there = find_by_hash(folder, kind, sha)
    if there is None or there.manifest.options != options:
        return batch
    if origin == "option" and there.manifest.as_of != as_of:
        faults = FaultCollector()
        faults.add(
            str(shown),
            f"was imported before with the date {there.manifest.as_of}, not {as_of}",
            "one file has one date",
            f"If the first was wrong, remove {there.folder} and import again",
        )
        faults.raise_if_any()
    return replace(batch, there=there)


def _date_in_name(path: Path) -> tuple[date | None, str]:
    for found in _DAY.finditer(path.name):
        try:
            return date(int(found[1]), int(found[2]), int(found[3])), "file name"
        except ValueError:
            continue
    return None, ""


def _write_all(
    batches: list[_Batch],
    folder: Path,
    standard: str | None,
    watch: Watch,
    beside: _Batch | None,
) -> list[Imported]:
    done: list[Imported] = []
    with ExitStack() as moves:  # every folder is moved to its place when all have been read
        for batch in batches:
            if batch.there is not None:
                done.append(Imported(batch.there, is_new=False))
                continue
            new = moves.enter_context(new_snapshot(folder, batch.kind, batch.sha256))
            watch("read", 0, 0)
            if batch is beside:
                tell = _told(watch, "check", batch.size)
                limits = register_rules().limits
                with CheckBeside(batch.heads[0], limits, tell, new.work / PARTS) as check:
                    reading = _read(batch, new.work, standard, check)
            else:
                reading = _read(batch, new.work, standard)
            manifest = _manifest(batch, reading, standard)
            _check_share(batch, reading)
            write_set_apart(new.work, reading.set_apart)
            write_manifest(new.work, manifest)
            new.as_of = manifest.as_of
            done.append(Imported(Held(new.place, manifest), is_new=True))
    return done


def _read(
    batch: _Batch, work: Path, standard: str | None, beside: CheckBeside | None = None
) -> Reading:
    request = Request(
        batch.path, batch.heads, register_rules(), batch.as_of, standard, work, beside
    )
    try:
        reading = _reader(batch.kind)(request)
    except OSError as problem:
        raise unreadable(batch.path, problem) from None
    shutil.rmtree(work / "spill", ignore_errors=True)
    return reading


def _reader(kind: str) -> Callable[[Request], Reading]:
    """The reader of a kind; each is loaded only when its files come."""
    from functools import partial

    if kind in _WITH_CODES:
        from virkestoff.industry.register_units import read_units

        return partial(read_units, kind=kind)
    if kind in ("research", "innovation"):
        from virkestoff.industry import grants

        return grants.read_research if kind == "research" else grants.read_innovation
    if kind in ("updates", "municipalities"):
        from virkestoff.industry import updates

        return updates.read_updates if kind == "updates" else updates.read_municipalities
    if kind == "accounts":
        from virkestoff.industry.accounts import read_accounts

        return read_accounts
    if kind == "aid":
        from virkestoff.industry.awards import read_aid

        return read_aid
    from virkestoff.industry.skattefunn import read_skattefunn

    return read_skattefunn


def _check_share(batch: _Batch, reading: Reading) -> None:
    """A file most of whose records are faulty is not what it was taken for."""
    share = register_rules().limits.faulty_share
    faults = FaultCollector()
    if len(reading.set_apart) > share * max(reading.n_records, 1):
        reasons = ", ".join(f"{name} {n:,}" for name, n in reading.reasons.items())
        first = min(reading.set_apart)
        faults.add(
            str(batch.path),
            f"has faults in {len(reading.set_apart):,} of {reading.n_records:,} records",
            f"{reasons}; the first is record {first.record}: {first.reason} {first.detail}".strip(),
            "It is not the file it was taken for, or it is damaged; fetch it again",
        )
    faults.raise_if_any()


def _manifest(batch: _Batch, reading: Reading, standard: str | None) -> Manifest:
    register = register_rules().registers[batch.kind]
    as_of, origin = batch.as_of, batch.as_of_from
    if as_of is None:
        as_of, origin = reading.as_of, "file"
    faults = FaultCollector()
    if as_of is None:
        faults.add(
            str(batch.path), "holds no date of its own", next_step="Give --date YYYY-MM-DD"
        )
    faults.raise_if_any()
    assert as_of is not None  # a fault was raised above
    layouts = sorted({_MEDIA[head.layout] for head in batch.heads})
    return Manifest(
        snapshot=Snapshot(
            id=f"industry.register.{batch.kind}.{as_of}.{batch.sha256[:12]}",
            source=register.source,
            fetched=as_of,
            sha256=batch.sha256,
            size_bytes=batch.size,
            media_type=", ".join(layouts),
            licence=register.licence.in_("en"),
        ),
        kind=batch.kind,
        as_of=as_of,
        as_of_from=origin,
        file_name=batch.path.name,
        n_files=len(batch.heads),
        format_version=FORMAT_VERSION,
        options={"standard": standard} if standard and batch.kind in _WITH_CODES else {},
        n_records=reading.n_records,
        tables=reading.tables,
        columns=reading.columns,
        n_set_apart=len(reading.set_apart),
        set_apart_reasons=reading.reasons,
        n_persons=reading.n_persons,
        notes=tuple(reading.notes),
        imported_at=datetime.now(UTC),
    )
