"""A request with several steps: chains of providers, one for each step.

The best few of each step are combined, and the best provider that can do every step alone is always
among them. The steps are taken to follow each other; that a later step
starts only when the earlier is done is for the dates of the steps to say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, product

from virkestoff.facilities.exposure import CandidateStatus, Offer
from virkestoff.facilities.matching import STATUSES, Candidate, StepMatch, match_step, notices
from virkestoff.facilities.outcome import OutcomeKind
from virkestoff.facilities.provider import Gap
from virkestoff.facilities.reason import Constraint
from virkestoff.facilities.register import Register
from virkestoff.facilities.request import Request
from virkestoff.facilities.window import Viewer

__all__ = ["Chain", "Match", "match", "offers_of"]

MOST_COMBINED = 4096  # constant: bounds the work, not the result of small requests
MOST_CHAINS = 10
_BEST_OF_A_STEP = 8


@dataclass(frozen=True)
class Chain:
    """Providers for all steps, in their order.

    Attributes
    ----------
    status : the worst status of its steps
    distance : what is left to ask, over all steps
    n_transfers : how often the work moves from one provider to another
    """

    providers: tuple[str, ...]
    status: CandidateStatus
    distance: int
    n_transfers: int


@dataclass(frozen=True)
class Match:
    """The answer to a request.

    ``chains`` are best first; empty if a step has no match. ``notices`` are what sources say that a
    country lacks. ``is_synthetic`` marks an answer that stands on demonstration windows.
    """

    request: Request
    on: date
    steps: tuple[StepMatch, ...]
    chains: tuple[Chain, ...]
    notices: tuple[Gap, ...]
    is_synthetic: bool

    @property
    def status(self) -> CandidateStatus:
        """The worst over the steps of the best in each step."""
        best = [s.candidates[0].status if s.candidates else "no" for s in self.steps]
        return max(best, key=STATUSES.index)

    def suggested_outcome(self) -> OutcomeKind | None:
        """How the request would be closed as it stands; ``None`` while somebody can be asked.

        Taken from the first step without a match: the gravest thing that stands against the
        provider that is nearest.
        """
        for step in self.steps:
            if not step.matches:
                return _why_unmet(step)
        return None


_MILDEST_FIRST: tuple[OutcomeKind, ...] = (
    "price", "no_capacity_in_window", "class", "no_capability",
)  # fmt: skip
_OUTCOME: dict[Constraint, OutcomeKind] = {
    "capacity": "no_capacity_in_window", "price": "price", "class": "class", "gmp": "class",
    "certificate": "class",
}  # fmt: skip


def _why_unmet(step: StepMatch) -> OutcomeKind:
    """The gravest thing that stands against a provider; of all near misses the mildest such."""

    def gravest(candidate: Candidate) -> OutcomeKind:
        kinds = [_OUTCOME.get(r.constraint, "no_capability") for r in candidate.why_not]
        return max(kinds, key=_MILDEST_FIRST.index)

    near = [gravest(c) for c in step.candidates if c.status == "near_miss"]
    if near:
        return min(near, key=_MILDEST_FIRST.index)
    ruled_out = {gravest(c) for c in step.candidates}
    return "class" if ruled_out == {"class"} else "no_capability"


def _chosen(steps: Sequence[StepMatch]) -> list[list[Candidate]]:
    """The best of each step, so few that all combinations can be tried."""
    fitting = math.floor(MOST_COMBINED ** (1 / len(steps)) + 1 / MOST_COMBINED)
    n_best = max(1, min(_BEST_OF_A_STEP, fitting))
    alone = _best_alone(steps)
    chosen = []
    for step in steps:
        best = list(step.matches[:n_best])
        if alone is not None and alone not in {c.provider for c in best}:
            best += [c for c in step.matches if c.provider == alone]
        chosen.append(best)
    return chosen


def _best_alone(steps: Sequence[StepMatch]) -> str | None:
    """The provider that can do every step with the least left to ask; ``None`` if none can."""
    everywhere = set.intersection(*({c.provider for c in s.matches} for s in steps))

    def order(provider: str) -> tuple[int, int, int]:
        own = [(place, c) for s in steps for place, c in enumerate(s.matches)
               if c.provider == provider]  # fmt: skip
        worst = max(STATUSES.index(c.status) for _, c in own)
        return worst, sum(c.distance for _, c in own), sum(place for place, _ in own)

    return min(everywhere, key=lambda p: (*order(p), p), default=None)


def _chains(steps: Sequence[StepMatch]) -> tuple[Chain, ...]:
    if any(not step.matches for step in steps):
        return ()
    ranked = []
    for combined in product(*(enumerate(best) for best in _chosen(steps))):
        members = [candidate for _, candidate in combined]
        names = tuple(c.provider for c in members)
        status = max((c.status for c in members), key=STATUSES.index)
        n_transfers = sum(a != b for a, b in pairwise(names))
        distance = sum(c.distance for c in members)
        places = tuple(place for place, _ in combined)
        # a transfer is one more thing to settle
        order = (STATUSES.index(status), distance + n_transfers, n_transfers, sum(places), places)
        ranked.append((order, Chain(names, status, distance, n_transfers)))
    ranked.sort(key=lambda pair: pair[0])
    return tuple(chain for _, chain in ranked[:MOST_CHAINS])


def match(
    request: Request,
    register: Register,
    on: date,
    *,
    viewer: Viewer = "public",
    offers: Sequence[Offer] = (),
    seed: int = 0,
) -> Match:
    """Who can do what a request asks for.

    Parameters
    ----------
    request : what is needed
    register : vocabulary, providers and windows
    on : the day of the question
    viewer : ``public``, ``registered`` or ``broker``: which lines of capacity are looked at
    offers : earlier offers, for fair exposure among equals
    seed : of the turns among equals
    """
    steps = tuple(
        match_step(request, index, register, on, viewer=viewer, offers=offers, seed=seed)
        for index in range(len(request.steps))
    )
    noted = {gap.text.en: gap for step in steps for gap in notices(step.need, register)}
    return Match(
        request, on, steps, _chains(steps), tuple(noted.values()), register.is_synthetic
    )


def offers_of(found: Match, n_shown: int = 5) -> tuple[Offer, ...]:
    """What is logged when the answer is shown: who stood where."""
    return tuple(
        Offer(found.request.request, step.step, c.provider, found.on, position, c.status)
        for step in found.steps
        for position, c in enumerate(step.shortlist(n_shown), 1)
    )
