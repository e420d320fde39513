"""Rules of support: one profile, next question, a population, for the benchmarks.

    python benchmarks/instruments.py [--rows N] [--schemes N] [--write FOLDER]

Prints one line of JSON. The schemes are made up: `--schemes` of six conditions each, drawn from
shared thresholds as real schemes share theirs, with a share and a cap. With `--write` the same
rules and data are written for the peer. Nothing but the shapes is meant to be real.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from datetime import date
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "src")]

import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

from virkestoff.instruments.engine import Engine  # noqa: E402
from virkestoff.instruments.population_run import (  # noqa: E402
    BATCH_ROWS,
    check_frame,
    run_population,
)
from virkestoff.instruments.scheme_files import Schemes  # noqa: E402
from virkestoff.instruments.vocabulary import check_facts, load_vocabulary  # noqa: E402

ON = date(2026, 11, 24)
NUMBERS = {
    "company.employees": (0, 600, [5, 10, 50, 100, 250, 500]),
    "company.turnover": (0, 500_000_000, [1_000_000, 10_000_000, 50_000_000, 100_000_000]),
    "company.balance_total": (0, 500_000_000, [1_000_000, 20_000_000, 80_000_000]),
    "company.full_time_equivalents": (0, 600, [2, 25, 50, 100]),
    "project.trl": (1, 9, [2, 3, 4, 5, 6, 7, 8]),
    "project.cri": (1, 6, [2, 3, 4, 5]),
    "project.duration": (1, 60, [6, 12, 24, 36, 48]),
    "project.total_costs": (0, 80_000_000, [500_000, 1_000_000, 5_000_000, 20_000_000]),
}
TRUTHS = ("company.is_registered_in_norway", "project.is_rd", "project.has_started",
          "project.has_research_partner", "company.is_listed")  # fmt: skip
CHOICE, CHOICES = "company.size_class", ("small", "medium", "large")
COST = "project.eligible_costs"
SHARES, CAPS = (0.25, 0.35, 0.45, 0.5), (1_000_000, 5_000_000, 16_000_000)
UNKNOWN_SHARES = (0.0, 0.1, 0.3, 0.6)
N_CONDITIONS = 6


def rules(n_schemes: int) -> list[dict]:
    """Schemes as plain records: conditions (fact, operator, value), share and cap."""
    draws = np.random.Generator(np.random.PCG64(5))
    made = []
    for _ in range(n_schemes):
        facts = draws.choice([*NUMBERS, *TRUTHS, CHOICE], N_CONDITIONS, replace=False)
        conditions = []
        for fact in facts.tolist():
            if fact in NUMBERS:
                level = int(draws.choice(NUMBERS[fact][2]))
                conditions.append((fact, str(draws.choice(["<=", ">="])), level))
            elif fact == CHOICE:
                conditions.append((fact, "in", ["small", "medium"]))
            else:
                conditions.append((fact, "=", bool(draws.random() < 0.8)))
        made.append({
            "conditions": conditions, "share": float(draws.choice(SHARES)),
            "cap": int(draws.choice(CAPS)),
        })  # fmt: skip
    return made


def data(n_rows: int) -> pl.DataFrame:
    """Companies with each fact unknown for a share of them."""
    draws = np.random.Generator(np.random.PCG64(7))
    columns = {}
    names = [*NUMBERS, COST, *TRUTHS, CHOICE]
    for number, name in enumerate(names):
        if name in NUMBERS or name == COST:
            low, high = NUMBERS[name][:2] if name in NUMBERS else (0, 50_000_000)
            values = draws.integers(low, high + 1, n_rows).astype(np.float64)
        elif name == CHOICE:
            values = draws.integers(0, 3, n_rows).astype(np.uint32)
        else:
            values = draws.random(n_rows) < 0.8
        known = draws.random(n_rows) >= UNKNOWN_SHARES[number % len(UNKNOWN_SHARES)]
        column = pl.Series(name, values)
        if name == CHOICE:
            column = pl.Series(name, np.array(CHOICES)[values]).cast(pl.Enum(CHOICES))
        columns[name] = pl.select(pl.when(pl.Series(known)).then(column)).to_series().alias(name)
    return pl.DataFrame(columns)


def as_schemes(made: list[dict]) -> Schemes:
    """The made-up records as schemes, through the ordinary checks."""
    vocabulary = load_vocabulary()
    words, cited = {"nb": "x", "en": "x"}, {"source": "s", "place": "p", "how": "read"}
    units = {name: term.unit for name, term in vocabulary.terms.items()}
    records = []
    for number, rule in enumerate(made):
        parameters, leaves = {}, []
        for k, (fact, operator, level) in enumerate(rule["conditions"]):
            text = f"{fact} in ['small', 'medium']" if operator == "in" else (
                f"{fact} = {str(level).lower()}")  # fmt: skip
            if fact in NUMBERS:
                parameters[f"level_{k}"] = {"name": words, "unit": units[fact],
                                            "values": [{"value": level, **cited}]}  # fmt: skip
                text = f"{fact} {operator} parameter.level_{k}"
            leaves.append({"id": f"leaf_{k}", "text": words, "expression": text,
                           "reference": cited})  # fmt: skip
        for name, unit in (("share", "1"), ("cap", "NOK")):
            parameters[name] = {"name": words, "unit": unit,
                                "values": [{"value": rule[name], **cited}]}  # fmt: skip
        records.append({
            "scheme": f"scheme_{number}", "name": words, "provider": words, "kind": "grant",
            "status": "existing", "conditions": {"project": {"all": leaves}},
            "parameters": parameters, "costs": {"base": COST},
            "support": {"rate": "parameter.share", "cap": "parameter.cap"},
            "opening": {"kind": "continuous", "source": "s", "place": "p"},
            "last_checked": ON, "references": [cited],
        })  # fmt: skip
    empty = Schemes({}, {}, vocabulary, {}, frozenset(("s",)), vocabulary)
    return empty.with_(*records)


def time_profiles(engine: Engine, frame: pl.DataFrame, n: int = 400) -> dict[str, float]:
    """Median and 99th percentile of one profile with its whole trace, and of the next question."""
    checked = [
        check_facts(engine.vocabulary, {k: v for k, v in row.items() if v is not None})
        for row in frame.head(n).to_dicts()
    ]
    whole, questions = [], []
    few = [dict(list(facts.items())[:4]) for facts in checked]
    for facts in checked:
        start = time.perf_counter()
        evaluation = engine.check(facts)
        sum(len(result.leaves) for result in evaluation.results.values())
        whole.append(time.perf_counter() - start)
    for facts in few[:100]:
        evaluation = engine.check(facts)
        start = time.perf_counter()
        engine.next_questions(evaluation)
        questions.append(time.perf_counter() - start)
    return {
        "profile_median_s": statistics.median(whole),
        "profile_p99_s": sorted(whole)[int(0.99 * len(whole))],
        "question_median_s": statistics.median(questions),
        "question_p99_s": sorted(questions)[int(0.99 * len(questions))],
    }


def write_for_peer(folder: Path, made: list[dict], frame: pl.DataFrame) -> None:
    """Rules as JSON and every column as two arrays, value and whether it is known."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rules.json").write_text(json.dumps(made), encoding="utf-8")
    arrays = {}
    for name in frame.columns:
        column = frame[name]
        if name == CHOICE:
            column = column.to_physical().cast(pl.Int32)
        elif column.dtype == pl.Float64:
            column = column.cast(pl.Float32)
        arrays[name] = column.fill_null(False if column.dtype == pl.Boolean else 0).to_numpy()
        arrays[f"{name}?"] = column.is_not_null().to_numpy()
    np.savez(folder / "data.npz", **arrays)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_200_000)
    parser.add_argument("--schemes", type=int, default=60)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--batch", type=int, default=BATCH_ROWS)
    parser.add_argument("--write", type=Path)
    asked = parser.parse_args()
    made = rules(asked.schemes)
    start = time.perf_counter()
    engine = Engine(as_schemes(made), ON, frozenset())
    compiled = time.perf_counter() - start
    frame = check_frame(engine, data(asked.rows))
    if asked.write:
        write_for_peer(asked.write, made, frame)
    times, processor = [], []
    for _ in range(asked.repeats):
        start, before = time.perf_counter(), time.process_time()
        found = run_population(engine, frame, batch_rows=asked.batch, is_checked=True)
        times.append(time.perf_counter() - start)
        processor.append(time.process_time() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({
        "n_conditions": len(engine.conditions), "compile_s": compiled,
        "population_s": min(times), "population_median_s": statistics.median(times),
        "processor_s": min(processor), "peak_bytes": peak,
        **time_profiles(engine, frame),
        "counts": {k: [c["eligible"], c["not_eligible"], c["undecided"]]
                   for k, c in found.counts.items()},
        "conditions": {k: list(c.values()) for k, c in found.conditions.items()},
        "amounts": dict(found.amount_nok), "n_amounts": dict(found.n_amounts),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
