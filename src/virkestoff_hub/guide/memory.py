"""A profile as plain data, to be kept in a session or behind a private link."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from virkestoff.instruments.intervals import Band, OneOf, Value
from virkestoff.instruments.profile import Profile
from virkestoff.language import Text

__all__ = ["profile_from", "profile_to", "value_from", "value_to"]


def value_to(value: Value) -> Any:
    """A value of a fact as JSON holds it."""
    match value:
        case Band(low, high):
            return {"band": [value_to(low), value_to(high)]}
        case OneOf(choices):
            return {"one_of": sorted(choices)}
        case date():
            return {"date": value.isoformat()}
    return value


def value_from(held: Any) -> Value:
    """The value that :func:`value_to` wrote."""
    match held:
        case {"band": [low, high]}:
            return Band(value_from(low), value_from(high))
        case {"one_of": choices}:
            return OneOf(frozenset(choices))
        case {"date": day}:
            return date.fromisoformat(day)
        case bool() | str() | None:
            return held
    return float(held)


def profile_to(profile: Profile) -> dict[str, Any]:
    """A profile as JSON holds it; facts that are computed follow again and are left out."""
    kept = {k: v for k, v in profile.facts.items() if k not in profile.computed}
    return {
        "facts": {name: value_to(value) for name, value in kept.items()},
        "not_known": sorted(profile.not_known),
        "origins": {k: v.model_dump() for k, v in profile.origins.items() if k in kept},
        "notes": [note.model_dump() for note in profile.notes],
        "name": profile.name,
        "number": profile.organisation_number,
    }


def profile_from(held: Mapping[str, Any], known: Mapping[str, Any]) -> Profile:
    """The profile that :func:`profile_to` wrote; facts that the vocabulary lost are left out.

    Parameters
    ----------
    known : the terms of the vocabulary by id
    """
    facts = {k: value_from(v) for k, v in held["facts"].items() if k in known}
    return Profile(
        facts,
        name=held["name"],
        organisation_number=held["number"],
        not_known=frozenset(k for k in held["not_known"] if k in known),
        origins={k: Text(**v) for k, v in held["origins"].items() if k in facts},
        notes=tuple(Text(**note) for note in held["notes"]),
    )
