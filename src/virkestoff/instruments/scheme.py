"""What the file of a support scheme holds: one record for each part.

Attributes are named as the keys in the file. A term that no document gives is an `UnknownTerm`,
with whom to ask and the question; it is never a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from virkestoff.evidence.fact import Validity
from virkestoff.language import Text

__all__ = [
    "AidBasis",
    "AllOf",
    "AnyOf",
    "Call",
    "Case",
    "Cited",
    "Conditions",
    "Costs",
    "DatedFigure",
    "Leaf",
    "LeafVersion",
    "NotOf",
    "OpeningRule",
    "Parameter",
    "ParameterValue",
    "Phases",
    "Reference",
    "Scheme",
    "Support",
    "Tree",
    "UnknownTerm",
]

How = Literal["read", "read_secondary", "computed", "derived"]
"""How a term is known. What is only recalled or assumed is no term: it is unknown."""
Grade = Literal["high", "medium", "low"]
Kind = Literal[
    "grant", "tax_credit", "loan", "guarantee", "equity", "advice", "infrastructure", "network"
]
PhaseName = Literal[
    "idea", "research", "verification", "development", "test", "pilot", "demonstration", "scale_up",
    "investment", "production", "market", "export", "growth",
]  # fmt: skip
Recipient = Literal[
    "startup", "sme", "large", "research_organisation", "tto", "public_body", "health_trust",
    "municipality", "cluster", "investor", "fund", "bank", "network", "consortium",
]  # fmt: skip
Branch = Literal[
    "all", "pharmaceuticals", "medical_devices", "diagnostics", "digital_health",
    "specialised_suppliers",
]  # fmt: skip
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]
Day = Annotated[date, Field(strict=True)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UnknownTerm(_Frozen):
    """A term of the scheme that no document read gives: what, whom to ask, the question."""

    what: Text
    ask: Text
    question: Text


class NamedUnknown(UnknownTerm):
    """An unknown term with a name of its own."""

    id: Id


class Cited(_Frozen):
    """A place in a source that somebody can open."""

    source: str
    place: str = Field(min_length=1)
    how: How = "read"
    grade: Grade | None = None
    note: str | None = None


class Reference(Cited):
    """What a condition rests on; ``article`` where it is law."""

    article: str | None = None
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")


class ParameterValue(_Frozen):
    """A value of a parameter from a date to a date, or that it is unknown then."""

    value: Number | Day | tuple[str, ...] | None = None
    unknown: UnknownTerm | None = None
    valid: Validity | None = None
    price_year: int | None = Field(default=None, ge=1900, le=2100)
    source: str | None = None
    place: str | None = None
    how: How | None = None
    grade: Grade | None = None
    note: str | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _is_no_truth(cls, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError("true and false are no values of a parameter")
        return float(value) if isinstance(value, int) else value

    @model_validator(mode="after")
    def _is_known_or_unknown(self) -> Self:
        if (self.value is None) == (self.unknown is None):
            raise ValueError("needs either value or unknown")
        if self.value is not None and not (self.source and self.place and self.how):
            raise ValueError("a threshold without a source does not load: give source, place, how")
        if self.value == ():
            raise ValueError("the list is empty")
        return self


class Parameter(_Frozen):
    """A dated number, date or list that rules name as ``parameter.<name>``.

    ``unit`` is a unit, or ``date``; ``of`` is the fact whose choices a list holds. One that no
    rule names says why in ``shown_only``: people read it, and nothing is computed from it.
    """

    name: Text
    unit: str | None = None
    of: str | None = None
    shown_only: Text | None = None
    values: tuple[ParameterValue, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _values_fit(self) -> Self:
        if (self.unit is None) == (self.of is None):
            raise ValueError("needs either unit or of")
        kind: Any = tuple if self.of else date if self.unit == "date" else float
        noun = "a list" if self.of else "a date" if self.unit == "date" else "a number"
        if any(v.value is not None and not isinstance(v.value, kind) for v in self.values):
            raise ValueError(f"a value is not {noun}")
        return self


class LeafVersion(_Frozen):
    """A condition from a date to a date."""

    valid: Validity
    expression: str | None = Field(default=None, min_length=1)
    judgement: Literal[True] | None = None
    unknown: UnknownTerm | None = None
    is_required: Literal[False] | None = None
    reference: Reference

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        _one_of(self, ("expression", "judgement", "unknown", "is_required"))
        return self


class Leaf(_Frozen):
    """A named condition: a text, what decides it, and what it rests on.

    Attributes
    ----------
    expression : over facts and parameters
    judgement : a person must judge it; it is never computed
    unknown : the scheme's own term was not found
    versions : instead of these, for a condition that changed
    facts : of an unknown term: facts that will matter once it is known
    """

    id: Id
    text: Text
    expression: str | None = Field(default=None, min_length=1)
    judgement: Literal[True] | None = None
    unknown: UnknownTerm | None = None
    versions: tuple[LeafVersion, ...] = ()
    valid: Validity | None = None
    reference: Reference | None = None
    who: Text | None = None
    facts: tuple[str, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.versions:
            if self.expression or self.judgement or self.unknown or self.valid:
                raise ValueError("versions stand instead of expression, judgement, unknown, valid")
            return self
        _one_of(self, ("expression", "judgement", "unknown"))
        if self.reference is None:
            raise ValueError("a condition without a reference does not load")
        return self

    def dated(self, whole: Validity) -> tuple[LeafVersion, ...]:
        """Its versions; a condition without any holds as long as the scheme's rules."""
        if self.versions:
            return self.versions
        assert self.reference is not None
        return (
            LeafVersion(
                valid=self.valid or whole, expression=self.expression, judgement=self.judgement,
                unknown=self.unknown, reference=self.reference,
            ),
        )  # fmt: skip


def _one_of(record: BaseModel, keys: tuple[str, ...]) -> None:
    given = [key for key in keys if getattr(record, key) is not None]
    if len(given) != 1:
        raise ValueError(f"needs exactly one of {', '.join(keys)}")


def _which(value: Any) -> str:
    """The sort of a node in a tree of conditions; tags begin with @ so that messages leave them."""
    keys = value.keys() if isinstance(value, dict) else ()
    for key, sort in (("all", AllOf), ("any", AnyOf), ("not", NotOf)):
        if key in keys or isinstance(value, sort):
            return f"@{key}"
    return "@leaf"


class AllOf(_Frozen):
    """Every part must hold."""

    all: tuple[Tree, ...] = Field(min_length=1)


class AnyOf(_Frozen):
    """One part must hold."""

    any: tuple[Tree, ...] = Field(min_length=1)


class NotOf(_Frozen):
    """The part must not hold."""

    not_: Tree = Field(alias="not")


Tree = Annotated[
    Annotated[AllOf, Tag("@all")] | Annotated[AnyOf, Tag("@any")]
    | Annotated[NotOf, Tag("@not")] | Annotated[Leaf, Tag("@leaf")],
    Discriminator(_which),
]  # fmt: skip


def leaves_of(tree: AllOf | AnyOf | NotOf | Leaf) -> Iterator[Leaf]:
    """The leaves of a tree in the order in which they stand."""
    match tree:
        case Leaf():
            yield tree
        case NotOf():
            yield from leaves_of(tree.not_)
        case AllOf():
            for part in tree.all:
                yield from leaves_of(part)
        case AnyOf():
            for part in tree.any:
                yield from leaves_of(part)


class Conditions(_Frozen):
    """What the applicant and the project must be; either may be left out."""

    applicant: Tree | None = None
    project: Tree | None = None


class Readiness(_Frozen):
    """The levels of readiness that a scheme is meant for."""

    low: int | None = Field(default=None, ge=1, le=9)
    high: int | None = Field(default=None, ge=1, le=9)
    unknown: UnknownTerm | None = None
    source: str | None = None
    place: str | None = None
    how: How | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _is_range_or_unknown(self) -> Self:
        if self.unknown is None and not (self.low and self.high and self.source and self.place):
            raise ValueError("needs low, high, source and place, or unknown")
        if self.low and self.high and self.low > self.high:
            raise ValueError("low is above high")
        return self


class Phases(_Frozen):
    """The part of the development course that a scheme is meant for."""

    named: tuple[PhaseName, ...] = ()
    trl: Readiness | None = None
    cri: Readiness | None = None
    note: str | None = None


class MarketFailure(Cited):
    """A market failure that the scheme answers."""

    id: Id


class AidBasis(Cited):
    """The articles by which the support is lawful aid, or that it is none."""

    articles: tuple[str, ...] = ()
    is_aid: bool = True


class Costs(_Frozen):
    """Which costs count; ``base`` is the amount that the rate is taken of."""

    text: Text | None = None
    base: str | None = None
    unknown: UnknownTerm | None = None
    reference: Reference | None = None


class Case(_Frozen):
    """An amount for those of whom a condition holds."""

    when: str
    then: str


class Support(_Frozen):
    """How much may be got: ``min(rate x base, (1 - own share) x base, cap)``, or ``formula``.

    ``cap`` is what is given as a rule; ``exceptional_cap`` is what is given by exception alone.
    """

    rate: str | tuple[Case, ...] | UnknownTerm | None = None
    formula: str | tuple[Case, ...] | None = None
    cap: str | tuple[Case, ...] | UnknownTerm | None = None
    exceptional_cap: str | None = None
    minimum: str | UnknownTerm | None = None
    own_share: str | UnknownTerm | None = None
    per: Literal["project", "year", "application", "company", "round", "contract"] | None = None
    of: Literal["grant", "deduction", "loan", "guarantee", "equity", "service"] | None = None
    reference: Reference | None = None
    unknown: tuple[NamedUnknown, ...] = ()
    note: str | None = None

    @model_validator(mode="after")
    def _is_rate_or_formula(self) -> Self:
        if self.rate is not None and self.formula is not None:
            raise ValueError("has both rate and formula")
        if self.exceptional_cap is not None and not isinstance(self.cap, str | tuple):
            raise ValueError("an exceptional cap stands beside an ordinary cap")
        return self


class Call(Cited):
    """A round of applications."""

    name: Text | None = None
    opens: date | None = None
    closes: date | None = None

    @model_validator(mode="after")
    def _has_order(self) -> Self:
        if self.opens is None and self.closes is None:
            raise ValueError("needs opens or closes")
        if self.opens and self.closes and self.closes < self.opens:
            raise ValueError("closes before it opens")
        return self


class OpeningRule(_Frozen):
    """When one can apply."""

    kind: Literal["continuous", "calls", "unknown", "none"]
    calls: tuple[Call, ...] = ()
    source: str | None = None
    place: str | None = None
    how: How | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind == "calls") != bool(self.calls):
            raise ValueError("calls belong to the kind calls, and it needs one")
        if self.kind == "continuous" and not (self.source and self.place):
            raise ValueError("a continuous opening needs source and place")
        return self


class DatedFigure(_Frozen):
    """A budget or a number of companies reached in a year, as a source says it."""

    year: int = Field(ge=1900, le=2100)
    value: Number
    unit: str
    price_year: int | None = None
    source: str
    place: str = Field(min_length=1)
    how: How
    grade: Grade
    note: str | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _as_float(cls, value: Any) -> Any:
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class SchemeReference(_Frozen):
    """What a file rests on."""

    source: str | None = None
    place: str | None = None
    how: How = "read"
    unknown_document: Literal[True] | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.source and self.place) and not self.unknown_document:
            raise ValueError("needs source and place, or unknown_document: true")
        return self


class Scheme(_Frozen):
    """A support scheme as dated rules. The example in docs/subjects/instruments-rules.md has all.

    Attributes
    ----------
    id : name of the file; the key is ``scheme``
    period : when the scheme exists
    valid : when the rules in the file are known; on other days the answer is ``rule_not_known``
    """

    id: Id = Field(alias="scheme")
    name: Text
    summary: Text | None = None
    provider: Text
    kind: Kind
    status: Literal["existing", "proposed", "ended"]
    period: Validity = Validity()
    valid: Validity = Validity()
    successor: Id | None = None
    predecessor: Id | None = None
    phases: Phases = Phases()
    market_failures: tuple[MarketFailure, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    branches: tuple[Branch, ...] = ("all",)
    aid: AidBasis | None = None
    parameters: dict[Id, Parameter] = Field(default_factory=dict)
    conditions: Conditions = Conditions()
    costs: Costs | None = None
    support: Support | None = None
    opening: OpeningRule
    assessment: Text | None = None
    budget: tuple[DatedFigure, ...] = ()
    reach: tuple[DatedFigure, ...] = ()
    unknown: tuple[NamedUnknown, ...] = ()
    last_checked: date
    references: tuple[SchemeReference, ...] = Field(min_length=1)
    sources: dict[str, Any] = Field(default_factory=dict)
    note: str | None = None

    @property
    def leaves(self) -> tuple[tuple[Literal["applicant", "project"], Leaf], ...]:
        """Every condition, with the part that it stands in."""
        found: list[tuple[Literal["applicant", "project"], Leaf]] = []
        if self.conditions.applicant is not None:
            found += [("applicant", leaf) for leaf in leaves_of(self.conditions.applicant)]
        if self.conditions.project is not None:
            found += [("project", leaf) for leaf in leaves_of(self.conditions.project)]
        return tuple(found)


