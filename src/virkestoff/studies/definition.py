"""What a study decides: its question, levers, alternatives, outcomes and demands (study.yaml)."""

from __future__ import annotations

import copy
import fnmatch
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from virkestoff.effects import RESOURCES, Extent, Importance
from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, load_library, read_yaml, validation_faults
from virkestoff.language import Text
from virkestoff.quantities import currency_of, parse_unit, with_currency
from virkestoff.roadmap import load_roadmap
from virkestoff.studies.combinations import (
    Combinations,
    check_combinations,
    combination_name,
    joined_levers,
)
from virkestoff.studies.decision_block import (
    Better,
    Decision,
    FactGroup,
    check_decision,
    check_groups,
    engine_outcomes,
)
from virkestoff.studies.displays import DeclaredFigure, DeclaredTable, check_displays
from virkestoff.studies.levers import Lever, Name, Value
from virkestoff.timeline import Years

__all__ = ["Definition", "Lever", "Outcome", "Sweep", "Value", "load_definition"]

DERIVED_PREFIX = "account_"
NO_COMMISSION = "none"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Actors(_Frozen):
    """Who pays and receives. Public and private are residents of Norway, foreign are not."""

    public: tuple[Name, ...]
    private: tuple[Name, ...]
    foreign: tuple[Name, ...] = ()
    names: dict[str, Text] = Field(default_factory=dict)


class Uncertainty(_Frozen):
    """A fact that the study calls by a name of its own."""

    fact: str
    unit: str


class Outcome(_Frozen):
    """Something that is measured for every draw of every alternative.

    ``short`` heads its column in wide tables, ``method`` is the page that explains it. ``ratio``
    makes it the expected value of one outcome over that of another, which is not measured.
    """

    name: Text
    short: Text | None = None
    unit: str
    better: Better
    method: str = Field(min_length=1)
    note: Text | None = None
    ratio: tuple[str, str] | None = None


class Alternative(_Frozen):
    """A choice for every lever, with a name and a sentence that says what it is."""

    name: Text
    text: Text
    levers: dict[str, Value]


class Probe(_Frozen):
    """An extra run that answers a side question and is not an alternative."""

    name: Text
    alternative: str
    levers: dict[str, Value]


class Sweep(_Frozen):
    """One alternative run at several values of one numeric lever.

    Its figure shows ``outcome`` against another outcome, ``against``, or against the lever itself.
    ``marks`` are alternatives or probes whose size (``against``) is marked on the chart.
    """

    name: Text
    alternative: str
    lever: str
    values: tuple[float, ...] = Field(min_length=2)
    outcome: str
    against: str | None = None
    levers: dict[str, Value] = Field(default_factory=dict)
    marks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _marks_have_a_size(self) -> Self:
        if self.marks and self.against is None:
            raise ValueError("marks need against, the outcome that gives their place")
        return self


class Unpriced(_Frozen):
    """An effect without a price, judged for the alternatives that have it (plus-minus method)."""

    name: Text
    importance: Importance
    extents: dict[str, Extent]
    reason: Text


class Demand(_Frozen):
    """Something that the commission asks for, and the report section that answers it."""

    text: Text
    place: Text | str
    section: str | None = None
    note: Text | None = None


class Definition(_Frozen):
    """A whole ``study.yaml``.

    ``unvalued`` names the benefit that has no value in money, where it is another than
    preparedness: it stands in the heading of society's account.
    """

    study: Name
    title: Text
    question: Text
    commission: str
    as_of: date
    price_year: int = Field(ge=1990, le=2100)
    years: tuple[int, int]
    baseline: str
    actors: Actors
    levers: dict[Name, Lever]
    parameters: tuple[str, ...] = ()
    uncertainties: dict[Name, Uncertainty] = Field(default_factory=dict)
    alternatives: dict[Name, Alternative]
    probes: dict[Name, Probe] = Field(default_factory=dict)
    sweeps: dict[Name, Sweep] = Field(default_factory=dict)
    combinations: Combinations | None = None
    outcomes: dict[Name, Outcome]
    shown: tuple[str, ...] = ()
    unvalued: Text | None = None
    rankings: tuple[tuple[str, str], ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    decision: Decision | None = None
    groups: dict[Name, FactGroup] = Field(default_factory=dict)
    demands: tuple[Demand, ...] = ()
    positions: tuple[str, ...] = ()
    tables: dict[Name, DeclaredTable] = Field(default_factory=dict)
    figures: dict[Name, DeclaredFigure] = Field(default_factory=dict)
    words: dict[str, Text] = Field(default_factory=dict)

    @property
    def engine_outcomes(self) -> tuple[str, ...]:
        """What the engine measures for every run, beside the study's own outcomes."""
        residents = (*self.actors.public, *self.actors.private)
        return tuple(engine_outcomes(residents, (*self.actors.foreign, RESOURCES)))

    @property
    def measured(self) -> tuple[str, ...]:
        """The outcomes that ``evaluate`` measures: all but ratios."""
        return tuple(name for name, outcome in self.outcomes.items() if outcome.ratio is None)

    @property
    def axis(self) -> Years:
        """The years as an axis."""
        return Years(*self.years)

    def named_run(self, name: str) -> Alternative | Probe:
        """The alternative, probe or combination with this name."""
        if name in self.alternatives:
            return self.alternatives[name]
        if self.combinations and name in self.combinations.names:
            parts = [self.alternatives[part] for part in self.combinations.names[name]]
            levers = joined_levers([part.levers for part in parts], self.combinations.levers)
            first = self.combinations.names[name][0]
            joined = combination_name([part.name for part in parts])
            return Probe(name=joined, alternative=first, levers=levers)
        return self.probes[name]

    def choices_of(self, levers: Mapping[str, Value]) -> dict[str, Value]:
        """Every lever's value: what is chosen, else the lever's default."""
        chosen = {name: lever.default for name, lever in self.levers.items()}
        return {name: value for name, value in {**chosen, **levers}.items() if value is not None}

    @property
    def candidates(self) -> tuple[str, ...]:
        """The alternatives that the decision is between."""
        named = self.decision.candidates if self.decision else ()
        return named or tuple(self.alternatives)

    def better(self, outcome: str) -> Better:
        """Which way an outcome of the study or the engine is better."""
        if outcome in self.outcomes:
            return self.outcomes[outcome].better
        residents = (*self.actors.public, *self.actors.private)
        return engine_outcomes(residents, (*self.actors.foreign, RESOURCES))[outcome]

    def allowed_facts(self, library: Library) -> frozenset[str]:
        """The ids of the facts that ``parameters``, ``uncertainties`` and the target name."""
        named = {u.fact for u in self.uncertainties.values()}
        named.update(self.decision.facts if self.decision else ())
        for pattern in self.parameters:
            named.update(fnmatch.filter(library.facts, pattern))
        return frozenset(named)


def load_definition(folder: Path, library: Library) -> tuple[Definition, Library]:
    """Read ``study.yaml`` and the study's own ``facts/``; check every name against the library.

    Returns
    -------
    the definition, and the library joined with the study's facts

    Raises
    ------
    InputError
        lists all faults of the folder at once.
    """
    path = folder / "study.yaml"
    if not path.is_file():
        raise InputError(
            Fault(str(path), "does not exist", next_step="Make a study: virkestoff study new NAME")
        )
    faults = FaultCollector()
    name = f"{folder.name}/study.yaml"
    if (folder / "facts").is_dir():
        try:
            shown = f"{folder.name}/facts/"
            own = load_library(folder / "facts", library.sources, shown, library.subjects)
            library = library.joined(own)
        except InputError as problem:
            faults.extend(problem)
    definition = None
    try:
        definition = _validated(path, folder.name, read_yaml(path, name), faults)
    except InputError as problem:
        faults.extend(problem)
    if definition is not None:
        _check_names(definition, library, name, faults)
        _check_money(definition, library, faults)
    faults.raise_if_any()
    assert definition is not None
    return definition, library


def _validated(
    path: Path, folder: str, data: Mapping[str, Any], faults: FaultCollector
) -> Definition | None:
    """The definition, or None; where unknown keys are the only fault it is read without them."""
    try:
        return Definition.model_validate(data)
    except ValidationError as problem:
        faults.extend(InputError(validation_faults(path, f"{folder}/study.yaml", (), problem)))
        unknown = [e["loc"] for e in problem.errors() if e["type"] == "extra_forbidden"]
        if len(unknown) < problem.error_count():
            return None
    except InputError as problem:
        faults.extend(problem)
        return None
    left = copy.deepcopy(dict(data))
    for *above, key in unknown:
        inner: Any = left
        for part in above:
            inner = inner[part]
        del inner[key]
    return _validated(path, folder, left, faults)


def _check_money(d: Definition, library: Library, faults: FaultCollector) -> None:
    """Money that cannot be carried to the study's price year is found before the run."""
    for fact_id in sorted(d.allowed_facts(library) & library.facts.keys()):
        fact = library.facts[fact_id]
        currency = currency_of(fact.unit) if fact.price_year else None
        if currency is None or fact.price_year is None:
            continue
        try:
            library.indices.factor(currency, fact.price_year, d.price_year)
        except InputError as problem:
            missing = "; ".join(f"{f.where} {f.what}, {f.why}" for f in problem.faults)
            faults.add(
                f"{library.files[fact_id]}: facts.{fact_id}.price_year",
                f"{currency} of {fact.price_year} cannot be carried to {d.price_year}, "
                "the study's price year",
                why=missing,
                next_step="Choose another price year, or add the index with its source",
            )


def _check_names(d: Definition, library: Library, file: str, faults: FaultCollector) -> None:
    if d.baseline not in d.alternatives:
        faults.add(
            f"{file}: baseline",
            f"'{d.baseline}' is not an alternative",
            next_step=suggest(d.baseline, d.alternatives),
        )
    if d.commission != NO_COMMISSION and d.commission not in library.sources:
        faults.add(
            f"{file}: commission",
            f"'{d.commission}' is not a source that the library holds",
            next_step=suggest(d.commission, library.sources) or f"Write {NO_COMMISSION}",
        )
    if d.years[0] > d.years[1]:
        faults.add(f"{file}: years", f"{list(d.years)} ends before it starts")
    for name, uncertainty in d.uncertainties.items():
        _check_uncertainty(f"{file}: uncertainties.{name}", uncertainty, library, faults)
    for pattern in d.parameters:
        if not fnmatch.filter(library.facts, pattern):
            faults.add(
                f"{file}: parameters",
                f"'{pattern}' matches no fact",
                next_step=suggest(pattern, library.facts),
            )
    for name, alternative in d.alternatives.items():
        where = f"{file}: alternatives.{name}.levers"
        _check_levers(where, d, alternative.levers, True, faults)
    for name, outcome in d.outcomes.items():
        _check_outcome(f"{file}: outcomes.{name}", name, outcome, faults)
    _check_experiments(d, file, faults)
    if d.combinations:
        known = (*d.outcomes, *d.engine_outcomes)
        check_combinations(
            d.combinations, d.alternatives, d.baseline, d.levers, known, file, faults
        )
    if d.positions:
        _check_topics(d, library, file, faults)
    _check_deciding(d, library, file, faults)


def _check_topics(d: Definition, library: Library, file: str, faults: FaultCollector) -> None:
    """Topics whose positions the report shows must be in the roadmap."""
    try:
        known = load_roadmap(library).topics
    except InputError as problem:
        faults.extend(problem)
        return
    for topic in d.positions:
        if topic not in known:
            where = f"{file}: positions"
            step = suggest(topic, known) or "List them with: virkestoff roadmap positions"
            faults.add(where, f"'{topic}' is not a topic of the roadmap", next_step=step)


def _check_deciding(d: Definition, library: Library, file: str, faults: FaultCollector) -> None:
    residents = (*d.actors.public, *d.actors.private)
    if d.decision is not None:
        check_decision(
            d.decision,
            file,
            library,
            faults,
            alternatives=tuple(d.alternatives),
            probes=tuple(d.probes),
            outcomes=d.outcomes,
            engine=engine_outcomes(residents, (*d.actors.foreign, RESOURCES)),
            levers=d.levers,
        )
    elif d.groups:
        faults.add(f"{file}: groups", "has no use without a decision", next_step="Write decision:")
    check_groups(d.groups, file, d.allowed_facts(library), faults)


def _check_outcome(where: str, name: str, outcome: Outcome, faults: FaultCollector) -> None:
    if name.startswith(DERIVED_PREFIX):
        faults.add(where, f"names that start with {DERIVED_PREFIX} belong to the engine")
    try:
        parse_unit(outcome.unit)
    except InputError as problem:
        faults.add(f"{where}.unit", str(problem))


def _check_uncertainty(
    where: str, uncertainty: Uncertainty, library: Library, faults: FaultCollector
) -> None:
    try:
        fact = library.fact(uncertainty.fact)
        stated = fact.unit
        if currency_of(stated) and currency_of(uncertainty.unit) == "NOK":
            stated = with_currency(stated, "NOK")  # the engine converts the currency
        if parse_unit(uncertainty.unit).dimensionality != parse_unit(stated).dimensionality:
            faults.add(f"{where}.unit", f"'{uncertainty.unit}' does not fit '{fact.unit}'")
    except InputError as problem:
        faults.add(where, str(problem))


def _check_levers(
    where: str,
    d: Definition,
    levers: Mapping[str, Value],
    is_whole: bool,
    faults: FaultCollector,
) -> None:
    for name, value in levers.items():
        if name not in d.levers:
            faults.add(
                f"{where}.{name}", "is not a lever", next_step=suggest(name, d.levers)
            )
        elif problem := d.levers[name].problem_with(value):
            faults.add(f"{where}.{name}", problem)
    if is_whole:
        for name in sorted(d.levers.keys() - d.choices_of(levers).keys()):
            faults.add(f"{where}.{name}", "is missing and the lever has no default")


def _check_experiments(d: Definition, file: str, faults: FaultCollector) -> None:
    for kind, group in (("probes", d.probes), ("sweeps", d.sweeps)):
        for name, item in group.items():
            where = f"{file}: {kind}.{name}"
            if name in d.alternatives:
                faults.add(where, "has the name of an alternative")
            if item.alternative not in d.alternatives:
                faults.add(
                    f"{where}.alternative",
                    f"'{item.alternative}' is not an alternative",
                    next_step=suggest(item.alternative, d.alternatives),
                )
            _check_levers(f"{where}.levers", d, item.levers, False, faults)
    for name, sweep in d.sweeps.items():
        for value in sweep.values:
            _check_levers(f"{file}: sweeps.{name}", d, {sweep.lever: value}, False, faults)
    for effect in d.unpriced:
        for name in effect.extents:
            if name not in d.alternatives:
                where = f"{file}: unpriced: {effect.name.en}"
                step = suggest(name, d.alternatives)
                faults.add(where, f"'{name}' is not an alternative", next_step=step)
    _check_outcomes_shown(d, file, faults)


def _check_outcomes_shown(d: Definition, file: str, faults: FaultCollector) -> None:
    """Every outcome and run that a table, a figure or a ranking names must exist."""
    named = [("shown", outcome) for outcome in d.shown]
    runs = [("rankings", run) for run, _ in d.rankings]
    named += [("rankings", outcome) for _, outcome in d.rankings]
    for name, declared in d.outcomes.items():
        named += [(f"outcomes.{name}.ratio", part) for part in declared.ratio or ()]
    drawn = [outcome for _, outcome in d.rankings]
    drawn += [d.decision.outcome] if d.decision else []
    for outcome in drawn:
        if outcome in d.outcomes and d.outcomes[outcome].ratio:
            where, why = f"{file}: rankings, decision", "has no value for a single draw"
            faults.add(where, f"'{outcome}' is a ratio of expected values", why=why)
    for name, sweep in d.sweeps.items():
        named.append((f"sweeps.{name}.outcome", sweep.outcome))
        named += [(f"sweeps.{name}.against", sweep.against)] if sweep.against else []
        runs += [(f"sweeps.{name}.marks", run) for run in sweep.marks]
    for where, outcome in named:
        if outcome not in d.outcomes and not outcome.startswith(DERIVED_PREFIX):
            step = suggest(outcome, d.outcomes)
            faults.add(f"{file}: {where}", f"'{outcome}' is not an outcome", next_step=step)
    known = {**d.alternatives, **d.probes}
    for where, run in runs:
        if run not in known:
            why = f"'{run}' is neither an alternative nor a probe"
            faults.add(f"{file}: {where}", why, next_step=suggest(run, known))
    units = {o: "NOK/year" if "_yearly_" in o else "NOK" for o in d.engine_outcomes}
    units |= {name: outcome.unit for name, outcome in d.outcomes.items()}
    check_displays(d, (*d.alternatives, *d.probes), tuple(units), units, file, faults)
