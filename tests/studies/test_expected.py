"""Outside values beside outcomes. Oracle: money carried by hand with indices made up here."""

from __future__ import annotations

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Library, load_library
from virkestoff.studies import in_study_money, load_definition, read_expected

HEAD = "outcome,statistic,why_nb,why_en\n"
STATISTICS = """\
facts:
  evidence.exchange_rate.EUR: {name: {nb: a, en: b}, series: {2020: 10, 2025: 12}, unit: NOK/EUR,
    source: s, place: p, how: read, grade: high}
  evidence.price_index.EUR: {name: {nb: a, en: b}, series: {2020: 100, 2025: 125}, unit: "1",
    source: s, place: p, how: read, grade: high}
  evidence.price_index.NOK: {name: {nb: a, en: b}, series: {2020: 100, 2025: 120}, unit: "1",
    source: s, place: p, how: read, grade: high}
statistics:
  a_range: {name: {nb: a, en: b}, value: [4, 6], unit: EUR/year, price_year: 2020, kind: estimate,
    source: s, place: p, how: read, grade: high}
  a_number: {name: {nb: a, en: b}, value: 7, unit: NOK/year, price_year: 2025, kind: observed,
    source: s, place: p, how: read, grade: high}
  of_its_year: {name: {nb: a, en: b}, value: 10, unit: NOK/year, year: 2020, price_year: 2020,
    kind: observed, source: s, place: p, how: read, grade: high}
  no_value: {name: {nb: a, en: b}, value: null, unit: NOK/year, price_year: 2025, kind: observed,
    source: s, place: p, how: read, grade: high, note: only words}
  no_index: {name: {nb: a, en: b}, value: 5, unit: SEK/year, price_year: 2010, kind: observed,
    source: s, place: p, how: read, grade: high}
  tonnes: {name: {nb: a, en: b}, value: 2, unit: tonne, kind: observed,
    source: s, place: p, how: read, grade: high}
"""


@pytest.fixture
def with_statistics(library: Library) -> Library:
    (library.root / "evidence").mkdir()
    (library.root / "evidence" / "x.yaml").write_text(STATISTICS)
    return load_library(library.root)


@pytest.mark.parametrize(
    ("name", "unit", "expected"),
    [
        ("a_range", "NOK/year", (4 * 1.25 * 12, 6 * 1.25 * 12)),  # grown abroad, then exchanged
        ("a_number", "NOK/year", (7, 7)),
        ("of_its_year", "NOK/year", (12, 12)),
        ("tonnes", "kg", (2000, 2000)),
    ],
)
def test_a_published_figure_in_the_studys_money(
    with_statistics: Library, name: str, unit: str, expected: tuple[float, float]
) -> None:
    statistic = with_statistics.statistics[name]
    found = in_study_money(statistic, unit, 2025, with_statistics)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("name", ["no_value", "no_index"])
def test_what_cannot_be_carried_is_not_guessed(with_statistics: Library, name: str) -> None:
    statistic = with_statistics.statistics[name]
    assert in_study_money(statistic, "NOK/year", 2025, with_statistics) is None


def test_rows_are_read(folder: Path, with_statistics: Library) -> None:
    definition, library = load_definition(folder, with_statistics)
    assert read_expected(folder, definition, library) == ()
    (folder / "expected.csv").write_text(
        HEAD + 'stock.cost,a_range,"fordi, kort sagt",because\ndouble.cost,a_number,a,b\n'
    )
    rows = read_expected(folder, definition, library)
    assert [(r.alternative, r.outcome, r.statistic.id) for r in rows] == [
        ("stock", "cost", "a_range"), ("double", "cost", "a_number"),
    ]  # fmt: skip
    assert rows[0].why.nb == "fordi, kort sagt"


def test_every_faulty_row_is_listed(folder: Path, with_statistics: Library) -> None:
    definition, library = load_definition(folder, with_statistics)
    (folder / "expected.csv").write_text(
        HEAD + "stok.cost,a_range,a,b\nstock.cots,a_range,a,b\nstock.cost,a_rang,a,b\n"
        "stock.cost,a_range,a,\nstock.cost,a_range\n"
    )
    with pytest.raises(InputError) as caught:
        read_expected(folder, definition, library)
    wheres = [fault.where for fault in caught.value.faults]
    assert wheres == [f"demo/expected.csv:{line}" for line in range(2, 7)]
    assert "Did you mean 'a_range'" in str(caught.value)
    assert "in both languages" in str(caught.value)


@pytest.mark.parametrize("text", ["outcome;statistic\n", "", "outcome,statistic,why_en,why_nb\n"])
def test_wrong_columns(folder: Path, with_statistics: Library, text: str) -> None:
    definition, library = load_definition(folder, with_statistics)
    (folder / "expected.csv").write_text(text)
    with pytest.raises(InputError, match="has columns"):
        read_expected(folder, definition, library)


def test_a_file_that_is_no_text(folder: Path, with_statistics: Library) -> None:
    definition, library = load_definition(folder, with_statistics)
    (folder / "expected.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"expected\.csv.*cannot be read"):
        read_expected(folder, definition, library)
