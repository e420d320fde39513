"""Fair exposure: who is shown first among equals, and a log of who was offered what.

Among providers that fit equally well, those that were offered less often come first; among those, a
number keyed by request and provider decides. So the order does not depend on the alphabet, on the
order of files or on who registered first, and anyone can compute it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from virkestoff.randomness import uniforms

__all__ = ["CandidateStatus", "Offer", "n_offers", "turn"]

CandidateStatus = Literal["fits", "ask", "near_miss", "no"]


@dataclass(frozen=True)
class Offer:
    """That a provider was shown to a requester.

    ``position`` counts from 1 within the step (from 0).
    """

    request: str
    step: int
    provider: str
    on: date
    position: int
    status: CandidateStatus


def n_offers(log: Iterable[Offer]) -> Mapping[str, int]:
    """How many requests each provider was shown to; a request counts once."""
    seen = {(offer.request, offer.provider) for offer in log}
    return Counter(provider for _, provider in seen)


def turn(seed: int, request: str, provider: str) -> float:
    """The number in (0, 1) that decides among equals: the smallest comes first."""
    return float(uniforms(seed, "facilities.exposure", request, provider, size=(1,))[0])
