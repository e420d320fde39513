"""A request against the register: who fits, who has to be asked, who nearly fits, and why not.

Each provider is judged by its best record: hard constraints first, three-valued, then how much is
left to ask. A match is a provider without any ``no``. Nothing here looks at the order of providers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from virkestoff.facilities.capability_check import Stated, capability_reasons
from virkestoff.facilities.exposure import CandidateStatus, Offer, n_offers, turn
from virkestoff.facilities.near_miss import NearMiss, near_misses, smallest
from virkestoff.facilities.provider import Gap, Provider
from virkestoff.facilities.reason import Reason, no
from virkestoff.facilities.register import Register
from virkestoff.facilities.request import Need, Request
from virkestoff.facilities.window import Viewer, Window
from virkestoff.facilities.window_check import window_reasons

__all__ = ["STATUSES", "Candidate", "StepMatch", "match_step"]

STATUSES: tuple[CandidateStatus, ...] = ("fits", "ask", "near_miss", "no")
"""From best to worst."""
_MATCHES = ("fits", "ask")
_RECORDS_TRIED = 12
"""How many records of one provider are searched for near misses."""


@dataclass(frozen=True)
class Candidate:
    """A provider for a step.

    Attributes
    ----------
    provider : its id
    status : ``fits``: all is known to hold; ``ask``: nothing stated is against; ``near_miss``: a
        change of the request would help; ``no``: ruled out
    reasons : one for each constraint that the request or the record puts
    distance : the sum over the reasons; the smaller, the less is left to ask
    window : id of the line of capacity; none if the provider states none
    record : which of the provider's capabilities, from 0
    near_misses : what would have to change, fewest changes first
    """

    provider: str
    status: CandidateStatus
    reasons: tuple[Reason, ...]
    distance: int
    window: str | None
    record: int
    near_misses: tuple[NearMiss, ...] = ()

    @property
    def is_match(self) -> bool:
        """Whether nothing stated rules it out."""
        return self.status in _MATCHES

    @property
    def is_remote(self) -> bool:
        """Whether only a broader kind of work is stated than what is asked for."""
        return any(r.constraint == "process" and r.verdict == "unknown" for r in self.reasons)

    @property
    def why_not(self) -> tuple[Reason, ...]:
        """What rules it out."""
        return tuple(r for r in self.reasons if r.verdict == "no")

    @property
    def to_ask(self) -> tuple[Reason, ...]:
        """What nobody says."""
        return tuple(r for r in self.reasons if r.verdict == "unknown")


@dataclass(frozen=True)
class StepMatch:
    """All providers for one step, best first.

    ``not_stated`` are those of which no source says anything near the step's work; they are neither
    matches nor ruled out.
    """

    step: int
    need: Need
    candidates: tuple[Candidate, ...]
    not_stated: tuple[str, ...]

    @property
    def matches(self) -> tuple[Candidate, ...]:
        """Those that fit or have to be asked."""
        return tuple(c for c in self.candidates if c.is_match)

    def shortlist(self, n_shown: int = 5) -> tuple[Candidate, ...]:
        """The first that fit, have to be asked or nearly fit, in their order."""
        return tuple(c for c in self.candidates if c.status != "no")[:n_shown]

    def candidate(self, provider: str) -> Candidate | None:
        """What is known of one provider; ``None`` if it stands among ``not_stated``."""
        return next((c for c in self.candidates if c.provider == provider), None)


def _records(
    key: str, provider: Provider, need: Need, register: Register, viewer: Viewer
) -> Iterator[tuple[int, str | None, Stated]]:
    """Every record near the step's work, with each line of capacity that the viewer may see."""
    words = register.vocabulary
    lines = register.windows_of(key, viewer)
    for index, capability in enumerate(provider.capabilities):
        if words.relation(capability.does, need.does) == "unrelated":
            continue
        own: list[tuple[str | None, Window | None]] = [
            (name, line) for name, line in lines if line.does == capability.does
        ]
        for name, line in own or [(None, None)]:
            yield index, name, Stated(key, provider, capability, line, words, register.gaps)


def _reasons(need: Need, at: Stated, on: date, register: Register) -> list[Reason]:
    return [*capability_reasons(need, at), *window_reasons(need, at, on, register.settings)]


def _status(reasons: Sequence[Reason]) -> CandidateStatus:
    verdicts = {r.verdict for r in reasons}
    if "no" in verdicts:
        return "no"
    return "ask" if "unknown" in verdicts else "fits"


def _judged(
    key: str, provider: Provider, need: Need, register: Register, on: date, viewer: Viewer
) -> Candidate | None:
    """What is known of one provider, by its best record; ``None`` if nobody says anything near."""
    judged = []
    for index, window, at in _records(key, provider, need, register, viewer):
        reasons = _reasons(need, at, on, register)
        n_no = sum(r.verdict == "no" for r in reasons)
        distance = sum(r.distance for r in reasons)
        order = (n_no > 0, STATUSES.index(_status(reasons)), n_no, distance, index, window or "")
        judged.append((order, reasons, distance, index, window, at))
    if not judged:
        return _lacking(key, provider, need, register)
    judged.sort(key=lambda found: found[0])
    _, reasons, distance, index, window, _ = judged[0]
    status = _status(reasons)
    best = Candidate(key, status, tuple(reasons), distance, window, index)
    if status != "no":
        return best
    near: list[NearMiss] = []
    for _, reasons, _, index, window, at in judged[:_RECORDS_TRIED]:
        def judge(changed: Need, at: Stated = at) -> list[Reason]:
            return _reasons(changed, at, on, register)

        near += [replace(n, record=index, window=window)
                 for n in near_misses(need, reasons, at, on, judge)]  # fmt: skip
    if not near:
        return best
    least = smallest(need, near)
    _, reasons, distance, index, window, _ = next(
        j for j in judged if (j[3], j[4]) == (least[0].record, least[0].window)
    )
    return Candidate(key, "near_miss", tuple(reasons), distance, window, index, least)


def _lacking(key: str, provider: Provider, need: Need, register: Register) -> Candidate | None:
    """A provider that a source says lacks what is asked for."""
    words = register.vocabulary
    for lack in provider.lacks:
        if words.covers(need.does, lack.does):
            name = words.name(lack.does)
            reason = no("process", f"Mangler: {name.nb}", f"Lacks: {name.en}",
                        lack.source, lack.place)  # fmt: skip
            return Candidate(key, "no", (reason,), 0, None, 0)
    return None


def notices(need: Need, register: Register) -> tuple[Gap, ...]:
    """What sources say that a country lacks of what a step needs."""
    words = register.vocabulary

    def is_near(gap: Gap) -> bool:
        if not words.covers(need.does, gap.does):
            return False
        if not gap.products:
            return True
        return need.modality is not None and any(
            words.covers(need.modality, product) for product in gap.products
        )

    return tuple(gap for gap in register.gaps if is_near(gap))


def match_step(
    request: Request,
    step: int,
    register: Register,
    on: date,
    *,
    viewer: Viewer = "public",
    offers: Sequence[Offer] = (),
    seed: int = 0,
) -> StepMatch:
    """All providers for one step of a request, best first.

    The order is: who fits; who has to be asked and states the work; who nearly fits; those of which
    only a broader kind of work is stated; who is ruled out. Within each: fewest changes of a near
    miss; least left to ask; fewest earlier offers; the provider's turn (see
    :mod:`virkestoff.facilities.exposure`).

    Parameters
    ----------
    on : the day of the question: earlier capacity does not count, and ages are taken from it
    viewer : who asks; lines that the viewer may not see are not used
    offers : earlier offers, which rank equals
    """
    need = request.need(step)
    found: dict[str, Candidate] = {}
    not_stated = []
    for key, provider in register.providers.items():
        candidate = _judged(key, provider, need, register, on, viewer)
        if candidate is None:
            not_stated.append(key)
        else:
            found[key] = candidate
    ordered = _ordered(found, n_offers(offers), request.request, seed)
    return StepMatch(step, need, ordered, tuple(sorted(not_stated)))


def _ordered(
    found: Mapping[str, Candidate], n_before: Mapping[str, int], request: str, seed: int
) -> tuple[Candidate, ...]:
    def order(key: str) -> tuple[int, int, int, int, float, str]:
        one = found[key]
        n_changes = len(one.near_misses[0].changes) if one.near_misses else 0
        place = STATUSES.index("no") if one.is_remote else STATUSES.index(one.status)
        is_out = one.status == "no"
        return (place + is_out, n_changes, one.distance, n_before.get(key, 0),
                turn(seed, request, key), key)  # fmt: skip

    return tuple(found[key] for key in sorted(found, key=order))
