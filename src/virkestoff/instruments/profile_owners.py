"""Owners and earlier awards of a profile, and the facts that follow from them by arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import Fault, InputError
from virkestoff.instruments.intervals import Band, Value
from virkestoff.instruments.vocabulary import Vocabulary

__all__ = ["Award", "Owner", "facts_of_awards", "facts_of_owners"]

MAJORITY = 0.5  # constant: what a majority is more than
_SLACK = 1e-9  # constant: of sums of shares


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def read(cls, raw: Any) -> Self:
        """An entry of a list in a profile.

        Raises
        ------
        InputError
            lists every fault with its key.
        """
        try:
            return cls.model_validate(raw)
        except ValidationError as problem:
            raise InputError(_fault(error) for error in problem.errors()) from None


def _fault(error: Any) -> Fault:
    what = error["msg"].removeprefix("Value error, ")
    what = {"extra_forbidden": "is not a known key", "missing": "is missing"}.get(
        error["type"], what
    )
    return Fault(".".join(str(part) for part in error["loc"]), what)


class Owner(_Entry):
    """An owner; ``share`` is a fraction.

    Attributes
    ----------
    kind : person, enterprise (established), start_up, public, fund, employee, other
    is_foreign : whether it is at home outside Norway; ``None`` is not known
    """

    name: str = Field(default="", max_length=200)
    kind: Literal["person", "enterprise", "start_up", "public", "fund", "employee", "other"]
    share: float = Field(ge=0, le=1, strict=True)
    is_foreign: bool | None = Field(default=None, strict=True)

    @staticmethod
    def too_much(owners: Iterable[Owner]) -> str:
        """What is wrong with the sum of the shares, if anything."""
        whole = sum(owner.share for owner in owners)
        return f"own {whole:.0%} together" if whole > 1 + _SLACK else ""


class Award(_Entry):
    """Support that was had before.

    Attributes
    ----------
    scheme : id of the scheme
    is_running : whether the project still runs; ``None`` is not known
    """

    scheme: str = Field(max_length=60)
    year: int | None = Field(default=None, ge=1900, le=2100, strict=True)
    amount_nok: float | None = Field(default=None, ge=0, allow_inf_nan=False, strict=True)
    is_running: bool | None = Field(default=None, strict=True)


def facts_of_owners(owners: Sequence[Owner]) -> dict[str, Value]:
    """Shares of public bodies and of established enterprises, and who has the majority.

    Where the shares do not sum to one, the rest may be anybody's: the facts are then bands. An
    owner of whom nobody said where it is at home may be foreign.
    """
    if not owners:
        return {}
    rest = max(0.0, 1.0 - sum(owner.share for owner in owners))
    rest = 0.0 if rest < _SLACK else rest
    public = sum(o.share for o in owners if o.kind == "public")
    established = max((o.share for o in owners if o.kind == "enterprise"), default=0.0)
    foreign = sum(o.share for o in owners if o.is_foreign)
    perhaps = rest + sum(o.share for o in owners if o.is_foreign is None)
    found: dict[str, Value] = {
        "company.public_owner_share": _from_to(public, public + rest),
        "company.established_owner_share": _from_to(established, max(established, rest)),
    }
    if foreign > MAJORITY or foreign + perhaps <= MAJORITY:
        found["company.is_foreign_owned"] = foreign > MAJORITY
    return found


def _from_to(low: float, high: float) -> Value:
    low, high = min(low, 1.0), min(high, 1.0)
    return low if low == high else Band(low, high)


def facts_of_awards(
    awards: Sequence[Award], is_complete: bool, vocabulary: Vocabulary
) -> dict[str, Value]:
    """What was had before and what runs; of schemes not named only if the list is complete."""
    found: dict[str, Value] = {}
    running: Mapping[str, list[bool | None]] = _by_scheme(awards)
    for scheme, states in running.items():
        found[f"company.received.{scheme}"] = True
        sure = sum(state is True for state in states)
        maybe = sum(state is None for state in states)
        if is_complete and not maybe:
            found[f"company.running_projects.{scheme}"] = float(sure)
        elif is_complete:
            found[f"company.running_projects.{scheme}"] = Band(float(sure), float(sure + maybe))
        elif sure:
            name = f"company.running_projects.{scheme}"
            span = vocabulary.terms[name].range if name in vocabulary.terms else None
            found[name] = Band(float(sure), span[1] if span else None)
    if is_complete:
        for name in vocabulary.terms:
            if name.startswith("company.received."):
                found.setdefault(name, False)
            elif name.startswith("company.running_projects."):
                found.setdefault(name, 0.0)
    return {name: value for name, value in found.items() if name in vocabulary.terms}


def _by_scheme(awards: Sequence[Award]) -> dict[str, list[bool | None]]:
    found: dict[str, list[bool | None]] = {}
    for award in awards:
        found.setdefault(award.scheme, []).append(award.is_running)
    return found
