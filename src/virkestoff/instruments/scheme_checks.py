"""What a scheme cannot mean: rules that hold never or always, and dates that overlap or have gaps.

A condition is turned into what it asks of single facts (`expression_constraints`); a tree of
conditions into alternatives of such demands. A tree is never true if every alternative asks for
something impossible, and always true if its opposite is never true. Conditions that compare facts
with each other count as free, so that only what is certain is reported. Trees with more than
`MOST_ALTERNATIVES` alternatives are not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from virkestoff.errors import FaultCollector
from virkestoff.evidence.fact import Validity
from virkestoff.instruments.expression import parameters_of
from virkestoff.instruments.expression_constraints import Constraint, constraint_of
from virkestoff.instruments.scheme import Scheme
from virkestoff.instruments.scheme_rules import (
    DatedScheme,
    Place,
    Tree,
    TypedScheme,
    bind_scheme,
    leaf_places,
)
from virkestoff.instruments.vocabulary import Vocabulary

__all__ = ["MOST_ALTERNATIVES", "check_dates", "check_meaning", "check_use"]

MOST_ALTERNATIVES = 512  # constant: limit of the check, so that it stays quick
MOST_LEAVES, DEEPEST = 200, 12  # constant: limits of a tree that people can read
_DAY = timedelta(days=1)
_Literal = tuple[int, bool]
"""Index of a leaf, and whether it is to be true."""


def check_dates(scheme: Scheme, place: Place, faults: FaultCollector) -> None:
    """Every parameter and every condition has one value on each day that the rules are known."""
    for name, parameter in scheme.parameters.items():
        spans = [v.valid or scheme.valid for v in parameter.values]
        _check_tiles(spans, scheme.valid,
                     partial(place, ("parameters", name, "values"), 1), faults)  # fmt: skip
    for keys, leaf in leaf_places(scheme):
        spans = [v.valid for v in leaf.dated(scheme.valid)]
        _check_tiles(spans, scheme.valid, partial(place, (*keys, "id"), 1), faults)
        is_dropped = any(v.is_required is False for v in leaf.versions)
        if is_dropped and {"any", "not"} & set(keys):
            faults.add(place((*keys, "id"), 1), "is_required: false stands under any: or not:",
                       "it is not said what remains", "Write it under all:")  # fmt: skip
    for key in ("period", "valid"):
        given: Validity = getattr(scheme, key)
        if given.from_ and given.to and given.to < given.from_:
            faults.add(place((key,), 1), f"ends on {given.to}, before it begins")
    if scheme.status == "ended" and scheme.period.to is None and not _says_end(scheme):
        faults.add(place(("period",), 1), "an ended scheme needs the day on which it ended",
                   next_step="Write period: {to: ..}, or an unknown with id ended_on")  # fmt: skip


def check_use(typed: TypedScheme, place: Place, faults: FaultCollector) -> None:
    """A rule names every parameter, or the parameter says why people alone read it."""
    used = parameters_used(typed)
    for name, parameter in typed.scheme.parameters.items():
        at = place(("parameters", name), 1) if (name in used) == bool(parameter.shown_only) else ""
        if at and parameter.shown_only is None:
            faults.add(at, "no condition and no amount names it",
                       "a limit that nothing reads would not hold",
                       "Name it in a rule, or say why not in shown_only: {nb: .., en: ..}")
        elif at:
            faults.add(at, "says shown_only, and a rule names it", next_step="Remove one of them")


def parameters_used(typed: TypedScheme) -> frozenset[str]:
    """The parameters that conditions and amounts name."""
    nodes = [node for versions in typed.leaves.values() for _, node in versions]
    nodes += [node for cases in typed.amounts.values() for case in cases for node in case]
    return frozenset(p for node in nodes if node is not None for p in parameters_of(node))


def _says_end(scheme: Scheme) -> bool:
    return any(term.id == "ended_on" for term in scheme.unknown)


def _check_tiles(
    spans: Sequence[Validity], whole: Validity, where: Callable[[], str], faults: FaultCollector
) -> None:
    """Spans that follow each other without overlap and gap over the whole.

    ``where`` is asked for the place only when there is a fault: it parses the file again.
    """
    rows = sorted(spans, key=lambda s: s.from_ or date.min)
    for span in rows:
        if span.from_ and span.to and span.to < span.from_:
            faults.add(where(), f"a value ends on {span.to}, before it begins on {span.from_}")
            return
    expected = whole.from_
    for number, span in enumerate(rows):
        start = span.from_
        if number == 0:
            if start is not None and (expected is None or start > expected):
                before = start - _DAY
                faults.add(where(), f"has a gap before {start}", f"the rules are known from "
                           f"{expected or 'ever'}", f"Add an unknown to {before}, or let the "
                           f"scheme's valid begin on {start}")  # fmt: skip
        elif start is None or expected is None or start < expected:
            faults.add(where(), f"values overlap on {start or span.to or 'all days'}",
                       "only one of them could count")  # fmt: skip
            return
        elif start > expected:
            faults.add(where(), f"has a gap from {expected} to {start - _DAY}",
                       "no value holds then", "Add an unknown for these days")  # fmt: skip
            return
        expected = None if span.to is None else span.to + _DAY
        if span.to is None and number < len(rows) - 1:
            faults.add(where(), f"values overlap from {rows[number + 1].from_ or start}",
                       "the earlier one has no end")  # fmt: skip
            return
    if expected is not None and (whole.to is None or expected <= whole.to):
        faults.add(where(), f"has a gap from {expected}", f"the rules are known to "
                   f"{whole.to or 'no end'}", "Add an unknown for the days after")  # fmt: skip


def change_dates(scheme: Scheme) -> tuple[date, ...]:
    """A day of each stretch in which nothing in the file changes; without dates, any day."""
    spans = [scheme.valid]
    spans += [v.valid for p in scheme.parameters.values() for v in p.values if v.valid]
    spans += [v.valid for _, leaf in leaf_places(scheme) for v in leaf.dated(scheme.valid)]
    starts = {s.from_ for s in spans if s.from_} | {s.to + _DAY for s in spans if s.to}
    first = scheme.valid.from_ or min(starts, default=scheme.last_checked) - _DAY
    days = {first, *starts}
    return tuple(sorted(d for d in days if scheme.valid.period.holds_on(d)))


def check_meaning(
    typed: TypedScheme, vocabulary: Vocabulary, place: Place, faults: FaultCollector
) -> None:
    """No condition, and no tree of them, is always or never true on any day."""
    scheme = typed.scheme
    keys = {leaf.id: at for at, leaf in leaf_places(scheme)}
    if not keys:
        faults.add(place(("conditions",), 1), "has no condition", "everybody would be eligible",
                   "Write a leaf that is unknown, if no document gives one")  # fmt: skip
        return
    deepest = max(sum(isinstance(k, int) or k == "not" for k in at) for at in keys.values())
    if len(keys) > MOST_LEAVES or deepest > DEEPEST:
        faults.add(place(("conditions",), 1), f"has more than {MOST_LEAVES} leaves or {DEEPEST} "
                   "levels")  # fmt: skip
        return
    reported: set[str] = set()
    for on in change_dates(scheme):
        for key, what in _meaningless(bind_scheme(typed, on), vocabulary):
            if key not in reported:
                reported.add(key)
                at = (*keys[key], "id") if key in keys else ("conditions",)
                faults.add(place(at, 1), what, f"on {on}", "Correct the rule or its parameters")


@dataclass(frozen=True)
class _Demands:
    """What each leaf of a scheme asks of one fact when it is true, and when it is false."""

    scheme: DatedScheme
    vocabulary: Vocabulary

    def of(self, literal: _Literal) -> Constraint | None:
        node = self.scheme.leaves[literal[0]].node
        return None if node is None else constraint_of(node, self.vocabulary, is_true=literal[1])

    def can_hold(self, literals: Iterable[_Literal]) -> bool:
        """Whether all may hold together, as far as single facts tell."""
        met: dict[str, Constraint] = {}
        free: dict[Any, bool] = {}
        for literal in literals:
            demand = self.of(literal)
            if demand is None:
                leaf = self.scheme.leaves[literal[0]]
                key = leaf.node if leaf.node is not None else literal[0]
                if free.setdefault(key, literal[1]) != literal[1]:
                    return False
                continue
            before = met.get(demand.fact)
            met[demand.fact] = demand if before is None else before.met(demand)
            if met[demand.fact].is_empty:
                return False
        return True

    def alternatives(self, tree: Tree, is_true: bool) -> list[frozenset[_Literal]] | None:
        """The tree as alternatives of literals, or ``None`` if there are too many."""
        sort, inner = tree
        if sort == "leaf":
            return [frozenset(((inner, is_true),))]
        if sort == "not":
            return self.alternatives(inner, not is_true)
        parts = [self.alternatives(part, is_true) for part in inner]
        known = [p for p in parts if p is not None]
        if len(known) < len(parts):
            return None
        if (sort == "all") != is_true:
            joined = [row for part in known for row in part]
            return joined if len(joined) <= MOST_ALTERNATIVES else None
        rows: list[frozenset[_Literal]] = [frozenset()]
        for part in known:
            rows = [a | b for a in rows for b in part]
            if len(rows) > MOST_ALTERNATIVES:
                return None
        return rows

    def verdict(self, tree: Tree) -> str:
        """``never``, ``always``, or nothing."""
        for is_true, word in ((True, "never"), (False, "always")):
            rows = self.alternatives(tree, is_true)
            if rows is not None and not any(self.can_hold(row) for row in rows):
                return word
        return ""


def _meaningless(scheme: DatedScheme, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Leaves by id, and trees by the leaf they begin with, that are never or always true."""
    demands = _Demands(scheme, vocabulary)
    words = {"never": "can never be true", "always": "is always true"}
    found: list[tuple[str, str]] = []

    def look(tree: Tree) -> bool:
        """Whether something below is reported."""
        sort, inner = tree
        below = () if sort == "leaf" else (inner,) if sort == "not" else inner
        reported = [look(part) for part in below]
        if any(reported):
            return True
        verdict = demands.verdict(tree) if below or sort == "leaf" else ""
        if not verdict:
            return False
        leaf = next(_leaf_indices(tree))
        noun = "the condition" if sort == "leaf" else f"what stands under {sort}: from here"
        found.append((scheme.leaves[leaf].leaf.id, f"{noun} {words[verdict]}"))
        return True

    if scheme.tree is not None and scheme.tree[1]:
        look(scheme.tree)
    return found


def _leaf_indices(tree: Tree) -> Iterator[int]:
    sort, inner = tree
    if sort == "leaf":
        yield inner
        return
    for part in (inner,) if sort == "not" else inner:
        yield from _leaf_indices(part)
