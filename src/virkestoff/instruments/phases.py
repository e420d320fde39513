"""Phases of development, market failures, financing gaps and claims, as the sources name them.

Files: ``library/instruments/market_failures.yaml``. A scheme names phases in the words of its own
documents; a mapping says which of the five phases of source 004 each word belongs to. There are
several mappings, because the words do not decide it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact, suggest
from virkestoff.evidence import Library, read_yaml
from virkestoff.instruments.scheme import Kind, PhaseName, Recipient, Scheme
from virkestoff.language import Text

__all__ = [
    "Award", "Claim", "Gap", "Mapping_", "MarketFailureText", "Phase", "PhaseRules", "Subset",
    "is_in", "load_phase_rules", "shares_of",
]  # fmt: skip

FILE = "market_failures.yaml"
HIGHEST_TRL = 9  # constant: end of the scale; TRL 9 is the whole course in the market


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Phase(_Frozen):
    """One of the five phases: its place on the scales and what is hard in it."""

    name: Text
    trl: tuple[int, int] | None = None
    cri: tuple[int, int] | None = None
    challenges: Text
    market_failures: tuple[str, ...]
    source: str
    place: str


class MarketFailureText(_Frozen):
    """A market failure as a source names it."""

    name: Text
    text: Text
    source: str
    place: str


class Gap(_Frozen):
    """A transition in which a source says that finance is hard to get."""

    name: Text
    text: Text
    before: tuple[str, ...]
    after: tuple[str, ...]
    source: str
    place: str


class Mapping_(_Frozen):  # the plain name is that of the abstract class
    """How a scheme is placed in phases.

    ``how``: in ``all`` phases of its words, in those of the ``first`` word, ``divided`` equally
    over them, in those that its ``scales`` touch, or as a source has ``listed`` it.
    """

    name: Text
    how: Literal["all", "first", "divided", "scales", "listed"]
    reason: Text | None = None
    words: Mapping[PhaseName, tuple[str, ...]] = {}
    listed: Mapping[str, tuple[str, ...]] = {}


class Subset(_Frozen):
    """Which schemes are counted; what is left out does not narrow."""

    name: Text
    reason: Text | None = None
    recipients: tuple[Recipient, ...] = ()
    kinds: tuple[Kind, ...] = ()
    named_in: str | None = None
    without_provider: str | None = None


class Claim(_Frozen):
    """What a source says of the phases, as a comparison that can fail."""

    name: Text
    measure: Literal["number", "budget", "cap"]
    more: str | None = None
    fewer: str | None = None
    than: tuple[str, ...]
    source: str
    place: str

    @model_validator(mode="after")
    def _is_one_way(self) -> Claim:
        if (self.more is None) == (self.fewer is None):
            raise ValueError("needs either more or fewer")
        return self


class Award(_Frozen):
    """A published sum of awards, and the schemes that it is of, where the source says which."""

    statistic: str
    schemes: tuple[str, ...] = ()


class PhaseRules(_Frozen):
    """The file."""

    phases: Mapping[str, Phase]
    market_failures: Mapping[str, MarketFailureText]
    gaps: Mapping[str, Gap]
    mappings: Mapping[str, Mapping_]
    subsets: Mapping[str, Subset]
    claims: Mapping[str, Claim]
    awards: tuple[Award, ...] = ()

    @property
    def first_mapping(self) -> str:
        """Id of the mapping that is used where none is named."""
        return next(iter(self.mappings))

    def mapping(self, key: str | None) -> Mapping_:
        """A mapping by its id; the first one if none is named.

        Raises
        ------
        MissingFact
            if there is none of that name.
        """
        chosen = self.first_mapping if key is None else key
        if chosen not in self.mappings:
            raise MissingFact(Fault(f"mapping '{chosen}'", "is unknown",
                                    next_step=suggest(chosen, self.mappings)
                                    or f"Use {', '.join(self.mappings)}"))  # fmt: skip
        return self.mappings[chosen]

    def words(self, mapping: Mapping_) -> Mapping[PhaseName, tuple[str, ...]]:
        """The words of a mapping; those of the first one if it has none of its own."""
        return mapping.words or self.mappings[self.first_mapping].words


def load_phase_rules(library: Library) -> PhaseRules:
    """Read and check the file.

    Raises
    ------
    InputError
        lists every fault: unknown keys, phases, market failures, sources, statistics and words
        that no mapping places.
    """
    path = library.root / "instruments" / FILE
    try:
        rules = PhaseRules.model_validate(read_yaml(path))
    except ValidationError as problem:
        raise InputError([
            Fault(f"{path.name}: {'.'.join(str(p) for p in e['loc'])}",
                  e["msg"].removeprefix("Value error, "))
            for e in problem.errors()
        ]) from None  # fmt: skip
    faults = FaultCollector()
    _check(rules, library, faults)
    faults.raise_if_any()
    return rules


def _check(rules: PhaseRules, library: Library, faults: FaultCollector) -> None:
    phases = rules.phases
    named = [(f"gaps.{k}", (*g.before, *g.after)) for k, g in rules.gaps.items()]
    named += [
        (f"claims.{k}", (c.more or c.fewer or "", *c.than)) for k, c in rules.claims.items()
    ]
    for key, mapping in rules.mappings.items():
        named.append((f"mappings.{key}.listed", tuple(mapping.listed)))
        named += [(f"mappings.{key}.words.{w}", found) for w, found in mapping.words.items()]
        missing = sorted(set(get_args(PhaseName)) - set(rules.words(mapping)))
        if missing:
            faults.add(f"{FILE}: mappings.{key}", f"does not place {', '.join(missing)}")
    for where, keys in named:
        for phase in (k for k in keys if k not in phases):
            faults.add(f"{FILE}: {where}", f"'{phase}' is not a phase",
                       next_step=suggest(phase, phases))  # fmt: skip
    for key, phase_ in phases.items():
        for failure in (f for f in phase_.market_failures if f not in rules.market_failures):
            faults.add(f"{FILE}: phases.{key}", f"'{failure}' is not a market failure",
                       next_step=suggest(failure, rules.market_failures))  # fmt: skip
    cited = [
        (f"{part}.{key}", record.source)
        for part in ("phases", "market_failures", "gaps", "claims")
        for key, record in getattr(rules, part).items()
    ]
    for where, source in cited:
        if source not in library.sources:
            faults.add(f"{FILE}: {where}", f"'{source}' is not a source that the library holds",
                       next_step=suggest(source, library.sources))  # fmt: skip
    for award in rules.awards:
        if award.statistic not in library.statistics:
            faults.add(f"{FILE}: awards", f"'{award.statistic}' is not a statistic",
                       next_step=suggest(award.statistic, library.statistics))  # fmt: skip


def shares_of(scheme: Scheme, rules: PhaseRules, mapping: Mapping_) -> dict[str, float]:
    """The phases of a scheme, each with what the scheme counts there; empty if none is known.

    A scheme counts as one in each of its phases, or is divided equally over them.
    """
    if mapping.how == "listed":
        return {p: 1.0 for p, keys in mapping.listed.items() if scheme.id in keys}
    if mapping.how == "scales":
        return dict.fromkeys(_touched(scheme, rules), 1.0)
    words = rules.words(mapping)
    named = scheme.phases.named[:1] if mapping.how == "first" else scheme.phases.named
    found = {phase for word in named for phase in words[word]}
    each = 1.0 / len(found) if mapping.how == "divided" and found else 1.0
    return {phase: each for phase in rules.phases if phase in found}


def _touched(scheme: Scheme, rules: PhaseRules) -> list[str]:
    """The phases that the scales of a scheme touch.

    A scheme that gives both scales is in the phases without TRL by its CRI alone: TRL 9 holds
    the whole course in the market.
    """
    scales = {}
    for name in ("trl", "cri"):
        span = getattr(scheme.phases, name)
        scales[name] = (span.low, span.high) if span and span.unknown is None else None
    found = []
    for key, phase in rules.phases.items():
        own, given = (phase.trl, scales["trl"]) if phase.trl else (phase.cri, scales["cri"])
        is_late_only = (
            phase.trl is not None and phase.cri is not None and scales["cri"] is not None
            and scales["cri"][0] > phase.cri[1]
        )  # fmt: skip
        if is_late_only and given is not None and given[0] == HIGHEST_TRL:
            continue
        if own is not None and given is not None and own[0] <= given[1] and given[0] <= own[1]:
            found.append(key)
    return found


def is_in(scheme: Scheme, subset: Subset) -> bool:
    """Whether a scheme belongs to a subset."""
    if subset.recipients and not set(subset.recipients) & set(scheme.recipients):
        return False
    if subset.kinds and scheme.kind not in subset.kinds:
        return False
    if subset.named_in and subset.named_in not in {r.source for r in scheme.references}:
        return False
    return not (subset.without_provider and subset.without_provider in scheme.provider.en)
