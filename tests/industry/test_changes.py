"""Companies over time: what changed from one snapshot of the register to the next.

Oracle: two small registers written by hand, and every change between them counted by hand. All
records are fictional.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from virkestoff.errors import InputError
from virkestoff.evidence.snapshots import Held
from virkestoff.industry.changes import changes_between, company_history, joined_by_code
from virkestoff.industry.register import import_files

OLD, NEW = date(2023, 12, 1), date(2026, 10, 1)


def unit(digit: int, code: str, place: str, name: str = "FIKTIV AS", **more: Any) -> dict[str, Any]:
    return {
        "organisasjonsnummer": str(digit) * 9,
        "navn": name,
        "organisasjonsform": {"kode": "AS"},
        "naeringskode1": {"kode": code},
        "forretningsadresse": {"kommunenummer": place},
        **more,
    }


def snapshot(folder: Path, name: str, value: Any, as_of: date, **options: Any) -> Held:
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    (done,) = import_files([path], folder / "data", as_of=as_of, **options)
    return done.held


@pytest.fixture
def older(tmp_path: Path) -> Held:
    return snapshot(
        tmp_path,
        "old.json",
        [
            unit(1, "21.200", "0301"),
            unit(2, "21.200", "3005"),  # Drammen, renumbered on 1 January 2024
            unit(3, "72.110", "0301"),
            unit(4, "21.200", "0301"),
            unit(5, "21.200", "0301"),
            unit(6, "46.460", "4601"),
        ],
        OLD,
    )


@pytest.fixture
def newer(tmp_path: Path) -> Held:
    return snapshot(
        tmp_path,
        "new.json",
        [
            unit(1, "21.200", "4601", "FIKTIV NYTT NAVN AS", konkurs=True),
            unit(2, "21.200", "3301"),
            unit(3, "72.100", "0301"),
            unit(6, "46.460", "4601", slettedato="2026-09-01"),
            unit(7, "21.200", "0301", "FIKTIV NY AS"),
        ],
        NEW,
        standard="SN2025",
    )


KLASS = {
    "codeChanges": [{"oldCode": "3005", "newCode": "3301", "changeOccurred": "2024-01-01"}]
}  # fmt: skip


def rows(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return [(r[0][0], *r[1:]) for r in frame.rows()]  # one digit stands for the number


def test_every_change_between_two_registers(older: Held, newer: Held, tmp_path: Path) -> None:
    feed = [
        {"oppdateringsid": 9, "dato": "2025-05-05T00:00:00Z", "organisasjonsnummer": "4" * 9,
         "endringstype": "Sletting"},
    ]  # fmt: skip
    updates = snapshot(tmp_path, "feed.json", feed, NEW)
    klass = snapshot(tmp_path, "klass.json", KLASS, NEW)
    assert rows(changes_between(older, newer, updates, klass)) == [
        ("1", "bankrupt", None, None, None),
        ("1", "moved", "0301", "4601", None),
        ("1", "name", "FIKTIV AS", "FIKTIV NYTT NAVN AS", None),
        ("1", "standard_switched", "SN2007 21.200", "SN2025 21.200", None),
        ("2", "renumbered", "3005", "3301", date(2024, 1, 1)),
        ("2", "standard_switched", "SN2007 21.200", "SN2025 21.200", None),
        ("3", "standard_switched", "SN2007 72.110", "SN2025 72.100", None),
        ("4", "deleted", "FIKTIV AS", None, date(2025, 5, 5)),
        ("5", "gone", "FIKTIV AS", None, None),  # nothing says why: no merger is claimed
        ("6", "deleted", "FIKTIV AS", None, date(2026, 9, 1)),
        ("6", "standard_switched", "SN2007 46.460", "SN2025 46.460", None),
        ("7", "new", None, "FIKTIV NY AS", None),
    ]


def test_without_klass_a_new_number_is_unclear(older: Held, newer: Held) -> None:
    found = changes_between(older, newer)
    unclear = found.filter(pl.col("change") == "municipality_unclear")
    assert [r[0] for r in rows(unclear)] == ["1", "2"]
    assert found.filter(pl.col("change").is_in(["moved", "renumbered"])).height == 0
    assert found.filter(pl.col("change") == "gone").height == 2


def test_a_table_of_klass_that_ends_too_early_proves_no_move(
    older: Held, newer: Held, tmp_path: Path
) -> None:
    klass = snapshot(tmp_path, "klass.json", KLASS, date(2024, 6, 1))
    found = changes_between(older, newer, municipalities=klass)
    assert found.filter(pl.col("change").is_in(["moved", "renumbered"])).height == 0


def test_a_code_within_one_standard_and_one_unknown(tmp_path: Path) -> None:
    before = [unit(1, "21.100", "0301"), unit(2, "21.100", "0301")]
    after = [unit(1, "21.200", "0301"), unit(2, "21.100", "0301")]
    a = snapshot(tmp_path, "a.json", before, date(2026, 1, 1), standard="SN2025")
    b = snapshot(tmp_path, "b.json", after, date(2026, 2, 1), standard="SN2025")
    c = snapshot(tmp_path, "c.json", [*before, unit(3, "21.100", "0301")], date(2026, 3, 1))
    assert rows(changes_between(a, b)) == [("1", "code", "21.100", "21.200", None)]
    assert rows(changes_between(b, c)) == [
        ("1", "code_unclear", "21.200", "21.100", None),
        ("3", "new", None, "FIKTIV AS", None),
    ]


def test_the_older_must_be_the_first(older: Held, newer: Held) -> None:
    with pytest.raises(InputError, match="not after"):
        changes_between(newer, older)


def test_tables_of_two_standards_are_not_counted_together(older: Held, newer: Held) -> None:
    tables = [pl.read_parquet(h.table("units")) for h in (older, newer)]
    with pytest.raises(InputError, match="different standards: SN2007, SN2025"):
        joined_by_code("a table by industry", *tables)
    assert joined_by_code("a table by industry", tables[0], tables[0]).height == 12
    unknown = tables[0].with_columns(standard=pl.lit(None, pl.String))
    with pytest.raises(InputError, match="SN2007, unknown"):
        joined_by_code("a table by industry", tables[0], unknown)


def test_the_history_of_a_company(tmp_path: Path) -> None:
    names = {
        date(2024, 1, 1): {1: "A", 2: "B"},
        date(2024, 2, 1): {1: "A"},
        date(2024, 3, 1): {1: "A NY", 2: "B"},
    }
    held = [
        snapshot(
            tmp_path,
            f"{day}.json",
            [unit(d, "21.200", "0301", name) for d, name in of_day.items()],
            day,
            standard="SN2007",
        )
        for day, of_day in names.items()
    ]
    history = company_history(held[::-1])
    shown = history.select("organisation_number", "name", "valid_from", "valid_to")
    assert rows(shown) == [
        ("1", "A", date(2024, 1, 1), date(2024, 2, 1)),
        ("1", "A NY", date(2024, 3, 1), None),
        ("2", "B", date(2024, 1, 1), date(2024, 1, 1)),  # not there in February
        ("2", "B", date(2024, 3, 1), None),
    ]
