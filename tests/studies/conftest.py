"""A small synthetic study in a folder of its own, with a library of its own."""

from pathlib import Path

import pytest

from virkestoff.evidence import Library, load_library

LIBRARY = """\
sources:
  s: {title: Synthetic source for tests, publisher: Tests, year: 2025}
facts:
  demo.price: {name: {nb: Pris, en: Price}, value: [5, 10, 20], unit: NOK/kg, price_year: 2025,
    source: s, place: p, how: recalled, grade: low}
  demo.need: {name: {nb: Behov, en: Need}, value: [90, 100, 110], unit: kg/year,
    source: s, place: p, how: read, grade: high}
  demo.unused: {name: {nb: Ubrukt, en: Unused}, value: 1, unit: "1",
    source: s, place: p, how: read, grade: high}
"""

RULES = """\
facts:
  costbenefit.discount_rate_first.x: {name: {nb: a, en: b}, value: 0.04, unit: 1/year, source: s,
    place: p, how: read, grade: high}
  costbenefit.discount_rate_second.x: {name: {nb: a, en: b}, value: 0.03, unit: 1/year, source: s,
    place: p, how: read, grade: high}
  costbenefit.discount_rate_third.x: {name: {nb: a, en: b}, value: 0.02, unit: 1/year, source: s,
    place: p, how: read, grade: high}
  costbenefit.discount_switch_first.x: {name: {nb: a, en: b}, value: 40, unit: year, source: s,
    place: p, how: read, grade: high}
  costbenefit.discount_switch_second.x: {name: {nb: a, en: b}, value: 75, unit: year, source: s,
    place: p, how: read, grade: high}
  costbenefit.tax_financing_cost.x: {name: {nb: a, en: b}, value: 0.2, unit: "1", source: s,
    place: p, how: read, grade: high}
"""

STUDY = """\
study: demo
title: {nb: Demo (syntetisk), en: Demo (synthetic)}
question: {nb: Hva?, en: What?}
commission: none
as_of: 2026-11-01
price_year: 2025
years: [2027, 2031]
baseline: today
actors: {public: [state], private: [buyers], foreign: [makers]}
levers:
  months: {name: {nb: Måneder, en: Months}, unit: month, range: [0, 12], default: 0}
parameters: ["demo.need"]
uncertainties:
  price: {fact: demo.price, unit: NOK/kg}
alternatives:
  today: {name: {nb: I dag, en: Today}, text: {nb: x, en: x}, levers: {}}
  stock: {name: {nb: Lager, en: Stock}, text: {nb: x, en: x}, levers: {months: 6}}
probes:
  double: {name: {nb: D, en: D}, alternative: stock, levers: {months: 12}}
sweeps:
  size: {name: {nb: S, en: S}, alternative: stock, lever: months, values: [1, 2], outcome: cost}
outcomes:
  cost: {name: {nb: Kostnad, en: Cost}, unit: NOK/year, better: lower, method: docs/x.md}
rankings: [[stock, cost]]
"""

MODEL = """\
import numpy as np
from virkestoff.effects import Ledger


def evaluate(case):
    ledger = Ledger()
    held = case.parameters("demo.need", "kg/year") * case.number("months") / 12
    cost = np.broadcast_to(held * case["price"], case.shape)
    luck = case.uniforms("luck", case.years.size)
    ledger.pay("stock", "state", "makers", cost * luck)
    ledger.measure("cost", (cost * luck).mean(axis=1))
    ledger.part("cost", {"all": (cost * luck).mean(axis=1)})
    return ledger
"""


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """The synthetic library."""
    root = tmp_path / "library"
    for subject, text in (("demo", LIBRARY), ("costbenefit", RULES)):
        (root / subject).mkdir(parents=True)
        (root / subject / "x.yaml").write_text(text)
    return load_library(root)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The synthetic study."""
    path = tmp_path / "demo"
    path.mkdir()
    (path / "study.yaml").write_text(STUDY)
    (path / "study.py").write_text(MODEL)
    return path
