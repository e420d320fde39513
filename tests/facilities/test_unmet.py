"""Unmet need as a statistic: counted right, and no requester given away.

Oracle: counts made by hand and with Counter; the audit of the disclosure package (linear
programming); the schema of statistics.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.cli.facilities_screen import unmet_yaml
from virkestoff.disclosure import Rules, audit, rules_from
from virkestoff.errors import InputError
from virkestoff.evidence import Library, load_library
from virkestoff.facilities import OUTCOME_KINDS, Outcome, Register, unmet_need
from virkestoff.facilities.unmet import table_of

OPEN = Rules(minimum_frequency=1, p_share=None, frequency_range=0.1)
YEAR = {"first": date(2027, 1, 1), "last": date(2027, 12, 31)}


def ended(number: int, kind: str, requester: str = "", **other) -> Outcome:
    made = {
        "request": f"r{number}", "kind": kind, "on": date(2027, 5, 1),
        "requester": requester or f"company-{number}", "does": "fermentation", **other,
    }  # fmt: skip
    return Outcome.model_validate(made)


outcomes = st.lists(
    st.tuples(st.sampled_from(OUTCOME_KINDS), st.integers(0, 9), st.sampled_from(
        (None, "peptide", "antibody", "cell_therapy", "medical_device"))),
    min_size=1, max_size=40,
).map(lambda rows: [ended(n, kind, f"c{who}", modality=product)
                    for n, (kind, who, product) in enumerate(rows)])  # fmt: skip


@given(outcomes)
def test_without_rules_the_counts_are_the_counts(register: Register, found) -> None:
    table = unmet_need(found, register.vocabulary, OPEN, **YEAR).table
    counted = Counter(o.kind for o in found)
    for kind in OUTCOME_KINDS:
        assert table.cell((kind,)).value == counted[kind]
    assert table.cell(("unmet",)).value == len(found) - counted["agreed"]
    assert table.cell(("all",)).value == len(found)


@given(outcomes)
@settings(max_examples=12)
def test_what_is_published_passes_the_audit(register: Register, library: Library, found) -> None:
    rules = rules_from(library)
    by = ("outcome", "product")
    try:
        shown = unmet_need(found, register.vocabulary, rules, by=by, **YEAR)
    except InputError:
        return  # so few requesters that nothing may be shown
    hidden = [[cell.key for cell in shown.table.cells if cell.value is None]]
    table = table_of(found, register.vocabulary, by=by)
    assert audit([table], hidden, rules).passed
    for cell in shown.table.cells:
        if cell.value is not None:
            assert cell.value == table.value(cell.key)


def test_one_requester_is_never_shown(register: Register, library: Library) -> None:
    found = [ended(n, "price") for n in range(6)]
    found += [ended(n, "class") for n in range(10, 16)]
    found += [ended(20 + n, "no_answer", "alone") for n in range(5)]
    shown = unmet_need(found, register.vocabulary, rules_from(library), **YEAR)
    assert shown.table.cell(("no_answer",)).value is None
    statistics = {s.group.get("outcome", "all"): s for s in shown.statistics()}
    assert statistics["no_answer"].value is None
    assert "Hidden" in statistics["no_answer"].note
    assert statistics["all"].value == 17


def test_only_the_time_asked_for_counts(register: Register) -> None:
    found = [ended(n, "price") for n in range(3)]
    found += [ended(9, "price", on=date(2026, 12, 31)), ended(10, "price", on=date(2028, 1, 1))]
    shown = unmet_need(found, register.vocabulary, OPEN, **YEAR)
    assert shown.table.cell(("all",)).value == 3


def test_products_are_counted_in_broad_groups(register: Register) -> None:
    """By hand: an antibody and a vaccine are biological; a CAR-T product an advanced therapy."""
    products = ("antibody", "human_vaccine", "beta_lactam", "gene_therapy", "implant", None)
    found = [ended(n, "price", modality=product) for n, product in enumerate(products)]
    table = unmet_need(found, register.vocabulary, OPEN, by=("product",), **YEAR).table
    seen = {cell.key[0]: cell.value for cell in table.cells}
    assert seen == {
        "all": 6, "biologic": 2, "small_molecule": 1, "atmp": 1, "implant": 1, "unknown": 1,
    }  # fmt: skip


def test_all_faults_at_once(register: Register) -> None:
    found = [ended(1, "price"), ended(1, "class", on=date(2020, 1, 1))]
    days = {"first": date(2030, 1, 1), "last": date(2030, 12, 31)}
    with pytest.raises(InputError) as caught:
        unmet_need(found, register.vocabulary, OPEN, by=("outcome", "moon"), **days)
    told = str(caught.value)
    for words in ("has ended already in outcome 1", "'moon'", "none ended"):
        assert words in told


def test_the_statistics_are_read_back_by_a_library(
    register: Register, library: Library, tmp_path: Path
) -> None:
    found = [ended(n, "price") for n in range(5)]
    shown = unmet_need(found, register.vocabulary, OPEN, is_synthetic=True, **YEAR)
    (tmp_path / "facilities").mkdir()
    text = unmet_yaml(shown)
    (tmp_path / "facilities" / "requests.yaml").write_text(text, encoding="utf-8")
    read = load_library(tmp_path, library.sources, subjects=library.subjects)
    assert tuple(read.statistics.values()) == shown.statistics()
    assert all("Synthetic" in r["note"] for r in yaml.safe_load(text)["statistics"].values())
    assert "company-" not in text
