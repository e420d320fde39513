"""Enhetsregisteret: units and sub-units from the bulk files, straight into Parquet.

Three steps in the table engine, with bounded memory: everything as text with record numbers; typed
columns with the fault of each record; then duplicates and the standard of the codes, and the
tables. Withheld headcounts stay null. Sole proprietors and other single persons are counted by
code and dropped; roles and addresses are never read.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence.snapshots import SetApart
from virkestoff.industry.file_parts import Parts, read_parts
from virkestoff.industry.reading import Reading, Request, needed_columns
from virkestoff.industry.register_fields import (
    CODES,
    Column,
    columns_of,
    csv_source,
    json_source,
    quoted,
    typed_sql,
)
from virkestoff.industry.register_files import FileHead, open_bytes
from virkestoff.industry.standards import CodeEvidence, by_date, only_sql, reading_sql

__all__ = ["read_units"]

THREADS = 2
# many texts differ from each other: a dictionary of them costs more than it saves
_TEMPORARY = "format parquet, parquet_version v2"
_TYPED, _CLEANED, _LINK = "typed.parquet", "cleaned.csv", "input"
_PATTERN = set("*?[")
_MALFORMED = re.compile(r"record/value (\d+): (.*)")


def read_units(request: Request, kind: str) -> Reading:
    """Read the units or sub-units of one bulk file.

    Raises
    ------
    InputError
        if the file as a whole is faulty: not JSON or CSV, a needed column gone, no code anywhere.
    """
    head, columns = _plainly_named(request), columns_of(kind)
    _check_head(head, columns)
    engine = duckdb.connect()

    def stop() -> None:
        # the check beside may find its fault when the reading has just ended
        with suppress(duckdb.Error):
            engine.interrupt()

    if request.beside is not None:
        request.beside.stop = stop
    try:
        engine.execute(f"set memory_limit={quoted(request.rules.limits.memory)}")
        engine.execute(f"set threads={THREADS}")
        engine.execute("set enable_progress_bar=false")  # the command has its own
        engine.execute(f"set temp_directory={quoted(request.work / 'spill')}")
        return _read(engine, request, kind, head, columns)
    except duckdb.Error as problem:  # no space left, or memory: nothing that the file did
        said = str(problem).splitlines()[0]
        raise InputError(Fault(str(head.path), f"could not be read: {said}")) from None
    finally:
        engine.close()
        for name in (_TYPED, _CLEANED, _LINK):
            (request.work / name).unlink(missing_ok=True)


def _plainly_named(request: Request) -> FileHead:
    """The head with a path that the engine does not take for a pattern of several files."""
    head = request.heads[0]
    if not set(str(head.path)) & _PATTERN:
        return head
    link = request.work / _LINK
    link.symlink_to(head.path.resolve())
    return replace(head, path=link)


def _read(
    engine: duckdb.DuckDBPyConnection,
    request: Request,
    kind: str,
    head: FileHead,
    columns: tuple[Column, ...],
) -> Reading:
    apart_before = _read_typed(engine, request, head, columns)
    n_records = _one(engine, "select count(*) from typed") + len(apart_before)
    _check_filled(engine, head, columns, n_records)
    reading = Reading(n_records, set_apart=apart_before)
    _say_empty_columns(engine, columns, reading)
    _find_duplicates(engine, columns)
    reading.set_apart += _set_apart(engine)
    standard = _standard_sql(engine, request, reading)
    _write_tables(engine, request.work, kind, columns, standard, reading)
    _say_what_is_unknown(engine, request.work / f"{kind}.parquet", reading)
    return reading


def _one(engine: duckdb.DuckDBPyConnection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row and row[0] is not None else 0


def _check_head(head: FileHead, columns: tuple[Column, ...]) -> None:
    needed = [c for c in columns if c.is_needed]
    if head.layout == "csv":
        needed_columns(head, [c.dotted.lower() for c in needed])
        lower = [key.strip().lower() for key in head.keys]
        if twice := sorted({key for key in lower if lower.count(key) > 1}):
            what = f"has columns twice: {', '.join(twice)}"
            raise InputError(Fault(f"{head.path}, header", what))
        return
    if "_embedded" in head.keys:
        raise InputError(
            Fault(
                str(head.path),
                "is a page of search results, not the bulk file",
                "a search shows 10,000 units at most",
                "Fetch the whole file from /enheter/lastned",
            )
        )
    if head.keys:  # without any, what was read says that there is no record
        needed_columns(head, [c.field.lower() for c in needed if c.name != "code_1"])


def _read_typed(
    engine: duckdb.DuckDBPyConnection, request: Request, head: FileHead, columns: tuple[Column, ...]
) -> list[SetApart]:
    """View ``typed``: all records; returns the lines of a CSV that are no records at all."""
    apart: list[SetApart] = []
    parts = request.beside.parts if request.beside is not None else None
    if parts is not None and _read_in_parts(engine, request, head, columns, parts):
        return apart
    apart = _write_typed(engine, request, head, columns)
    typed = quoted(request.work / _TYPED)
    engine.execute(f"create view typed as select * exclude (part) from read_parquet({typed})")
    return apart


def _read_in_parts(
    engine: duckdb.DuckDBPyConnection,
    request: Request,
    head: FileHead,
    columns: tuple[Column, ...],
    parts: Parts,
) -> bool:
    """The view over the tables of all parts; False if the file is to be read whole."""

    def copy_sql(number: int, path: Path, table: Path) -> str:
        plain = replace(head, path=path, is_packed=False)
        source = json_source(columns, plain, is_tolerant=False)
        return _copy_typed(request, columns, source, table, number)

    read = read_parts(engine, parts, copy_sql, THREADS)
    if parts.is_refused:
        raise InputError(Fault(str(head.path), "was not read to its end"))
    if read is None:
        return False
    # each part numbers its records from 1
    tables, before = ", ".join(quoted(one.table) for one in read), [one.n_before for one in read]
    engine.execute(
        "create view typed as "
        f"select * exclude (part) replace (record + {before}[part + 1] as record) "
        f"from read_parquet([{tables}])"
    )
    return True


def _copy_typed(
    request: Request, columns: tuple[Column, ...], source: str, table: Path, part: int = 0
) -> str:
    forms = ", ".join(quoted(form) for form in request.rules.person_forms)
    query = typed_sql(source, columns, request.rules.limits, forms)
    query = f"select *, {part} as part from ({query})"
    return f"copy ({query}) to {quoted(table)} ({_TEMPORARY})"


def _write_typed(
    engine: duckdb.DuckDBPyConnection, request: Request, head: FileHead, columns: tuple[Column, ...]
) -> list[SetApart]:
    """Write typed records; returns the lines of a CSV that are no records at all."""
    apart: list[SetApart] = []

    def copy(source: str) -> None:
        engine.execute(_copy_typed(request, columns, source, request.work / _TYPED))

    try:
        if head.layout == "csv":
            copy(csv_source(columns, head))
        else:
            copy(json_source(columns, head, is_tolerant=False))
    except duckdb.InterruptException:
        raise InputError(Fault(str(head.path), "was not read to its end")) from None
    except duckdb.Error as problem:
        text = str(problem)
        if head.layout == "csv":
            apart = _clean_csv(head, request.work / _CLEANED)
            copy(csv_source(columns, head, request.work / _CLEANED))
        elif "transform error" in text:
            _again(engine, head, lambda: copy(json_source(columns, head, is_tolerant=True)))
        else:
            raise InputError(_engine_fault(head, text)) from None
    return apart


def _again(engine: duckdb.DuckDBPyConnection, head: FileHead, read: Any) -> None:
    try:
        read()
    except duckdb.Error as problem:
        raise InputError(_engine_fault(head, str(problem))) from None


def _engine_fault(head: FileHead, text: str) -> Fault:
    found = _MALFORMED.search(text)
    first = text.splitlines()[0].removeprefix("Invalid Input Error: ")
    if "maximum_object_size" in text:
        return Fault(
            str(head.path),
            "holds a record that is longer than any record of the register",
            "a record of many megabytes is no company",
            "Fetch the file again",
        )
    where = f"{head.path}, near record {found[1]}" if found else str(head.path)
    return Fault(
        where,
        f"is not JSON: {found[2] if found else first}",
        "the file is cut off, joined from parts, or not what the register publishes",
        "Fetch the file again",
    )


def _clean_csv(head: FileHead, place: Path) -> list[SetApart]:
    """Copy the whole lines with their record numbers; lines of another length are set apart."""
    apart = []
    with (
        io.TextIOWrapper(open_bytes(head.path), encoding="utf-8-sig", newline="") as stream,
        place.open("w", encoding="utf-8", newline="") as out,
    ):
        rows = csv.reader(stream, delimiter=head.delimiter, strict=True)
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
        n = 0
        try:
            writer.writerow(["record", *next(rows)])
            for n, row in enumerate(rows, start=1):
                if len(row) == len(head.keys):
                    writer.writerow([n, *row])
                elif row:
                    detail = f"{len(row)} fields where the header has {len(head.keys)}"
                    apart.append(SetApart(n, "", "wrong_number_of_fields", detail))
        except (UnicodeDecodeError, EOFError, zlib.error, gzip.BadGzipFile) as problem:
            raise InputError(
                Fault(f"{head.path}, record {n + 1}", f"cannot be read: {problem}")
            ) from None
        except csv.Error as problem:
            raise InputError(
                Fault(
                    f"{head.path}, record {n + 1}",
                    f"is not CSV: {problem}",
                    "a quote opens here and is not closed, or a field has no end",
                    "Fetch the file again",
                )
            ) from None
    return apart


def _check_filled(
    engine: duckdb.DuckDBPyConnection, head: FileHead, columns: tuple[Column, ...], n: int
) -> None:
    """A needed column without any value in the whole file has been renamed or emptied."""
    faults = FaultCollector()
    if n == 0:
        faults.add(str(head.path), "holds no record", next_step="Fetch the file again")
    else:
        for c in columns:
            if c.is_needed and not _one(engine, f"select count({c.name}) from typed"):
                faults.add(
                    f"{head.path}, column '{c.dotted}'",
                    f"holds nothing in any of {n:,} records",
                    "the import needs it; it has been renamed or left out",
                    "Compare with the register's own documentation of the file",
                )
    faults.raise_if_any()


def _say_empty_columns(
    engine: duckdb.DuckDBPyConnection, columns: tuple[Column, ...], reading: Reading
) -> None:
    counts = ", ".join(f"count({c.name})" for c in columns)
    filled = engine.execute(f"select {counts} from typed").fetchone() or ()
    empty = [c.dotted for c, k in zip(columns, filled, strict=True) if k == 0]
    if empty:
        reading.say(
            "ikke i noen av {n} poster, altså ukjent for alle: {fields}",
            "in none of {n} records, so unknown for all: {fields}",
            n=reading.n_records,
            fields=", ".join(empty),
        )


def _find_duplicates(engine: duckdb.DuckDBPyConnection, columns: tuple[Column, ...]) -> None:
    """Table ``twice``: record, whether it is kept, and which other record has its number."""
    content = ", ".join(c.name for c in columns if c.name != "organisation_number")
    engine.execute(
        "create temp table numbers as select organisation_number from typed where fault is null "
        "group by organisation_number having count(*) > 1"
    )
    engine.execute(
        f"""create temp table twice as
        with same as (
          select record, organisation_number, is_person, row({content}) as content
          from typed semi join numbers using (organisation_number) where fault is null),
        counted as (
          select organisation_number, count(distinct content) as n_contents,
                 min(record) as first, min(record) filter (record > (
                   select min(s.record) from same s
                   where s.organisation_number = same.organisation_number)) as second
          from same group by organisation_number)
        select record, organisation_number, is_person, n_contents,
               n_contents = 1 and record = first as is_kept,
               case when record = first then second else first end as other
        from same join counted using (organisation_number)"""
    )


def _set_apart(engine: duckdb.DuckDBPyConnection) -> list[SetApart]:
    """Every record that is not imported; what may be a person's is named by number alone."""
    found = []
    for record, number, is_person, fault in engine.execute(
        "select record, organisation_number, is_person, fault from typed where fault is not null"
    ).fetchall():
        reason, _, detail = fault.partition("|")
        shown = "" if is_person else detail
        found.append(SetApart(record, "" if is_person else (number or "")[:80], reason, shown))
    for record, number, is_person, n_contents, other in engine.execute(
        "select record, organisation_number, is_person, n_contents, other from twice "
        "where not is_kept"
    ).fetchall():
        detail = f"{'equal to' if n_contents == 1 else 'differs from'} record {other}"
        key = "" if is_person else number
        found.append(SetApart(record, key, "duplicate_organisation_number", detail))
    return found


def _standard_sql(
    engine: duckdb.DuckDBPyConnection, request: Request, reading: Reading
) -> tuple[str, str]:
    standards = request.rules.standards
    counts = {
        name: _one(
            engine,
            f"select count(*) from typed where fault is null and {only_sql(CODES, standard)}",
        )
        for name, standard in standards.items()
    }
    for name, n in counts.items():
        reading.say(
            "{n} poster har en kode som bare {name} har",
            "{n} records hold a code that only {name} has",
            n=n,
            name=name,
        )
    stated = None
    if request.standard:
        stated = (request.standard, "option")
        against = sum(n for name, n in counts.items() if name != request.standard)
        if against:
            reading.say(
                "{n} poster har koder som ikke finnes i {name}; standarden er oppgitt som valg",
                "{n} records hold codes that {name} does not have; the standard was stated by "
                "option",
                n=against,
                name=request.standard,
            )
    elif request.as_of and (named := by_date(request.as_of, standards)):
        stated = (named, "date")
    return reading_sql(CODES, standards, stated, CodeEvidence(counts))


def _write_tables(
    engine: duckdb.DuckDBPyConnection,
    work: Path,
    kind: str,
    columns: tuple[Column, ...],
    standard: tuple[str, str],
    reading: Reading,
) -> None:
    has_twice = _one(engine, "select count(*) from twice where not is_kept")
    rest = "fault is null"
    if has_twice:
        rest += " and record not in (select record from twice where not is_kept)"
    names = []
    for c in columns:
        names.append(c.name)
        if c.name == CODES[-1]:
            names += [f"{standard[0]} as standard", f"{standard[1]} as standard_reason"]
    order = " order by record" if has_twice else ""
    _copy(
        engine,
        f"select record, {', '.join(names)} from typed where {rest} and not is_person{order}",
        work,
        kind,
        reading,
    )
    if kind == "units":
        _copy(
            engine,
            f"select code_1, {standard[0]} as standard, {standard[1]} as standard_reason, "
            f"count(*) as n from typed where {rest} and is_person group by all order by all",
            work,
            "persons",
            reading,
        )
        persons = quoted(work / "persons.parquet")
        reading.n_persons = _one(engine, f"select sum(n) from read_parquet({persons})")


def _say_what_is_unknown(
    engine: duckdb.DuckDBPyConnection, table: Path, reading: Reading
) -> None:
    """How many rows have no headcount, and no standard for the codes they have."""
    source = f"read_parquet({quoted(table)})"
    reading.say(
        "{n} rader uten antall ansatte: holdt tilbake eller ikke oppgitt, ikke null",
        "{n} rows without a headcount: withheld or not stated, not zero",
        n=_one(engine, f"select count(*) from {source} where n_employees is null"),
    )
    reading.say(
        "{n} rader med næringskode i ukjent standard",
        "{n} rows with industry codes of an unknown standard",
        n=_one(
            engine,
            f"select count(*) from {source} where standard is null and code_1 is not null",
        ),
    )


def _copy(
    engine: duckdb.DuckDBPyConnection, query: str, work: Path, name: str, reading: Reading
) -> None:
    place = quoted(work / f"{name}.parquet")
    engine.execute(f"copy ({query}) to {place} (format parquet, compression zstd)")
    described = engine.execute(f"describe select * from read_parquet({place})").fetchall()
    reading.columns[name] = {row[0]: _type_name(row[1]) for row in described}
    reading.tables[name] = _one(engine, f"select count(*) from read_parquet({place})")


def _type_name(engine_type: str) -> str:
    names = {"VARCHAR": "String", "BIGINT": "Int64", "BOOLEAN": "Boolean", "DATE": "Date"}
    return names.get(engine_type, engine_type)
