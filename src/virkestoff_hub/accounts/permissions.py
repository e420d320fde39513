"""Who may do what: roles by actions as data, and the questions that views ask.

A view asks a function of this module and nothing else. Whoever may do a thing to what is their own
is told apart from whoever may do it to everything.
"""

from __future__ import annotations

from typing import Any, Literal

from virkestoff.facilities.window import Viewer

__all__ = ["ACTIONS", "MATRIX", "ROLES", "STAFF", "may", "may_cancel_run", "may_see_run",
           "may_speak_for", "most_draws", "needs_second_factor", "party_to_request", "role_of",
           "viewer_of"]  # fmt: skip

Role = Literal["visitor", "company", "provider", "broker", "analyst", "editor", "administrator"]
Action = Literal[
    "read", "ask_guide", "keep_answer", "start_report", "see_all_runs", "cancel_all_runs",
    "see_account", "change_password", "export_own_data", "delete_own_account", "manage_users",
    "read_trail", "see_registered_lines", "see_broker_lines", "speak_for_provider",
    "link_providers",
    "make_request", "handle_requests", "read_unmet_need",
    "run_study", "run_large_study",
]  # fmt: skip

ROLES: tuple[Role, ...] = (
    "visitor", "company", "provider", "broker", "analyst", "editor", "administrator",
)  # fmt: skip
STAFF: frozenset[Role] = frozenset(("broker", "analyst", "editor", "administrator"))
"""Roles that see or change what belongs to others: they sign in with a second factor."""

_EVERYBODY = frozenset(ROLES)
_SIGNED_IN = _EVERYBODY - {"visitor"}
_ADMINISTRATOR: frozenset[Role] = frozenset(("administrator",))

MATRIX: dict[Action, frozenset[Role]] = {
    "read": _EVERYBODY,
    "ask_guide": _EVERYBODY,
    "keep_answer": _EVERYBODY,
    "start_report": _SIGNED_IN,
    "see_all_runs": _ADMINISTRATOR,
    "cancel_all_runs": _ADMINISTRATOR,
    "see_account": _SIGNED_IN,
    "change_password": _SIGNED_IN,
    "export_own_data": _SIGNED_IN,
    "delete_own_account": _SIGNED_IN,
    "manage_users": _ADMINISTRATOR,
    "read_trail": _ADMINISTRATOR,
    "see_registered_lines": _SIGNED_IN,
    "see_broker_lines": frozenset(("broker",)),
    "speak_for_provider": frozenset(("provider",)),
    "link_providers": frozenset(("broker", "administrator")),
    "make_request": frozenset(("company", "provider")),
    "handle_requests": frozenset(("broker",)),
    "read_unmet_need": STAFF,
    "run_study": _SIGNED_IN,
    "run_large_study": frozenset(("analyst", "administrator")),
}
ACTIONS: tuple[Action, ...] = tuple(MATRIX)


def role_of(user: Any) -> Role:
    """The role of a user; whoever has not signed in, or was shut out, is a visitor."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return "visitor"
    role: Role = user.role
    return role if role in ROLES else "visitor"


def may(user: Any, action: Action) -> bool:
    """Whether a user may do a thing."""
    return role_of(user) in MATRIX[action]


def needs_second_factor(user: Any) -> bool:
    """Whether a user must still show a second factor before anything else."""
    return role_of(user) in STAFF and not user.is_verified()


def most_draws(user: Any) -> int:
    """The most draws that a user may ask for in a run of a study; none without the right to run."""
    if may(user, "run_large_study"):
        return 10_000
    return 2000 if may(user, "run_study") else 0


def may_see_run(user: Any, run: Any) -> bool:
    """Whether a user may see a run: one's own, or all."""
    is_own = role_of(user) != "visitor" and run.owner_id == user.pk
    return is_own or may(user, "see_all_runs")


def may_cancel_run(user: Any, run: Any) -> bool:
    """Whether a user may stop a run: one's own, or all."""
    is_own = role_of(user) != "visitor" and run.owner_id == user.pk
    return is_own or may(user, "cancel_all_runs")


def viewer_of(user: Any) -> Viewer:
    """Which lines of capacity a user may see: the public's, those of the signed in, or all."""
    if may(user, "see_broker_lines"):
        return "broker"
    return "registered" if may(user, "see_registered_lines") else "public"


def may_speak_for(user: Any, provider: str) -> bool:
    """Whether a user may change what a provider says: its role, and a link to that provider."""
    if not may(user, "speak_for_provider"):
        return False
    return bool(user.provider_links.filter(provider=provider).exists())


def party_to_request(user: Any, held: Any) -> str:
    """What a user is to a request: ``requester``, ``broker``, or nobody (empty).

    A draft is its owner's alone.
    """
    if may(user, "make_request") and held.owner_id == user.pk:
        return "requester"
    return "broker" if may(user, "handle_requests") and held.state != "draft" else ""
