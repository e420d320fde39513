"""Tables of the roadmap in both languages. Oracle: the records of the library, by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from virkestoff.evidence import content_root, load_library
from virkestoff.language import Lang
from virkestoff.reports.document import Citation, Words
from virkestoff.reports.roadmap_tables import (
    cooperation_table,
    disagreements_table,
    measures_table,
    positions_table,
    schemes_table,
)
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_tables import TABLES
from virkestoff.roadmap import load_roadmap

LIBRARY = load_library(content_root() / "library")
ROADMAP = load_roadmap(LIBRARY)
NAMES = ("positions", "disagreements", "measures", "cooperation", "schemes")


def context(lang: Lang, *topics: str) -> StudyContext:
    definition: Any = SimpleNamespace(as_of=date(2026, 11, 1), positions=topics)
    return StudyContext(definition, LIBRARY, {}, lang)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_table_is_whole_and_cites_what_the_library_holds(name: str, lang: Lang) -> None:
    table = TABLES[name](context(lang))
    assert table.id == name
    assert table.caption and table.notes
    assert table.rows
    for row in table.rows:
        assert len(row) == len(table.columns)
        for cell in row:
            assert cell
            for run in cell if isinstance(cell, tuple) else ():
                if isinstance(run, Citation):
                    assert run.source in LIBRARY.sources
                    assert run.place


@pytest.mark.parametrize("name", NAMES)
def test_languages_have_the_same_rows_and_differ_in_words(name: str) -> None:
    nb, en = (TABLES[name](context(lang)) for lang in ("nb", "en"))
    assert len(nb.rows) == len(en.rows)
    assert nb.caption != en.caption
    assert [c.title for c in nb.columns] != [c.title for c in en.columns]


def test_a_study_shows_the_topics_that_it_names() -> None:
    table = positions_table(context("en", "state_ownership"))
    claim = ROADMAP.topics["state_ownership"].claim.en
    assert table.rows[0][1:] == ("the claim", (Words(claim, strong=True),), "–")
    said = [row[1] for row in table.rows[1:]]
    assert said == [
        (
            Words("Association of the Pharmaceutical Industry in Norway (LMI): "),
            Words("takes no side", strong=True),
        ),
        (Words("Menon Economics: "), Words("for", strong=True)),
        (Words("Menon Economics: "), Words("takes no side", strong=True)),
    ]
    assert str(table.rows[2][2]).endswith(" Interest: Siva is among the clients.")
    whole = positions_table(context("en"))
    assert len(whole.rows) == len(ROADMAP.positions) + len(ROADMAP.topics)


def test_sides_stand_beside_each_other_with_condition_and_interest() -> None:
    table = disagreements_table(context("nb", "existing_schemes"))
    found = next(d for d in ROADMAP.disagreements() if d.topic == "existing_schemes")
    assert len(table.rows) == max(len(found.in_favour), len(found.others))
    assert str(table.rows[0][0]).startswith("Dagens ordninger (motsatt syn): ")
    assert table.rows[0][3] == ROADMAP.topics["existing_schemes"].settled_by.nb

    def speakers(column: int) -> list[str]:
        cells = [row[column] for row in table.rows]
        return [cell[0].text for cell in cells if isinstance(cell, tuple)]

    assert sorted(speakers(1)) == [
        "Regjeringen (veikartet 2023)",
        "Siva, Innovasjon Norge og Forskningsrådet",
    ]
    assert sorted(speakers(2)) == [
        "Legemiddelindustrien (LMI)",
        "Legemiddelnæringens aktører (innspill 2024)",
        "Menon Economics",
    ]
    said = [run.text for row in table.rows for cell in row[1:3] for run in cell
            if isinstance(run, Words)]  # fmt: skip
    assert any("Vilkår: " in text for text in said)
    assert any("Egeninteresse: " in text for text in said)


def test_what_was_not_read_in_the_source_says_so() -> None:
    table = positions_table(context("en", "income_guarantee"))
    for row in table.rows[1:]:
        cell = row[-1]
        assert isinstance(cell, tuple)
        assert cell[-1] == Words(" (as reported by others)")


def test_judgements_are_said_to_be_our_own() -> None:
    for table in (schemes_table(context("en")), cooperation_table(context("en"))):
        assert "study's own judgement" in table.notes[0]
    assert "own judgement" in disagreements_table(context("en")).notes[0]
    assert "at its time" in measures_table(context("en")).notes[0]
