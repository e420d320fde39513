"""Support schemes against profiles written by hand from the documents' text.

The profiles (``gold/``) say what the documents say; nothing in them comes from the rules in the
library. The keys are explained at the top of ``gold/research_council.yaml``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from virkestoff.evidence import content_root, load_library, read_yaml
from virkestoff.instruments.engine import Engine, engine_for
from virkestoff.instruments.intervals import Value
from virkestoff.instruments.overview import counts, overview
from virkestoff.instruments.population_run import statuses
from virkestoff.instruments.scheme_files import Schemes, load_schemes
from virkestoff.instruments.vocabulary import check_facts

FOLDER = Path(__file__).parent / "gold"
AS_OF = date(2026, 11, 24)
NEAR = 0.05  # a value this close to a threshold, relatively, tests its side of it


def _gold() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for scheme, case in read_yaml(path, path.name).items():
            assert scheme not in found, f"{scheme} has two gold cases"
            found[scheme] = {**case, "file": path.stem}
    return found


GOLD = _gold()


@cache
def _schemes() -> Schemes:
    return load_schemes(load_library(content_root() / "library"))


@cache
def _engine(on: date, as_existing: frozenset[str]) -> Engine:
    return engine_for(_schemes(), on, as_existing)


def _check(scheme: str, case: dict[str, Any], facts: dict[str, Value], on: Any = None) -> Any:
    names = frozenset({scheme}) if case.get("as_existing") else frozenset()
    day = on or case["on"]
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return _engine(day, names).check(check_facts(_schemes().vocabulary, facts)).results[scheme]


def _runs(scheme: str) -> list[tuple[str, dict[str, Any], Any, Any]]:
    """Every case of a scheme: words, facts, day, expected status."""
    case = GOLD[scheme]
    facts, top = case["facts"], case.get("top", _best(case))
    best = "undecided" if case.get("as_existing") and case["file"] == "partly" else top
    best = case.get("rules", best)
    runs = [("facts", facts, None, best)]
    runs += [(f"yes {c}", {**facts, **c}, None, best) for c in case.get("yes", ())]
    runs += [(f"not {c}", {**facts, **c}, None, "not_eligible") for c in case.get("not", ())]
    runs += [(f"person {c}", {**facts, **c}, None, "needs_person") for c in case.get("person", ())]
    runs += [(f"open {c}", {**facts, **c}, None, "undecided") for c in case.get("undecided", ())]
    runs += [
        (f"without {key}", {k: v for k, v in facts.items() if k != key}, None, "undecided")
        for key in case.get("open", ())
    ]
    return runs


def _best(case: dict[str, Any]) -> str:
    return "undecided" if case["file"] == "partly" else "eligible"


@pytest.mark.parametrize("scheme", sorted(GOLD))
def test_profiles_get_what_the_documents_say(scheme: str) -> None:
    case = GOLD[scheme]
    wrong = []
    for words, facts, on, expected in _runs(scheme):
        result = _check(scheme, case, facts, on)
        got = result.rules if "rules" in case else result.status
        if got != expected:
            wrong.append(f"{words}: {got}, not {expected}")
    for other in case.get("other", ()):
        facts = {**case["facts"], **other.get("set", {})}
        got = _check(scheme, case, facts, other["on"]).status
        if got != other["status"]:
            wrong.append(f"{other}: {got}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "scheme", sorted(k for k, c in GOLD.items() if {"amount", "amounts", "at_most"} & c.keys())
)
def test_amounts_are_what_the_documents_say(scheme: str) -> None:
    case = GOLD[scheme]
    asked = [{"value": case["amount"]}] if "amount" in case else []
    asked += [{"at_most": case["at_most"]}] if "at_most" in case else []
    for row in [*asked, *case.get("amounts", ())]:
        facts = {**case["facts"], **row.get("set", {})}
        amount = _check(scheme, case, facts, row.get("on")).amount
        if "at_most" in row:
            assert amount.value is None, row
            assert amount.high == pytest.approx(row["at_most"], abs=0.01), row
        elif row["value"] == "unknown":
            assert amount.value is None, row
        else:
            assert amount.value == pytest.approx(row["value"], abs=0.01), row
            assert amount.exceptional == row.get("exceptional"), row


@pytest.mark.parametrize("scheme", sorted(k for k, c in GOLD.items() if c.get("as_existing")))
def test_what_is_proposed_or_ended_is_closed(scheme: str) -> None:
    case = GOLD[scheme]
    assert _check(scheme, {**case, "as_existing": False}, case["facts"], AS_OF).status == "closed"


def test_every_scheme_with_a_computed_condition_has_gold_cases() -> None:
    rows = overview(_schemes(), AS_OF)
    assert {r.id for r in rows if r.decidable != "named"} == set(GOLD)
    for row in rows:
        if row.decidable == "decidable":
            expected = {run[3] for run in _runs(row.id)}
            assert {"not_eligible", "undecided"} <= expected, row.id
            assert expected & {"eligible", "needs_person"}, row.id


def test_every_condition_is_met_and_missed_and_every_threshold_has_both_sides() -> None:
    lacking = []
    for scheme in sorted(GOLD):
        truths: dict[str, set[bool | None]] = defaultdict(set)
        near: dict[tuple[str, str], set[bool]] = defaultdict(set)
        bounds: dict[tuple[str, str], Any] = {}
        for _, facts, on, _ in _runs(scheme):
            result = _check(scheme, GOLD[scheme], facts, on)
            for leaf in result.leaves:
                truths[leaf.id].add(leaf.truth)
                constraint = result.compiled.dated and _engine_constraint(scheme, leaf, on)
                for side in ("low", "high"):
                    bound = getattr(constraint, side, None)
                    value = facts.get(constraint.fact) if constraint else None
                    if bound is None or value is None or leaf.truth is None:
                        continue
                    if _is_end_of_range(constraint.fact, bound):
                        continue  # no threshold of the scheme
                    bounds[leaf.id, side] = bound
                    if _is_near(value, bound):
                        near[leaf.id, side].add(leaf.truth)
        leaves = [leaf for _, leaf in _schemes()[scheme].leaves]
        computed = {x.id for x in leaves if any(v.expression for v in x.versions or (x,))}
        one_sided = [k for k in computed if not {True, False} <= truths[k]]
        lacking += [f"{scheme}.{k}: {truths[k]}" for k in one_sided]
        lacking += [f"{scheme}.{k}: {bounds[k]}, {near[k]}" for k in bounds if len(near[k]) < 2]
    assert not lacking, "\n".join(lacking)


def _engine_constraint(scheme: str, leaf: Any, on: Any) -> Any:
    case = GOLD[scheme]
    names = frozenset({scheme}) if case.get("as_existing") else frozenset()
    day = on or case["on"]
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return _engine(day, names).constraint(leaf)


def _is_end_of_range(fact: str, bound: Any) -> bool:
    term = _schemes().vocabulary.terms[fact]
    return isinstance(bound, date) and bound.year >= 2200 or bound in (term.range or ())


def _is_near(value: Any, bound: Any) -> bool:
    if isinstance(value, date) or isinstance(bound, date):
        return abs((value - bound).days) <= 1
    return abs(value - bound) <= max(1.0 if bound >= 1 else NEAR * bound, NEAR * bound, 1e-9) or (
        bound == 0 and value in (0, 1)
    )


def test_a_population_of_the_profiles_gets_the_same_statuses() -> None:
    """Every profile on one day, one by one and as rows of a frame, against every scheme."""
    profiles = [facts for scheme in sorted(GOLD) for _, facts, _, _ in _runs(scheme)]
    engine = _engine(AS_OF, frozenset())
    terms = _schemes().vocabulary.terms
    names = sorted({name for facts in profiles for name in facts})
    frame = pl.DataFrame(
        {name: [facts.get(name) for facts in profiles] for name in names},
        schema_overrides={n: pl.Float64 for n in names if terms[n].type == "number"},
    )
    found = statuses(engine, frame)
    for row, facts in enumerate(profiles):
        one = engine.check(check_facts(_schemes().vocabulary, facts)).results
        assert found.row(row, named=True) == {key: one[key].status for key in found.columns}


def test_the_table_counts_what_the_files_hold() -> None:
    rows = overview(_schemes(), AS_OF)
    folder = content_root() / "library" / "instruments" / "schemes"
    raw = {p.stem: read_yaml(p, p.name) for p in folder.glob("*.yaml")}
    assert [r.id for r in rows] == sorted(raw)
    for column in ("status", "kind"):
        assert counts(rows, column) == Counter(r[column] for r in raw.values())
    for row in rows:
        leaves = list(_raw_leaves(raw[row.id].get("conditions", {})))
        assert row.n_conditions == len(leaves)
        parts = [(leaf.get("versions") or [leaf])[-1] for leaf in leaves]
        assert row.n_computed == sum("expression" in part for part in parts)
        assert row.n_unknown == sum("unknown" in part for part in parts)
        assert 0 <= row.unknown_share <= 1
        assert row.n_conditions == row.n_computed + row.n_judged + row.n_unknown


def _raw_leaves(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict) and "id" in part:
        yield part
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _raw_leaves(inner)


def test_every_text_has_both_languages_and_no_source_speaks_of_this_work() -> None:
    for scheme in _schemes().schemes.values():
        assert scheme.summary is not None and scheme.summary.nb and scheme.summary.en
        assert scheme.last_checked <= AS_OF
        for reference in scheme.references:
            assert reference.source != "assumption_virkestoff"
