"""Where parties differ. Oracle: cases worked out by hand from the definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.language import Text
from virkestoff.roadmap import Position
from virkestoff.roadmap.disagreement import disagreement_on

STANCES = ("for", "for_with_condition", "against", "neutral", "other_priority")
WORDS = Text(nb="ord", en="words")


def position(who: str, stance: str) -> Position:
    condition = WORDS if stance == "for_with_condition" else None
    return Position(
        who=who, topic="t", stance=stance, says=WORDS, condition=condition, needs=("n",),
        source="s", place="p", date="2024",
    )  # fmt: skip


def found(*said: str):
    """``said`` as "party stance"."""
    pairs = [one.split() for one in said]
    return disagreement_on(
        "t", [(f"p{i}", position(who, stance)) for i, (who, stance) in enumerate(pairs)]
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ((), None),
        (("a for",), None),
        (("a for", "b for"), None),
        (("a neutral", "b neutral"), None),
        (("a for", "b neutral"), None),  # one who takes no side contradicts nobody
        (("a against", "b neutral"), None),
        (("a for", "a against"), None),  # a party does not disagree with itself
        (("a for", "b against"), "opposite"),
        (("a for_with_condition", "b against"), "opposite"),
        (("a for", "b for_with_condition"), "differing"),
        (("a for", "b other_priority"), "differing"),
        (("a against", "b other_priority"), "differing"),
        (("a for", "a against", "b for"), "opposite"),  # a's second word against b's
        (("a for", "a against", "b other_priority"), "differing"),  # nobody else is for or against
        (("a for", "b for", "c for", "d against"), "opposite"),  # not decided by numbers
    ],
)
def test_kind_by_hand(said: tuple[str, ...], kind: str | None) -> None:
    result = found(*said)
    assert (result.kind if result else None) == kind


def test_sides_hold_every_position_once() -> None:
    result = found(
        "a for", "b for_with_condition", "c against", "d other_priority", "e neutral"
    )
    assert result is not None
    assert result.in_favour == ("p0", "p1")
    assert result.others == ("p2", "p3")
    assert result.neutral == ("p4",)


SAID = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(STANCES)), max_size=8)


@given(SAID, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(said, random) -> None:
    """No votes: saying a thing again, or in another order, leaves the kind as it was."""
    lines = [f"{who} {stance}" for who, stance in said]
    mixed = [*lines, *lines]
    random.shuffle(mixed)
    first, second = found(*lines), found(*mixed)
    assert (first.kind if first else None) == (second.kind if second else None)


@given(SAID)
def test_agrees_with_a_slow_reading_of_the_definition(said) -> None:
    """Twin: every ordered pair looked at in turn."""
    kinds = set()
    for who, stance in said:
        for other, view in said:
            if who != other and stance != view and "neutral" not in (stance, view):
                kinds.add("differing")
                if stance == "against" and view.startswith("for"):
                    kinds.add("opposite")
    expected = None if not kinds else "opposite" if "opposite" in kinds else "differing"
    result = found(*[f"{who} {stance}" for who, stance in said])
    assert (result.kind if result else None) == expected
