"""Unmet need: requests by how they ended, as figures that studies and the roadmap can cite.

The table passes through :mod:`virkestoff.disclosure`: a requester is a contributor, and no cell
gives one away. What is hidden is hidden with a note, never zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from virkestoff.disclosure import (
    Contribution,
    Dimension,
    Key,
    PublishedTable,
    Rules,
    Table,
    magnitude_table,
    publish,
)
from virkestoff.errors import FaultCollector
from virkestoff.evidence import Statistic
from virkestoff.facilities.outcome import OUTCOME_KINDS, Outcome
from virkestoff.facilities.vocabulary import Vocabulary
from virkestoff.language import Text

__all__ = ["BY", "UnmetNeed", "table_of", "unmet_need"]

By = Literal["outcome", "product", "does"]
BY: tuple[By, ...] = get_args(By)
SUBJECT = "facilities.requests"
SOURCE = "hub_requests"
_ALL, _UNMET, _UNKNOWN = "all", "unmet", "unknown"


@dataclass(frozen=True)
class UnmetNeed:
    """Requests that ended between two days, safe to publish.

    Attributes
    ----------
    table : the published table; a value that is hidden is None
    by : what it is divided by
    is_synthetic : whether it counts demonstration requests
    """

    table: PublishedTable
    by: tuple[By, ...]
    first: date
    last: date
    is_synthetic: bool

    def statistics(self) -> tuple[Statistic, ...]:
        """Each cell as a statistic of the subject ``facilities.requests``.

        Raises
        ------
        InputError
            never for a table that was published.
        """
        return tuple(self._statistic(cell.key, cell.value) for cell in self.table.cells)

    def _statistic(self, key: Key, value: float | None) -> Statistic:
        named = zip(self.by, key, strict=True)
        group: dict[str, str] = {by: code for by, code in named if code != _ALL}
        span = f"{self.first.isoformat()}_{self.last.isoformat()}".replace("-", "")
        name = "_".join([span, *(f"{by}-{code}" for by, code in group.items())])
        notes = []
        if value is None:
            notes.append("Hidden so that no requester is given away.")
        if self.is_synthetic:
            notes.append("Synthetic: counts requests of demonstration.")
        years = (self.first.year, self.last.year)
        return Statistic(
            id=f"{SUBJECT}.{name}",
            name=Text(nb="Forespørsler om anlegg", en="Requests for facilities"),
            unit="1", source=SOURCE, place=f"requests that ended {self.first} to {self.last}",
            how="computed", grade="medium", kind="observed", subject=SUBJECT, group=group,
            value=value, note=" ".join(notes) or None,
            population="requests to the hub", definition="one for each request that has ended",
            year=years[0] if years[0] == years[1] else None,
            period=None if years[0] == years[1] else years,
        )  # fmt: skip


def _tree(by: By, used: Sequence[str]) -> Dimension:
    """The codes of a dimension: all, and below it the leaves that occur; unmet above its kinds."""
    if by == "outcome":
        unmet = tuple(kind for kind in OUTCOME_KINDS if kind != "agreed")
        return Dimension(by, _ALL, {_ALL: ("agreed", _UNMET), _UNMET: unmet})
    return Dimension(by, _ALL, {_ALL: tuple(sorted(set(used)))})


def _top(term: str | None, vocabulary: Vocabulary) -> str:
    """The group that a term is counted in: below the broadest, or itself if it is the broadest."""
    if term is None or term not in vocabulary.terms:
        return _UNKNOWN
    above = sorted(
        t for t in (*vocabulary.ancestors(term), term)
        if vocabulary.terms[t].broader and not any(
            vocabulary.terms[b].broader for b in vocabulary.terms[t].broader)
    )  # fmt: skip
    return above[0] if above else term


def table_of(outcomes: Sequence[Outcome], vocabulary: Vocabulary, *, by: Sequence[By]) -> Table:
    """The table as it is, for the publisher and its audit; never to be shown."""

    def code(outcome: Outcome, part: By) -> str:
        if part == "outcome":
            return outcome.kind
        return _top(outcome.modality if part == "product" else outcome.does, vocabulary)

    places = [tuple(code(o, part) for part in by) for o in outcomes]
    dimensions = [_tree(part, [p[i] for p in places]) for i, part in enumerate(by)]
    counted = zip(outcomes, places, strict=True)
    contributions = [Contribution(o.requester, place, 1.0) for o, place in counted]
    return magnitude_table(SUBJECT, dimensions, contributions)


def unmet_need(
    outcomes: Sequence[Outcome],
    vocabulary: Vocabulary,
    rules: Rules,
    *,
    first: date,
    last: date,
    by: Sequence[By] = ("outcome",),
    is_synthetic: bool = False,
) -> UnmetNeed:
    """Requests that ended from ``first`` to ``last``, both included, by how they ended.

    Parameters
    ----------
    outcomes : one for each request; a request that stands twice is a fault
    rules : disclosure rules, ``rules_from(library)``
    by : any of ``outcome``, ``product`` and ``does``; products and work in their broadest groups

    Raises
    ------
    InputError
        if a request stands twice, a division is unknown, nothing ended in the time, or the table
        cannot be protected.
    """
    faults = FaultCollector()
    seen: dict[str, int] = {}
    for number, outcome in enumerate(outcomes, 1):
        if outcome.request in seen:
            faults.add(f"outcome {number}: request '{outcome.request}'",
                       f"has ended already in outcome {seen[outcome.request]}",
                       next_step="Keep the last")  # fmt: skip
        seen.setdefault(outcome.request, number)
    for part in by:
        if part not in BY:
            faults.add(f"by '{part}'", "is no division", next_step=f"Use {', '.join(BY)}")
    if len(set(by)) != len(by) or not by:
        faults.add("by", "must name one or more divisions, each once")
    ended = [o for o in outcomes if first <= o.on <= last]
    if not ended:
        faults.add("outcomes", f"none ended from {first} to {last}",
                   next_step="Choose other dates")  # fmt: skip
    faults.raise_if_any()
    table = table_of(ended, vocabulary, by=by)
    return UnmetNeed(publish(table, rules), tuple(by), first, last, is_synthetic)
