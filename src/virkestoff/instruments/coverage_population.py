"""Companies without any scheme, by phase and group: counts with bounds, safe to publish.

A company is ``covered`` in a phase if at least one scheme of the phase is eligible by what is known
of it, and ``judged`` if for one of them only a person's judgement is left. It is ``undecided`` if a
fact is missing, ``unfound`` if what is still possible are schemes of which a term was not found (or
no rule is known on the date), and ``without`` if no scheme of the phase is possible. Only the
covered count as covered; all but those without may be. A scheme of which no condition is computed
covers nobody for sure. Whether a scheme takes applications on the day is left aside, and what a
company would ask for is unknown unless somebody says it: eligible is not awarded.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

import polars as pl

from virkestoff.disclosure import (
    Contribution,
    Rules,
    flat,
    frequency_table,
    publish_linked,
)
from virkestoff.errors import Fault, InputError
from virkestoff.instruments.engine import Engine, engine_for
from virkestoff.instruments.intervals import Value
from virkestoff.instruments.phases import PhaseRules, is_in, shares_of
from virkestoff.instruments.population_run import check_frame, statuses
from virkestoff.instruments.scheme_files import Schemes

__all__ = [
    "RESULTS", "CompanyCell", "CompanyCoverage", "as_if_open", "company_coverage",
    "phase_results", "with_facts",
]  # fmt: skip

Result = Literal["covered", "judged", "undecided", "unfound", "without"]
RESULTS: tuple[Result, ...] = get_args(Result)
_N_QUESTIONS = 5
ALL, ANY_PHASE = "all", "any"
MONEY = "money"
"""The subset that counts if nothing else is said: a scheme of advice covers no need of capital."""


@dataclass(frozen=True)
class CompanyCell:
    """Companies of a group in a phase; ``None`` is hidden, so that no company is given away."""

    phase: str
    group: str
    n: int | None
    covered: int | None
    judged: int | None
    undecided: int | None
    unfound: int | None
    without: int | None

    @property
    def low(self) -> float | None:
        """The share that is surely covered."""
        return None if self.covered is None or not self.n else self.covered / self.n

    @property
    def high(self) -> float | None:
        """The share that may be covered."""
        return None if self.without is None or not self.n else 1.0 - self.without / self.n


@dataclass(frozen=True)
class CompanyCoverage:
    """The table.

    Attributes
    ----------
    n_schemes : the schemes of each phase that were asked
    facts_known : facts that are known of at least one company
    questions : unknown facts in the order in which they would settle most schemes
    """

    on: date
    groups: tuple[str, ...]
    cells: tuple[CompanyCell, ...]
    n_schemes: Mapping[str, int]
    n_companies: int
    facts_known: tuple[str, ...]
    questions: tuple[str, ...]
    is_synthetic: bool

    @property
    def is_all_open(self) -> bool:
        """Whether no company of any cell is surely covered, judged alone, or surely without."""
        return bool(self.n_companies) and not any(
            c.covered or c.judged or c.without for c in self.cells
        )

    def cell(self, phase: str, group: str = ALL) -> CompanyCell:
        """The cell of a phase and a group."""
        return next(c for c in self.cells if (c.phase, c.group) == (phase, group))


def as_if_open(engine: Engine) -> Engine:
    """The engine with every scheme that exists taken as open."""
    found = copy.copy(engine)
    found.schemes = {
        key: c if c.is_aside else replace(c, opening=replace(c.opening, is_open=None))
        for key, c in engine.schemes.items()
    }
    return found


def with_facts(frame: pl.DataFrame, facts: Mapping[str, Value]) -> pl.DataFrame:
    """The frame with facts that are held equal for everybody, where they are not known already.

    Raises
    ------
    InputError
        if a fact is a band: for a population say one value, or leave it unknown.
    """
    columns = []
    for name, value in facts.items():
        if value is not None and not isinstance(value, bool | int | float | str | date):
            raise InputError(Fault(f"fact '{name}'", "is a band or several choices",
                                   "a population holds one value each",
                                   "Give one value, or leave it out"))  # fmt: skip
        given = pl.lit(value)
        known = name in frame.columns
        columns.append((pl.coalesce(pl.col(name), given) if known else given).alias(name))
    return frame.with_columns(columns) if columns else frame


def phase_results(
    engine: Engine, rules: PhaseRules, frame: pl.DataFrame, mapping: str | None = None,
    subset: str | None = MONEY,
) -> pl.DataFrame:  # fmt: skip
    """A column per phase, and ``any``, with the result of each row, one of :data:`RESULTS`."""
    sound = check_frame(engine, frame)
    found = statuses(as_if_open(engine), sound, is_checked=True)
    members = _members(engine, rules, mapping, subset)
    columns = []
    for phase, keys in members.items():
        met = [pl.col(k).cast(pl.String) == "eligible" for k in keys if _is_computed(engine, k)]
        asked = [pl.col(k).cast(pl.String) == "undecided" for k in keys
                 if not _lacks_term(engine, k)]
        left = [pl.col(k).cast(pl.String) == "needs_person" for k in keys
                if _is_computed(engine, k)]
        never = [pl.lit(False)]
        failed = [pl.col(k).cast(pl.String) == "not_eligible" for k in keys]
        shown = (
            pl.when(pl.any_horizontal(met or never)).then(pl.lit("covered"))
            .when(pl.any_horizontal(left or never)).then(pl.lit("judged"))
            .when(pl.any_horizontal(asked or never)).then(pl.lit("undecided"))
            .when(pl.all_horizontal(failed)).then(pl.lit("without"))
            .otherwise(pl.lit("unfound"))
        ) if keys else pl.lit("without")  # fmt: skip
        columns.append(shown.alias(phase))
    return found.select(pl.int_range(pl.len()).alias("row"), *columns).drop("row")


def _is_computed(engine: Engine, key: str) -> bool:
    return any(leaf.node is not None for leaf in engine.schemes[key].dated.leaves)


def _lacks_term(engine: Engine, key: str) -> bool:
    """Whether a term of the scheme was not found, so that no fact may settle it."""
    return any(leaf.cause == "term" for leaf in engine.schemes[key].dated.leaves)


def _members(
    engine: Engine, rules: PhaseRules, mapping: str | None, subset: str | None
) -> dict[str, tuple[str, ...]]:
    """The schemes of each phase, and of any, that exist on the date or are taken as existing."""
    chosen = rules.mapping(mapping)
    found: dict[str, list[str]] = {phase: [] for phase in rules.phases}
    for key, compiled in engine.schemes.items():
        if compiled.is_aside or (subset and not is_in(compiled.scheme, rules.subsets[subset])):
            continue
        for phase in shares_of(compiled.scheme, rules, chosen):
            found[phase].append(key)
    members = {phase: tuple(keys) for phase, keys in found.items()}
    members[ANY_PHASE] = tuple(dict.fromkeys(k for keys in found.values() for k in keys))
    return members


def company_coverage(
    schemes: Schemes, rules: PhaseRules, on: date, frame: pl.DataFrame, groups: Sequence[str],
    disclosure: Rules, *, mapping: str | None = None, subset: str | None = MONEY,
    is_synthetic: bool = False, as_existing: frozenset[str] = frozenset(),
) -> CompanyCoverage:  # fmt: skip
    """Companies by phase and group.

    Parameters
    ----------
    frame : a row a company, a column a fact of the vocabulary; null is unknown
    groups : the group of each row, ``pharmaceuticals``
    disclosure : what a published table keeps

    Raises
    ------
    InputError
        if the frame is empty, its columns are no facts, or the table cannot be protected.
    """
    if not frame.height or len(groups) != frame.height:
        raise InputError(Fault("population", f"has {frame.height} companies and {len(groups)} "
                               "groups", next_step="Give a group for each of at least one"))
    engine = engine_for(schemes, on, as_existing)
    results = phase_results(engine, rules, frame, mapping, subset)
    names = tuple(sorted(set(groups)))
    dimensions = (flat("group", names), flat("result", RESULTS))
    tables = [
        frequency_table(f"companies.{phase}", dimensions, [
            Contribution(str(k), (group, result))
            for k, (group, result) in enumerate(zip(groups, results[phase], strict=True))
        ])
        for phase in results.columns
    ]  # fmt: skip
    shown = publish_linked(tables, disclosure)
    cells = []
    for phase, table in zip(results.columns, shown, strict=True):
        for group in (ALL, *names):
            counts = [_count(table.cell((group, code)).value) for code in (ALL, *RESULTS)]
            cells.append(CompanyCell(phase, group, *counts))
    members = _members(engine, rules, mapping, subset)
    known = tuple(c for c in frame.columns if frame[c].null_count() < frame.height)
    return CompanyCoverage(
        on, names, tuple(cells), {phase: len(keys) for phase, keys in members.items()},
        frame.height, known, _questions(engine, frame, known), is_synthetic,
    )  # fmt: skip


def _questions(engine: Engine, frame: pl.DataFrame, known: Sequence[str]) -> tuple[str, ...]:
    """The next questions to a company of whom only what all have in common is known."""
    common = {c: frame[c][0] for c in known if frame[c].n_unique() == 1}
    asked = engine.next_questions(engine.check(common), len(engine.vocabulary.terms))
    return tuple(q.fact for q in asked if q.fact not in known)[:_N_QUESTIONS]


def _count(value: float | None) -> int | None:
    return None if value is None else round(value)
