"""The guide: order of the answer, near misses, time, the questionnaire, its documents.

Oracles: small schemes whose answer follows from reading them (`guide_schemes`); for near misses,
every combination of values on a grid tried one by one; for turns in time, every day tried one by
one; for calendars, the icalendar package.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date, timedelta

import icalendar
import openpyxl
import pytest
from guide_schemes import (
    AGE,
    FIVE,
    OLD,
    ON,
    PARTNER,
    RD,
    TRL5,
    YOUNG,
    calls,
    leaf,
    nine,
    number,
    scheme,
    schemes,
)
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import Source
from virkestoff.instruments.condition_rows import condition_rows, first_reason
from virkestoff.instruments.engine import engine_for
from virkestoff.instruments.engine_amount import AmountStep
from virkestoff.instruments.guide import GROUPS, answer
from virkestoff.instruments.guide_rules import GuideRules, load_guide_rules
from virkestoff.instruments.intervals import Band
from virkestoff.instruments.near_time import turn_of
from virkestoff.instruments.profile import Profile
from virkestoff.instruments.questions import Interview
from virkestoff.instruments.vocabulary import check_facts, load_vocabulary
from virkestoff.instruments.written_values import Unreadable
from virkestoff.language import Text
from virkestoff.reports.calendar import Event, render_calendar
from virkestoff.reports.guide_document import guide_document
from virkestoff.reports.guide_files import guide_events, guide_sheets, write_guide
from virkestoff.reports.guide_json import guide_json
from virkestoff.reports.guide_words import rule_words
from virkestoff.reports.html import render_html

RULES = load_guide_rules(load_vocabulary())
SOURCES = {"s": Source(title="Kunngjøringen", publisher="Etaten", url="https://example.org/s")}
KNOWN = {"project.is_rd": True, "project.trl": 3, "company.kind": "company"}


def guide(found, facts, on=ON, rules: GuideRules = RULES):
    engine = engine_for(found, on)
    return answer(engine, Profile(check_facts(engine.vocabulary, facts)), rules)


# ---- the order of the answer


def test_the_useful_is_first() -> None:
    found = guide(nine(), KNOWN)
    assert [(e.group, e.id) for e in found.entries] == [
        ("now", "fits"),  # open before opening unknown, whatever the names
        ("now", "fits_unknown_opening"),
        ("person", "judged"),
        ("undecided", "asks_partner"),  # one fact is missing
        ("undecided", "asks_two"),  # two are
        ("near", "near"),
        ("ask", "term"),
        ("later", "later"),
        ("rule_not_known", "unknown_rule"),
        ("closed", "over"),
        ("not_met", "not_met"),
        ("aside", "idea"),
    ]
    assert {e.group for e in found.entries} == set(GROUPS)


def test_what_decides_reasons_and_days_to_keep() -> None:
    found = guide(nine(), KNOWN)
    by_id = {e.id: e for e in found.entries}
    assert by_id["asks_partner"].deciding == ("project.has_research_partner",)
    # a partner settles one scheme for sure and the other in half of all cases
    assert by_id["asks_two"].deciding[0] == "project.has_research_partner"
    assert by_id["not_met"].reason.nb == "Ikke: en bedrift."
    assert by_id["near"].reason.nb == "Prosjektet er på TRL 5 eller høyere."
    assert by_id["term"].result.unknown_terms[0].ask.nb == "etaten"
    assert [(d.scheme, d.kind, d.day) for d in found.deadlines] == [
        ("later", "opens", date(2027, 1, 15))
    ]
    assert found.n_settled == 10  # all but the two that a fact decides
    assert found.counts == {"eligible": 2, "needs_person": 1, "undecided": 3, "not_eligible": 2,
                            "closed": 3, "rule_not_known": 1}  # fmt: skip


def test_an_open_call_and_the_last_day_of_youth_are_days_to_keep() -> None:
    found = guide(schemes(
        scheme("call", applicant=YOUNG, parameters=AGE,
               opening=calls((date(2026, 11, 1), date(2026, 12, 1))))
    ), {"company.founded": date(2022, 3, 1)})  # fmt: skip
    assert [(d.kind, d.day) for d in found.deadlines] == [
        ("closes", date(2026, 12, 1)), ("until", date(2027, 2, 28)),
    ]  # fmt: skip


# ---- conditions in lines


def test_alternatives_stand_under_a_head_and_a_negation_is_said() -> None:
    tree = {"all": [
        {"not": leaf("started", "project.has_started", "Prosjektet er begynt.")},
        {"any": [PARTNER, TRL5]},
    ]}  # fmt: skip
    facts = {"project.has_started": False, "project.trl": 3, "project.has_research_partner": False}
    result = guide(schemes(scheme("one", project=tree, parameters=FIVE)), facts).entries[0].result
    rows = condition_rows(result)
    assert [(r.depth, r.text.nb, r.truth) for r in rows] == [
        (0, "Ikke: prosjektet er begynt.", True),
        (0, "Minst ett av disse:", False),
        (1, "Det er en forskningspartner.", False),
        (1, "Prosjektet er på TRL 5 eller høyere.", False),
    ]
    reason = first_reason(result)
    assert reason.nb == ("Minst ett av disse: Det er en forskningspartner. / "
                         "Prosjektet er på TRL 5 eller høyere.")  # fmt: skip


def test_neither_of_two_is_two_negations() -> None:
    tree = {"not": {"any": [leaf("a1", "company.is_listed"), leaf("b1", "company.has_sales")]}}
    facts = {"company.is_listed": False, "company.has_sales": True}
    result = guide(schemes(scheme("one", applicant=tree)), facts).entries[0].result
    assert [(r.depth, r.is_negated, r.truth) for r in condition_rows(result)] == [
        (0, True, True), (0, True, False)
    ]  # fmt: skip


# ---- near misses


def near(found, facts, on=ON):
    entry = guide(found, facts, on).entries[0]
    return [
        ([(c.fact, c.low, c.high, c.choices) for c in miss.changes], miss.then)
        for miss in entry.near
    ]


def test_from_trl_5_and_with_a_partner() -> None:
    assert near(schemes(scheme("one", project=TRL5, parameters=FIVE)), {"project.trl": 3}) == [
        ([("project.trl", 5, 9, ())], "eligible")
    ]
    alone = schemes(scheme("one", project=PARTNER))
    assert near(alone, {"project.has_research_partner": False}) == [
        ([("project.has_research_partner", None, None, (True,))], "eligible")
    ]


def test_a_fact_that_cannot_change_gives_no_near_miss() -> None:
    listed = scheme("one", applicant={"not": leaf("l1", "company.is_listed")})
    assert near(schemes(listed), {"company.is_listed": True}) == []
    # readiness never goes back
    early = scheme("one", project=leaf("t1", "project.trl < parameter.five"), parameters=FIVE)
    assert near(schemes(early), {"project.trl": 7}) == []


def test_two_changes_only_where_one_is_not_enough() -> None:
    both = scheme("one", project={"all": [TRL5, PARTNER]}, parameters=FIVE)
    facts = {"project.trl": 3, "project.has_research_partner": False}
    assert near(schemes(both), facts) == [
        ([("project.trl", 5, 9, ()), ("project.has_research_partner", None, None, (True,))],
         "eligible")
    ]  # fmt: skip
    either = scheme("one", project={"any": [TRL5, PARTNER]}, parameters=FIVE)
    assert [len(changes) for changes, _ in near(schemes(either), facts)] == [1, 1]


def test_a_near_miss_may_leave_something_open() -> None:
    open_ = scheme("one", project={"all": [TRL5, PARTNER]}, parameters=FIVE)
    assert near(schemes(open_), {"project.trl": 3}) == [
        ([("project.trl", 5, 9, ())], "undecided")
    ]  # fmt: skip


def test_a_band_may_be_too_low_as_a_whole() -> None:
    found = schemes(scheme("one", project=TRL5, parameters=FIVE))
    assert near(found, {"project.trl": Band(2, 4)}) == [([("project.trl", 5, 9, ())], "eligible")]


GRID = {
    "project.trl": [float(k) for k in range(1, 10)],
    "project.partners": [float(k) for k in range(0, 8)],
    "project.has_research_partner": [True, False],
    "project.has_sme_partner": [True, False],
}
_PARTS = [
    leaf("p1", "project.trl >= parameter.five"),
    leaf("p2", "project.trl between parameter.three and parameter.five"),
    leaf("p3", "project.partners >= parameter.three"),
    leaf("p4", "project.partners + project.trl > parameter.five"),
    leaf("p5", "project.has_research_partner"),
    leaf("p6", "project.has_sme_partner"),
    leaf("p7", "company.is_listed"),
]


def _trees():
    leaves = st.sampled_from(range(len(_PARTS)))

    def extend(inner):
        return st.one_of(
            st.tuples(st.just("all"), st.lists(inner, min_size=1, max_size=3)),
            st.tuples(st.just("any"), st.lists(inner, min_size=1, max_size=3)),
            st.tuples(st.just("not"), inner),
        )

    return st.recursive(leaves, extend, max_leaves=5)


def _as_tree(node, counter):
    if isinstance(node, int):
        return {**_PARTS[node], "id": f"l{next(counter)}"}
    sort, inner = node
    if sort == "not":
        return {"not": _as_tree(inner, counter)}
    return {sort: [_as_tree(part, counter) for part in inner]}


@settings(max_examples=150, deadline=None)
@given(
    _trees(),
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in GRID.items()}),
    st.booleans(),
)
def test_near_misses_are_those_of_trying_everything(node, facts, is_listed) -> None:
    parameters = {"five": number("1", 5), "three": number("1", 3)}
    tree = _as_tree(node, itertools.count())
    try:
        found = schemes(scheme("one", project=tree, parameters=parameters))
    except InputError:  # a rule that is always or never true is refused
        assume(False)
    engine = engine_for(found, ON)
    facts = {**facts, "company.is_listed": is_listed}

    def status(changed):
        return engine.check({**facts, **changed}).results["one"].rules

    def allowed(fact):
        now = facts[fact]
        return [v for v in GRID[fact] if v != now and not (
            (fact == "project.trl" and v < now) or v is False)]  # fmt: skip

    singles = {f for f in GRID if any(status({f: v}) == "eligible" for v in allowed(f))}
    pairs = {
        frozenset((a, b)) for a, b in itertools.combinations(sorted(set(GRID) - singles), 2)
        if any(status({a: v, b: w}) == "eligible" for v in allowed(a) for w in allowed(b))
    }  # fmt: skip
    expected = {frozenset((f,)) for f in singles} | pairs if status({}) == "not_eligible" else set()
    misses = answer(engine, Profile(facts), RULES).entries[0].near
    shown = {frozenset(c.fact for c in m.changes) for m in misses}
    assert shown <= expected
    assert len(shown) == min(4, len(expected))
    for miss in misses:
        # every value of the range that is told, on the grid, is as good as told
        if len(miss.changes) == 1 and not miss.changes[0].choices:
            change = miss.changes[0]
            for v in allowed(change.fact):
                if change.low <= v <= change.high:
                    assert status({change.fact: v}) == "eligible"
            nearest = min((abs(v - facts[change.fact]), v) for v in allowed(change.fact)
                          if status({change.fact: v}) == "eligible")[1]  # fmt: skip
            assert change.low <= nearest <= change.high


# ---- time


@settings(max_examples=25, deadline=None)
@given(
    st.dates(date(2017, 1, 1), date(2026, 11, 24)),
    st.sampled_from([YOUNG, OLD, {"all": [YOUNG, RD]}, {"not": YOUNG}]),
    st.sampled_from([None, date(2028, 6, 30)]),
)
def test_turns_are_those_of_trying_every_day(founded, tree, end) -> None:
    valid = {"valid": {"to": end}} if end else {}
    found = schemes(scheme("one", applicant=tree, parameters=AGE, **valid))
    facts = {"company.founded": founded, "project.is_rd": True}
    evaluation = engine_for(found, ON).check(facts)
    turn = turn_of(evaluation, "one")
    now = evaluation.results["one"].rules == "not_eligible"
    # by hand: five years after the founding day (29 February counts as the 28th)
    birthday = _years_after(founded, 5)
    turns_on = birthday  # founded <= date - 5 years from the birthday on
    last = end or date(2036, 11, 1)
    if ON < turns_on <= last:
        assert turn is not None
        assert (turn.day, turn.is_end) == (turns_on, not now)
        assert turn.facts == ("company.founded",)
    else:
        assert turn is None


def _years_after(day: date, years: int) -> date:
    """The first date from which going back so many years reaches the day or later."""
    probe = date(day.year + years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
    # 29 February minus five years is 28 February: founded on the 29th is reached on 1 March
    return probe + timedelta(days=1) if (day.month, day.day) == (2, 29) else probe


def test_a_band_of_founding_dates_promises_no_day_too_late() -> None:
    # founded some day in March 2022: the first of March is five years old on 1 March 2027
    found = schemes(scheme("one", applicant=YOUNG, parameters=AGE))
    march = Band(date(2022, 3, 1), date(2022, 3, 31))
    turn = turn_of(engine_for(found, ON).check({"company.founded": march}), "one")
    assert (turn.day, turn.is_end) == (date(2027, 3, 1), True)
    # too old or not already, by the day of the year: no day is promised
    year = Band(date(2021, 1, 1), date(2021, 12, 31))
    assert turn_of(engine_for(found, ON).check({"company.founded": year}), "one") is None
    # surely too young until the last day of the band would be old enough for the first time
    old = schemes(scheme("one", applicant=OLD, parameters=AGE))
    turn = turn_of(engine_for(old, ON).check({"company.founded": march}), "one")
    assert (turn.day, turn.is_end) == (date(2027, 3, 1), False)


def test_it_may_become_possible_with_time() -> None:
    found = guide(schemes(scheme("one", applicant=OLD, parameters=AGE)),
                  {"company.founded": date(2022, 3, 1)})  # fmt: skip
    entry = found.entries[0]
    assert entry.group == "near"
    assert (entry.turn.day, entry.turn.is_end) == (date(2027, 3, 1), False)
    assert [d.kind for d in found.deadlines] == ["from"]


# ---- the questionnaire


def test_questions_come_by_what_they_decide_and_can_be_taken_back() -> None:
    found = schemes(
        scheme("one", project=PARTNER), scheme("two", project={"all": [PARTNER, RD]}),
        scheme("three", project=PARTNER),
    )  # fmt: skip
    interview = Interview(engine_for(found, ON), Profile({}))
    assert interview.question.fact == "project.has_research_partner"
    assert interview.progress.n_settled == 0
    with pytest.raises(Unreadable):
        interview.reply("kanskje")
    assert interview.question.fact == "project.has_research_partner"
    interview.reply("nei")
    assert interview.question is None
    assert interview.progress.n_settled == 3
    assert interview.back()
    interview.reply("yes")
    assert interview.question.fact == "project.is_rd"
    assert interview.progress.n_settled == 2
    interview.skip()
    assert interview.question is None
    assert "project.is_rd" not in interview.profile.not_known
    interview.back()
    interview.do_not_know()
    assert interview.question is None
    assert interview.profile.not_known == {"project.is_rd"}
    while interview.back():
        pass
    assert interview.profile == Profile({})


def test_an_answer_as_a_band_is_not_asked_again_in_the_round() -> None:
    found = schemes(scheme("one", project=TRL5, parameters=FIVE))
    interview = Interview(engine_for(found, ON), Profile({}))
    interview.reply("4-6")
    assert interview.profile.facts["project.trl"] == Band(4, 6)
    assert interview.question is None
    # in another round it is asked, since it decides
    again = Interview(engine_for(found, ON), interview.profile)
    assert again.question.fact == "project.trl"
    # and a round that is taken up again goes on as it was
    resumed = Interview(engine_for(found, ON), interview.profile, begun=Profile({}))
    assert resumed.question is None
    left = Interview(engine_for(found, ON), Profile({}), skipped=frozenset(("project.trl",)))
    assert left.question is None


def test_a_condition_over_two_facts_is_asked_for_where_one_is_a_band() -> None:
    half = {"half": number("1", 0.5)}
    shares = leaf("share", "project.credit <= parameter.half * project.contract_value")
    interview = Interview(engine_for(schemes(scheme("one", project=shares, parameters=half)), ON),
                          Profile({}))  # fmt: skip
    first = interview.question.fact
    interview.reply("1 til 2 mill. kr")
    assert {first, interview.question.fact} == {"project.credit", "project.contract_value"}
    interview.reply("1000 kr" if first == "project.contract_value" else "9 mill. kr")
    assert interview.evaluation.results["one"].status == "eligible"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["yes", "no", "?", "skip", "back"]), max_size=12))
def test_any_round_ends_and_never_contradicts_the_engine(replies) -> None:
    engine = engine_for(nine(), ON)
    interview = Interview(engine, Profile({}))
    for text in replies:
        if text == "back":
            interview.back()
        elif interview.question is None:
            break
        elif text == "skip":
            interview.skip()
        elif text == "?" or interview.question.term.type != "bool":
            interview.do_not_know()
        else:
            interview.reply(text)
        checked = engine.check(interview.profile.facts)
        n_open = sum(r.status == "undecided" and bool(r.missing) for r in checked.results.values())
        assert interview.progress.n_settled == len(checked.results) - n_open


# ---- documents

HOSTILE = "[bold]=cmd|' /C calc'!A0</td><script>alert(1)</script>; DROP"


def hostile():
    found = nine()
    engine = engine_for(found, ON)
    facts = check_facts(engine.vocabulary, {**KNOWN, "company.founded": date(2022, 3, 1)})
    return answer(engine, Profile(facts, name=HOSTILE), RULES)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_the_page_holds_the_answer_and_no_markup_of_the_profile(lang) -> None:
    page = render_html(guide_document(hostile(), SOURCES, lang))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "Kunngjøringen" in page
    assert ("Vilkårene som er skrevet ned, er oppfylt" if lang == "nb" else
            "The conditions that are written down are met") in page
    assert "https://example.org/s" in page
    assert ("Hvem betaler" if lang == "nb" else "Who pays") not in page


def test_the_workbook_has_every_scheme_and_condition_as_text(tmp_path) -> None:
    found = hostile()
    write_guide(tmp_path, found, SOURCES, ("nb",))
    book = openpyxl.load_workbook(tmp_path / "answer.xlsx")
    assert book.sheetnames == ["ordninger", "vilkår", "beløp", "spørsmål", "ikke funnet",
                               "frister", "profil"]  # fmt: skip
    rows = list(book["ordninger"].iter_rows(min_row=3, values_only=True))
    assert [row[1] for row in rows[:12]] == [e.id for e in found.entries]
    n_rows = sum(len(condition_rows(e.result)) for e in found.entries)
    conditions = [r for r in book["vilkår"].iter_rows(min_row=2, values_only=True) if r[1]]
    assert len(conditions) == n_rows
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert all(cell.value != "" for cell in cells)  # what is empty is an empty cell
    assert HOSTILE in [cell.value for cell in cells]


def test_the_same_answer_gives_the_same_bytes(tmp_path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_guide(tmp_path / name, hostile(), SOURCES, ("en",))
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert files == ["answer.en.html", "answer.en.ics", "answer.en.pdf", "answer.en.xlsx"]
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a" / "answer.en.pdf").read_bytes().startswith(b"%PDF")


def test_json_has_every_condition_with_its_reference() -> None:
    found = json.loads(json.dumps(guide_json(guide(nine(), KNOWN))))
    by_id = {s["id"]: s for s in found["schemes"]}
    assert by_id["near"]["near_misses"] == [{
        "changes": [{"fact": "project.trl", "now": 3.0, "from": 5.0, "to": 9.0}],
        "then": "eligible",
    }]  # fmt: skip
    line = by_id["near"]["conditions"][0]
    assert (line["result"], line["facts"], line["parameters"]) == (
        False, {"project.trl": 3.0}, {"five": 5.0}
    )  # fmt: skip
    assert line["reference"] == {"source": "s", "place": "§ 1", "article": None, "how": "read"}
    assert by_id["term"]["unknown_terms"][0]["question"] == {"nb": "Hvor mye?", "en": "Hvor mye?"}
    assert found["questions"][0]["fact"] == "project.has_research_partner"


# ---- calendars, read back by icalendar


def test_the_calendar_is_read_by_another_reader() -> None:
    found = guide(nine(), KNOWN)
    data = render_calendar(guide_events(found, SOURCES, "nb"), "Frister", ON, "nb")
    book = icalendar.Calendar.from_ical(data)
    events = list(book.walk("VEVENT"))
    assert len(events) == 1
    event = events[0]
    assert event.decoded("DTSTART") == date(2027, 1, 15)
    assert event.decoded("DTEND") == date(2027, 1, 16)
    assert str(event["SUMMARY"]) == "later: utlysningen åpner"
    assert event.decoded("DTSTAMP").date() == ON
    assert str(event["URL"]) == "https://example.org/s"


_SHOWN = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co"))
_ANY_TEXT = st.text(_SHOWN, max_size=120)


@settings(max_examples=25, deadline=None)
@given(_ANY_TEXT, _ANY_TEXT, st.dates(date(2000, 1, 1), date(2099, 1, 1)))
def test_any_text_survives_folding_and_escaping(title, text, day) -> None:
    whole = f"{text}\n{title};,\\n"
    data = render_calendar([Event("a", day, f"x{title}", whole)], "n", ON, "en")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        line.decode("utf-8")
    event = next(iter(icalendar.Calendar.from_ical(data).walk("VEVENT")))
    assert str(event["SUMMARY"]) == f"x{title}"
    assert str(event["DESCRIPTION"]) == whole
    assert event.decoded("DTSTART") == day


def test_uids_follow_from_what_the_event_is_about() -> None:
    one = Event("scheme/closes/2026-12-01", date(2026, 12, 1), "a", "b")
    data = render_calendar([one], "n", ON, "nb")
    again = render_calendar([replace(one, title="other")], "n", date(2027, 1, 1), "en")
    uid = [line for line in data.split(b"\r\n") if line.startswith(b"UID")]
    assert uid == [line for line in again.split(b"\r\n") if line.startswith(b"UID")]
    assert data == render_calendar([one], "n", ON, "nb")
    with pytest.raises(InputError, match="two events"):
        render_calendar([one, one], "n", ON, "nb")
    with pytest.raises(InputError, match="no event"):
        render_calendar([], "n", ON, "nb")


def test_sheets_have_equal_columns_in_both_languages() -> None:
    found = guide(nine(), KNOWN)
    shapes = [
        [(len(s.columns), len(s.rows)) for s in guide_sheets(found, SOURCES, lang)]
        for lang in ("nb", "en")
    ]
    assert shapes[0] == shapes[1]


def test_the_cases_of_a_rule_are_shown_as_far_as_the_facts_leave_them() -> None:
    def words(value: object) -> str:
        rule = ("parameter.a (company.size_class = 'small'); "
                "parameter.b (company.size_class = 'medium')")  # fmt: skip
        step = AmountStep("rate", Text(nb="a", en="a"), rule, None, 0.0, None, "1",
                          (("company.size_class", value),))  # fmt: skip
        return rule_words(step, load_vocabulary(), "en")

    assert words("small") == "«parameter.a»"
    assert words("medium") == "«parameter.b»"
    size = "«Size of enterprise by aid rules»"
    assert words(None) == (f"«parameter.a» (when {size} = Small); "
                           f"«parameter.b» (when {size} = Medium-sized)")  # fmt: skip
