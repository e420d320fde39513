"""Claims of the sources on how support is spread over phases, tested; and the financing gaps.

A claim is a comparison of phases: more schemes here than there, a larger budget, a higher ceiling.
It ``holds``, ``fails``, or is ``open`` where what was not read could turn it. It is tested for
every mapping of words to phases and every subset of schemes, since the words do not decide it.

A financing gap is a transition between phases. What is computed is what the schemes' own rules say:
how many stand on each side and across, of which kinds, and the largest amounts that are known. How
much a company needs is not known here, and a gap alone is no market failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from virkestoff.instruments.coverage import (
    UNKNOWN,
    Ceiling,
    Coverage,
    ceiling_of,
    chosen_schemes,
    coverage,
)
from virkestoff.instruments.engine import engine_for
from virkestoff.instruments.phases import Claim, PhaseRules, is_in, shares_of
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.money import Indices

__all__ = [
    "ClaimResult", "GapResult", "PhaseFigures", "WithProposal", "claim_results", "gap_results",
    "phase_figures", "with_proposals",
]  # fmt: skip

MONEY = "money"
"""The subset of schemes that give companies money."""

Outcome = Literal["holds", "fails", "open"]
CLAIM_HOLDS, CLAIM_FAILS, CLAIM_OPEN = "holds", "fails", "open"


@dataclass(frozen=True)
class PhaseFigures:
    """What is known of a phase.

    Attributes
    ----------
    n : schemes in the phase
    n_phase_unknown : schemes of unknown phase, which may belong here
    budget_low, budget_high : known budgets of this phase alone, and all that touch it; NOK
    n_budget : schemes whose budget is known
    budget_unknown : ids of those whose budget was not read
    ceilings : the largest amounts of its schemes
    """

    phase: str
    n: float
    n_phase_unknown: float
    budget_low: float
    budget_high: float
    n_budget: int
    budget_unknown: tuple[str, ...]
    ceilings: tuple[Ceiling, ...]

    @property
    def n_budget_unknown(self) -> int:
        """Schemes whose budget was not read."""
        return len(self.budget_unknown)

    @property
    def n_ceiling(self) -> int:
        """Schemes whose ceiling is known."""
        return sum(c.state == "known" for c in self.ceilings)

    @property
    def n_unlimited(self) -> int:
        """Schemes that a source says have no limit."""
        return sum(c.state == "none" for c in self.ceilings)

    @property
    def highest(self) -> float | None:
        """The highest ceiling that is known; NOK."""
        known = [c.value for c in self.ceilings if c.value is not None]
        return max(known, default=None)

    @property
    def median(self) -> float | None:
        """The middle of the ceilings that are known; NOK."""
        known = sorted(c.value for c in self.ceilings if c.value is not None)
        half = len(known) // 2
        if not known:
            return None
        return known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2


@dataclass(frozen=True)
class ClaimResult:
    """A claim on one way of counting; ``figures`` are what was compared, ``None`` unknown."""

    claim: str
    mapping: str
    subset: str
    outcome: Outcome
    figures: Mapping[str, float | None]
    n_unknown: int


def phase_figures(
    schemes: Schemes, rules: PhaseRules, on: date, indices: Indices, *,
    mapping: str | None = None, subset: str | None = None,
    as_existing: frozenset[str] = frozenset(), statuses: Sequence[str] = ("existing",),
) -> dict[str, PhaseFigures]:  # fmt: skip
    """Numbers, budgets and ceilings by phase; ceilings of schemes that give companies money.

    What a fund, an investor or a hospital may get says nothing of a company's limit, and advice
    has none.
    """
    def of(weight: Literal["number", "budget"]) -> Coverage:
        return coverage(schemes.schemes, rules, on, by=("phase",), weight=weight,
                        statuses=statuses, mapping=mapping, subset=subset,
                        as_existing=as_existing, indices=indices)  # fmt: skip

    engine = engine_for(schemes, on, as_existing)
    number, budget = of("number"), of("budget")
    n_lost = number.cell(UNKNOWN).n
    found = {}
    for phase in rules.phases:
        cell, money = number.cell(phase), budget.cell(phase)
        found[phase] = PhaseFigures(
            phase, cell.n, n_lost, money.low or 0.0, money.high or 0.0,
            len(money.schemes) - money.n_unknown, money.unknown,
            tuple(ceiling_of(engine, key, indices) for key in cell.schemes
                  if is_in(schemes[key], rules.subsets[MONEY])),
        )  # fmt: skip
    return found


def claim_results(
    schemes: Schemes, rules: PhaseRules, on: date, indices: Indices,
    as_existing: frozenset[str] = frozenset(),
) -> tuple[ClaimResult, ...]:  # fmt: skip
    """Every claim for every mapping and subset; the first of each is the main answer."""
    found = []
    for mapping in rules.mappings:
        for subset in rules.subsets:
            by_phase = phase_figures(schemes, rules, on, indices, mapping=mapping, subset=subset,
                                     as_existing=as_existing)  # fmt: skip
            found += [
                ClaimResult(key, mapping, subset, *_tested(claim, by_phase))
                for key, claim in rules.claims.items()
            ]
    return tuple(found)


def _tested(
    claim: Claim, by_phase: Mapping[str, PhaseFigures]
) -> tuple[Outcome, dict[str, float | None], int]:
    """Whether a claim holds: surely, surely not, or it turns on what was not read."""
    one = claim.more or claim.fewer or ""
    phases = (one, *claim.than)
    spans = {p: _span(claim.measure, by_phase[p]) for p in phases}
    shown = {p: _shown(claim.measure, by_phase[p]) for p in phases}
    n_unknown = len({u for p in phases for u in _unknown(claim.measure, by_phase[p])})
    verdicts = []
    for other in claim.than:
        upper, lower = (one, other) if claim.more else (other, one)
        (a_low, a_high), (b_low, b_high) = spans[upper], spans[lower]
        if b_high is not None and a_low > b_high:
            verdicts.append(CLAIM_HOLDS)
        elif a_high is not None and a_high <= b_low:
            verdicts.append(CLAIM_FAILS)
        else:
            verdicts.append(CLAIM_OPEN)
    if CLAIM_FAILS in verdicts:
        return "fails", shown, n_unknown
    return ("open" if CLAIM_OPEN in verdicts else "holds"), shown, n_unknown


def _span(measure: str, figures: PhaseFigures) -> tuple[float, float | None]:
    """From what is sure to what is possible; ``None`` has no bound."""
    if measure == "number":
        return figures.n, figures.n + figures.n_phase_unknown
    if measure == "budget":
        is_open = figures.n_budget_unknown or figures.n_phase_unknown
        return figures.budget_low, None if is_open else figures.budget_high
    n_open = len(figures.ceilings) - figures.n_ceiling
    return figures.highest or 0.0, None if n_open else figures.highest


def _shown(measure: str, figures: PhaseFigures) -> float | None:
    if measure == "number":
        return figures.n
    if measure == "budget":
        return figures.budget_high if figures.n_budget else None
    return figures.highest


def _unknown(measure: str, figures: PhaseFigures) -> list[str]:
    """What was not read: each scheme counts once, in however many phases it is."""
    if measure == "number":
        return [f"{UNKNOWN}{k}" for k in range(int(figures.n_phase_unknown))]
    if measure == "budget":
        return list(figures.budget_unknown)
    return [c.scheme for c in figures.ceilings if c.state == "unknown"]


@dataclass(frozen=True)
class GapResult:
    """The schemes on both sides of a transition.

    Attributes
    ----------
    before, after, across : ids of the schemes on one side alone, and on both
    kinds_before, kinds_after : schemes by kind; those across count on both sides
    highest_before, highest_after : the highest ceiling that is known; NOK
    n_unknown_before, n_unknown_after : schemes whose ceiling was not found
    """

    gap: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    across: tuple[str, ...]
    kinds_before: Mapping[str, int]
    kinds_after: Mapping[str, int]
    highest_before: float | None
    highest_after: float | None
    n_unknown_before: int
    n_unknown_after: int
    ceilings: tuple[Ceiling, ...]


def gap_results(
    schemes: Schemes, rules: PhaseRules, on: date, indices: Indices, *,
    mapping: str | None = None, subset: str | None = MONEY,
    as_existing: frozenset[str] = frozenset(),
) -> tuple[GapResult, ...]:  # fmt: skip
    """The financing gaps from the schemes' phases, kinds and ceilings.

    Parameters
    ----------
    subset : which schemes; those that give companies money, if nothing else is said
    """
    engine = engine_for(schemes, on, as_existing)
    counted = chosen_schemes(
        schemes.schemes.values(), on, ("existing",),
        rules.subsets[subset] if subset else None, as_existing,
    )  # fmt: skip
    chosen = rules.mapping(mapping)
    phases = {s.id: set(shares_of(s, rules, chosen)) for s in counted}
    limits = {s.id: ceiling_of(engine, s.id, indices) for s in counted}
    found = []
    for key, gap in rules.gaps.items():
        left = [s for s, ps in phases.items() if ps & set(gap.before)]
        right = [s for s, ps in phases.items() if ps & set(gap.after)]
        both = tuple(s for s in left if s in set(right))
        found.append(GapResult(
            key, tuple(s for s in left if s not in both), tuple(s for s in right if s not in both),
            both, Counter(limits[s].kind for s in left), Counter(limits[s].kind for s in right),
            _highest(limits[s] for s in left), _highest(limits[s] for s in right),
            sum(limits[s].state == "unknown" for s in left),
            sum(limits[s].state == "unknown" for s in right),
            tuple(limits[s] for s in dict.fromkeys([*left, *right])),
        ))  # fmt: skip
    return tuple(found)


def _highest(limits: object) -> float | None:
    values = [c.value for c in limits if c.value is not None]  # type: ignore[attr-defined]
    return max(values, default=None)


@dataclass(frozen=True)
class WithProposal:
    """What one proposed scheme changes if it existed.

    Attributes
    ----------
    phases : the phases it belongs to
    filled : places of phase and kind that had no scheme
    changed_claims : claim -> outcome before and after, where they differ
    across : gaps that it stands across
    """

    scheme: str
    phases: tuple[str, ...]
    filled: tuple[tuple[str, ...], ...]
    changed_claims: Mapping[str, tuple[Outcome, Outcome]]
    across: tuple[str, ...]


def with_proposals(
    schemes: Schemes, rules: PhaseRules, on: date, indices: Indices, *,
    mapping: str | None = None, together: bool = True,
) -> tuple[WithProposal, ...]:  # fmt: skip
    """The table, claims and gaps again with each proposed scheme, and then with all (``all``)."""
    proposed = [k for k, s in schemes.schemes.items() if s.status == "proposed"]
    cases = [(key, frozenset({key})) for key in proposed]
    if together and proposed:
        cases.append(("all", frozenset(proposed)))
    before = _state(schemes, rules, on, indices, mapping, frozenset())
    found = []
    for key, added in cases:
        after = _state(schemes, rules, on, indices, mapping, added)
        phases = {p for k in added for p in shares_of(
            schemes[k], rules, rules.mapping(mapping))}  # fmt: skip
        across = tuple(g for g, ids in after[2].items() if ids & added)
        changed = {c: (o, after[1][c]) for c, o in before[1].items() if o != after[1][c]}
        filled = tuple(p for p in before[0] if p not in after[0])
        found.append(WithProposal(
            key, tuple(p for p in rules.phases if p in phases), filled, changed, across))
    return tuple(found)


def _state(
    schemes: Schemes, rules: PhaseRules, on: date, indices: Indices, mapping: str | None,
    added: frozenset[str],
) -> tuple[tuple[tuple[str, ...], ...], dict[str, Outcome], dict[str, set[str]]]:  # fmt: skip
    table = coverage(schemes.schemes, rules, on, mapping=mapping, as_existing=added)
    by_phase = phase_figures(schemes, rules, on, indices, mapping=mapping, as_existing=added)
    claims = {key: _tested(claim, by_phase)[0] for key, claim in rules.claims.items()}
    gaps = gap_results(schemes, rules, on, indices, mapping=mapping, subset=None,
                       as_existing=added)  # fmt: skip
    return table.empty, claims, {g.gap: set(g.across) for g in gaps}
