"""Users made, described and removed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from virkestoff.errors import Fault, FaultCollector
from virkestoff_hub.accounts.permissions import ROLES
from virkestoff_hub.accounts.second_factor import confirmed
from virkestoff_hub.accounts.trail import note
from virkestoff_hub.facilities.written import written_by
from virkestoff_hub.requests.own import contacts_added_by, requests_of

__all__ = ["add_person", "is_last_administrator", "own_data"]


def add_person(name: str, role: str, password: str, email: str = "") -> Any:
    """Add a user.

    Raises
    ------
    InputError
        lists everything that is wrong with name, role and password.
    """
    from virkestoff_hub.accounts.models import User

    faults = FaultCollector()
    known = [r for r in ROLES if r != "visitor"]
    if role not in known:
        faults.add(f"--role '{role}'", "is no role", next_step=f"One of {', '.join(known)}")
    if User.objects.filter(username__iexact=name).exists():
        faults.add(f"user '{name}'", "is there already")
    user = User(username=name, role=role if role in known else "company", email=email)
    try:
        validate_password(password, user)
    except ValidationError as problem:
        faults.faults += [Fault("password", str(message)) for message in problem.messages]
    user.set_password(password)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as problem:
        for field, messages in problem.message_dict.items():
            faults.faults += [Fault(field, message) for message in messages]
    faults.raise_if_any()
    user.save()
    note("command line", "user_added", f"{name} ({role})")
    return user


def is_last_administrator(user: Any) -> bool:
    """Whether nobody else can manage users."""
    from virkestoff_hub.accounts.models import User

    if user.role != "administrator" or not user.is_active:
        return False
    others = User.objects.filter(role="administrator", is_active=True).exclude(pk=user.pk)
    return not others.exists()


def own_data(user: Any) -> dict[str, Any]:
    """Everything that is stored of a user, as plain data."""
    return {
        "user": {
            "name": user.username, "email": user.email, "first_name": user.first_name,
            "last_name": user.last_name, "role": user.role,
            "joined": user.date_joined.isoformat(),
            "last_sign_in": user.last_login.isoformat() if user.last_login else None,
        },
        "trail": [
            {"at": e.at.isoformat(), "what": e.what, "about": e.about}
            for e in user.trail.order_by("at")
        ],
        "runs": [
            {"id": str(r.id), "kind": r.kind, "state": r.state, "created": r.created.isoformat(),
             "parameters": r.parameters}
            for r in user.runs.order_by("created")
        ],
        "speaks_for": [link.provider for link in user.provider_links.order_by("provider")],
        "requests": requests_of(user),
        "requests_taken_over": list(user.brokered.order_by("created").values_list(
            "reference", flat=True)),
        "contacts_added": contacts_added_by(user),
        "facilities": written_by(user),
        "has_second_factor": confirmed(user) is not None,
    }  # fmt: skip
