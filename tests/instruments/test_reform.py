"""Reforms: differences, profiles, populations.

Oracles: the rules before and after, by hand; the engine asked one profile at a time; a reform that
changes nothing changes nothing.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from virkestoff.errors import InputError
from virkestoff.instruments.engine import engine_for
from virkestoff.instruments.reform import profile_changes, read_reform
from virkestoff.instruments.reform_population import population_effects
from virkestoff.instruments.scheme_files import load_schemes

ON = date(2026, 11, 24)
HIGHER = """
reform: higher_grant
name: {nb: Høyere tilskudd, en: Higher grant}
change:
  startup_grant_2:
    parameters:
      max_grant:
        values:
          - {value: 2000000, price_year: 2026, source: reform, place: "max_grant", how: read}
"""


@pytest.fixture(scope="module")
def schemes(library):
    return load_schemes(library)


def patch(folder: Path, text: str) -> Path:
    path = folder / "patch.yaml"
    path.write_text(text, encoding="utf-8")
    return path


IPN = {
    "company.is_registered_in_norway": True, "company.kind": "company",
    "company.is_in_difficulty": False, "project.is_rd": True,
    "project.has_started": False, "project.duration": 24.0, "project.start": date(2026, 9, 1),
    "project.amount_applied": 10e6, "project.eligible_costs": 30e6,
}  # fmt: skip


@pytest.mark.parametrize("text", ["reform: none", "change: {ipn: {kind: grant}}"])
def test_a_reform_that_changes_nothing_changes_nothing(schemes, library, tmp_path, text) -> None:
    reform = read_reform(patch(tmp_path, text), schemes)
    assert (reform.changes, reform.touched) == ((), ())
    assert profile_changes(reform, {"a": IPN}, ON) == ()
    frame = pl.DataFrame({"company.kind": ["company"]})
    assert population_effects(reform, frame, ON, library.indices) == ()


def test_a_limit_that_is_raised(schemes, tmp_path) -> None:
    reform = read_reform(patch(tmp_path, HIGHER), schemes)
    values = [c for c in reform.changes if c.key.endswith(".value")]
    assert [(c.scheme, c.before, c.after) for c in values] == [("startup_grant_2", 1e6, 2e6)]
    facts = {"project.eligible_costs": 30e6}
    [change] = profile_changes(reform, {"a": facts}, ON)
    assert (change.before.high, change.after.high) == (1e6, 2e6)
    assert (change.gains, change.loses) == (False, False)


def test_a_condition_that_falls_away_and_one_that_gets_stricter(schemes, tmp_path) -> None:
    started = IPN | {"project.has_started": True}
    loosened = read_reform(patch(tmp_path, "change: {ipn: {leaves: {started: null}}}"), schemes)
    [change] = profile_changes(loosened, {"begun": started}, ON)
    assert (change.before.status, change.after.status) == ("not_eligible", "eligible")
    assert change.gains
    assert [t.en for t in change.reasons] == ["The project has begun."]
    stricter = read_reform(patch(tmp_path, """
change:
  ipn:
    parameters:
      max_grant: {values: [{value: 5000000, price_year: 2026, source: reform, place: x, how: read}]}
"""), schemes)  # fmt: skip
    [change] = profile_changes(stricter, {"large": IPN}, ON)
    assert (change.before.status, change.after.status) == ("eligible", "not_eligible")
    assert change.loses
    assert [t.en for t in change.reasons] == ["The application is for NOK 1 to 16 million."]


def test_the_change_of_an_amount_has_bounds(schemes, tmp_path) -> None:
    raised = read_reform(patch(tmp_path, """
change:
  ipn:
    parameters:
      max_grant:
        values: [{value: 20000000, price_year: 2026, source: reform, place: x, how: read}]
"""), schemes)  # fmt: skip
    [change] = profile_changes(raised, {"a": IPN}, ON)
    assert change.before.status == change.after.status == "eligible"
    assert (change.before.high, change.after.high) == (16e6, 20e6)
    assert change.change_low == -16e6 and change.change_high == 20e6  # the rate is not known


NEW = """
as_existing: [repayable_advance]
new:
  - scheme: pilot_production_grant
    name: {nb: Pilot, en: Pilot}
    provider: {nb: Siva, en: Siva}
    kind: grant
    status: existing
    phases: {named: [pilot]}
    recipients: [sme]
    parameters:
      most:
        name: {nb: Mest, en: Most}
        unit: NOK
        values: [{value: 3000000, price_year: 2026, source: reform, place: x, how: read}]
    conditions:
      applicant:
        all:
          - id: company
            text: {nb: Bedrift, en: Company}
            expression: "company.kind = 'company'"
            reference: {source: reform, place: x}
          - id: sales
            text: {nb: Salg, en: Sales}
            expression: company.has_sales
            reference: {source: reform, place: x}
    support: {formula: "min(project.total_costs, parameter.most)", of: grant, per: project}
    opening: {kind: unknown}
    last_checked: 2026-11-24
    references: [{source: reform, place: x}]
"""


def test_a_population_against_one_profile_at_a_time(schemes, library, tmp_path) -> None:
    reform = read_reform(patch(tmp_path, NEW), schemes)
    assert reform.new == ("pilot_production_grant",)
    rows = [(kind, sales, cost) for kind in ("company", "cluster", None)
            for sales in (True, False, None) for cost in (1e6, 9e6, None)]  # fmt: skip
    names = ("company.kind", "company.has_sales", "project.total_costs")
    frame = pl.DataFrame(rows, schema=list(names), orient="row")
    effects = {e.scheme: e for e in population_effects(reform, frame, ON, library.indices)}
    engine = engine_for(reform.after, ON, reform.as_existing)
    for key, effect in effects.items():
        moves: Counter = Counter()
        for row in rows:
            facts = {n: v for n, v in zip(names, row, strict=True) if v is not None}
            moves["closed", engine.check(facts).results[key].rules] += 1
        assert dict(effect.moves) == dict(moves)
    new = effects["pilot_production_grant"]
    assert (new.n_gain, new.n_loss) == (3, 0)  # a company with sales, at three costs
    assert new.n_gain_possible == 3 + 3 + 3 + 3  # or the kind, the sales, or both unknown
    assert (new.after.known_nok, new.after.n_known) == (4_000_000, 2)  # 1 and 3 million
    assert new.after.high_nok == 12 * 3e6
    assert effects["repayable_advance"].after.high_nok is None  # its limit is unknown
    assert new.before.high_nok == 0.0


def test_an_end_takes_everything_back(schemes, library, tmp_path) -> None:
    reform = read_reform(patch(tmp_path, "end: {eu_application_advice: 2026-10-31}"), schemes)
    frame = pl.DataFrame({"company.is_registered_in_norway": [True] * 7})
    [effect] = population_effects(reform, frame, ON, library.indices)
    assert (effect.n_loss, effect.n_gain, effect.n_loss_possible) == (7, 0, 7)


def test_every_fault_of_a_patch_is_told_at_once(schemes, tmp_path) -> None:
    text = """
reforms: x
change:
  ipnn: {}
  ipn: {kinds: loan, leaves: {strted: null}}
as_existing: [nothing]
new: [{scheme: ipn}]
"""
    with pytest.raises(InputError) as caught:
        read_reform(patch(tmp_path, text), schemes)
    told = " ".join(f"{f.where} {f.what} {f.next_step}" for f in caught.value.faults)
    assert all(word in told for word in ("reforms", "ipnn", "nothing", "already"))
    with pytest.raises(InputError) as caught:
        read_reform(patch(tmp_path, "change: {ipn: {kinds: x, leaves: {strted: null}}}"), schemes)
    told = " ".join(f"{f.where} {f.what} {f.next_step}" for f in caught.value.faults)
    assert "kinds" in told and "strted" in told and "started" in told


def test_a_number_without_a_source_does_not_load(schemes, tmp_path) -> None:
    value = "{value: 1, source: gossip, place: x, how: read}"
    text = f"change: {{ipn: {{parameters: {{max_grant: {{values: [{value}]}}}}}}}}"
    with pytest.raises(InputError) as caught:
        read_reform(patch(tmp_path, text), schemes)
    assert any("gossip" in f.what for f in caught.value.faults)
