"""Tables of what penicillins rest on. Oracle: the bill of the library, added up by hand."""

from __future__ import annotations

import fnmatch
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from virkestoff.evidence import content_root, load_library
from virkestoff.language import Lang, format_number, format_range
from virkestoff.reports.document import Citation, Table
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_tables import TABLES
from virkestoff.reports.supply_tables import PLACES, STEPS, bill_table, dependence_table
from virkestoff.supply import load_bill

LIBRARY = load_library(content_root() / "library")
BILL = load_bill(content_root() / "library" / "supply" / "bill_of_materials.yaml")
NAMES = ("bill", "dependence")
LANGS: tuple[Lang, ...] = ("nb", "en")
PRODUCTS = ("amoxicillin", "dicloxacillin", "cloxacillin", "pivmecillinam")


def context(lang: Lang, *patterns: str) -> StudyContext:
    declared = frozenset(f for p in patterns for f in fnmatch.filter(LIBRARY.facts, p))
    definition: Any = SimpleNamespace(
        as_of=date(2026, 11, 1), price_year=2025, allowed_facts=lambda library: declared
    )
    return StudyContext(definition, LIBRARY, {}, lang)


def column(table: Table, title: str) -> list[str]:
    at = [c.title for c in table.columns].index(title)
    return [str(row[at]) for row in table.rows]


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_whole_in_both_languages(name: str) -> None:
    nb, en = (TABLES[name](context(lang, "supply.*")) for lang in LANGS)
    assert nb.id == en.id == name
    assert len(nb.rows) == len(en.rows) > 0
    assert nb.caption != en.caption
    assert all(a.title != b.title for a, b in zip(nb.columns, en.columns, strict=True))
    for table in (nb, en):
        assert table.notes
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert all(row)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("patterns", [(), ("production.*",), ("supply.bill.*",)])
def test_a_study_that_does_not_declare_the_facts_has_no_rows(
    name: str, patterns: tuple[str, ...]
) -> None:
    """The bill's own facts are not enough: stocks and shelf lives are declared elsewhere."""
    assert not TABLES[name](context("en", *patterns)).rows


def test_every_step_and_place_of_the_bill_has_words() -> None:
    assert BILL.steps() <= set(STEPS)
    places = {
        p for i in BILL.items.values() if i.origin.places != "unknown" for p in i.origin.places
    }
    assert places <= set(PLACES)


def test_the_bill_of_penicillin_v_by_hand() -> None:
    """Tablet; what goes into it; what its substance is made of. Every item cites its facts."""
    table = bill_table(context("en", "supply.*"))
    tiers = dict(zip(column(table, "Item"), column(table, "Tier"), strict=True))
    assert tiers == {
        "phenoxymethylpenicillin tablet": "1",
        "phenoxymethylpenicillin (penicillin V)": "2", "tablet excipients": "2",
        "blister foil": "2", "carton": "2",
        "glucose": "3", "phenoxyacetic acid": "3", "production strain and licence": "3",
        "butyl acetate": "3", "filters and resins": "3", "media minerals": "3",
    }  # fmt: skip
    at = column(table, "Item").index("phenoxyacetic acid")
    lead = LIBRARY.fact("supply.bill.lead_time.chemical")
    shown = f"{format_number(lead.central, 'en')} "
    shown += f"({format_range(lead.numbers[0], lead.numbers[-1], 'en')})"
    assert table.rows[at][2:4] == ("unknown; unknown number (assumption)", shown)
    for row in table.rows:
        cited = {run.source for run in row[-1] if isinstance(run, Citation)}
        assert cited
        assert cited <= set(LIBRARY.sources)


def test_nothing_that_rests_on_imported_six_apa_is_domestic() -> None:
    table = dependence_table(context("en", "supply.*"))
    rows = dict(zip(column(table, "Medicine: what is made at home"), table.rows, strict=True))
    assert len(rows) == len(table.rows) == 3 + len(PRODUCTS)
    for product in PRODUCTS:
        (row,) = [r for medicine, r in rows.items() if medicine.startswith(product)]
        assert row[2] == "no"
        assert "6-APA" in str(row[4]).split("; ")
    assert set(column(table, "May be called domestic")) == {"no"}
    assert column(table, "First imported tier") == ["1"] + 6 * ["2"]


def test_domestic_steps_and_how_long_stocks_last_by_hand() -> None:
    """Packs alone; packs and substance; packs, substance and inputs (the precursor is lost)."""
    table = dependence_table(context("en", "supply.*"))
    assert column(table, "Domestic steps")[:4] == [
        "–", "finished forms", "finished forms; fermentation, penicillin V",
        "finished forms; coupling by enzyme",
    ]  # fmt: skip
    stocks = [
        LIBRARY.fact(f).numbers
        for f in (
            "supply.stock_duty.normal_stock",
            "supply.stock_held.substance_months",
            "supply.stock_held.input_months",
        )
    ]
    expected = []
    for n in (1, 2, 3):
        low, high = (sum(numbers[end] for numbers in stocks[:n]) for end in (0, -1))
        middle = sum(numbers[len(numbers) // 2] for numbers in stocks[:n])
        spread = f" ({format_range(low, high, 'en')})" if low < high else ""
        expected.append(format_number(middle, "en") + spread)
    assert column(table, "Lasts with stock of inputs")[:3] == expected
    assert set(column(table, "Lasts without")) == {expected[0]}
