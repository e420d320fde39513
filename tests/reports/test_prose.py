"""Prose. Oracle: its rules in docs/subjects/reports.md, and positions counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from virkestoff.errors import InputError
from virkestoff.reports import (
    Bullets,
    Callout,
    Citation,
    Column,
    CrossReference,
    Link,
    Number,
    NumberBook,
    Paragraph,
    Table,
    Words,
    read_prose,
)

SUMMARY = {"unit": "NOK/kg", "mean": 1300.0, "p10": 900.0, "p50": 1234.5, "p90": 1700.0}
BOOK = NumberBook(
    "nb",
    {"plant_norway.unit_cost": SUMMARY, "plant.investment": {**SUMMARY, "unit": "NOK",
                                                              "p50": 2.35e9}},
    inputs={"as_of": date(2026, 11, 1), "price_year": 2025},
    marks={"plant_norway.unit_cost": "assumption"},
)  # fmt: skip
TABLE = Table("costs", "Kostnader", (Column("a"),), (("x",),))
FRONT = """# Tittel

Undertittel

## Spørsmål {#question}
Hva koster det?
## Svar {#answer}
Det koster {plant_norway.unit_cost}. Vi vet ikke mer.
## Tall {#numbers}
- {plant_norway.unit_cost} | per kilo | trolig {plant_norway.unit_cost:range}
- {plant.investment} | investering | usikkert
- {input:price_year} | prisår | fast
## Hvem {#who-pays}
Staten.
## Ukjent {#not-known}
- Prisen
"""


def read(body: str, **kwargs: object):
    return read_prose(
        FRONT + body, "report.nb.md", BOOK,
        tables={"costs": TABLE}, sources=("elander_2003",), **kwargs,
    )  # fmt: skip


def faults_of(body: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(body)
    return [f"{f.where} {f.what} {f.next_step}" for f in caught.value.faults]


def test_front_page() -> None:
    prose = read("")
    assert (prose.title, prose.subtitle) == ("Tittel", "Undertittel")
    assert prose.front.question == "Hva koster det?"
    first = prose.front.key_numbers[0]
    assert first.label == "per kilo"
    assert first.value.replace("\u202f", " ").replace("\xa0", " ") == "1 230 kr per kg"
    assert first.range_text.replace("\u202f", " ").replace("\xa0", " ") == (
        "trolig 900 til 1 700 kr per kg"
    )
    assert (first.mark, first.key) == ("assumption", "plant_norway.unit_cost")
    assert prose.front.key_numbers[2].value == "2025"


def test_blocks_and_runs() -> None:
    (section,) = read(
        "## Kostnad {#cost}\n**Fet** og *skrå* [lenke](https://example.org/a) "
        "[cite:elander_2003, s. 3, tabell 2] [ref:costs].\n::table costs\n"
        "> [warning] Merk\n> Ikke rangert.\n\n1. én\n2. to\n"
    ).sections
    paragraph, table, callout, numbered = section.blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs == (
        Words("Fet", strong=True), Words(" og "), Words("skrå", emphasis=True), Words(" "),
        Link("lenke", "https://example.org/a"), Words(" "),
        Citation("elander_2003", "s. 3, tabell 2"), Words(" "), CrossReference("costs"),
        Words("."),
    )  # fmt: skip
    assert table is TABLE
    assert callout == Callout("Merk", (Words("Ikke rangert."),), "warning")
    assert numbered == Bullets(((Words("én"),), (Words("to"),)), ordered=True)


def test_forms_of_a_number() -> None:
    (section,) = read(
        "## K {#k}\n{plant.investment} {plant_norway.unit_cost:bare} {input:as_of}\n"
    ).sections
    texts = [r.text for r in section.blocks[0].runs if isinstance(r, Number)]
    plain = [t.replace("\u202f", " ").replace("\xa0", " ") for t in texts]
    assert plain == ["2,35 mrd. kr", "1 230", "1. november 2026"]


def test_a_number_typed_by_hand_is_placed_to_the_column() -> None:
    line = FRONT.count("\n") + 2
    (fault,) = faults_of("## K {#k}\nDet koster 1 234,5 kr.\n")
    assert fault.startswith(f"report.nb.md:{line}:12 the number '1 234,5' is typed by hand")


def test_names_with_digits_are_declared() -> None:
    body = "::names 6-APA, R-109\n## K {#k}\nAv 6-APA etter R-109.\n"
    assert read(body).sections[0].blocks == (Paragraph((Words("Av 6-APA etter R-109."),)),)
    (fault,) = faults_of("::names 6-APA, R-109\n## K {#k}\nAv 6-APA og R-1091.\n")
    assert "'1091'" in fault
    assert "'42' is no name" in faults_of("::names 42\n")[0]


def test_unknown_names_say_what_was_meant() -> None:
    faults = faults_of(
        "## K {#k}\n{plant_norway.unit_kost} {input:as_off} {plant_norway.unit_cost:rang}\n"
        "[cite:elander_2004] {fact:a.b}\n::table cost\n::figur x\n"
    )
    meant = ["'plant_norway.unit_cost'", "'as_of'", "'range'", "'elander_2003'", "library",
             "'costs'", "'figure'"]  # fmt: skip
    assert len(faults) == len(meant)
    assert all(any(m in f for f in faults) for m in meant)


def test_all_faults_at_once() -> None:
    faults = faults_of("## Uten navn\n{x.y} 7\n[a](javascript:alert)\n```\nkode\n```\n")
    assert any("no identifier" in f for f in faults)
    assert any("'x.y'" in f for f in faults)
    assert any("'7'" in f for f in faults)
    assert any("javascript" in f and "refused" in f for f in faults)
    assert any("'fence' is not part of prose" in f for f in faults)


def test_markup_in_text_is_text() -> None:
    (section,) = read("## K {#k}\n<script>x</script> #let \\$a\\$ =b\n").sections
    words = "".join(r.text for r in section.blocks[0].runs if isinstance(r, Words))
    assert "<script>" in words


def test_page_one_is_demanded() -> None:
    with pytest.raises(InputError) as caught:
        read_prose("# T\n", "report.en.md", BOOK)
    assert sum("{#" in f.what for f in caught.value.faults) == 5
