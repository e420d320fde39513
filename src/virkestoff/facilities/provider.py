"""Who can do what: only what a source says, and where it says it.

Nothing here is confirmed by the provider until the provider claims its record. What no source says
is unknown; it is neither guessed nor taken as absent.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from virkestoff.facilities.amounts import Scale
from virkestoff.language import Text

__all__ = [
    "PROVIDER_KINDS", "Access", "Capability", "Gap", "Lack", "Provider", "ProviderKind", "Status",
]  # fmt: skip

ProviderKind = Literal[
    "producer", "catapult_centre", "hospital", "institute", "university", "cluster", "network",
    "incubator", "infrastructure", "agency",
]  # fmt: skip
PROVIDER_KINDS: tuple[ProviderKind, ...] = get_args(ProviderKind)
Status = Literal["exists", "planned", "possible", "activity", "ended"]
Phase = Literal["research", "preclinical", "phase_1", "phase_2", "phase_3", "commercial"]
PHASES: tuple[Phase, ...] = get_args(Phase)
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Place = Annotated[str, Field(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(_Frozen):
    """Something that a source says at a place."""

    source: str
    place: Place


class Access(Said):
    """Whether it works for others."""

    to: Literal["others", "own_use"]


class Capability(Said):
    """One statement of what a provider can do.

    Attributes
    ----------
    does : what, a term
    products : for which products; empty if the source does not say
    excludes : products that it does not take
    scale : the sizes that it takes; none if unknown
    gmp : GMP classes that it states; empty if unknown
    is_without_gmp : that it is stated not to work under GMP
    phases : phases of development that it states; empty if unknown
    analytics, safety : what it states beside; empty if unknown
    status : ``exists``; ``planned``: stated as a plan; ``possible``: could be used for it and is
        not today; ``activity``: work in the field, not a facility; ``ended``
    also : further places that state parts of it
    note : what limits it, in our words
    """

    does: str
    products: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    scale: Scale | None = None
    gmp: tuple[str, ...] = ()
    is_without_gmp: bool = False
    phases: tuple[Phase, ...] = ()
    analytics: tuple[str, ...] = ()
    safety: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    status: Status = "exists"
    also: tuple[Said, ...] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> Capability:
        if self.gmp and self.is_without_gmp:
            raise ValueError("states GMP classes and that it is without GMP")
        if set(self.products) & set(self.excludes):
            raise ValueError("the same product is among products and excludes")
        return self


class Lack(Said):
    """Something that a source says a provider does not have."""

    does: str


class Provider(_Frozen):
    """What the sources say of one provider.

    Attributes
    ----------
    organisation : id among the organisations of the library; default the provider's own id
    access : whether it works for others; none if unknown
    confirmed : the day on which the provider confirmed the record; none: not confirmed
    """

    kind: ProviderKind
    country: Country
    organisation: str | None = None
    access: Access | None = None
    capabilities: tuple[Capability, ...] = Field(min_length=1)
    lacks: tuple[Lack, ...] = ()
    confirmed: date | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether the provider itself stands behind the record."""
        return self.confirmed is not None


class Gap(Said):
    """What a source says that a country lacks.

    Attributes
    ----------
    does : the capability, a term
    products : for these products; empty means for all
    extent : ``none``: there is none, so a provider of the country that no source says it of does
        not have it; ``partial``: there is too little or it is not open; shown, never a reason
    """

    country: Country
    does: str
    products: tuple[str, ...] = ()
    extent: Literal["none", "partial"]
    text: Text
