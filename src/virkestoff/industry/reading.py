"""What a reader of a register hands over: tables, records set apart, and what to say of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from virkestoff.errors import Fault, InputError
from virkestoff.evidence.snapshots import SetApart
from virkestoff.industry.orgnr import is_valid, normalise
from virkestoff.industry.register_kinds import Rules
from virkestoff.language import Lang, Text, format_number

if TYPE_CHECKING:
    import polars as pl

    from virkestoff.industry.file_check import CheckBeside
    from virkestoff.industry.register_files import FileHead

__all__ = ["Reading", "Request", "Rows", "a_date", "a_number", "needed_columns", "table_of"]

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})([T ].*)?")
_NORWEGIAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
DETAIL = 80  # constant: how much of a faulty field is shown, enough to know it again


@dataclass(frozen=True)
class Request:
    """What is to be read: the files with their heads, the date of the data, and where to write."""

    path: Path
    heads: tuple[FileHead, ...]
    rules: Rules
    as_of: date | None
    standard: str | None
    work: Path
    beside: CheckBeside | None = None


@dataclass
class Reading:
    """A register as read; its tables lie in the work folder as Parquet.

    ``tables`` is name -> rows, ``columns`` name -> column -> type; ``as_of`` is a date that the
    file itself holds, if it does.
    """

    n_records: int
    tables: dict[str, int] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    set_apart: list[SetApart] = field(default_factory=list)
    n_persons: int = 0
    notes: list[Text] = field(default_factory=list)
    as_of: date | None = None

    @property
    def reasons(self) -> dict[str, int]:
        """How many records are set apart for each reason."""
        return dict(sorted(Counter(one.reason for one in self.set_apart).items()))

    def say(self, nb: str, en: str, **values: object) -> None:
        """Note something in both languages; whole numbers in ``values`` are written out in each."""

        def filled(text: str, lang: Lang) -> str:
            shown = {
                key: format_number(v, lang, decimals=0) if isinstance(v, int) else v
                for key, v in values.items()
            }
            return text.format(**shown)

        self.notes.append(Text(nb=filled(nb, "nb"), en=filled(en, "en")))

    def add(self, name: str, table: pl.DataFrame, work: Path) -> None:
        """Write a table beside the others."""
        table.write_parquet(work / f"{name}.parquet", compression="zstd", statistics=True)
        self.tables[name] = table.height
        self.columns[name] = {column: str(kind) for column, kind in table.schema.items()}


class Faulty(Exception):
    """A record that cannot be imported: reason and detail."""

    def __init__(self, reason: str, detail: object = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, str(detail)[:DETAIL]


@dataclass
class Rows:
    """Records of one table while a file is read; the faulty ones stand apart, each numbered."""

    good: list[dict[str, Any]] = field(default_factory=list)
    set_apart: list[SetApart] = field(default_factory=list)
    n_persons: int = 0
    n_records: int = 0

    def take(self, read: Callable[[], dict[str, Any] | None], key: object = "") -> None:
        """Count a record and keep it, drop it as a person's (``None``), or set it apart."""
        self.n_records += 1
        try:
            record = read()
        except Faulty as problem:
            one = SetApart(self.n_records, str(key or "")[:DETAIL], problem.reason, problem.detail)
            self.set_apart.append(one)
            return
        if record is None:
            self.n_persons += 1
        else:
            self.good.append({"record": self.n_records, **record})

    def set_duplicates_apart(self, key: tuple[str, ...], reason: str) -> None:
        """Of records with equal key: keep the first if all are equal, else set all apart.

        Nobody can tell which of two records that differ is right.
        """
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for record in self.good:
            groups.setdefault(tuple(record[k] for k in key), []).append(record)
        apart: set[int] = set()
        for value, same in groups.items():
            if len(same) == 1 or None in value:
                continue
            contents = {repr({k: v for k, v in r.items() if k != "record"}) for r in same}
            is_equal = len(contents) == 1
            for record in same[1:] if is_equal else same:
                apart.add(record["record"])
                shown = " ".join(str(v) for v in value)
                detail = "equal to" if is_equal else "differs from"
                other = same[0] if record is not same[0] else same[1]
                self.set_apart.append(
                    SetApart(record["record"], shown, reason, f"{detail} record {other['record']}")
                )
        self.good = [r for r in self.good if r["record"] not in apart]


def organisation(value: object, is_needed: bool = True) -> str | None:
    """A valid organisation number; an absent one is ``None`` unless it is needed."""
    if value in (None, "", "0", 0):
        if is_needed:
            raise Faulty("no_organisation_number")
        return None
    number = normalise(value)
    if number is None or not is_valid(number):
        raise Faulty("invalid_organisation_number", value)
    return number


def a_date(value: object, column: str) -> date | None:
    """A date from ISO text, Norwegian ``dd.mm.yyyy`` or a cell; absent is ``None``."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(value).strip()
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NORWEGIAN.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        pass
    raise Faulty("impossible_date", f"{column}: {text}")


def a_number(value: object, column: str, decimal: str = ".") -> float | None:
    """A finite number; ``decimal`` is the file's decimal mark. Absent is ``None``, never zero."""
    if value in (None, ""):
        return None
    if isinstance(value, bool):
        raise Faulty("wrong_type", f"{column}: {value}")
    text = value if isinstance(value, int | float) else "".join(str(value).split())
    if isinstance(text, str) and decimal == ",":
        if "." in text:
            raise Faulty("wrong_type", f"{column}: {value}")
        text = text.replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        raise Faulty("wrong_type", f"{column}: {value}") from None
    if number != number or number in (float("inf"), float("-inf")):
        raise Faulty("wrong_type", f"{column}: {value}")
    return number


def a_text(value: object, limit: int, column: str) -> str | None:
    """A text with its spaces in order; absent and empty are ``None``."""
    if value is None:
        return None
    if isinstance(value, dict | list):
        raise Faulty("wrong_type", f"{column}: {type(value).__name__}")
    text = " ".join(str(value).split())
    if len(text) > limit:
        raise Faulty("field_too_long", f"{column}: {len(text)} characters")
    return text or None


def a_boolean(value: object, column: str) -> bool | None:
    """True or false; absent is ``None``."""
    if value is None or isinstance(value, bool):
        return value
    raise Faulty("wrong_type", f"{column}: {value}")


def needed_columns(head: FileHead, needed: Mapping[str, str] | Iterable[str]) -> dict[str, str]:
    """Column name in small letters -> as the file spells it.

    Raises
    ------
    InputError
        with a fault for each needed column that is gone.
    """
    from virkestoff.errors import suggest

    spelt = {key.strip().lower(): key for key in head.keys}
    faults = [
        Fault(
            f"{head.path}, column '{name}'",
            "is gone",
            "the import needs it; a renamed column would silently leave its values out",
            suggest(name, spelt) or f"The file has: {', '.join(list(spelt)[:12])}",
        )
        for name in needed
        if name not in spelt
    ]
    if faults:
        raise InputError(faults)
    return spelt


def table_of(rows: list[dict[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Records as a table with exactly these columns and types."""
    import polars as pl

    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in schema}, schema=dict(schema)
    )
