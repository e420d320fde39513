"""Rules of support beside OpenFisca: the same rules and data, in turn, on one machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
GIB = 2**30
POPULATION_S, POPULATION_BYTES, PROFILE_S, QUESTION_S, TIMES_FASTER = 1.0, GIB, 5e-4, 5e-3, 15.0
FLOAT32 = 2.0**-23
Cells = tuple[str, str, str, bool | None]


def _run(python: str, script: Path, *options: str) -> dict:
    done = subprocess.run([python, str(script), *options], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-1500:])
    return json.loads(done.stdout)


def compare_rules(python: Path | None, folder: Path, say: Callable[[str], None]) -> list[Cells]:
    """Rows of the closing table: what, asked, measured, whether it is met."""
    ours = _run(sys.executable, HERE / "instruments.py", "--write", str(folder))
    rows = [
        _limit("rules, 60 schemes x 1.2 million rows, 2 cores, seconds", ours["population_s"],
               POPULATION_S, 1.0),
        _limit("  peak memory, GiB", ours["peak_bytes"], POPULATION_BYTES, 1 / GIB),
        _limit("  one profile with its whole trace, median, ms", ours["profile_median_s"],
               PROFILE_S, 1e3),
        _limit("  next question, median, ms", ours["question_median_s"], QUESTION_S, 1e3),
    ]
    if python is None:
        return [*rows, ("rules beside OpenFisca", "measured", "left out", None)]
    for name, options in (("", ()), (" with shared conditions", ("--shared",))):
        theirs = _run(str(python), HERE / "openfisca" / "peer.py", str(folder), *options)
        wall = theirs["population_s"] / ours["population_s"]
        processor = theirs["processor_s"] / ours["processor_s"]
        one = theirs["profile_s"] / ours["profile_median_s"]
        say(f"  OpenFisca{name}: {theirs['population_s']:.2f} s wall, "
            f"{theirs['processor_s']:.2f} s processor, {theirs['peak_bytes'] / GIB:.2f} GiB; "
            f"{wall:.1f} and {processor:.1f} times ours; one profile {one:.0f} times")
        if name:
            continue
        worst = max(
            abs(ours["amounts"][k] - a) / max(a, 1.0) for k, a in theirs["amounts"].items()
        )
        rows += [
            _faster("  population, wall time, times faster than OpenFisca", wall),
            _faster("  population, processor time, times faster than OpenFisca", processor),
            _faster("  one profile, times faster than OpenFisca", one),
            ("  counts of statuses and conditions", "equal", *_equal(ours, theirs)),
            ("  amounts, largest relative deviation", f"float32, {FLOAT32:.0e}", f"{worst:.0e}",
             worst < FLOAT32),
        ]
    return rows


def _limit(what: str, value: float, limit: float, scale: float) -> Cells:
    return what, f"under {limit * scale:g}", f"{value * scale:.2g}", value < limit


def _faster(what: str, times: float) -> Cells:
    return what, f"{TIMES_FASTER:g}", f"{times:.1f}", times >= TIMES_FASTER


def _equal(ours: dict, theirs: dict) -> tuple[str, bool]:
    of_conditions = [c for scheme in ours["conditions"].values() for c in scheme]
    is_equal = ours["counts"] == theirs["counts"] and of_conditions == theirs["conditions"]
    return ("equal" if is_equal else "differ"), is_equal
