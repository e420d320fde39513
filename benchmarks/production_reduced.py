"""The reduced production model beside the peer: deviation on the same samples, time per draw."""

from __future__ import annotations

import csv
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from virkestoff.production.reduced import ReducedProcess, evaluate, load_reduced

Array = NDArray[np.float64]

PROCESS = Path(__file__).resolve().parent / "biosteam" / "reduced_penv.yaml"
SAMPLED = ("titre_kg_m3", "batch_h", "recovery_share", "glucose_usd_kg")
COMPARED = {
    "unit price": ("price_usd_kg", "price_kg"),
    "total investment": ("tci_usd", "total_investment"),
    "number of fermenters": ("fermenters", "fermenters"),
    "fermenter volume": ("fermenter_m3", "fermenter_m3"),
    "purchased equipment": ("purchased_usd", "purchased"),
    "installed equipment": ("installed_usd", "installed"),
    "materials a year": ("materials_usd_year", "materials_year"),
    "utilities a year": ("utilities_usd_year", "utilities_year"),
    "product": ("penicillin_kg_h", "product_kg_h"),
}


@dataclass(frozen=True)
class Timing:
    """Median seconds per draw."""

    draws: int
    block: int
    wall_s: float
    processor_s: float


def read_table(path: Path) -> dict[str, Array]:
    """A table that the peer wrote: column name -> values; its first line is a comment."""
    with path.open(encoding="utf-8") as file:
        file.readline()
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def deviations(table: dict[str, Array]) -> dict[str, tuple[float, float]]:
    """Largest and median relative deviation from the peer, by quantity."""
    ours = evaluate(load_reduced(PROCESS), *(table[name] for name in SAMPLED))
    found = {}
    for name, (theirs, attribute) in COMPARED.items():
        relative = np.abs(getattr(ours, attribute) / table[theirs] - 1.0)
        found[name] = (float(relative.max()), float(np.median(relative)))
    return found


def property_deviation(reported: dict[str, dict[str, float]]) -> float:
    """Largest relative difference between the peer's properties and those of the input file."""
    given = load_reduced(PROCESS).properties
    return max(
        abs(value / given[kind][name] - 1.0)
        for kind, values in reported.items()
        for name, value in values.items()
    )


def time_reduced(draws: int, block: int, repeats: int, seed: int = 1) -> Timing:
    """Time the whole evaluation of `draws` draws, in blocks, after one that is not counted."""
    process = load_reduced(PROCESS)
    inputs = _sample(process, draws, seed)
    _evaluate_in_blocks(process, inputs, block)
    wall, processor = [], []
    for _ in range(repeats):
        started, used = time.perf_counter(), time.process_time()
        _evaluate_in_blocks(process, inputs, block)
        wall.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    return Timing(
        draws, block, statistics.median(wall) / draws, statistics.median(processor) / draws
    )


def _sample(process: ReducedProcess, draws: int, seed: int) -> list[Array]:
    generator = np.random.default_rng(seed)
    rows = [process.parameters[name] for name in SAMPLED]
    return [generator.uniform(row["low"], row["high"], draws) for row in rows]


def _evaluate_in_blocks(process: ReducedProcess, inputs: list[Array], block: int) -> None:
    for start in range(0, inputs[0].size, block):
        evaluate(process, *(column[start : start + block] for column in inputs))
