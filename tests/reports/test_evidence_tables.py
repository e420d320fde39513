"""Tables that come from the library alone. Oracle: a small library that is made up here."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from virkestoff.evidence import content_root, load_library
from virkestoff.evidence.site import FORMS, load_sites
from virkestoff.language import Lang
from virkestoff.reports.document import Citation
from virkestoff.reports.evidence_tables import conflicts_table, duties_table, sites_table
from virkestoff.reports.study_context import StudyContext

LIBRARY = """\
sources:
  one: {title: Synthetic one, publisher: Tests}
  two: {title: Synthetic two, publisher: Tests}
facts:
  supply.stock_duty.late: {name: {nb: Sent, en: Late}, value: 6, unit: month,
    valid: {from: 2023-12-15}, source: one, place: p. 2, how: recalled, grade: low}
  supply.stock_duty.early: {name: {nb: Tidlig, en: Early}, value: 2, unit: month,
    valid: {from: 2020-01-01, to: 2023-12-14}, source: two, place: p. 1, how: read, grade: high}
  supply.stock_duty.undated: {name: {nb: U, en: U}, value: 2, unit: month,
    source: two, place: p. 1, how: read, grade: high}
statistics:
  a: {name: {nb: Eksport, en: Exports}, value: 25e9, unit: NOK, price_year: 2022, year: 2022,
    subject: exports, kind: observed, source: one, place: p, how: read, grade: high}
  b: {name: {nb: Eksport, en: Exports}, value: 30e9, unit: NOK, price_year: 2022, year: 2022,
    subject: exports, kind: observed, source: two, place: p, how: read, grade: high}
  c: {name: {nb: Lik, en: Same}, value: 5, unit: kg, year: 2022, subject: same, kind: observed,
    source: one, place: p, how: read, grade: high}
  d: {name: {nb: Lik, en: Same}, value: 5000, unit: g, year: 2022, subject: same, kind: observed,
    source: two, place: p, how: read, grade: high}
"""


@pytest.fixture
def contexts(tmp_path: Path) -> dict[Lang, StudyContext]:
    (tmp_path / "x.yaml").write_text(LIBRARY)
    library = load_library(tmp_path)
    definition: Any = SimpleNamespace(as_of=date(2026, 11, 1), price_year=2025)
    return {lang: StudyContext(definition, library, {}, lang) for lang in ("nb", "en")}


def test_duties_stand_in_order_of_date_with_their_confidence(contexts) -> None:
    table = duties_table(contexts["nb"])
    rows = [tuple(str(cell) for cell in row[:5]) for row in table.rows]
    assert rows == [
        (
            "Tidlig",
            "2\u00a0måneder",
            "1.\u00a0januar\u00a02020",
            "14.\u00a0desember\u00a02023",
            "lest",
        ),
        ("Sent", "6\u00a0måneder", "15.\u00a0desember\u00a02023", "–", "ubekreftet"),
    ]
    assert table.rows[0][5] == (Citation("two", "p. 1"),)
    assert [row[4] for row in duties_table(contexts["en"]).rows] == ["read", "unverified"]


def test_only_figures_that_disagree_are_listed_with_both_sources(contexts) -> None:
    (row,) = conflicts_table(contexts["nb"]).rows
    assert row[0] == "Eksport"
    assert row[1] == "2022"
    assert "25" in str(row[2])
    assert "30" in str(row[2])
    assert row[3] == (Citation("one"), Citation("two"))
    (row,) = conflicts_table(contexts["en"]).rows
    assert row[0] == "Exports"
    assert conflicts_table(contexts["en"]).notes == ()


def test_the_reason_of_a_conflict_is_a_note(contexts) -> None:
    folder = contexts["nb"].library.root / "evidence"
    folder.mkdir()
    (folder / "conflicts.yaml").write_text(
        "conflicts:\n  why: {statistics: [a, b], kind: year, how: read,"
        " text: {nb: Ulike år., en: Different years.}}\n"
    )
    assert conflicts_table(contexts["nb"]).notes == ("Eksport: Ulike år.",)
    assert conflicts_table(contexts["en"]).notes == ("Exports: Different years.",)


def test_our_own_sites_each_form_answered_with_rules_in_both_languages() -> None:
    library = load_library(content_root() / "library")
    sites, rules = load_sites(library)
    definition: Any = SimpleNamespace(as_of=date(2026, 11, 1), price_year=2025)
    for lang, words in (("nb", {"nei", "uvisst"}), ("en", {"no", "unknown"})):
        table = sites_table(StudyContext(definition, library, {}, lang))
        assert len(table.rows) == len(sites)
        assert len(table.columns) == len(FORMS) + 2
        letters = {chr(ord("a") + i) for i in range(len(rules))}
        assert len(table.notes) == len(rules) + 1, "a note, then a line for every rule"
        for row in table.rows:
            for cell in row[1:-1]:
                answer, _, named = str(cell).partition(" (")
                assert answer in words
                assert set(named.rstrip(")").split(", ")) <= letters
            assert any(isinstance(run, Citation) for run in row[-1]), row[0]
