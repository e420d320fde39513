"""Which schemes a profile can get on a date, with every condition's result, and what is missing.

The status of a scheme is the first of these that applies:

1. it is proposed, ended, or does not exist yet on the date: ``closed``
2. a condition is not met: ``not_eligible``; one condition decides, whatever else is unknown
3. it takes no applications on the date: ``closed``
4. no rule is known for the date (conditions, parameters, or aid law): ``rule_not_known``
5. a fact, or a term of the scheme, is missing: ``undecided``
6. a person must judge: ``needs_person``
7. ``eligible``: what is written down is met; not that support will be given
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple, get_args

from virkestoff.errors import Fault, InputError, suggest
from virkestoff.instruments.aid_titles import articles_title
from virkestoff.instruments.closures import compile_point
from virkestoff.instruments.engine_amount import Amount, AmountPart, compile_amount, compile_parts
from virkestoff.instruments.engine_missing import (
    Question,
    QuestionPlans,
    filled_demand,
    rank_questions,
)
from virkestoff.instruments.engine_opening import Opening, opening_on
from virkestoff.instruments.engine_tree import (
    JUDGEMENT,
    NOT_MET,
    RESULT_OF,
    RULE,
    UNDECIDED,
    compile_open,
    compile_tree,
)
from virkestoff.instruments.expression import Node, facts_of
from virkestoff.instruments.expression_constraints import Constraint, constraint_of
from virkestoff.instruments.intervals import Band, OneOf, Value, compile_band
from virkestoff.instruments.scheme import Reference, Scheme, UnknownTerm
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.instruments.scheme_rules import DatedLeaf, DatedScheme, bind_scheme
from virkestoff.instruments.vocabulary import closed_band
from virkestoff.language import Text, format_date

__all__ = [
    "STATUSES",
    "Engine",
    "Evaluation",
    "LeafResult",
    "SchemeResult",
    "Status",
    "engine_for",
]

Status = Literal[
    "eligible", "not_eligible", "undecided", "closed", "needs_person", "rule_not_known"
]
STATUSES: tuple[Status, ...] = get_args(Status)
BY_RESULT: tuple[Status, ...] = (
    "eligible", "needs_person", "undecided", "rule_not_known", "not_eligible"
)
_TRUTH_OF = (True, None, None, None, False)
_FIXED = {"judgement": JUDGEMENT, "term": UNDECIDED, "rule": RULE}
N_FIXED = 5  # constant: the first places of the results hold each result itself


class LeafResult(NamedTuple):
    """What a condition says of a profile.

    Attributes
    ----------
    dated : the condition on the date
    truth : true, false, or ``None`` while it is open
    cause : why it is open: fact, band, term, rule, judgement
    facts : what was read: name and value, ``None`` where it is missing
    """

    dated: DatedLeaf
    truth: bool | None
    cause: Literal["fact", "band", "term", "rule", "judgement"] | None
    facts: tuple[tuple[str, Value], ...]

    @property
    def id(self) -> str:
        """Id of the leaf."""
        return self.dated.leaf.id

    @property
    def text(self) -> Text:
        """The condition in words."""
        return self.dated.leaf.text

    @property
    def part(self) -> str:
        """``applicant`` or ``project``."""
        return self.dated.part

    @property
    def reference(self) -> Reference | None:
        """What the condition rests on."""
        return self.dated.reference


@dataclass(frozen=True, eq=False)
class CompiledScheme:
    """A scheme on a date, ready to be asked.

    Attributes
    ----------
    places : where the result of each leaf stands
    reads : the facts that each leaf reads
    root : the result of all conditions and of what must be known
    open_leaves : the leaves that leave it open, given the results of conditions
    lacks : what is not known on the date, in words
    """

    dated: DatedScheme
    places: tuple[int, ...]
    reads: tuple[tuple[str, ...], ...]
    root: Callable[[list[int]], int]
    open_leaves: Callable[[list[int]], list[int]]
    opening: Opening
    is_aside: bool
    lacks: tuple[Text, ...]
    parts: Mapping[str, AmountPart]
    amount: Callable[[Mapping[str, Value]], Amount | None] | None

    @property
    def scheme(self) -> Scheme:
        """The scheme."""
        return self.dated.typed.scheme

    def status(self, result: int) -> Status:
        """The status that follows from the result of the conditions."""
        if self.is_aside:
            return "closed"
        if result == NOT_MET:
            return "not_eligible"
        return "closed" if self.opening.is_open is False else BY_RESULT[result]


@dataclass(eq=False)  # frozen would take as long to make as the conditions to compute
class SchemeResult:
    """What a scheme says to a profile.

    Attributes
    ----------
    status : see the module
    rules : the status as if the scheme were open
    leaves : every condition, in the order of the file
    """

    compiled: CompiledScheme
    status: Status
    rules: Status
    leaves: tuple[LeafResult, ...]
    results: list[int]
    facts: Mapping[str, Value]

    @property
    def scheme(self) -> Scheme:
        """The scheme."""
        return self.compiled.scheme

    @property
    def opening(self) -> Opening:
        """Whether it takes applications on the date."""
        return self.compiled.opening

    @cached_property
    def open(self) -> tuple[LeafResult, ...]:
        """The conditions that leave it open, in the order of the file."""
        return tuple([self.leaves[k] for k in self.compiled.open_leaves(self.results)])

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts whose absence, or whose band, leaves it open."""
        get, reads = self.facts.get, self.compiled.reads
        found: dict[str, None] = {}
        for k in self.compiled.open_leaves(self.results):
            for name in reads[k]:
                value = get(name)
                if value is None or isinstance(value, Band | OneOf):
                    found[name] = None
        return tuple(found)

    @property
    def unknown_terms(self) -> tuple[UnknownTerm, ...]:
        """Terms of the scheme that were not found and leave it open."""
        found = (leaf.dated.unknown for leaf in self.open if leaf.cause == "term")
        return tuple(dict.fromkeys(t for t in found if t is not None))

    @property
    def judgements(self) -> tuple[LeafResult, ...]:
        """What a person must judge."""
        return tuple(leaf for leaf in self.open if leaf.cause == "judgement")

    @property
    def failed(self) -> tuple[LeafResult, ...]:
        """The conditions that are false, whether or not they decide."""
        return tuple(leaf for leaf in self.leaves if leaf.truth is False)

    @property
    def reasons(self) -> tuple[Text, ...]:
        """Why it is closed, or why no rule is known."""
        if self.status == "closed" and self.opening.reason is not None:
            return (self.opening.reason,)
        return self.compiled.lacks if self.status == "rule_not_known" else ()

    @cached_property
    def amount(self) -> Amount | None:
        """What it gives if it is given; ``None`` where the scheme has no rule of amounts."""
        amount = self.compiled.amount
        return None if amount is None else amount(self.facts)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What all schemes say to a profile on a date."""

    engine: Engine
    facts: Mapping[str, Value]
    results: Mapping[str, SchemeResult]
    codes: list[int]

    @property
    def on(self) -> date:
        """The date for which was asked."""
        return self.engine.on

    def with_status(self, *statuses: Status) -> tuple[SchemeResult, ...]:
        """The schemes with one of these statuses."""
        return tuple(r for r in self.results.values() if r.status in statuses)


class Engine:
    """All schemes on a date, compiled; distinct conditions are computed once.

    Attributes
    ----------
    conditions : the distinct conditions; the result of the k-th stands at ``N_FIXED + k``
    schemes : compiled, by id
    """

    def __init__(self, schemes: Schemes, on: date, as_existing: frozenset[str]) -> None:
        unknown = sorted(as_existing - set(schemes.schemes))
        if unknown:
            step = suggest(unknown[0], schemes.schemes)
            raise InputError(Fault(f"scheme '{unknown[0]}'", "is not in the library",
                                   next_step=step))  # fmt: skip
        self.on, self.library = on, schemes
        self.vocabulary = schemes.vocabulary
        found: dict[Node, int] = {}
        dated = {key: bind_scheme(schemes.typed[key], on) for key in schemes.schemes}
        places = {key: self._places(d, found) for key, d in dated.items()}
        self.conditions: tuple[Node, ...] = tuple(found)
        self.facts_read = tuple(facts_of(node) for node in self.conditions)
        self._conditions_on: dict[str, list[int]] = {}
        for k, names in enumerate(self.facts_read):
            for name in names:
                self._conditions_on.setdefault(name, []).append(k)
        self._demands = [constraint_of(node, self.vocabulary) for node in self.conditions]
        self._points = [compile_point(node) for node in self.conditions]
        self._bands = [compile_band(node) for node in self.conditions]
        self.schemes = {
            key: self._compiled(d, places[key], key in as_existing) for key, d in dated.items()
        }
        self._fixed_leaves = {key: self._fixed(c) for key, c in self.schemes.items()}

    def _places(self, dated: DatedScheme, found: dict[Node, int]) -> tuple[int, ...]:
        places = []
        for leaf in dated.leaves:
            if leaf.node is None:
                places.append(_FIXED[leaf.cause or "term"])
            else:
                places.append(N_FIXED + found.setdefault(leaf.node, len(found)))
        return tuple(places)

    def _compiled(
        self, dated: DatedScheme, places: tuple[int, ...], is_taken_as_existing: bool
    ) -> CompiledScheme:
        scheme = dated.typed.scheme
        lacks = _lacks(dated, self.library)
        assert dated.tree is not None
        tree_root = compile_tree(dated.tree, places)
        root = (lambda results: max(tree_root(results), RULE)) if lacks else tree_root
        opening = opening_on(scheme, self.on, is_taken_as_existing=is_taken_as_existing)
        parts = compile_parts(dated)
        terms = self.vocabulary.terms
        choices: dict[str, tuple[str | bool, ...]] = {
            name: tuple(t.choices) if t.choices else (True, False)
            for name, t in terms.items() if t.choices or t.type == "bool"
        }
        spans = {name: Band(*t.range) for name, t in terms.items()
                 if t.type == "number" and t.range}  # fmt: skip
        unbounded = frozenset(name for name in spans if terms[name].unit != "1")
        reads = tuple(
            () if place < N_FIXED else self.facts_read[place - N_FIXED] for place in places
        )
        return CompiledScheme(
            dated, places, reads, root, compile_open(dated.tree, places), opening,
            opening.is_aside, lacks, parts,
            compile_amount(dated, parts, choices, spans, unbounded),
        )  # fmt: skip

    def _fixed(self, compiled: CompiledScheme) -> tuple[tuple[int, DatedLeaf, Any], ...]:
        """Of each leaf: place of its result, the leaf, and its result if it is always the same."""
        rows: list[tuple[int, DatedLeaf, Any]] = []
        for place, leaf in zip(compiled.places, compiled.dated.leaves, strict=True):
            fixed = LeafResult(leaf, None, leaf.cause, ()) if leaf.node is None else None
            rows.append((place, leaf, fixed))
        return tuple(rows)

    def codes(self, facts: Mapping[str, Value]) -> list[int]:
        """The results of all conditions, after the fixed ones."""
        banded = {n for n, v in facts.items() if isinstance(v, Band | OneOf)}
        results = list(range(N_FIXED))
        if not banded:
            results += [RESULT_OF[point(facts)] for point in self._points]
            return results
        for point, band, names in zip(self._points, self._bands, self.facts_read, strict=True):
            chosen = point if banded.isdisjoint(names) else band
            results.append(RESULT_OF[chosen(facts)])
        return results

    @cached_property
    def question_plans(self) -> QuestionPlans:
        """What each fact would settle, worked out when it is asked for first."""
        return QuestionPlans(self)

    def conditions_on(self, fact: str) -> list[int]:
        """The distinct conditions that read a fact."""
        return self._conditions_on.get(fact, [])

    @staticmethod
    def place_of(k: int) -> int:
        """Where the result of the k-th distinct condition stands."""
        return N_FIXED + k

    def readers(
        self, conditions: Sequence[int], facts: Mapping[str, Value]
    ) -> list[Callable[[Mapping[str, Value]], bool | None]]:
        """How to compute some conditions, given which of these facts are bands."""
        banded = {n for n, v in facts.items() if isinstance(v, Band | OneOf)}
        return [
            (self._points if banded.isdisjoint(self.facts_read[k]) else self._bands)[k]
            for k in conditions
        ]

    def demand_on(
        self, k: int, fact: str, facts: Mapping[str, Value]
    ) -> Constraint | None:
        """What the k-th condition asks of a fact, when its other facts are these."""
        if len(self.facts_read[k]) == 1:
            return self._demands[k]
        return filled_demand(self.conditions[k], fact, facts, self.vocabulary)

    def check(self, facts: Mapping[str, Value]) -> Evaluation:
        """What every scheme says to a profile.

        Parameters
        ----------
        facts : as ``check_facts`` gives them; a fact that is absent is unknown. An open end of a
            band is what can be meant
        """
        facts = self._closed(facts)
        codes = self.codes(facts)
        get = facts.get
        rows: list[Any] = [None] * N_FIXED
        pairs = {name: (name, get(name)) for name in self._conditions_on}
        for names, code in zip(self.facts_read, codes[N_FIXED:], strict=True):
            read = (pairs[names[0]],) if len(names) == 1 else tuple([pairs[n] for n in names])
            cause = None
            if code == UNDECIDED:
                cause = "fact" if any(value is None for _, value in read) else "band"
            rows.append((_TRUTH_OF[code], cause, read))
        results = {}
        made = tuple.__new__  # what LeafResult(...) does, without the call
        for key, compiled in self.schemes.items():
            leaves = tuple([
                fixed or made(LeafResult, (leaf, *rows[place]))
                for place, leaf, fixed in self._fixed_leaves[key]
            ])  # fmt: skip
            code = compiled.root(codes)
            results[key] = SchemeResult(
                compiled, compiled.status(code), BY_RESULT[code], leaves, codes, facts
            )
        return Evaluation(self, facts, results, codes)

    def _closed(self, facts: Mapping[str, Value]) -> Mapping[str, Value]:
        """The facts with the open ends of bands at what can be meant."""
        found = [n for n, v in facts.items()
                 if isinstance(v, Band) and (v.low is None or v.high is None)]  # fmt: skip
        if not found:
            return facts
        return {**facts, **{n: closed_band(self.vocabulary.terms[n], facts[n]) for n in found}}

    def constraint(self, leaf: LeafResult) -> Constraint | None:
        """What a condition asks of the one fact it compares with a constant, for near misses."""
        node = leaf.dated.node
        return None if node is None else constraint_of(node, self.vocabulary)

    def next_questions(self, evaluation: Evaluation, n: int = 5) -> tuple[Question, ...]:
        """The facts that decide most, in order; see ``engine_missing``."""
        return rank_questions(self, evaluation, n)


def _lacks(dated: DatedScheme, schemes: Schemes) -> tuple[Text, ...]:
    """What is not known on the date although every answer rests on it."""
    scheme, on = dated.typed.scheme, dated.on
    found = []
    if not dated.is_known:
        found.append(Text(
            nb=f"Reglene er ikke kjent {format_date(on, 'nb')}.",
            en=f"The rules are not known on {format_date(on, 'en')}.",
        ))  # fmt: skip
    articles = scheme.aid.articles if scheme.aid else ()
    periods = [p for article in articles for p in schemes.aid_periods.get(article, ())]
    if articles and not any(period.holds_on(on) for period in periods):
        listed = articles_title(articles)
        found.append(Text(
            nb=f"Støttereglene ({listed.nb}) er ikke kjent {format_date(on, 'nb')}.",
            en=f"The aid rules ({listed.en}) are not known on {format_date(on, 'en')}.",
        ))  # fmt: skip
    return tuple(found)


@lru_cache(maxsize=64)
def engine_for(
    schemes: Schemes, on: date, as_existing: frozenset[str] = frozenset()
) -> Engine:
    """The engine of a date, kept.

    Parameters
    ----------
    as_existing : proposed or ended schemes to be treated as existing and open
    """
    return Engine(schemes, on, as_existing)
