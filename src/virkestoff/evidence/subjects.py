"""Subjects: a statistic that names one of the vocabulary is measured in its unit."""

from __future__ import annotations

from collections.abc import Mapping

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence.fact import Statistic, Subject
from virkestoff.quantities import factor

__all__ = ["check_subjects", "is_subject_id"]


def is_subject_id(subject: str) -> bool:
    """Whether ``subject`` names one of the vocabulary: dotted, without spaces."""
    return "." in subject and " " not in subject


def check_subjects(
    statistics: Mapping[str, Statistic],
    subjects: Mapping[str, Subject],
    files: Mapping[str, str],
    faults: FaultCollector,
) -> None:
    """A subject that a statistic names is known, and their units fit together.

    A subject in plain words (``value of a QALY in Norway``) stands for itself and is not looked up.
    """
    for key, subject in subjects.items():
        for part in subject.made_from:
            if part not in subjects:
                step = suggest(part, subjects)
                faults.add(f"subjects.{key}", f"is made from '{part}', unknown", next_step=step)
    for key, statistic in statistics.items():
        name = statistic.subject
        if name is None or not is_subject_id(name):
            continue
        where = f"{files[key]}: statistics.{key}"
        if name not in subjects:
            step = suggest(name, subjects) or "Add it under subjects: in library/evidence"
            faults.add(f"{where}.subject", f"'{name}' is not a known subject", next_step=step)
            continue
        try:
            factor(statistic.unit, subjects[name].unit)
        except InputError:
            faults.add(
                f"{where}.unit",
                f"'{statistic.unit}' does not convert to '{subjects[name].unit}'",
                why=f"that is the unit of the subject {name}",
            )
