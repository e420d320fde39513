"""What a reader changes in a study: the rules of a changed fact, and that nothing else moves.

Oracle: the rules as the docstring states them, and the records as they stood before.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import Fact
from virkestoff.studies.changes import READER, Changes, changed_fact, changes_of, with_changes
from virkestoff.workbench import Workbench

COST = "supply.stock.administration_cost"


@pytest.fixture(scope="module")
def example():
    return Workbench().study("example")


def _fact(value, unit="1", **more) -> Fact:
    return Fact.model_validate({
        "id": "a.b", "name": {"nb": "x", "en": "x"}, "value": value, "unit": unit, "source": "s",
        "place": "page 3", "how": "read", "grade": "high", **more,
    })  # fmt: skip


def test_a_changed_fact_names_the_reader_and_what_stood_before() -> None:
    made = changed_fact(_fact([0.1, 0.2, 0.4]), (0.2, 0.3, 0.5))
    assert made.numbers == (0.2, 0.3, 0.5)
    assert (made.source, made.confidence) == (READER, "assumption")
    assert made.place == "library: 0.1 / 0.2 / 0.4 1 (s, page 3)"
    assert "endret av leseren" in made.name.nb
    assert "changed by the reader" in made.name.en


@pytest.mark.parametrize(
    ("held", "numbers", "words"),
    [([0.1, 0.2, 0.4], (0.2, 0.1, 0.4), "rise"), ([0.1, 0.2, 0.4], (0.0, 0.1, 0.4), "above zero"),
     ([0.0, 0.2], (-0.1, 0.2), "below zero"), ([0.1, 0.2], (0.1, 1.2), "above one"),
     ([0.1, 0.2], (0.1,), "number"), (5.0, (5001.0,), "thousand times"),
     (5.0, (0.004,), "thousandth")],
)  # fmt: skip
def test_what_is_refused(held, numbers, words) -> None:
    with pytest.raises(InputError, match=words):
        changed_fact(_fact(held, "year" if held == 5.0 else "1"), numbers)


@given(st.lists(st.floats(0.002, 4.9), min_size=3, max_size=3).map(sorted))
def test_rising_numbers_near_the_library_are_taken_as_they_are(numbers) -> None:
    made = changed_fact(_fact([0.5, 1.0, 2.0], "year"), tuple(numbers))
    assert made.numbers == tuple(numbers)
    assert made.unit == "year"


def test_study_and_library_stay_as_they_are(example) -> None:
    definition, library = example
    was = library.facts[COST], dict(definition.alternatives["stock"].levers)
    changes = Changes({"stock": {"months": 9.0}}, {COST: (1e6, 2e6, 3e6)})
    made, changed = with_changes(definition, library, changes)
    assert (library.facts[COST], dict(definition.alternatives["stock"].levers)) == was
    assert READER not in library.sources
    assert made.alternatives["stock"].levers["months"] == 9.0
    assert changed.fact(COST).numbers == (1e6, 2e6, 3e6)
    assert {k for k in library.facts if library.facts[k] is not changed.facts[k]} == {COST}
    assert changed.digest == library.digest
    assert changes_of({"changed_inputs": changes.as_dict()}) == changes
    assert with_changes(definition, library, Changes()) == (definition, library)


def test_all_faults_are_named_at_once(example) -> None:
    changes = Changes(
        {"stock": {"months": 99.0, "monhts": 1.0}, "stok": {}},
        {COST: (3e6, 2e6, 1e6), "instruments.nothing": (1.0,)},
    )
    with pytest.raises(InputError) as caught:
        with_changes(*example, changes)
    text = str(caught.value)
    for words in ("outside 0 to 24", "monhts", "stok", "rise", "instruments.nothing"):
        assert words in text
