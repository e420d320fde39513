"""Accounts that the user holds, instead of the synthetic companies.

A CSV or XLSX file with any column names is read by a mapping that is saved once, as YAML in the
data folder outside the repository. What is wrong in the file is reported at once, by row and
column; an empty cell is unknown, never zero.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, library_folder, load_library, read_yaml
from virkestoff.evidence.library import validation_faults
from virkestoff.industry import orgnr
from virkestoff.industry.definitions import ACTIVITIES
from virkestoff.industry.population import Population
from virkestoff.industry.unit_check import check_unit

__all__ = ["FIELDS", "ColumnMapping", "OwnAccounts", "own_accounts", "read_mapping", "save_mapping"]

MAPPING_FILE = "own-accounts.yaml"
_AMOUNTS = (
    "turnover_nok", "operating_result_nok", "depreciation_nok", "wage_costs_nok",
    "value_creation_nok", "exports_nok",
)  # fmt: skip
_BALANCE = ("assets_nok", "equity_nok", "debt_nok")
_NOT_NEGATIVE = ("turnover_nok", "wage_costs_nok", "exports_nok", "employees", "assets_nok",
                 "depreciation_nok")  # fmt: skip
_COMPANY = ("name", "branch", "is_foreign", "region", "health_share", *ACTIVITIES)
FIELDS = ("company_id", "year", *_AMOUNTS, "employees", *_BALANCE, *_COMPANY)
"""What a column of the user's file may be mapped to."""
_UNKNOWN = ("", ":", "..")
_YES, _NO = ("1", "true", "ja", "yes", "x"), ("0", "false", "nei", "no")
_MOST_FAULTS = 50
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+")
_LARGEST = 2.0**53
"""Above this a number is no longer read exactly."""


class ColumnMapping(BaseModel):
    """Which column of the user's file holds what.

    Attributes
    ----------
    file : the accounts, CSV or XLSX; a relative name is beside the mapping
    columns : field (:data:`FIELDS`) -> column of the file
    unit : NOK of one unit of the amounts: 1, 1000 or 1000000
    is_unit_right : the unit holds although the amounts look as if it did not
    year : the year of all rows, if no column holds it
    branches : the file's word -> branch id
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str = Field(min_length=1)
    columns: dict[str, str]
    unit: Literal[1, 1000, 1000000] = 1
    is_unit_right: bool = False
    year: int | None = Field(default=None, ge=1900, le=2100)
    branches: dict[str, str] = Field(default_factory=dict)
    decimal: Literal[".", ","] = ","
    delimiter: Literal[",", ";", "\t", "|"] = ";"
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    sheet: str | None = None

    @field_validator("columns")
    @classmethod
    def _are_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        wrong = [f"'{c}' is no field {suggest(c, FIELDS)}".strip() for c in columns
                 if c not in FIELDS]  # fmt: skip
        wrong += [f"'{c}' is missing" for c in ("company_id", "turnover_nok") if c not in columns]
        if len(set(columns.values())) != len(columns):
            wrong.append("one column of the file stands for two fields")
        if wrong:
            raise ValueError("; ".join(wrong))
        return columns


@dataclass(frozen=True)
class OwnAccounts:
    """The population of the user's accounts, and what they do not hold.

    ``missing_years`` is company -> years between the first and the last of the file without
    accounts; ``n_missing`` the same by year.
    """

    population: Population
    missing_years: Mapping[str, tuple[int, ...]]
    n_missing: Mapping[int, int]
    n_companies: int


def save_mapping(mapping: ColumnMapping, folder: Path) -> Path:
    """Keep the mapping in the data folder; its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / MAPPING_FILE
    text = yaml.safe_dump(mapping.model_dump(exclude_none=True), allow_unicode=True, sort_keys=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return path


def read_mapping(folder: Path) -> ColumnMapping:
    """The mapping that was saved in the data folder.

    Raises
    ------
    InputError
        if there is none, or lists all that is wrong in it.
    """
    path = folder / MAPPING_FILE
    if not path.is_file():
        raise InputError(
            Fault(str(path), "is not there",
                  next_step="Save one: virkestoff industry population --own FILE "
                  "--column company_id=… --column turnover_nok=…")
        )  # fmt: skip
    try:
        return ColumnMapping.model_validate(read_yaml(path))
    except ValidationError as problem:
        raise InputError(validation_faults(path, path.name, (), problem)) from None


def own_accounts(
    mapping: ColumnMapping, folder: Path, library: Library | None = None
) -> OwnAccounts:
    """Read the accounts by the mapping; ``library`` is our own if left out.

    Raises
    ------
    InputError
        lists all faults: a column that is not there, an invalid organisation number, a company
        twice in a year, a number that cannot be read, a sign that cannot be, sums that do not add
        up, a unit that cannot be. Nothing is read in part.
    """
    path = Path(mapping.file).expanduser()
    path = path if path.is_absolute() else folder / path
    head, rows = _table(path, mapping)
    faults = FaultCollector()
    for field, column in mapping.columns.items():
        if column not in head:
            faults.add(
                f"{path.name}: column '{column}'",
                f"is not there ({field})",
                next_step=suggest(column, head) or f"The file has {', '.join(head)}",
            )
    if "year" not in mapping.columns and mapping.year is None:
        faults.add(f"{MAPPING_FILE}: year", "is missing",
                   next_step="Map a column to year, or write the year of all rows")  # fmt: skip
    faults.raise_if_any()
    reader = _Reader(mapping, path.name, faults)
    records = [r for n, row in rows if (r := reader.record(n, dict(zip(head, row, strict=False))))]
    _check_twice(records, path.name, faults)
    _check_company(records, path.name, faults)
    if not mapping.is_unit_right:
        known = library or load_library(library_folder())
        check_unit(records, mapping.unit, path.name, known, faults)
    if len(faults.faults) > _MOST_FAULTS:
        more = len(faults.faults) - _MOST_FAULTS
        del faults.faults[_MOST_FAULTS:]
        faults.add(path.name, f"has {more} more faults", next_step="Correct these first")
    if not records and not faults.faults:
        faults.add(path.name, "has no rows")
    faults.raise_if_any()
    return _population(records, path.name)


def _table(path: Path, mapping: ColumnMapping) -> tuple[list[str], list[tuple[int, list[Any]]]]:
    """Heads, and rows with their numbers in the file."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise InputError(Fault(str(path), "is of no known kind", next_step="Use .csv or .xlsx"))
    try:
        lines = _sheet(path, mapping) if path.suffix.lower() == ".xlsx" else _lines(path, mapping)
    except (OSError, UnicodeDecodeError, KeyError, csv.Error, ValueError) as problem:
        raise InputError(
            Fault(str(path), "cannot be read", why=str(problem),
                  next_step="Check file, sheet, delimiter and encoding in the mapping")
        ) from None  # fmt: skip
    if not lines:
        raise InputError(Fault(str(path), "is empty"))
    head = [str(x).strip() if x is not None else "" for x in lines[0]]
    twice = sorted({x for x in head if x and head.count(x) > 1})
    if twice:
        raise InputError(Fault(str(path), f"has column '{twice[0]}' twice"))
    body = [(n, row) for n, row in enumerate(lines[1:], 2) if any(x not in (None, "") for x in row)]
    return head, body


def _lines(path: Path, mapping: ColumnMapping) -> list[list[Any]]:
    encoding = "utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding
    text = io.StringIO(path.read_bytes().decode(encoding), newline="")
    return [list(row) for row in csv.reader(text, delimiter=mapping.delimiter)]


def _sheet(path: Path, mapping: ColumnMapping) -> list[list[Any]]:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    sheet = book[mapping.sheet] if mapping.sheet else book.worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


class _Reader:
    """Rows of the file as records; what is wrong goes to the faults, with row and column."""

    def __init__(self, mapping: ColumnMapping, name: str, faults: FaultCollector) -> None:
        self.mapping, self.name, self.faults = mapping, name, faults

    def record(self, number: int, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """The record of a row, or None if it cannot be placed."""
        before = len(self.faults.faults)
        found: dict[str, Any] = {"row": number, "year": self.mapping.year}
        for field, column in self.mapping.columns.items():
            found[field] = self._value(field, row.get(column), f"row {number}, {column}")
        if found["company_id"] is None or found["year"] is None:
            if len(self.faults.faults) == before:
                self._add(f"row {number}", "names no company or no year")
            return None
        self._check_sums(found, number)
        return found

    def _add(self, where: str, what: str, why: str = "", step: str = "") -> None:
        self.faults.add(f"{self.name}: {where}", what, why, step)

    def _value(self, field: str, cell: Any, where: str) -> Any:
        text = "" if cell is None else str(cell).strip()
        if text in _UNKNOWN:
            return None
        if field == "company_id":
            return self._organisation(cell, where)
        if field in ("name", "region"):
            return text
        if field == "branch":
            return self._branch(text, where)
        if field == "is_foreign" or field in ACTIVITIES:
            return self._truth(text, where)
        number = self._number(cell, where)
        if number is None:
            return None
        if field in ("year", "employees"):
            return self._whole(field, number, where)
        if field == "health_share":
            if not 0 <= number <= 1:
                self._add(where, f"{number:g} is no share from 0 to 1")
            return number
        if number < 0 and field in _NOT_NEGATIVE:
            self._add(where, f"{number:g} is below zero", f"{field} cannot be")
        return round(number * self.mapping.unit)

    def _organisation(self, cell: Any, where: str) -> str | None:
        number = orgnr.normalise(cell)
        if number is None or not orgnr.is_valid(number):
            self._add(where, f"'{cell}' is no organisation number",
                      "nine digits, the last of which checks the others")  # fmt: skip
            return None
        return number

    def _branch(self, text: str, where: str) -> str:
        from virkestoff.industry.definitions import BRANCHES

        branch = self.mapping.branches.get(text, text)
        if branch not in BRANCHES:
            self._add(
                where,
                f"branch '{text}' is unknown",
                step=f"Write under branches: which of {', '.join(BRANCHES)} it is",
            )
        return branch

    def _truth(self, text: str, where: str) -> bool | None:
        word = text.casefold()
        if word in _YES or word in _NO:
            return word in _YES
        self._add(where, f"'{text}' is neither yes nor no", step="Write 1 or 0, ja or nei")
        return None

    def _number(self, cell: Any, where: str) -> float | None:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            number = float(cell)
        else:
            text = "".join(str(cell).split()).replace("\u2212", "-")
            if self.mapping.decimal == ",":
                whole, mark, part = text.partition(",")
                if "." in whole and not _GROUPED.fullmatch(whole):
                    self._add(where, f"'{cell}' has a point that does not part thousands",
                              "the mapping says that decimals follow a comma",
                              "Write decimal: '.' in the mapping, or --decimal .")  # fmt: skip
                    return None
                text = whole.replace(".", "") + mark.replace(",", ".") + part
            try:
                number = float(text)
            except ValueError:
                self._add(where, f"'{cell}' is no number")
                return None
        if not abs(number) < _LARGEST:
            self._add(where, f"'{cell}' is no number that can be kept exactly")
            return None
        return number

    def _whole(self, field: str, number: float, where: str) -> int | None:
        if number != int(number) or number < 0:
            self._add(where, f"{number:g} is no whole number from zero", f"{field} must be")
            return None
        return int(number)

    def _check_sums(self, found: Mapping[str, Any], number: int) -> None:
        """Value creation and the balance sheet, within one unit a part for rounding."""
        unit = self.mapping.unit
        for whole, parts in (
            ("value_creation_nok", ("operating_result_nok", "depreciation_nok", "wage_costs_nok")),
            ("assets_nok", ("equity_nok", "debt_nok")),
        ):
            values = [found.get(part) for part in parts]
            total = found.get(whole)
            if total is None or any(v is None for v in values):
                continue
            gap = total - sum(v for v in values if v is not None)
            if abs(gap) > unit * len(parts):
                self._add(f"row {number}", f"{whole} is not {' + '.join(parts)}: NOK {gap} apart")


def _check_twice(records: list[dict[str, Any]], name: str, faults: FaultCollector) -> None:
    seen: dict[tuple[str, int], int] = {}
    for record in records:
        key = record["company_id"], record["year"]
        if key in seen:
            faults.add(f"{name}: row {record['row']}",
                       f"{key[0]} has {key[1]} already in row {seen[key]}")  # fmt: skip
        seen.setdefault(key, record["row"])


def _check_company(records: list[dict[str, Any]], name: str, faults: FaultCollector) -> None:
    """A company has one branch, owner and health share in all its rows, or they are unknown."""
    known: dict[tuple[str, str], tuple[Any, int]] = {}
    for record in records:
        for field in _COMPANY:
            value, key = record.get(field), (record["company_id"], field)
            if value is None or field == "name":
                continue
            first, row = known.setdefault(key, (value, record["row"]))
            if first != value:
                faults.add(
                    f"{name}: row {record['row']}",
                    f"{field} of {key[0]} is '{value}', and '{first}' in row {row}",
                )


def _population(records: list[dict[str, Any]], name: str) -> OwnAccounts:
    import polars as pl

    years = sorted({r["year"] for r in records})
    span = range(years[0], years[-1] + 1)
    companies: dict[str, dict[str, Any]] = {}
    for record in records:
        company = companies.setdefault(record["company_id"], dict.fromkeys(_COMPANY))
        for field in _COMPANY:
            company[field] = record.get(field) if company[field] is None else company[field]
    held: dict[str, set[int]] = {}
    for record in records:
        held.setdefault(record["company_id"], set()).add(record["year"])
    missing = {c: tuple(y for y in span if y not in have) for c, have in sorted(held.items())}
    missing = {c: gap for c, gap in missing.items() if gap}
    counts = {y: sum(y in gap for gap in missing.values()) for y in span}
    population = Population(
        pl.DataFrame(list(_company_rows(companies)), schema=_company_kinds()).sort("company_id"),
        pl.DataFrame(list(_account_rows(records)), schema=_account_kinds()).sort(
            "company_id", "year"
        ),
        is_synthetic=False,
        origin=f"own accounts: {name}",
    )
    return OwnAccounts(population, missing, {y: n for y, n in counts.items() if n}, len(companies))


def _company_kinds() -> dict[str, Any]:
    import polars as pl

    return {
        "company_id": pl.String, "name": pl.String, "is_named": pl.Boolean, "branch": pl.String,
        "is_foreign": pl.Boolean, "is_ownership_stated": pl.Boolean, "region": pl.String,
        "first_year": pl.Int64, "is_respondent": pl.Boolean,
        **dict.fromkeys(ACTIVITIES, pl.Boolean), "health_share": pl.Float64,
    }  # fmt: skip


def _account_kinds() -> dict[str, Any]:
    import polars as pl

    return {"company_id": pl.String, "year": pl.Int64, **dict.fromkeys(_AMOUNTS, pl.Int64),
            "employees": pl.Int64, "stated": pl.String}  # fmt: skip


def _company_rows(companies: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Where no row names a health share, the whole company counts."""
    has_shares = any(c["health_share"] is not None for c in companies.values())
    for company_id, company in companies.items():
        answered = any(company[a] is not None for a in ACTIVITIES)
        yield {
            **company, "company_id": company_id, "is_named": True, "first_year": None,
            "is_ownership_stated": company["is_foreign"] is not None, "is_respondent": answered,
            "health_share": company["health_share"] if has_shares else 1.0,
        }  # fmt: skip


def _account_rows(records: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Value creation is added up where it is not given and its parts are known."""
    for record in records:
        row = {field: record.get(field) for field in ("company_id", "year", *_AMOUNTS, "employees")}
        parts = [row[f] for f in ("operating_result_nok", "depreciation_nok", "wage_costs_nok")]
        if row["value_creation_nok"] is None and all(p is not None for p in parts):
            row["value_creation_nok"] = sum(p for p in parts if p is not None)
        yield {**row, "stated": ",".join(f for f in _AMOUNTS if row[f] is not None)}
