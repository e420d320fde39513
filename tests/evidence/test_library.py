"""Loading a library: every number has an origin, and all faults come at once."""

from datetime import date
from pathlib import Path

import pytest

from virkestoff.errors import InputError, MissingFact
from virkestoff.evidence import (
    CentralParameters,
    LibraryPart,
    content_root,
    find_conflicts,
    load_library,
)

SOURCES = "sources:\n  s: {title: T, publisher: P, year: 2020}\n"
FACT = (
    "  {id}:\n    name: {{nb: a, en: b}}\n    value: {value}\n    unit: {unit}\n"
    "    source: {source}\n"
    "    place: p. 1\n    how: {how}\n    grade: low\n{more}"
)


def _fact(
    name: str = "a.x",
    value: str = "1",
    unit: str = "kg",
    source: str = "s",
    how: str = "read",
    more: str = "",
) -> str:
    return FACT.format(id=name, value=value, unit=unit, source=source, how=how, more=more)


def _library(folder: Path, *facts: str, tail: str = "") -> Path:
    (folder / "a").mkdir()
    (folder / "a" / "x.yaml").write_text(SOURCES + "facts:\n" + "".join(facts) + tail)
    return folder


def test_loads_and_converts(tmp_path: Path) -> None:
    library = load_library(_library(tmp_path, _fact(value="[1, 2, 4]", unit="t")))
    parameters = CentralParameters(library, 2025)
    assert parameters("a.x", "kg").tolist() == [[2000.0]]
    assert parameters.read == {"a.x"}
    assert library.fact("a.x").confidence == "read"


def test_all_faults_of_a_file_come_at_once_with_their_lines(tmp_path: Path) -> None:
    folder = _library(
        tmp_path,
        _fact("a.no_source", source="nobody"),
        _fact("a.falling", value="[3, 2, 1]"),
        _fact("a.money", unit="NOK/kg"),
        _fact("a.no_money", more="    price_year: 2020\n"),
        _fact("a.narrow", value="[9, 10, 11]", how="assumption"),
        _fact("a.unit", unit="flurb"),
        _fact("a.extra", more="    colour: red\n"),
        _fact("a.nan", value=".nan"),
        _fact("b.elsewhere"),
    )
    with pytest.raises(InputError) as caught:
        load_library(folder)
    message = str(caught.value)
    for part in (
        "nobody", "does not rise", "price_year is required", "price_year has no meaning",
        "factor of two", "flurb", "colour", "a.nan", "must start with 'a.'",
    ):  # fmt: skip
        assert part in message
    assert "a/x.yaml:4: facts.a.no_source" not in message  # the line belongs to other faults
    assert "a/x.yaml" in message


def test_an_assumption_may_be_narrow_with_a_reason(tmp_path: Path) -> None:
    narrow = _fact(value="[9, 10, 11]", how="assumption", more="    reason: by law\n")
    assert load_library(_library(tmp_path, narrow)).fact("a.x").confidence == "assumption"


def test_dates_outside_the_validity_name_the_gap(tmp_path: Path) -> None:
    dated = _fact(more="    valid: {from: 2020-01-01, to: 2023-12-15}\n")
    library = load_library(_library(tmp_path, dated))
    assert library.fact("a.x", date(2023, 12, 15)).value == 1
    with pytest.raises(MissingFact, match="2020-01-01 to 2023-12-15"):
        library.fact("a.x", date(2023, 12, 16))


def test_an_unknown_fact_gets_a_suggestion(tmp_path: Path) -> None:
    library = load_library(_library(tmp_path, _fact("a.titre")))
    with pytest.raises(MissingFact, match="Did you mean 'a.titre'"):
        library.fact("a.titer")


def test_conflicts_are_found_by_rule(tmp_path: Path) -> None:
    row = (
        "  {i}: {{name: {{nb: a, en: b}}, value: {v}, unit: {u}, year: 2019, kind: observed, "
        "subject: growth, source: s, place: p, how: read, grade: high, qualifier: {q}}}\n"
    )
    rows = "statistics:\n" + "".join(
        row.format(i=i, v=v, u=u, q=q)
        for i, v, u, q in (("one", "18.1", "t", "exact"), ("two", "19600", "kg", "exact"))
    )
    library = load_library(_library(tmp_path, _fact(), tail=rows))
    (conflict,) = find_conflicts(library)
    assert [s.id for s in conflict.statistics] == ["one", "two"]
    assert conflict.spread == pytest.approx(19.6 / 18.1)
    for first, second, q in (("18", "18.4", "about"), ("18", "19", "more_than")):
        agreeing = rows.replace("18.1", first).replace("19600", f"{float(second) * 1000}")
        agreeing = agreeing.replace("qualifier: exact", f"qualifier: {q}", 1)
        (tmp_path / "a" / "x.yaml").write_text(SOURCES + "facts:\n" + _fact() + agreeing)
        assert find_conflicts(load_library(tmp_path)) == []


def test_a_misspelt_section_is_a_fault(tmp_path: Path) -> None:
    """Passed over, all of its figures would be missing without a word."""
    tail = "statistic:\n  b: {}\n"
    with pytest.raises(InputError, match=r"statistic: is no section(.|\n)*'statistics'"):
        load_library(_library(tmp_path, _fact(), tail=tail))


def test_an_unknown_section_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"colours: is no section"):
        load_library(_library(tmp_path, _fact(), tail="colours: {}\n"))


def test_a_part_holds_what_the_whole_holds_of_it() -> None:
    """Oracle: the whole library, read without short cuts."""
    root = content_root() / "library"
    prefixes = ("instruments.", "evidence.exchange_rate.")
    whole, part = load_library(root), load_library(root, part=LibraryPart(prefixes))
    assert part.sources == whole.sources
    assert part.facts == {k: f for k, f in whole.facts.items() if k.startswith(prefixes)}
    assert (part.statistics, part.snapshots, part.subjects) == ({}, {}, {})


@pytest.mark.parametrize(
    "head", ["facts:\n", "'facts':\n", '"facts" :\n', "facts: \n", "{facts: {", "{a: 1, facts: {"]
)
def test_a_part_finds_facts_however_they_are_written(head: str) -> None:
    assert LibraryPart(("a.",)).may_stand_in(f"# on it\n{head}  a.x: 1\n")


def test_a_part_reports_the_faults_of_what_it_reads(tmp_path: Path) -> None:
    root = _library(tmp_path, _fact(unit="bogus"))
    (root / "b.yaml").write_text("statistics: [")
    with pytest.raises(InputError) as caught:
        load_library(root, part=LibraryPart(("a.",)))
    assert all("x.yaml" in fault.where for fault in caught.value.faults)
    with pytest.raises(InputError, match="b.yaml"):
        load_library(root)
