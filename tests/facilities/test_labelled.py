"""Requests written from the sources, held against what the matching answers.

The labels are another hand than the matching, and older. The floors are what was measured at first
(recall 0.917 over 62 requests, 29 of 38 refusals with the right reason), rounded down.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from virkestoff import facilities
from virkestoff.evidence import library_folder, load_library

LABELLED = yaml.safe_load(
    (Path(__file__).parent / "labelled_requests.yaml").read_text(encoding="utf-8")
)["requests"]
ON = date(2026, 11, 25)
FIRST = 5


@pytest.fixture(scope="module")
def answers() -> list[tuple[dict[str, Any], Any]]:
    """Each labelled request with the one step of its match."""
    register = facilities.load_register(load_library(library_folder()))
    found = []
    for label in LABELLED:
        request = facilities.request_from(label["request"], register.vocabulary)
        found.append((label, facilities.match(request, register, ON)))
    return found


def recalls(answers: list[tuple[dict[str, Any], Any]]) -> dict[str, float]:
    """Recall among the first five of each request that a source says somebody can answer."""
    found = {}
    for label, match in answers:
        first = {c.provider for c in match.steps[0].shortlist(FIRST)}
        wanted = [c["provider"] for c in label["capable"]]
        names = [{w} if isinstance(w, str) else set(w) for w in wanted]
        if names:
            n_found = sum(bool(first & same) for same in names)
            found[label["request"]["request"]] = n_found / min(FIRST, len(names))
    return found


def why_nots(answers: list[tuple[dict[str, Any], Any]]) -> list[tuple[str, str, bool]]:
    """Request, provider, and whether it is refused for a reason that the sources give."""
    found = []
    for label, match in answers:
        by_id = {c.provider: c for c in match.steps[0].candidates}
        for wrong in label["not"]:
            candidate = by_id.get(wrong["provider"])
            given = {r.constraint for r in candidate.why_not} if candidate else set()
            right = bool(given & set(wrong["constraint"]))
            found.append((label["request"]["request"], wrong["provider"], right))
    return found


def test_labels_name_what_exists() -> None:
    known: set[str] = set()
    for path in (library_folder() / "industry" / "organisations").glob("*.yaml"):
        known |= yaml.safe_load(path.read_text(encoding="utf-8"))["organisations"].keys()
    for label in LABELLED:
        for one in (*label["capable"], *label["not"]):
            named = one["provider"]
            assert {named} if isinstance(named, str) else set(named) <= known, label["need"]


def test_there_are_enough_requests() -> None:
    assert len(LABELLED) >= 50
    assert {label["need"]["source"] for label in LABELLED} == {
        "source_000", "source_001", "source_002", "source_003", "source_004",
    }  # fmt: skip


def test_recall_among_the_first_five(answers) -> None:
    each = recalls(answers)
    share = sum(each.values()) / len(each)
    assert share >= 0.9, {key: value for key, value in each.items() if value < 1}


def test_who_cannot_is_told_why(answers) -> None:
    each = why_nots(answers)
    share = sum(right for _, _, right in each) / len(each)
    assert share >= 0.75, [(key, who) for key, who, right in each if not right]


def test_a_gap_of_the_country_is_told(answers) -> None:
    untold = [
        label["request"]["request"]
        for label, match in answers
        if "gap" in label and not match.notices
    ]
    assert untold == []


def test_nobody_is_said_to_fit_whom_a_source_denies(answers) -> None:
    for label, match in answers:
        fit = {c.provider for c in match.steps[0].candidates if c.status == "fits"}
        denied = {wrong["provider"] for wrong in label["not"]}
        assert not fit & denied, label["request"]["request"]
