"""Enterprises and who owns them: partner and linked enterprises, and the single undertaking.

Annex I, Article 3 of the block exemption: *linked* is a majority of the votes or another form of
control, also through others; *partner* is a share from a quarter up without that. A share that is
not known is taken at its least and at its largest: what holds at both is certain.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from virkestoff.errors import FaultCollector, suggest
from virkestoff.instruments.aid_quantities import Currency, Quantity, ends

__all__ = [
    "EXEMPT",
    "LINKS",
    "Accounts",
    "Enterprise",
    "Group",
    "Holding",
    "Kind",
    "Link",
    "Side",
    "Structure",
]

Kind: TypeAlias = Literal[
    "enterprise", "public_body", "natural_person", "public_investor", "venture_capital",
    "business_angel", "university", "institutional_investor", "small_authority",
]  # fmt: skip
EXEMPT: frozenset[str] = frozenset(
    {"public_investor", "venture_capital", "business_angel", "university",
     "institutional_investor", "small_authority"}
)  # fmt: skip
"""Investors that are no partner up to a share (Article 3(2), second subparagraph)."""
Link: TypeAlias = Literal["appoints", "contract", "agreement"]
LINKS: tuple[Link, ...] = get_args(Link)
"""Control other than by votes: the right to appoint or dismiss a majority of the board; dominant
influence by contract or statutes; control of a majority of the votes by agreement."""
Side: TypeAlias = Literal["least", "most"]
"""Unknown shares and links at the end that links least, or at the end that links most."""


@dataclass(frozen=True)
class Accounts:
    """What the accounts of a year say; money in ``currency``, employees in yearly work units.

    ``includes`` names enterprises whose data these accounts hold already by consolidation.
    """

    year: int
    employees: Quantity = None
    turnover: Quantity = None
    balance_total: Quantity = None
    currency: Currency = "NOK"
    includes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Enterprise:
    """An enterprise, investor, public body or person.

    Attributes
    ----------
    accounts : by year, in any order
    is_same_market : of a natural person: whether the enterprises that the person links are in the
        same or an adjacent market; ``None`` if it is not known
    """

    id: str
    accounts: tuple[Accounts, ...] = ()
    kind: Kind = "enterprise"
    is_same_market: bool | None = None


@dataclass(frozen=True)
class Holding:
    """What one enterprise holds in another: shares of capital and votes, and other control.

    ``is_controlling`` is ``None`` if it is not known whether any of ``LINKS`` exists.
    """

    owner: str
    held: str
    capital: Quantity = 0.0
    votes: Quantity = 0.0
    links: frozenset[Link] = frozenset()
    is_controlling: bool | None = False


@dataclass(frozen=True)
class Group:
    """Enterprises and holdings between them; every fault of them at once."""

    enterprises: Mapping[str, Enterprise]
    holdings: tuple[Holding, ...] = ()

    @classmethod
    def of(cls, enterprises: Iterable[Enterprise], holdings: Iterable[Holding] = ()) -> Group:
        """A group that has been checked.

        Raises
        ------
        InputError
            lists names that stand twice or nowhere, shares above one, and holdings that sum to
            more than the whole.
        """
        faults = FaultCollector()
        by_id: dict[str, Enterprise] = {}
        for one in enterprises:
            if one.id in by_id:
                faults.add(f"enterprise '{one.id}'", "stands twice")
            by_id[one.id] = one
            years = [a.year for a in one.accounts]
            if len(set(years)) < len(years):
                faults.add(f"enterprise '{one.id}'", "has two accounts for a year")
        kept = tuple(holdings)
        for h in kept:
            where = f"holding of '{h.owner}' in '{h.held}'"
            for name in (h.owner, h.held):
                if name not in by_id:
                    faults.add(where, f"'{name}' is no enterprise of the group",
                               next_step=suggest(name, by_id))  # fmt: skip
            if h.owner == h.held:
                faults.add(where, "an enterprise cannot own itself")
            for what, share in (("capital", h.capital), ("votes", h.votes)):
                if ends(share, f"{where}, {what}").low > 1:
                    faults.add(where, f"{what} is above one", next_step="Give a share, 0.33")
        for name in by_id:
            for what in ("capital", "votes"):
                held = sum(ends(getattr(h, what)).low for h in kept if h.held == name)
                if held > 1 + 1e-9:
                    faults.add(f"enterprise '{name}'", f"{what} held by others sums to {held:g}")
        faults.raise_if_any()
        return cls(by_id, kept)


def _share(quantity: Quantity, side: Side) -> float:
    found = ends(quantity)
    return found.low if side == "least" else min(found.high, 1.0)


def _sum(shares: Iterable[float]) -> float:
    """The sum without the dust of floating point: 0.08 and 0.17 are a quarter."""
    return round(math.fsum(shares), 12)  # constant: digits


@dataclass(frozen=True)
class Structure:
    """The relations of a group when unknown shares stand at one end.

    Attributes
    ----------
    component : id -> the set of enterprises it is linked with, itself included
    """

    group: Group
    side: Side
    component: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, group: Group, side: Side, majority: float, *, with_persons: bool) -> Structure:
        """Link until nothing more is linked: enterprises linked already hold votes jointly.

        Parameters
        ----------
        majority : linked above this share of the votes
        with_persons : whether a natural person links the enterprises it controls
        """
        sets = {name: frozenset({name}) for name in group.enterprises}
        linking = _linking(group, side, with_persons)
        changed = True
        while changed:
            changed = False
            for held in group.enterprises:
                for owners in set(sets.values()):
                    if held in owners or not linking(owners, held, majority):
                        continue
                    merged = owners | sets[held]
                    sets.update(dict.fromkeys(merged, merged))
                    changed = True
        return cls(group, side, sets)

    def joint(self, owners: frozenset[str], held: str, *, votes_only: bool = False) -> float:
        """What owners hold together in one enterprise: the larger of capital and votes."""
        mine = [h for h in self.group.holdings if h.held == held and h.owner in owners]
        votes = _sum(_share(h.votes, self.side) for h in mine)
        if votes_only:
            return votes
        return min(max(votes, _sum(_share(h.capital, self.side) for h in mine)), 1.0)

    def partners(self, of: str, least: float, exempt: float) -> dict[frozenset[str], float]:
        """Partner sets of the enterprise and of those it is linked with, with their shares.

        The share of several holdings between two sets is the largest of them on the least side,
        and their sum up or down on the other; of cross-holdings the larger counts.
        """
        mine = self.component[of]
        found: dict[frozenset[str], float] = {}
        for other in set(self.component.values()):
            if other == mine:
                continue
            up = [self.joint(other, m) for m in sorted(mine)]
            down = [self.joint(mine, p) for p in sorted(other)]
            combine: Callable[[list[float]], float] = max if self.side == "least" else sum
            counted = [[s for s in side if s >= least] for side in (up, down)]
            kinds = {self.group.enterprises[p].kind for p in other}
            if kinds <= EXEMPT and max(up) <= exempt:
                counted[0] = []
            if kinds <= {"natural_person", "public_body"}:
                continue  # a person has no accounts; public owners have a rule of their own
            share = max((combine(s) for s in counted if s), default=0.0)
            if share:
                found[other] = min(share, 1.0)
        return found

    def owners_above(self, of: str) -> frozenset[str]:
        """The enterprise and the linked ones that control it, directly or through others."""
        found = {of}
        mine = self.component[of]
        changed = True
        while changed:
            upper = {h.owner for h in self.group.holdings if h.held in found and h.owner in mine}
            changed = not upper <= found
            found |= upper
        return frozenset(found)


def _linking(
    group: Group, side: Side, with_persons: bool
) -> Callable[[frozenset[str], str, float], bool]:
    """Whether a set of enterprises, linked already, links one more."""

    def links(owners: frozenset[str], held: str, majority: float) -> bool:
        able = frozenset(o for o in owners if _may_link(group.enterprises[o], side, with_persons))
        mine = [h for h in group.holdings if h.held == held and h.owner in able]
        is_control = any(
            h.links or h.is_controlling or (h.is_controlling is None and side == "most")
            for h in mine
        )
        return is_control or _sum(_share(h.votes, side) for h in mine) > majority

    return links


def _may_link(one: Enterprise, side: Side, with_persons: bool) -> bool:
    if one.kind == "public_body":
        return False  # public owners have a rule of their own
    if one.kind != "natural_person":
        return True
    if not with_persons:
        return False
    return one.is_same_market if one.is_same_market is not None else side == "most"


