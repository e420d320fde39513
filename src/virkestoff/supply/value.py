"""What missing treatment is worth: missing doses, patients, health and resources, in NOK.

A missing amount is a number of courses, ``courses = DDD / DDD per course``. Each course ends in one
of three ways, and each way costs health and resources per course:

    untreated        e = failure,  c = (1 - s) (g x c_chest + (1 - g) x c_upper) + s x c_severe
                     QALY = e x q_failure + c x (q_complication + death x q_death)
    replaced (other) QALY = e' x q_failure + a x q_adverse + d (RR - 1) x q_cdi
    replaced (same)  QALY = e' x q_failure

with s the share that is severely ill, g the share with a chest infection, a the extra stomach side
effects and d the base risk of *C. difficile*. Resources follow with the contacts, hospital days,
pharmacy time, lost work and dearer packs of each way. Health in NOK is QALY x the value of a QALY,
which is unsettled in Norway and so always an array of draws over a range.

The external cost of resistance is off unless asked for, so that it is counted once only. The
insurance value is a share on top of the health loss, zero in the library.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Parameters

__all__ = [
    "PARTS",
    "MissingValue",
    "TreatmentLoss",
    "course_lengths",
    "treatment_loss",
    "value_of_missing",
]

Array = npt.NDArray[np.float64]
COURSES: Mapping[str, str] = {
    "phenoxymethylpenicillin_tablet": "supply.course.tablet",
    "phenoxymethylpenicillin_mixture": "supply.course.mixture",
    "phenoxymethylpenicillin_drops": "supply.course.mixture",
}
PARTS = (
    "health", "state", "municipalities", "hospitals", "pharmacies", "substitutes", "lost_work",
    "resistance", "insurance",
)  # fmt: skip
"""Who or what bears a part: the state's fee for doctors holds what patients pay of it."""


@dataclass(frozen=True, eq=False)
class TreatmentLoss:
    """Loss per course; every array has shape (n_draws, 1).

    Attributes
    ----------
    untreated, replaced_other, replaced_same : part -> NOK per course, for the names of ``PARTS``
    untreated_qaly, replaced_other_qaly, replaced_same_qaly : QALYs per course
    """

    untreated: Mapping[str, Array]
    replaced_other: Mapping[str, Array]
    replaced_same: Mapping[str, Array]
    untreated_qaly: Array
    replaced_other_qaly: Array
    replaced_same_qaly: Array


@dataclass(frozen=True, eq=False)
class MissingValue:
    """The loss from missing treatment; every array has shape (n_draws, n_years).

    Attributes
    ----------
    health .. insurance : NOK of the price year asked for, one for each name of ``PARTS``
    qaly : quality-adjusted life years lost
    untreated_courses, replaced_courses : number of courses
    """

    health: Array
    state: Array
    municipalities: Array
    hospitals: Array
    pharmacies: Array
    substitutes: Array
    lost_work: Array
    resistance: Array
    insurance: Array
    qaly: Array
    untreated_courses: Array
    replaced_courses: Array

    @property
    def total(self) -> Array:
        """All parts together, NOK, shape (n_draws, n_years)."""
        total = np.zeros_like(self.health)
        for amount in self.parts().values():
            total = total + amount
        return total

    def parts(self) -> dict[str, Array]:
        """NOK by the names of ``PARTS``."""
        return {part: getattr(self, part) for part in PARTS}


def course_lengths(presentations: tuple[str, ...], parameters: Parameters) -> Array:
    """Defined daily doses in a course of each presentation, shape (n_draws, n_presentations).

    Raises
    ------
    InputError
        if the library has no course for a presentation; all are named.
    """
    faults = FaultCollector()
    for name in presentations:
        if name not in COURSES:
            step = suggest(name, COURSES) or "Give the DDD per course of it to value_of_missing."
            faults.add(f"course of '{name}'", "is not in the library", next_step=step)
    faults.raise_if_any()
    return np.concatenate([parameters(COURSES[name], "DDD") for name in presentations], axis=1)


def treatment_loss(
    parameters: Parameters, count_resistance: bool = False, is_crisis: bool = False
) -> TreatmentLoss:
    """Health and resources lost per course, from ``library/supply/missing_treatment.yaml``.

    Parameters
    ----------
    count_resistance : whether the external cost of resistance is counted here; leave it off where
        another effect of the study holds it
    is_crisis : nearly all antibiotics are missing, so that the untreated are as ill as all who
        would have had a course; otherwise doctors keep what there is for the sickest
    """
    p = parameters
    failure_qaly = p("supply.untreated.failure_qaly", "year")
    work = p("supply.untreated.work_days_per_failure", "day") * p("supply.cost.work_day", "NOK/day")
    pharmacy = p("supply.contact.pharmacy", "1") * p("supply.cost.pharmacy_contact", "NOK/person")
    failure = p("supply.untreated.failure_extra", "1")
    complication = _complications(p, is_crisis)
    death = p("supply.untreated.complication_death", "1")
    untreated_qaly = failure * failure_qaly + complication * (
        p("supply.untreated.complication_qaly", "year")
        + death * p("supply.untreated.death_qaly", "year")
    )
    days = p("supply.untreated.complication_admitted", "1") * p(
        "supply.untreated.hospital_days", "day"
    )
    untreated = {
        "hospitals": complication * days * p("supply.cost.hospital_day", "NOK/day"),
        "pharmacies": pharmacy,
        "lost_work": failure * work,
        **_doctor(p("supply.contact.doctor_untreated", "1"), p),
    }
    late = p("supply.substituted.failure_extra", "1")
    same = {
        "pharmacies": pharmacy,
        "lost_work": late * work,
        **_doctor(p("supply.contact.doctor_substituted", "1"), p),
    }
    cdi = p("supply.substituted.cdi_base", "1") * (
        p("supply.substituted.cdi_relative_risk", "1") - 1.0
    )
    resistance = p("supply.substituted.units_per_course", "unit") * p(
        "supply.substituted.resistance_cost", "NOK/unit"
    )
    other = {
        **same,
        "hospitals": cdi * p("supply.substituted.cdi_cost", "NOK/person"),
        "substitutes": p("supply.substituted.extra_price", "NOK/person"),
        "resistance": resistance * float(count_resistance),
    }
    other_qaly = (
        late * failure_qaly
        + p("supply.substituted.adverse_extra", "1") * p("supply.substituted.adverse_qaly", "year")
        + cdi * p("supply.substituted.cdi_qaly", "year")
    )
    return TreatmentLoss(
        _with_health(untreated, untreated_qaly, p),
        _with_health(other, other_qaly, p),
        _with_health(same, late * failure_qaly, p),
        untreated_qaly,
        other_qaly,
        late * failure_qaly,
    )


def value_of_missing(
    untreated: Array,
    replaced_other: Array,
    replaced_same: Array,
    ddd_per_course: Array,
    loss: TreatmentLoss,
) -> MissingValue:
    """The loss from what was missing.

    Parameters
    ----------
    untreated : DDD for which nothing was found, shape (n_draws, n_years, n_presentations)
    replaced_other : DDD of the wanted presentation replaced by another substance, same shape
    replaced_same : DDD replaced by another form of the same substance, same shape
    ddd_per_course : of the wanted presentation, shape (n_draws or 1, n_presentations)
    loss : what a course costs

    Raises
    ------
    InputError
        if amounts are negative or not finite, shapes differ, or a course has no doses.
    """
    amounts = {
        "untreated": untreated,
        "replaced_other": replaced_other,
        "replaced_same": replaced_same,
    }
    _check(amounts, ddd_per_course)
    courses = {
        way: (amount / ddd_per_course[:, None, :]).sum(axis=2) for way, amount in amounts.items()
    }
    per_course = {name.name: getattr(loss, name.name) for name in fields(loss)}
    parts = {
        part: sum((courses[way] * per_course[way][part] for way in courses), np.zeros(()))
        for part in PARTS
    }
    qaly = sum((courses[way] * per_course[f"{way}_qaly"] for way in courses), np.zeros(()))
    replaced = courses["replaced_other"] + courses["replaced_same"]
    return MissingValue(
        **parts,
        qaly=np.asarray(qaly),
        untreated_courses=courses["untreated"],
        replaced_courses=replaced,
    )


def _complications(p: Parameters, is_crisis: bool) -> Array:
    """Extra serious complications per untreated course, shape (n_draws, 1)."""
    chest = p("supply.untreated.chest_share", "1")
    severe = p(f"supply.untreated.severe_share{'_crisis' if is_crisis else ''}", "1")
    ordinary = chest * p("supply.untreated.chest_complication_extra", "1")
    ordinary = ordinary + (1.0 - chest) * p("supply.untreated.upper_complication_extra", "1")
    worst = severe * p("supply.untreated.severe_complication_extra", "1")
    return (1.0 - severe) * ordinary + worst


def _doctor(contacts: Array, p: Parameters) -> dict[str, Array]:
    cost = contacts * p("supply.cost.doctor_contact", "NOK/person")
    municipal = p("supply.cost.doctor_municipal_share", "1")
    return {"state": cost * (1.0 - municipal), "municipalities": cost * municipal}


def _with_health(resources: Mapping[str, Array], qaly: Array, p: Parameters) -> dict[str, Array]:
    health = qaly * p("supply.value.qaly", "NOK/year")
    known = {**resources, "health": health}
    known["insurance"] = health * p("supply.value.insurance", "1")
    return {part: known.get(part, np.zeros_like(qaly)) for part in PARTS}


def _check(amounts: Mapping[str, Array], ddd_per_course: Array) -> None:
    faults = FaultCollector()
    shapes = {amount.shape for amount in amounts.values()}
    if len(shapes) > 1 or any(len(shape) != 3 for shape in shapes):
        raise InputError(
            Fault(
                "missing treatment",
                f"has shapes {sorted(shapes)}",
                next_step="Give (n_draws, n_years, n_presentations) for all three.",
            )
        )
    n_draws, _, n_presentations = next(iter(shapes))
    for way, amount in amounts.items():
        if not np.isfinite(amount).all() or (amount < 0.0).any():
            faults.add(f"missing treatment, {way}", "holds a negative or unknown amount")
    if ddd_per_course.shape not in ((n_draws, n_presentations), (1, n_presentations)):
        faults.add("DDD per course", f"has shape {ddd_per_course.shape}")
    if not (ddd_per_course > 0.0).all():
        faults.add("DDD per course", "must be above zero")
    faults.raise_if_any()
