"""Source, Fact, Statistic, Snapshot: every number has an origin (convention 2)."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from virkestoff.errors import Fault, InputError, MissingFact
from virkestoff.language import Text
from virkestoff.quantities import check_unit, currency_of
from virkestoff.timeline import Period

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = [
    "Confidence",
    "Fact",
    "How",
    "ReadsAs",
    "Snapshot",
    "Source",
    "Statistic",
    "Subject",
    "Validity",
]

How = Literal["read", "read_secondary", "computed", "derived", "recalled", "assumption"]
Confidence = Literal["read", "unverified", "assumption"]
Qualifier = Literal[
    "exact", "about", "nearly", "just_over", "at_least", "more_than", "up_to", "less_than"
]
Grade = Literal["high", "medium", "low"]
Distribution = Literal["point", "uniform", "triangular", "log_triangular", "lognormal"]
ReadsAs = Literal["share", "points", "count", "times"]
Number = Annotated[float, Field(allow_inf_nan=False)]

_BY_LENGTH: dict[int, Distribution] = {1: "point", 2: "uniform", 3: "triangular"}
_THREE = ("triangular", "log_triangular", "lognormal")
WIDE = 3.0  # constant: high over low from which a range is a factor and not a difference


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Frozen):
    """A document, page or data set that numbers are taken from."""

    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    year: int | None = None
    url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    language: str | None = None
    accessed: date | None = None
    note: str | None = None


class Validity(_Frozen):
    """The dates between which a value holds."""

    from_: date | None = Field(default=None, alias="from")
    to: date | None = None

    @property
    def period(self) -> Period:
        """As a period."""
        return Period(self.from_, self.to)


class _Origin(_Frozen):
    name: Text
    unit: str
    price_year: int | None = Field(default=None, ge=1900, le=2100)
    source: str
    place: str = Field(min_length=1)
    how: How
    grade: Grade
    note: str | None = None

    @field_validator("unit")
    @classmethod
    def _is_a_unit(cls, text: str) -> str:
        try:
            check_unit(text)
        except InputError as problem:
            # a ValueError stands beside the record's other faults; an InputError would hide them
            raise ValueError("; ".join(str(fault) for fault in problem.faults)) from None
        return text

    @property
    def confidence(self) -> Confidence:
        """``read``, ``unverified`` or ``assumption``: what results show beside the value."""
        if self.how == "assumption":
            return "assumption"
        return "unverified" if self.how == "recalled" else "read"


class Fact(_Origin):
    """A model parameter: a value or a distribution, with unit and origin.

    ``value`` is a number (point), ``[low, high]`` (uniform) or ``[low, mode, high]``. Three numbers
    are triangular, and where all are above zero and high is at least three times low they are
    triangular on a logarithmic scale: such a range means "a factor either way", and drawn on a
    plain scale its mean would lie above its mode by a sixth for a factor of two. As lognormal they
    are fifth percentile, median and ninety-fifth percentile. ``series`` is year -> number.
    """

    id: str
    value: Number | tuple[Number, Number] | tuple[Number, Number, Number] | None = None
    series: dict[int, Number] | None = None
    distribution: Distribution | None = None
    vat: Literal["excluded", "included"] = "excluded"
    valid: Validity = Validity()
    covers: dict[str, tuple[float, float]] = Field(default_factory=dict)
    reason: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        problems: list[str] = []
        if (self.value is None) == (self.series is None):
            problems.append("needs either value or series")
        if self.series is not None and not self.series:
            problems.append("series is empty")
        problems.extend(self._unit_problems())
        if self.value is not None:
            problems.extend(self._range_problems())
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unit_problems(self) -> list[str]:
        is_rate = self.id.startswith("evidence.exchange_rate.")
        if is_rate:
            return []
        has_currency = currency_of(self.unit) is not None
        if has_currency and self.price_year is None:
            return [f"unit '{self.unit}' is money, so price_year is required"]
        if not has_currency and self.price_year is not None:
            return [f"unit '{self.unit}' is no money, so price_year has no meaning"]
        return []

    def _range_problems(self) -> list[str]:
        numbers = self.numbers
        problems = []
        if any(b < a for a, b in pairwise(numbers)):
            problems.append(f"the range {list(numbers)} does not rise from low to high")
        fits = self.shape in _THREE if len(numbers) == 3 else _BY_LENGTH[len(numbers)] == self.shape
        if not fits:
            problems.append(f"{self.shape} does not fit {len(numbers)} number(s)")
        if self.shape in ("lognormal", "log_triangular") and numbers[0] <= 0:
            problems.append(f"a {self.shape} value must be above zero")
        if self.how == "assumption" and not self.reason and not self._is_wide:
            problems.append(
                "an assumption needs a range of a factor of two each way, or a reason for less"
            )
        return problems

    @property
    def _is_wide(self) -> bool:
        numbers = self.numbers
        if len(numbers) != 3:
            return False
        low, mode, high = numbers
        return low <= mode / 2 and high >= mode * 2

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers of ``value``: one, two or three."""
        if self.value is None:
            return ()
        return (self.value,) if isinstance(self.value, float | int) else tuple(self.value)

    @property
    def shape(self) -> Distribution:
        """The distribution that is meant."""
        if self.distribution:
            return self.distribution
        numbers = self.numbers
        if len(numbers) == 3 and numbers[0] > 0 and numbers[2] >= WIDE * numbers[0]:
            return "log_triangular"
        return _BY_LENGTH[len(numbers)]

    @property
    def is_uncertain(self) -> bool:
        """Whether draws of it differ."""
        return len(set(self.numbers)) > 1

    @property
    def central(self) -> float:
        """The point, the middle of two, or the mode (median if lognormal) of three."""
        numbers = self.numbers
        if not numbers:
            raise MissingFact(Fault(self.id, "is a series of years; ask for a year"))
        return sum(numbers) / len(numbers) if len(numbers) < 3 else numbers[1]

    def quantile(self, u: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The inverse distribution function at ``u``, in the fact's own unit.

        Triangular: ``low + sqrt(u (high - low)(mode - low))`` below the mode, mirrored above.
        Lognormal: ``exp(mu + sigma z(u))`` with the stated percentiles met exactly at the outer
        two; the median given is used as location, sigma is ``ln(high / low) / (2 z(0.95))``.
        """
        import numpy as np

        numbers = self.numbers
        if not self.is_uncertain:
            return np.full(u.shape, self.central)
        if self.shape == "uniform":
            return numbers[0] + u * (numbers[-1] - numbers[0])
        low, mode, high = numbers
        if self.shape == "lognormal":
            sigma = math.log(high / low) / (2 * float(_normal(0.95)))
            result = mode * np.exp(sigma * _normal(u))
        elif self.shape == "log_triangular":
            result = np.exp(_triangular(u, math.log(low), math.log(mode), math.log(high)))
        else:
            result = _triangular(u, low, mode, high)
        return np.asarray(result, dtype=np.float64)

    @property
    def mean(self) -> float:
        """The expected value."""
        numbers = self.numbers
        if self.shape == "lognormal" and self.is_uncertain:
            sigma = math.log(numbers[2] / numbers[0]) / (2 * float(_normal(0.95)))
            return numbers[1] * math.exp(sigma**2 / 2)
        if self.shape == "log_triangular" and self.is_uncertain:
            return _log_triangular_mean(*(math.log(n) for n in numbers))
        return sum(numbers) / len(numbers)

    def at(self, year: int) -> float:
        """The value of a series in ``year``.

        Raises
        ------
        MissingFact
            if the series does not hold the year (convention 3).
        """
        series = self.series or {}
        if year not in series:
            raise MissingFact(
                Fault(self.id, f"has no value for {year}", why=f"it holds {sorted(series)}")
            )
        return series[year]


def _normal(p: Any) -> Any:
    """The inverse of the standard normal distribution."""
    from scipy.special import ndtri  # only models need it, and it takes long to load

    return ndtri(p)


def _triangular(
    u: npt.NDArray[np.float64], low: float, mode: float, high: float
) -> npt.NDArray[np.float64]:
    """The inverse distribution function of the triangle ``low, mode, high``."""
    import numpy as np

    split = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u < split, left, right)


def _log_triangular_mean(a: float, c: float, b: float) -> float:
    """``E[exp X]`` for X triangular on a, c (mode), b, by integration of each side by parts."""
    top = math.exp(c)
    rise = ((c - a) * top - top + math.exp(a)) / (c - a) if c > a else 0.0
    fall = (math.exp(b) - (b - c) * top - top) / (b - c) if b > c else 0.0
    return 2 / (b - a) * (rise + fall)


class Statistic(_Origin):
    """A published observation, estimate, projection or target.

    ``value`` may be absent when the source's own text of it is lost or it gives only words; the
    note then says so, and ``missing`` names the kind of loss. ``branch`` and ``group`` say of which
    part of the population it speaks (``{size: large}``), ``answer`` which answer of a survey
    question, ``n`` how many answered, ``definition`` by which definition it is counted. Two
    statistics of one subject, branch, group, answer and time speak of the same thing.
    ``is_fraction`` marks a fraction that the source gives in words (a third, two of three).
    """

    id: str
    value: Number | tuple[Number, Number] | tuple[Number, Number, Number] | None
    qualifier: Qualifier = "exact"
    year: int | None = None
    period: tuple[int, int] | None = None
    population: str | None = None
    kind: Literal["observed", "estimate", "projection", "target"]
    subject: str | None = None
    branch: str | None = None
    group: dict[str, str] = Field(default_factory=dict)
    answer: str | None = None
    n: int | None = Field(default=None, ge=0)
    definition: str | None = None
    missing: Literal["figure_text_lost", "only_words"] | None = None
    is_fraction: bool = False

    @model_validator(mode="after")
    def _says_why_it_is_empty(self) -> Self:
        if self.value is None and not self.note:
            raise ValueError("a statistic without a value needs a note that says why")
        if self.value is not None and self.missing:
            raise ValueError("'missing' is named only where there is no value")
        return self


class Subject(_Frozen):
    """What statistics are about: one name for the same thing in all sources.

    ``unit`` is what its values are measured in; a statistic of it converts to that unit. What is
    computed from other subjects says so, and disagreement is then found across them: the total
    growth of a subject over a period (``growth_of``), its mean growth a year
    (``yearly_growth_of``), a part's share of its total (``share_of``), or one subject over another
    (``ratio_of``). A subject that is a part of a larger one (``part_of``) is never above it.

    ``reads_as`` tells numbers without a unit apart: a share (0.4 is 40 %), percentage points, a
    count of companies, answers or ranks (exact unless qualified), or how many times one thing is
    another.
    ``is_limit`` marks bounds of definitions, whose wording is compared: "at least 2" is not "more
    than 2".
    """

    name: Text
    unit: str
    definition: Text
    note: str | None = None
    growth_of: str | None = None
    yearly_growth_of: str | None = None
    share_of: str | None = None
    ratio_of: tuple[str, str] | None = None
    part_of: str | None = None
    reads_as: ReadsAs = "share"
    is_limit: bool = False

    @property
    def made_from(self) -> tuple[str, ...]:
        """The subjects that this one is computed from or is a part of."""
        single = (self.growth_of, self.yearly_growth_of, self.share_of, self.part_of)
        return tuple(s for s in single if s) + (self.ratio_of or ())


class Snapshot(_Frozen):
    """A file that was fetched from a register: what, when, and a hash that proves it."""

    id: str
    source: str
    fetched: date
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size_bytes: int = Field(ge=0)
    media_type: str
    licence: str
    note: str | None = None


def described(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a record, from which the reference pages are made."""
    return model.model_json_schema()
