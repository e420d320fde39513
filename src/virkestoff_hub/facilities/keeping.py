"""Changes of what providers say: each from the version that was seen, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from virkestoff.facilities import Capability, Window
from virkestoff_hub.facilities.models import CapacityLine, Statement, StatementVersion

__all__ = [
    "LINK_DAYS", "OWN_KEY", "ChangedMeanwhile", "answer_statement", "delete_line", "new_key",
    "read_link", "renew", "save_line", "save_lines", "upkeep_link", "versions_of",
]  # fmt: skip

LINK_DAYS = 45
"""Days until a link that asks "still correct?" stops working."""
OWN_KEY = "own-"
"""How the key of a statement begins that no source makes."""
_SALT = "virkestoff_hub.facilities.upkeep"
_SECONDS_A_DAY = 24 * 3600


class ChangedMeanwhile(Exception):
    """Somebody else has changed or removed the record since it was shown; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def versions_of(provider: str) -> dict[str, int]:
    """The version of each line of a provider, by name."""
    return dict(CapacityLine.objects.filter(provider=provider).values_list("name", "version"))


def save_line(provider: str, name: str, window: Window, seen: int, user: Any) -> None:
    """Keep a line: a new one for version 0, else a change of the version that was seen.

    Raises
    ------
    ChangedMeanwhile
        if the line now has another version, is gone, or is already there.
    """
    held = CapacityLine(provider=provider, name=name, changed_by=user)
    held.take(window)
    if seen == 0:
        try:
            with transaction.atomic():
                held.save(force_insert=True)
        except IntegrityError:
            raise ChangedMeanwhile(name) from None
        return
    n_changed = CapacityLine.objects.filter(provider=provider, name=name, version=seen).update(
        data=held.data, version=F("version") + 1, changed_by=user, changed=timezone.now()
    )
    if n_changed != 1:
        raise ChangedMeanwhile(name)


def save_lines(provider: str, windows: Mapping[str, tuple[Window, int]], user: Any) -> None:
    """Keep several lines: all of them, or none.

    Raises
    ------
    ChangedMeanwhile
        if one of them has been changed since; nothing is kept then.
    """
    with transaction.atomic():
        for name, (window, seen) in sorted(windows.items()):
            save_line(provider, name, window, seen, user)


def delete_line(provider: str, name: str, seen: int) -> None:
    """Remove a line in the version that was seen.

    Raises
    ------
    ChangedMeanwhile
        if it now has another version, or is gone.
    """
    found = CapacityLine.objects.filter(provider=provider, name=name, version=seen)
    if found.delete()[0] != 1:
        raise ChangedMeanwhile(name)


def answer_statement(
    provider: str, key: str, answer: str, capability: Capability, seen: int, on: date, user: Any
) -> None:
    """Keep what a provider says, from the version that was seen (0: none yet), and note it.

    Raises
    ------
    ChangedMeanwhile
        if somebody has answered since.
    """
    data = capability.model_dump(mode="json", by_alias=True)
    said = {"answer": answer, "capability": data, "on": on, "changed_by": user}
    try:
        with transaction.atomic():
            if seen == 0:
                Statement.objects.create(provider=provider, key=key, **said)
            else:
                held = Statement.objects.filter(provider=provider, key=key, version=seen)
                if held.update(**said, version=F("version") + 1) != 1:
                    raise ChangedMeanwhile(key)
            StatementVersion.objects.create(provider=provider, key=key, version=seen + 1,
                                            answer=answer, capability=data, by=user)  # fmt: skip
    except IntegrityError:
        raise ChangedMeanwhile(key) from None


def new_key(provider: str, does: str) -> str:
    """A name for a statement that no source makes; two who add at once get the same one."""
    start = f"{OWN_KEY}{hashlib.sha256(does.encode()).hexdigest()[:9]}-"
    n_held = Statement.objects.filter(provider=provider, key__startswith=start).count()
    return f"{start}{n_held + 1:02}"


def upkeep_link(provider: str, versions: Mapping[str, int]) -> str:
    """The signed part of a link that lets whoever has it confirm these lines once more."""
    return signing.dumps({"provider": provider, "lines": dict(versions)}, salt=_SALT, compress=True)


def read_link(token: str) -> tuple[str, dict[str, int]] | None:
    """Provider, and version of each line; none for a link that is forged or too old."""
    try:
        held = signing.loads(token, salt=_SALT, max_age=LINK_DAYS * _SECONDS_A_DAY)
    except signing.BadSignature:
        return None
    return str(held["provider"]), {str(k): int(v) for k, v in held["lines"].items()}


def renew(provider: str, versions: Mapping[str, int], on: date) -> list[str]:
    """Confirm lines again on a day; the names of those that still had their version."""
    done = []
    with transaction.atomic():
        for name, seen in sorted(versions.items()):
            held = CapacityLine.objects.filter(provider=provider, name=name, version=seen).first()
            if held is None:
                continue
            data = {**held.data, "verified": on.isoformat()}
            n_changed = CapacityLine.objects.filter(pk=held.pk, version=seen).update(
                data=data, version=F("version") + 1, changed=timezone.now()
            )
            done += [name] * n_changed
    return done
