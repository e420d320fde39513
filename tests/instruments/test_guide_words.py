"""What a company reads: page 1, near misses in words, days to keep, the short document.

Oracle: small schemes whose answer follows from reading them (`guide_schemes`).
"""

from __future__ import annotations

from datetime import date

import pytest
from guide_schemes import (
    AGE,
    FIVE,
    ON,
    PARTNER,
    RD,
    TRL5,
    YOUNG,
    leaf,
    nine,
    number,
    scheme,
    schemes,
)

from virkestoff.evidence import Source
from virkestoff.instruments.engine import engine_for
from virkestoff.instruments.guide import answer
from virkestoff.instruments.guide_rules import load_guide_rules
from virkestoff.instruments.profile import Profile
from virkestoff.instruments.vocabulary import check_facts, load_vocabulary
from virkestoff.reports.guide_document import guide_document
from virkestoff.reports.guide_files import guide_sheets
from virkestoff.reports.guide_front import days_in_words, guide_front
from virkestoff.reports.guide_words import opening_words, way_words

RULES = load_guide_rules(load_vocabulary())
SOURCES = {"s": Source(title="Kunngjøringen", publisher="Etaten", url="https://example.org/s")}
KNOWN = {"project.is_rd": True, "project.trl": 3, "company.kind": "company"}


def guide(found, facts, on=ON):
    engine = engine_for(found, on)
    return answer(engine, Profile(check_facts(engine.vocabulary, facts)), RULES)


def ways(found, facts, lang="en") -> list[str]:
    given = guide(found, facts)
    return [w for e in given.entries for w in way_words(e, given.engine.vocabulary, lang)]


def test_a_near_miss_is_a_sentence() -> None:
    trl = schemes(scheme("one", project=TRL5, parameters=FIVE))
    assert ways(trl, {"project.trl": 3}) == [
        "once the technology is at TRL 5 or above (now 3); then the conditions are met"
    ]
    assert ways(trl, {"project.trl": 3}, "nb") == [
        "når teknologien er på TRL 5 eller høyere (nå 3); da er vilkårene oppfylt"
    ]
    partner = schemes(scheme("one", project={"all": [PARTNER, leaf("j1", judgement=True)]}))
    assert ways(partner, {"project.has_research_partner": False}) == [
        "if you partner with a research group; then only the provider's judgement is left"
    ]


def test_every_fact_that_becomes_yes_is_said_in_words() -> None:
    yes = {fact for fact, way in RULES.can_change.items() if way == "yes"}
    assert yes <= RULES.phrases.keys()
    assert all("{value}" not in p.nb for f, p in RULES.phrases.items() if f in yes)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_page_one_says_what_fits_what_is_near_and_what_to_ask(lang) -> None:
    front = guide_front(guide(nine(), KNOWN), lang)
    said = ["".join(getattr(r, "text", "") for r in i) for p in front.parts for i in p.items]
    assert len(front.parts) == 4 and len(front.key_numbers) == 3
    assert any("B passer" in line for line in said)
    assert any("TRL 5" in line for line in said)
    assert sum("?" in line for line in said) == len(guide(nine(), KNOWN).questions[:3])


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_short_answer_rules_out_in_one_table_and_leaves_conditions_out(lang) -> None:
    found = guide(nine(), KNOWN)
    short = guide_document(found, SOURCES, lang, is_short=True)
    tables = {b.id: b for s in short.sections for b in s.blocks if hasattr(b, "rows")}
    assert "every-condition" not in tables
    n = len(found.in_group("later", "rule_not_known", "closed", "not_met"))
    assert len(tables["ruled-out"].rows) == n
    whole = guide_document(found, SOURCES, lang)
    assert any(getattr(b, "id", "") == "every-condition" for s in whole.sections for b in s.blocks)


def test_an_exception_is_dated_apart() -> None:
    # younger than five, or younger than seven if somebody makes an exception
    older = leaf("exception", "company.founded > evaluation_date - parameter.longest")
    both = {"any": [YOUNG, {"all": [older, leaf("j1", judgement=True)]}]}
    found = guide(schemes(scheme("one", applicant=both,
                                 parameters={**AGE, "longest": number("year", 7)})),
                  {"company.founded": date(2024, 3, 1)})  # fmt: skip
    turn = found.entries[0].turn
    assert (turn.judged_from, turn.day) == (date(2029, 3, 1), date(2031, 3, 1))
    assert [d.day for d in found.deadlines] == [date(2029, 2, 28)]
    words = opening_words(found.entries[0], "en").replace("\u00a0", " ")
    assert words.endswith(
        "hold until 28 February 2029, then until 28 February 2031 by exception only"
    )


def test_a_day_of_a_scheme_that_is_not_met_yet_does_not_say_that_it_is() -> None:
    asked = scheme("one", applicant=YOUNG, project=RD, parameters=AGE)
    found = guide(schemes(asked), {"company.founded": date(2024, 3, 1)})
    ((day, runs),) = days_in_words(found, "en")
    assert day == date(2029, 2, 28)
    assert "is possible" in "".join(r.text for r in runs)


def test_the_workbook_names_every_term_that_was_not_found() -> None:
    sheets = {s.name: s for s in guide_sheets(guide(nine(), KNOWN), SOURCES, "en")}
    assert [row[1:] for row in sheets["not found"].rows] == [("sats", "etaten", "Hvor mye?")]
