"""What a roadmap holds: needs, measures, topics, parties, positions, schemes, arrangements."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from virkestoff.language import Text

__all__ = [
    "Arrangement",
    "Cited",
    "Measure",
    "Need",
    "Party",
    "Position",
    "Scheme",
    "Stance",
    "StudyAlternative",
    "Topic",
]

Stance = Literal["for", "for_with_condition", "against", "neutral", "other_priority"]
Status = Literal["existing", "proposed", "ended"]
How = Literal["read", "read_secondary", "recalled"]
Usable = Literal["yes", "partly", "no", "unknown"]
MeasureKind = Literal[
    "grant", "loan", "guarantee", "ownership", "stock", "procurement", "infrastructure",
    "network", "regulation", "cooperation", "organisation",
]  # fmt: skip
Reach = Literal["nordic", "european", "global", "other_country"]

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Place = Annotated[str, Field(min_length=1)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(_Frozen):
    """A place in a source that somebody can open.

    ``read``: seen in the document itself; ``read_secondary``: known through a document that reports
    it, or through notes on it; ``recalled``: from memory, unverified.
    """

    source: str
    place: Place
    how: How = "read"


class Need(Cited):
    """Something that somebody says is lacking."""

    name: Text
    text: Text


class Measure(Cited):
    """Something that is done or proposed.

    Attributes
    ----------
    responsible : who would do it, in words
    owners : parties that run it; they must state an interest when they speak of it
    recipients : parties that would receive it; they must state an interest too
    needs : ids of the needs that it answers
    """

    name: Text
    kind: MeasureKind
    responsible: Text
    owners: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    status: Status
    needs: tuple[str, ...]


class Topic(_Frozen):
    """A claim that one can be for or against, and what would settle it."""

    name: Text
    claim: Text
    settled_by: Text


class Party(_Frozen):
    """An organisation that speaks, and what it is to the matter."""

    name: Text
    role: Text


class StudyAlternative(_Frozen):
    """An alternative of a study that a position may speak of."""

    study: str
    name: Text


class Position(Cited):
    """What a party says of a topic's claim, in our words.

    Attributes
    ----------
    who : id of a party
    stance : towards the topic's claim
    says : one or two sentences, never the source's own
    condition : what must hold; only and always with the stance ``for_with_condition``
    interest : what the speaker has at stake
    needs, measures, alternatives : ids of what it speaks of; at least one
    date : year, month or day of the source, as far as it is known
    """

    who: str
    topic: str
    stance: Stance
    says: Text
    condition: Text | None = None
    interest: Text | None = None
    needs: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    date: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    note: str | None = None


class Scheme(_Frozen):
    """A support scheme or way of buying that exists or is proposed, judged for antibiotics.

    ``usable`` and its ``reason`` are the judgement of this work, never that of the source.
    """

    name: Text
    provider: Text
    kind: MeasureKind
    status: Status
    usable: Usable
    use: Text
    limits: Text
    reason: Text
    sources: tuple[Cited, ...] = Field(min_length=1)


class Arrangement(_Frozen):
    """An organisation or arrangement between countries, and what it could mean for the matter.

    ``relevance`` is the judgement of this work; ``text`` is what the sources say.
    """

    name: Text
    reach: Reach
    text: Text
    relevance: Text
    sources: tuple[Cited, ...] = Field(min_length=1)
