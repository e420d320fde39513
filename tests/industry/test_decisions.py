"""Decisions: kept, undone, in conflict, and faulty.

Oracle: sequences of acts worked out by hand; a model log that is a plain stack for each company.
974760673 and 999999999 have valid check digits, 974760674 has not.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.industry.decisions import Decision, Decisions, decide, read_decisions, undo

A, B = "974760673", "999999999"
OUT = {"verdict": "out", "reason": "bare handel", "who": "KH", "date": "2026-11-01", "orgnr": A}
IN = {**OUT, "verdict": "in", "branch": "medical_devices", "reason": "lager utstyr"}
UNDO = {"orgnr": A, "reason": "feil foretak", "who": "KH", "date": "2026-11-01"}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "data" / "industry" / "decisions.csv"


def test_the_last_counts_and_undo_brings_back_the_one_before(log) -> None:
    decide(log, OUT)
    decide(log, IN)
    assert read_decisions(log).standing()[A].verdict == "in"
    undo(log, UNDO)
    assert read_decisions(log).standing()[A].verdict == "out"
    undo(log, UNDO)
    assert read_decisions(log).standing() == {}
    assert [d.act for d in read_decisions(log).history(A)] == ["decide", "decide", "undo", "undo"]


def test_two_people_that_differ_are_named(log) -> None:
    decide(log, OUT)
    decide(log, {**IN, "who": "AB"})
    (conflict,) = read_decisions(log).conflicts()
    assert (conflict.earlier.who, conflict.later.who) == ("KH", "AB")
    undo(log, UNDO)
    assert read_decisions(log).conflicts() == ()


def test_one_person_that_changes_her_mind_is_no_conflict(log) -> None:
    decide(log, OUT)
    decide(log, IN)
    assert read_decisions(log).conflicts() == ()


def test_two_that_agree_are_no_conflict(log) -> None:
    decide(log, OUT)
    decide(log, {**OUT, "who": "AB", "reason": "samme syn"})
    assert read_decisions(log).conflicts() == ()


@given(st.lists(st.tuples(st.sampled_from([A, B]), st.sampled_from(["in", "out", "undo"]))))
def test_standing_is_a_stack_for_each_company(acts) -> None:
    stacks: dict[str, list[str]] = {A: [], B: []}
    kept = []
    for orgnr, what in acts:
        said = {"date": "2026-11-01", "orgnr": orgnr, "reason": "prøve", "who": "KH"}
        if what == "undo":
            if not stacks[orgnr]:
                continue
            stacks[orgnr].pop()
            kept.append(Decision(act="undo", **said))
        else:
            stacks[orgnr].append(what)
            branch = "pharmaceuticals" if what == "in" else None
            kept.append(Decision(act="decide", verdict=what, branch=branch, **said))
    found = {k: d.verdict for k, d in Decisions(tuple(kept)).standing().items()}
    assert found == {k: s[-1] for k, s in stacks.items() if s}


FAULTY = {
    "check digit": {"orgnr": "974760674"},
    "no number": {"orgnr": "abc"},
    "verdict": {"verdict": "maybe"},
    "no verdict": {"verdict": ""},
    "branch": {"verdict": "in", "branch": "diagnostics"},
    "in without branch": {"verdict": "in"},
    "out with branch": {"branch": "pharmaceuticals"},
    "share": {"verdict": "in", "branch": "pharmaceuticals", "health_share": "1.5"},
    "share of nothing": {"health_share": "0.5"},
    "share no number": {"verdict": "in", "branch": "pharmaceuticals", "health_share": "nan"},
    "reason": {"reason": ""},
    "who": {"who": ""},
    "date": {"date": "2026-13-01"},
    "formula": {"reason": "=cmd|' /C calc'"},
    "line break": {"reason": "to\nlinjer"},
    "unknown field": {"colour": "red"},
}


@pytest.mark.parametrize("change", list(FAULTY.values()), ids=list(FAULTY))
def test_faulty_decisions_write_nothing(log, change) -> None:
    with pytest.raises(InputError):
        decide(log, {**OUT, **change})
    assert not log.exists()


def test_undo_of_nothing(log) -> None:
    with pytest.raises(InputError, match="none stands"):
        undo(log, UNDO)
    assert not log.exists()


def test_a_date_before_the_last_act(log) -> None:
    decide(log, OUT)
    before = log.read_bytes()
    with pytest.raises(InputError, match="before the line above"):
        decide(log, {**OUT, "date": "2026-10-31"})
    assert log.read_bytes() == before


def test_all_faulty_lines_are_named(log) -> None:
    decide(log, OUT)
    text = log.read_text(encoding="utf-8")
    log.write_text(text + text.splitlines()[1].replace(A, "1") + "\n2026-11-02,decide\n",
                   encoding="utf-8")  # fmt: skip
    with pytest.raises(InputError) as caught:
        read_decisions(log)
    assert len(caught.value.faults) == 2
    assert ":3" in caught.value.faults[0].where


def test_other_columns_and_encodings(log) -> None:
    log.parent.mkdir(parents=True)
    log.write_text("date,orgnr\n", encoding="utf-8")
    with pytest.raises(InputError, match="other columns"):
        read_decisions(log)
    log.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        read_decisions(log)


def test_number_is_kept_as_nine_digits(log) -> None:
    assert decide(log, {**OUT, "orgnr": "NO 974 760 673 MVA"}).orgnr == A
