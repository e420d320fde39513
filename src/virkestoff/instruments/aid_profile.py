"""A profile with its part on aid, and the group of enterprises that it describes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from virkestoff.errors import FaultCollector
from virkestoff.instruments.aid_quantities import Quantity
from virkestoff.instruments.aid_section import (
    COMPANY,
    AidSection,
    AwardRecord,
    CostRecord,
    GuaranteeRecord,
    LoanRecord,
)
from virkestoff.instruments.intervals import Band, Value
from virkestoff.instruments.profile import Profile, read_profile
from virkestoff.instruments.sme_group import Accounts, Enterprise, Group, Holding
from virkestoff.instruments.vocabulary import Vocabulary

__all__ = [
    "COMPANY",
    "AidSection",
    "AwardRecord",
    "CostRecord",
    "GuaranteeRecord",
    "LoanRecord",
    "group_of",
    "read_aid_profile",
]


def read_aid_profile(path: Path, vocabulary: Vocabulary) -> tuple[Profile, AidSection]:
    """A profile with its part on aid, empty where the file has none.

    Raises
    ------
    InputError
        lists every fault of either part.
    """
    profile = read_profile(path, vocabulary)
    return profile, profile.aid or AidSection()


def group_of(section: AidSection, facts: Mapping[str, Value], on: date) -> Group:
    """The company, its owners and holdings.

    Without ``accounts`` the facts of the company stand for the year before ``on``; its full-time
    equivalents, which the rules count, come before its number of employees.

    Raises
    ------
    InputError
        lists what does not fit together.
    """
    own = tuple(a.accounts() for a in section.accounts)
    if not own:
        staff = _fact(facts, "company.full_time_equivalents")
        if staff is None:
            staff = _fact(facts, "company.employees")
        own = (
            Accounts(on.year - 1, staff, _fact(facts, "company.turnover"),
                     _fact(facts, "company.balance_total")),
        )  # fmt: skip
    found: dict[str, Enterprise] = {COMPANY: Enterprise(COMPANY, own)}
    holdings = []
    faults = FaultCollector()
    for relation, is_owner in (*((r, True) for r in section.owners),
                               *((r, False) for r in section.holdings)):  # fmt: skip
        one = Enterprise(relation.id, tuple(a.accounts() for a in relation.accounts),
                         relation.kind, relation.is_same_market)  # fmt: skip
        if relation.id == COMPANY and (relation.accounts or relation.kind != "enterprise"):
            faults.add("aid.owners", f"'{COMPANY}' is the enterprise of the profile itself")
        older = found.get(relation.id)
        is_bare = one == Enterprise(relation.id)
        if older is not None and not is_bare and older != one and older != Enterprise(one.id):
            faults.add(f"enterprise '{relation.id}'", "is described in two ways",
                       next_step="Describe it once; repeat only id and share")  # fmt: skip
        if older is None or not is_bare:
            found[relation.id] = older if relation.id == COMPANY and older else one
        votes = relation.share if relation.votes is None else relation.votes
        pair = (relation.id, relation.of) if is_owner else (relation.by, relation.id)
        holdings.append(Holding(*pair, relation.share, votes, frozenset(relation.links),
                                relation.is_controlling))  # fmt: skip
    faults.raise_if_any()
    return Group.of(found.values(), holdings)


def _fact(facts: Mapping[str, Value], name: str) -> Quantity:
    value = facts.get(name)
    if isinstance(value, Band):
        return value
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
