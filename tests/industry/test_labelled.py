"""The labelled set and its measures.

Oracles: Wilson intervals as published by Newcombe (1998, Statistics in Medicine 17, table I, method
3), to four decimals; precision and recall of a small set counted by hand.
"""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from virkestoff.errors import InputError
from virkestoff.industry.labelled import (
    Labelled,
    half_of,
    load_labelled,
    measured_quality,
    wilson,
)


@pytest.fixture(scope="module")
def labelled(library, organisations):
    return load_labelled(library, organisations)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_as_published(k, n, low, high) -> None:
    p, found_low, found_high = wilson(k, n)
    assert p == k / n
    assert (found_low, found_high) == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing() -> None:
    assert wilson(0, 0) is None


def test_the_set_is_large_and_has_hard_negatives(labelled) -> None:
    assert len(labelled) >= 120
    labels = Counter(e.label for e in labelled.values())
    assert min(labels.values()) >= 80
    assert sum(e.is_hard and e.label == "out" for e in labelled.values()) >= 40


def test_halves_are_fixed_by_the_id(labelled) -> None:
    """SHA-256 of the id, first byte even: development. First bytes from sha256sum."""
    first_byte = {"pharmaq": 0x08, "takeda": 0x4C, "agilera": 0x47, "spas": 0xE9, "bayer": 0x10}
    for key, byte in first_byte.items():
        assert half_of(key) == ("held_out" if byte % 2 else "development")
    sizes = Counter(half_of(key) for key in labelled)
    assert min(sizes.values()) > 100


def test_measures_counted_by_hand(rules) -> None:
    def entry(text: str, label: str, branch: str | None = None) -> Labelled:
        return Labelled(basis="described", name="Foretak AS", text=text, label=label,
                        branch=branch, source="source_001", place="line 1")  # fmt: skip

    small = {
        "a": entry("Produksjon av legemidler", "in", "pharmaceuticals"),  # right
        "b": entry("Produksjon av vaksiner", "out"),  # found, wrong
        "c": entry("Frisør", "in", "pharmaceuticals"),  # missed
        "d": entry("Utvikling av medisinsk utstyr", "in", "pharmaceuticals"),  # wrong branch
        "e": entry("Bank", "out"),  # right
        "f": entry("Produksjon av legemidler", "in"),  # no branch said: not in the branch's count
    }
    quality = measured_quality(small, rules, "all")
    whole, medicines = quality.measures["in"], quality.measures["pharmaceuticals"]
    assert (whole.n, whole.n_true, whole.n_found, whole.n_right) == (6, 4, 4, 3)
    assert (whole.precision[0], whole.recall[0]) == (3 / 4, 3 / 4)
    assert (medicines.n, medicines.n_true, medicines.n_found, medicines.n_right) == (5, 3, 2, 1)
    assert medicines.f1[0] == pytest.approx(2 / 5)
    assert quality.measures["digital_health"].precision is None
    assert {w[0] for w in quality.wrong} == {"b", "c", "d"}


def test_measured_twice_is_the_same(labelled, rules) -> None:
    assert measured_quality(labelled, rules) == measured_quality(labelled, rules)


def test_figures_of_the_page(labelled, rules) -> None:
    """The figures that docs/subjects/industry-classification.md states for the held-out half."""
    quality = measured_quality(labelled, rules)
    counts = {k: (m.n_true, m.n_found, m.n_right) for k, m in quality.measures.items()}
    assert counts == {
        "in": (41, 36, 31), "pharmaceuticals": (28, 27, 23), "medical_devices": (5, 5, 5),
        "digital_health": (5, 1, 0),
    }  # fmt: skip


ENTRY = {"basis": "described", "name": "A", "text": "b", "label": "out", "source": "source_001",
         "place": "line 1"}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [{"branch": "pharmaceuticals"}, {"organisation": "takeda"}, {"basis": "named"},
     {"label": "maybe"}, {"source": "source_9"}, {"colour": "red"},
     {"basis": "named", "organisation": "nobody"}],
    ids=str,
)  # fmt: skip
def test_faulty_records(library, organisations, tmp_path, change) -> None:
    path = tmp_path / "labelled.yaml"
    path.write_text(yaml.safe_dump({"labelled": {"x": {**ENTRY, **change}}}), encoding="utf-8")
    with pytest.raises(InputError):
        load_labelled(library, organisations, path)
