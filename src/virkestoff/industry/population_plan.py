"""What the synthetic population is built from: anchors, targets and named companies.

``library/industry/population.yaml`` names statistics of the library and holds no figure of its
own of what a source says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, Statistic, library_folder, read_yaml
from virkestoff.evidence.library import validation_faults
from virkestoff.industry.definitions import BRANCHES
from virkestoff.language import Text

__all__ = ["Named", "NotReproduced", "Plan", "Target", "load_plan"]

_FILE = "industry/population.yaml"
_FACT = "industry.population."
Field_ = Literal[
    "turnover_nok", "value_creation_nok", "employees", "exports_nok", "operating_result_nok"
]
Measure = Literal[
    "companies", "active", "company_share", "j_curve_share", "total", "share", "growth", "cagr",
    "yearly_growth", "margin", "margins", "margin_gaps", "margin_range",
    "productivity", "productivities", "productivity_growth", "largest_share", "step", "market",
    "activity_share", "respondents", "company", "years_above", "years_of_decline",
    "owner_shares",
]  # fmt: skip


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


_Kind = TypeVar("_Kind", bound=_Record)


class Named(_Record):
    """A company that the sources name, with what they say of it and nothing else.

    ``figures`` are statistics by column (employees or turnover of the company in a year).
    ``foreign`` and ``first_year`` are left out where no source says. ``is_largest_exporter``: a
    source says that nobody in its branch exports more.
    """

    name: str
    branch: Literal["pharmaceuticals", "medical_devices", "digital_health"]
    source: str
    place: str = Field(min_length=1)
    foreign: bool | None = None
    first_year: int | None = None
    is_largest_exporter: bool = False
    figures: dict[Literal["employees", "turnover_nok"], tuple[str, ...]] = Field(
        default_factory=dict
    )


class Target(_Record):
    """A published figure, how the population gives it, and what deviation is allowed.

    ``tolerance`` is in the statistic's unit and is half the last printed digit unless ``basis``
    says otherwise. ``conflict`` says why the figure cannot hold beside one of higher priority
    (1 is highest). Branch, year and period are the statistic's unless they are given here.
    """

    statistic: str
    measure: Measure
    tolerance: float = Field(ge=0)
    priority: int = Field(ge=1, le=4)
    field: Field_ = "turnover_nok"
    branch: str | None = None
    year: int | None = None
    size: Literal["small", "medium", "large"] | None = None
    owner: Literal["foreign", "norwegian"] | None = None
    largest: int | None = None
    activity: str | None = None
    company: str | None = None
    qualifier: Literal["exact", "about", "more_than", "up_to", "less_than"] | None = None
    basis: Text | None = None
    conflict: Text | None = None


class NotReproduced(_Record):
    """Something that the sources tell and the population does not hold, with the reason."""

    what: Text
    why: Text
    statistics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """The plan with its library."""

    library: Library
    anchors: Mapping[str, str]
    named: Mapping[str, Named]
    targets: Mapping[str, Target]
    not_reproduced: tuple[NotReproduced, ...]

    def statistic(self, name: str) -> Statistic:
        """The statistic that an anchor names."""
        return self.library.statistics[self.anchors[name]]

    def value(self, name: str) -> float:
        """The one value of an anchor."""
        value = self.statistic(name).value
        if not isinstance(value, float | int):
            raise InputError(Fault(f"{_FILE}: anchors.{name}", "needs a statistic with one value"))
        return float(value)

    def stated(self, statistic: str) -> float:
        """The one value of a statistic that a named company has."""
        value = self.library.statistics[statistic].value
        if not isinstance(value, float | int):
            raise InputError(Fault(f"{_FILE}: named", f"'{statistic}' has no single value"))
        return float(value)

    def limits(self, name: str) -> tuple[float, float]:
        """The lowest and highest value of an anchor that is a range."""
        value = self.statistic(name).value
        if not isinstance(value, tuple):
            raise InputError(Fault(f"{_FILE}: anchors.{name}", "needs a statistic with a range"))
        return float(value[0]), float(value[-1])

    def assumed(self, name: str) -> float:
        """The central value of an assumption of the population."""
        return self.library.fact(_FACT + name).central

    def assumes(self, name: str) -> bool:
        """Whether the population has an assumption of this name."""
        return _FACT + name in self.library.facts

    def tolerance(self, anchor: str) -> float:
        """The tolerance of the target on the same statistic as the anchor."""
        wanted = self.anchors[anchor]
        return next(t.tolerance for t in self.targets.values() if t.statistic == wanted)


_SHARED = (
    "companies", "active_companies", "vc_all_2009", "vc_all_2019", "vc_growth_2019",
    "vc_yearly_digital_health", "turnover_all_2019", "turnover_pharmaceuticals_2019",
    "turnover_share_medical_devices", "turnover_best_years", "company_share_large",
    "turnover_share_small", "turnover_share_large", "margin_gap", "margin_medical_devices",
    "margin_digital_health", "productivity_2009", "productivity_2019", "employees_all",
    "employees_growth_all", "exports_all", "exports_medical_devices", "exports_digital_health",
    "foreign_turnover", "respondents_activity", "develops", "tests", "produces", "does_none",
    "produces_norway", "produces_norway_only", "produces_export_only", "develops_foreign",
    "tests_foreign", "exports_by_owner",
)  # fmt: skip
_PER_BRANCH = (
    "vc_{}_2009", "vc_{}_2019", "turnover_growth_{}", "turnover_growth_{}_2020",
    "employees_share_{}", "employees_growth_{}",
)  # fmt: skip


def _needed() -> tuple[str, ...]:
    return (*_SHARED, *(name.format(b) for name in _PER_BRANCH for b in BRANCHES))


def load_plan(library: Library, path: Path | None = None) -> Plan:
    """Read the plan and check it against the library.

    Raises
    ------
    InputError
        lists every fault: a statistic that the library does not hold, an anchor that is missing
        or unknown, a record that is not whole.
    """
    file = path or library_folder() / "industry" / "population.yaml"
    data = read_yaml(file, _FILE)
    faults = FaultCollector()
    named = _records(file, data, "named", Named, faults)
    targets = _records(file, data, "targets", Target, faults)
    losses = _records(file, data, "not_reproduced", NotReproduced, faults)
    anchors = {str(k): str(v) for k, v in (data.get("anchors") or {}).items()}
    for name in _needed():
        if name not in anchors:
            faults.add(f"{_FILE}: anchors.{name}", "is missing")
    for name in anchors.keys() - set(_needed()):
        faults.add(f"{_FILE}: anchors.{name}", "is not used", next_step=suggest(name, _needed()))
    used = [(f"anchors.{k}", v) for k, v in anchors.items()]
    used += [(f"targets.{k}", t.statistic) for k, t in targets.items()]
    used += [(f"named.{k}", f) for k, n in named.items() for ids in n.figures.values() for f in ids]
    used += [(f"not_reproduced.{k}", s) for k, n in losses.items() for s in n.statistics]
    for where, name in used:
        if name not in library.statistics:
            faults.add(f"{_FILE}: {where}", f"'{name}' is no statistic of the library",
                       next_step=suggest(name, library.statistics))  # fmt: skip
    faults.raise_if_any()
    return Plan(library, anchors, named, targets, tuple(losses.values()))


def _records(
    file: Path, data: Mapping[str, object], section: str, kind: type[_Kind], faults: FaultCollector
) -> dict[str, _Kind]:
    found: dict[str, _Kind] = {}
    records = data.get(section) or {}
    for key, record in records.items() if isinstance(records, dict) else ():
        try:
            found[key] = kind.model_validate(record)
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(file, _FILE, (section, key), problem)))
    return found
