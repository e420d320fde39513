"""How a request ended: one of seven kinds, so that what was not met can be counted."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from virkestoff.facilities.window import Day
from virkestoff.language import Text

__all__ = ["OUTCOME_KINDS", "OUTCOME_NAMES", "Outcome", "OutcomeKind"]

OutcomeKind = Literal[
    "agreed", "no_capability", "no_capacity_in_window", "price", "class", "confidentiality",
    "no_answer",
]  # fmt: skip
OUTCOME_KINDS: tuple[OutcomeKind, ...] = get_args(OutcomeKind)
OUTCOME_NAMES: dict[OutcomeKind, Text] = {
    "agreed": Text(nb="Avtale", en="Agreed"),
    "no_capability": Text(nb="Ingen kan gjøre det", en="No capability"),
    "no_capacity_in_window": Text(nb="Ikke ledig i tiden", en="No capacity in the time"),
    "price": Text(nb="Pris", en="Price"),
    "class": Text(nb="Produkt- eller GMP-klasse", en="Product or GMP class"),
    "confidentiality": Text(nb="Fortrolighet", en="Confidentiality"),
    "no_answer": Text(nb="Ikke svar", en="No answer"),
}
_Word = Annotated[str, Field(min_length=1, max_length=120)]


class Outcome(BaseModel):
    """The end of one request, or of one step of it.

    Attributes
    ----------
    request : id of the request
    kind : how it ended
    on : the day
    requester : who asked, an id or pseudonym; counted for disclosure control, never shown
    does : the work that was asked for, a term; if several steps, the one that decided
    modality : the product, a term; none if unknown
    provider : who agreed, if somebody did; never shown
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    request: _Word
    kind: OutcomeKind
    on: Day
    requester: _Word
    does: _Word
    modality: _Word | None = None
    provider: _Word | None = None
