"""The labelled set, and how well the rules do on the half that they were not tuned on."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence.library import Library, validation_faults
from virkestoff.evidence.yaml_reader import line_of, read_yaml
from virkestoff.industry.classification import UnitColumns, classify
from virkestoff.industry.organisations import BRANCHES, Branch, Organisations
from virkestoff.industry.rules import Rules
from virkestoff.randomness import stream

__all__ = ["Half", "Labelled", "Measure", "Quality", "half_of", "load_labelled",
           "measured_quality", "wilson"]  # fmt: skip

Half = Literal["development", "held_out"]
Z_95 = 1.959963984540054  # constant: 97.5 % point of the standard normal distribution
N_RESAMPLES = 2000  # constant: enough for two digits of a 95 % interval
"""Resamples of the bootstrap for F1."""


class Labelled(BaseModel):
    """One record: what a register might hold, what the source says it is, and where."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str | None = None
    basis: Literal["named", "described"]
    name: str = Field(min_length=1)
    text: str = Field(min_length=1)
    label: Literal["in", "out"]
    branch: Branch | None = None
    is_hard: bool = False
    source: str
    place: str = Field(min_length=1)

    @model_validator(mode="after")
    def _agree(self) -> Labelled:
        if self.label == "out" and self.branch is not None:
            raise ValueError("is out and has a branch")
        if (self.basis == "named") != (self.organisation is not None):
            raise ValueError("is named if and only if it refers to an organisation")
        return self


def half_of(record_id: str) -> Half:
    """The half that a record belongs to, from the first byte of SHA-256 of its id.

    Fixed before any rule was tried; a record never moves when others come or go.
    """
    is_even = hashlib.sha256(record_id.encode()).digest()[0] % 2 == 0
    return "development" if is_even else "held_out"


def load_labelled(
    library: Library, organisations: Organisations, path: Path | None = None
) -> dict[str, Labelled]:
    """Read and check the labelled set; all faults at once."""
    file = path or library.root / "industry" / "labelled.yaml"
    name = f"{file.parent.name}/{file.name}"
    data = read_yaml(file, name)
    faults = FaultCollector()
    for key in data.keys() - {"labelled"}:
        faults.add(f"{name}: {key}", "is not a known key", next_step=suggest(key, ["labelled"]))
    found: dict[str, Labelled] = {}
    for key, record in (data.get("labelled") or {}).items():
        where = partial(_place, file, name, key)
        try:
            found[key] = entry = Labelled.model_validate(record)
        except ValidationError as problem:
            faults.extend(InputError(validation_faults(file, name, ("labelled", key), problem)))
            continue
        if entry.source not in library.sources:
            faults.add(where(), f"'{entry.source}' is not a source that the library holds")
        if entry.organisation and entry.organisation not in organisations.by_id:
            faults.add(where(), f"'{entry.organisation}' is not among the organisations",
                       next_step=suggest(entry.organisation, organisations.by_id))  # fmt: skip
    faults.raise_if_any()
    return found


def _place(file: Path, name: str, key: str) -> str:
    """File, line and key, for a message only: the line takes a second parse."""
    return f"{name}:{line_of(file, ('labelled', key))}: labelled.{key}"


@dataclass(frozen=True)
class Measure:
    """Precision, recall and F1 of one question, each with a 95 % interval.

    ``None`` where nothing was found or nothing was there: that share is not defined. Intervals of
    precision and recall are Wilson's; that of F1 is a bootstrap over records.
    """

    n: int
    n_true: int
    n_found: int
    n_right: int
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None
    f1: tuple[float, float, float] | None


@dataclass(frozen=True)
class Quality:
    """Measures by question: ``in``, and each branch; and the counts of the undecided.

    An undecided record is not found: it lowers recall and leaves precision alone.
    """

    half: Half | Literal["all"]
    n: int
    n_undecided: int
    measures: Mapping[str, Measure]
    wrong: tuple[tuple[str, str, str], ...]
    hard: Measure


def wilson(n_right: int, n: int) -> tuple[float, float, float] | None:
    """Share, lower and upper end of Wilson's 95 % interval; ``None`` if n is 0.

    With p = k/n and z: centre (p + z^2/2n) / (1 + z^2/n), half width
    z sqrt(p(1-p)/n + z^2/4n^2) / (1 + z^2/n). Source: Wilson (1927).

    Examples
    --------
    >>> [round(x, 4) for x in wilson(81, 263)]
    [0.308, 0.2553, 0.3662]
    """
    if n == 0:
        return None
    p, z2 = n_right / n, Z_95 * Z_95
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    width = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return p, max(0.0, centre - width), min(1.0, centre + width)


def _f1(n_true: np.ndarray, n_found: np.ndarray, n_right: np.ndarray) -> np.ndarray:
    total = n_true + n_found
    return np.where(total > 0, 2 * n_right / np.maximum(total, 1), np.nan)


def _measure(name: str, truth: np.ndarray, found: np.ndarray) -> Measure:
    """One question; ``truth`` and ``found`` are bools, shape (n,)."""
    right = truth & found
    n_true, n_found, n_right = int(truth.sum()), int(found.sum()), int(right.sum())
    f1 = None
    if n_true and truth.size:
        draw = stream(0, "industry.labelled", name).integers(
            0, truth.size, size=(N_RESAMPLES, truth.size)
        )
        values = _f1(truth[draw].sum(1), found[draw].sum(1), right[draw].sum(1))
        values = values[np.isfinite(values)]
        low, high = np.quantile(values, [0.025, 0.975])  # constant: ends of a 95 % interval
        f1 = (2 * n_right / (n_true + n_found), float(low), float(high))
    return Measure(truth.size, n_true, n_found, n_right, wilson(n_right, n_found),
                   wilson(n_right, n_true), f1)  # fmt: skip


def measured_quality(
    labelled: Mapping[str, Labelled], rules: Rules, half: Half | Literal["all"] = "held_out"
) -> Quality:
    """How the rules do on a half of the labelled set.

    A branch is measured on the records whose source says the branch, and on those that are out;
    a record that is in with no branch said counts for the question ``in`` alone.
    """
    chosen = {k: e for k, e in labelled.items() if half in ("all", half_of(k))}
    units = pl.DataFrame(
        {
            "organisation_number": list(chosen),
            "name": [e.name for e in chosen.values()],
            "purpose": [e.text for e in chosen.values()],
        },
        schema={"organisation_number": pl.String, "name": pl.String, "purpose": pl.String},
    )
    verdicts = classify(units, rules, columns=UnitColumns()).verdicts
    said = {v["orgnr"]: (v["verdict"], v["branch"]) for v in verdicts.iter_rows(named=True)}
    got = [said.get(key, ("out", None)) for key in chosen]
    truth = np.array([e.label == "in" for e in chosen.values()], dtype=bool)
    found = np.array([v == "in" for v, _ in got], dtype=bool)
    measures = {"in": _measure("in", truth, found)}
    for branch in BRANCHES:
        keep = np.array([e.label == "out" or e.branch is not None for e in chosen.values()])
        is_true = np.array([e.branch == branch for e in chosen.values()])
        is_found = np.array([v == "in" and b == branch for v, b in got])
        measures[branch] = _measure(branch, is_true[keep], is_found[keep])
    wrong = tuple(
        (key, f"{e.label} {e.branch or ''}".strip(), f"{v} {b or ''}".strip())
        for (key, e), (v, b) in zip(chosen.items(), got, strict=True)
        if v != e.label or (v == "in" and e.branch is not None and b != e.branch)
    )
    is_hard = np.array([e.is_hard for e in chosen.values()], dtype=bool)
    hard = _measure("hard", truth[is_hard], found[is_hard])
    n_undecided = sum(v == "undecided" for v, _ in got)
    return Quality(half, len(chosen), n_undecided, measures, wrong, hard)
