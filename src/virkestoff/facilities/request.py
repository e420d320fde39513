"""A request: what somebody needs. Everything but one step's work may be unknown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import read_yaml, validation_faults
from virkestoff.evidence.yaml_reader import line_of
from virkestoff.facilities.amounts import Amount, NotNegative
from virkestoff.facilities.provider import Country, Phase
from virkestoff.facilities.vocabulary import DOES_FACETS, Facet, Vocabulary
from virkestoff.facilities.window import Day

__all__ = ["NOT_NEEDED", "Budget", "Need", "Request", "Step", "load_request", "request_from"]

NOT_NEEDED = "not_needed"
"""Of GMP: that it is known not to be needed, unlike a need that is unknown."""
_FACET_OF: dict[str, tuple[Facet, ...]] = {
    "does": DOES_FACETS, "modality": ("product",), "gmp": ("gmp",), "safety": ("safety",),
    "analytics": ("analytics",),
}  # fmt: skip


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Budget(_Frozen):
    """What a step may cost in NOK without VAT."""

    low: NotNegative | None = None
    high: NotNegative
    price_year: int = Field(ge=1990, le=2199)

    @model_validator(mode="after")
    def _rises(self) -> Budget:
        if self.low is not None and self.high < self.low:
            raise ValueError("'high' is less than 'low'")
        return self


class _Wants(_Frozen):
    """What request and step both may state; ``None`` or empty is unknown."""

    modality: str | None = None
    phase: Phase | None = None
    gmp: str | None = None
    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    safety: tuple[str, ...] = ()
    analytics: tuple[str, ...] = ()
    transfer: Literal["none", "in_preparation", "ready"] | None = None
    budget: Budget | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _unknown_is_none(cls, value: Any, info: Any) -> Any:
        if value != "unknown":
            return value
        return () if info.field_name in ("safety", "analytics", "countries") else None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> _Wants:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError("'to' lies before 'from'")
        return self


class Step(_Wants):
    """One piece of work."""

    does: str
    batch_size: Amount | None = None
    quantity: Amount | None = None


class Request(_Wants):
    """A need of one to six steps; what a step does not state holds from the request.

    Attributes
    ----------
    request : its id
    requester : who asks, an id or pseudonym; counted, never shown
    countries : acceptable countries; empty is any
    confidentiality : what the requester asks before it tells more
    """

    request: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    requester: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    summary: Annotated[str, Field(max_length=2000)] = ""
    countries: tuple[Country, ...] = ()
    confidentiality: Literal["open", "anonymous", "nda"] | None = None
    steps: tuple[Step, ...] = Field(min_length=1, max_length=6)

    def need(self, index: int) -> Need:
        """What one step needs, with what it takes over from the request."""
        step = self.steps[index]
        taken = {
            name: getattr(step, name) or getattr(self, name)
            for name in ("modality", "phase", "gmp", "safety", "analytics", "transfer", "budget")
        }
        own: dict[str, Any] = {
            "does": step.does, "batch_size": step.batch_size, "quantity": step.quantity,
            "countries": self.countries, "from_": step.from_ or self.from_,
            "to": step.to or self.to,
        }  # fmt: skip
        return Need.model_construct(None, **own, **taken)  # every part has been checked


class Need(Step):
    """A step with what it takes over from its request."""

    countries: tuple[Country, ...] = ()


def _check_terms(
    wants: _Wants, where: str, vocabulary: Vocabulary, faults: FaultCollector
) -> None:
    for field, facets in _FACET_OF.items():
        value = getattr(wants, field, None)
        for term in value if isinstance(value, tuple) else (value,):
            if term is None or (field == "gmp" and term == NOT_NEEDED):
                continue
            check_term(term, facets, f"{where}.{field}" if where else field, vocabulary, faults)


def check_term(
    term: str, facets: tuple[Facet, ...], where: str, vocabulary: Vocabulary, faults: FaultCollector
) -> None:
    """Note a fault unless ``term`` is a term of one of the facets."""
    known = vocabulary.of_facets(facets)
    if term in known:
        return
    meant = tuple(key for key in vocabulary.find(term) if key in known)
    step = f"Write {' or '.join(meant)}" if meant else suggest(term, known)
    faults.add(where, f"'{term[:60]}' is not a term of {', '.join(facets)}",
               next_step=step or "List them with: virkestoff facilities list --terms")  # fmt: skip


def request_from(
    data: Mapping[str, Any], vocabulary: Vocabulary, name: str = "request", path: Path | None = None
) -> Request:
    """A request from a mapping, checked against the vocabulary.

    Raises
    ------
    InputError
        lists every fault.
    """
    try:
        request = Request.model_validate(dict(data))
    except ValidationError as problem:
        raise InputError(validation_faults(path or Path(name), name, (), problem)) from None
    faults = FaultCollector()
    _check_terms(request, "", vocabulary, faults)
    for index, step in enumerate(request.steps):
        _check_terms(step, f"steps.{index}", vocabulary, faults)
        need_dates = (step.from_ or request.from_, step.to or request.to)
        if need_dates[0] and need_dates[1] and need_dates[1] < need_dates[0]:
            faults.add(f"steps.{index}", "ends before it starts, with the dates of the request")
    if faults.faults:
        raise InputError(
            Fault(f"{name}{_line(path, f.where)}: {f.where}", f.what, f.why, f.next_step)
            for f in faults.faults
        )
    return request


def _line(path: Path | None, where: str) -> str:
    if path is None:
        return ""
    parts = tuple(int(p) if p.isdigit() else p for p in where.split("."))
    line = line_of(path, parts)
    return f":{line}" if line else ""


def load_request(path: Path, vocabulary: Vocabulary) -> Request:
    """A request from a YAML file.

    Raises
    ------
    InputError
        lists every fault.
    """
    return request_from(read_yaml(path), vocabulary, path.name, path)


def earliest(need: Need, on: date) -> date:
    """The first day that counts: none before the day of the question."""
    return max(on, need.from_) if need.from_ else on
