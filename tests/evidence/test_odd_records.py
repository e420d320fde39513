"""Whatever stands in a file of the library: it loads, or one error lists faults with their place.

Oracle: no exception other than ``InputError`` may leave the loader.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import find_conflicts, load_library

NAME = {"nb": "a", "en": "b"}
ORIGIN = {"source": "s", "place": "p", "how": "read", "grade": "high"}
FILE: dict[str, Any] = {
    "sources": {"s": {"title": "Synthetic", "publisher": "Tests", "year": 2025}},
    "facts": {
        "x.money": {"name": NAME, "value": [1, 2, 4], "unit": "NOK/kg", "price_year": 2025,
                    "distribution": "lognormal", "covers": {"size": [1, 2]}, **ORIGIN},
        "x.series": {"name": NAME, "series": {2020: 1.5}, "unit": "kg",
                     "valid": {"from": "2020-01-01"}, **ORIGIN},
    },
    "statistics": {
        "a": {"name": NAME, "value": 30, "unit": "kg", "kind": "observed", "year": 2020,
              "subject": "s", "qualifier": "about", **ORIGIN},
        "b": {"name": NAME, "value": [1, 2], "unit": "kg", "kind": "observed", "year": 2020,
              "subject": "s", **ORIGIN},
    },
}  # fmt: skip
ODD: tuple[Any, ...] = (
    None, -1, 0, 0.5, "", "x", True, [], {}, ["x"], [1, "x"], [3, 1], [1, 2, 3, 4], {"x": 1},
    "2026-13-45", 10**400, 1e308, "NOK/NOK", "kg)(", "a" * 5000,
)  # fmt: skip


def _places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, inner in pairs:
        found.append((*above, key))
        if isinstance(inner, dict | list):
            found += _places(inner, (*above, key))
    return found


def _loads(folder: Path, data: Any) -> bool:
    (folder / "x.yaml").write_text(json.dumps(data), encoding="utf-8")  # JSON is YAML
    try:
        library = load_library(folder)
    except InputError as problem:
        assert all(fault.where and fault.what for fault in problem.faults)
        return False
    find_conflicts(library)
    for fact in library.facts.values():
        assert fact.confidence
    return True


@pytest.mark.parametrize("place", _places(FILE), ids=lambda p: ".".join(map(str, p)))
def test_every_leaf_may_be_odd(tmp_path: Path, place: tuple[Any, ...]) -> None:
    n_refused = 0
    for value in ODD:
        data = copy.deepcopy(FILE)
        inner = data
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value
        n_refused += not _loads(tmp_path, data)
    assert n_refused > 0, "no odd value is refused here"
    assert _loads(tmp_path, FILE)
