"""Probabilities over one and below zero are named, all at once. Oracle: facts written by hand."""

from __future__ import annotations

from pathlib import Path

from virkestoff.evidence import load_library
from virkestoff.supply import share_faults

FACT = 'name: {nb: a, en: b}, unit: "1", source: s, place: p, how: assumption, grade: low'
TEXT = f"""\
sources:
  s: {{title: Synthetic source for tests, publisher: Tests, year: 2025, language: en}}
facts:
  supply.crisis.export_ban_asia: {{{FACT}, value: [0.2, 0.5, 1.5]}}
  supply.demand_shock.probability: {{{FACT}, value: [-0.1, 0.1, 2]}}
  supply.substitution.drops: {{{FACT}, value: [0, 0.5, 1]}}
  supply.need.level: {{{FACT}, value: [0.5, 1, 2]}}
"""


def test_every_share_outside_its_bounds_is_named(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(TEXT, encoding="utf-8")
    library = load_library(tmp_path)
    found = [str(fault) for fault in share_faults(library, set(library.facts))]
    assert len(found) == 3
    text = "\n".join(found)
    assert "export_ban_asia.value: 1.5 is over one" in text
    assert "probability.value: -0.1 is below zero" in text
    assert "probability.value: 2 is over one" in text
    assert share_faults(library, {"supply.need.level", "supply.substitution.drops"}) == []
