"""What may be done to a request and to an inquiry, by whom, and what it becomes: as data.

A *request* is what a company asks for; an *inquiry* is that request put to one provider. Whatever
stands in neither table is forbidden.
"""

from __future__ import annotations

from typing import Literal, get_args

__all__ = [
    "FINAL_INQUIRY_STATES", "INQUIRY_ACTIONS", "INQUIRY_MOVES", "INQUIRY_STATES", "PARTIES",
    "REQUEST_ACTIONS", "REQUEST_MOVES", "REQUEST_STATES", "Refused", "inquiry_after",
    "request_after",
]  # fmt: skip

Party = Literal["requester", "provider", "broker", "system"]
PARTIES: tuple[Party, ...] = get_args(Party)
"""Who acts: the owner of the request, the holder of a provider's link, a broker, the clock."""

RequestState = Literal["draft", "ready", "forwarded", "escalated", "taken_over", "closed"]
REQUEST_STATES: tuple[RequestState, ...] = get_args(RequestState)
RequestAction = Literal["write", "undo", "delete", "submit", "forward", "escalate", "take_over",
                        "close"]  # fmt: skip
REQUEST_ACTIONS: tuple[RequestAction, ...] = get_args(RequestAction)
RequestEnd = RequestState | Literal["deleted"]

REQUEST_MOVES: dict[tuple[RequestState, RequestAction, Party], RequestEnd] = {
    ("draft", "write", "requester"): "draft",
    ("draft", "undo", "requester"): "draft",
    ("draft", "delete", "requester"): "deleted",
    ("draft", "submit", "requester"): "ready",
    ("ready", "write", "requester"): "draft",
    ("ready", "delete", "requester"): "deleted",
    ("ready", "forward", "requester"): "forwarded",
    ("ready", "take_over", "broker"): "taken_over",
    ("ready", "close", "requester"): "closed",
    ("forwarded", "forward", "requester"): "forwarded",
    ("forwarded", "escalate", "system"): "escalated",
    ("forwarded", "take_over", "broker"): "taken_over",
    ("forwarded", "close", "requester"): "closed",
    ("escalated", "forward", "requester"): "escalated",
    ("escalated", "take_over", "broker"): "taken_over",
    ("escalated", "close", "requester"): "closed",
    ("escalated", "close", "broker"): "closed",
    ("taken_over", "forward", "requester"): "taken_over",
    ("taken_over", "forward", "broker"): "taken_over",
    ("taken_over", "close", "requester"): "closed",
    ("taken_over", "close", "broker"): "closed",
}

InquiryState = Literal[
    "unsent", "waiting", "question", "yes", "signed_by_provider", "signed_by_requester", "open",
    "no", "revoked", "ended",
]  # fmt: skip
INQUIRY_STATES: tuple[InquiryState, ...] = get_args(InquiryState)
FINAL_INQUIRY_STATES: tuple[InquiryState, ...] = ("no", "revoked", "ended")
InquiryAction = Literal["send", "answer_yes", "answer_no", "ask", "reply", "remind", "sign", "look",
                        "revoke", "end"]  # fmt: skip
INQUIRY_ACTIONS: tuple[InquiryAction, ...] = get_args(InquiryAction)

INQUIRY_MOVES: dict[tuple[InquiryState, InquiryAction, Party], InquiryState] = {
    ("unsent", "send", "system"): "waiting",
    ("waiting", "remind", "system"): "waiting",
    ("waiting", "answer_yes", "provider"): "yes",
    ("waiting", "answer_no", "provider"): "no",
    ("waiting", "ask", "provider"): "question",
    ("question", "answer_yes", "provider"): "yes",
    ("question", "answer_no", "provider"): "no",
    ("question", "ask", "provider"): "question",
    ("question", "reply", "requester"): "waiting",
    ("question", "reply", "broker"): "waiting",
    ("yes", "answer_no", "provider"): "no",
    ("yes", "sign", "provider"): "signed_by_provider",
    ("yes", "sign", "requester"): "signed_by_requester",
    ("signed_by_provider", "answer_no", "provider"): "no",
    ("signed_by_provider", "sign", "requester"): "open",
    ("signed_by_requester", "answer_no", "provider"): "no",
    ("signed_by_requester", "sign", "provider"): "open",
    ("open", "answer_no", "provider"): "no",
    ("open", "look", "provider"): "open",
    ("unsent", "revoke", "requester"): "revoked",
    ("waiting", "revoke", "requester"): "revoked",
    ("question", "revoke", "requester"): "revoked",
    ("yes", "revoke", "requester"): "revoked",
    ("signed_by_provider", "revoke", "requester"): "revoked",
    ("signed_by_requester", "revoke", "requester"): "revoked",
    ("open", "revoke", "requester"): "revoked",
    ("unsent", "end", "system"): "ended",
    ("waiting", "end", "system"): "ended",
    ("question", "end", "system"): "ended",
    ("yes", "end", "system"): "ended",
    ("signed_by_provider", "end", "system"): "ended",
    ("signed_by_requester", "end", "system"): "ended",
    ("open", "end", "system"): "ended",
}


class Refused(Exception):
    """The action is not allowed to this party in this state, or somebody was there first."""


def request_after(state: str, action: str, party: str) -> str | None:
    """What a request becomes; ``None`` if the action is forbidden."""
    return REQUEST_MOVES.get((state, action, party))  # type: ignore[arg-type]


def inquiry_after(state: str, action: str, party: str) -> str | None:
    """What an inquiry becomes; ``None`` if the action is forbidden."""
    return INQUIRY_MOVES.get((state, action, party))  # type: ignore[arg-type]
