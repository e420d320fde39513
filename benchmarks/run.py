"""Side by side with a peer; speed of register, supply, cost sharing and a study: ``make bench``.

    python benchmarks/run.py [--study SLUG] [--draws N] [--only PART] [--peer-python PATH]

Prints what it does, then one table: what was asked, what was measured, whether it is met. Ends
with 1 if something is missed or could not be measured. It measures time, so it is no test.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
sys.path[:0] = [str(HERE), str(CHECKOUT / "src")]

from instruments_peer import compare_rules  # noqa: E402
from production_reduced import (  # noqa: E402
    Timing,
    deviations,
    property_deviation,
    read_table,
    time_reduced,
)
from study_speed import GIB, StudyFailed, StudyRun, run_study  # noqa: E402

from costsharing import time_sharing  # noqa: E402

CACHE = CHECKOUT / ".bench"
TIMES_FASTER, DEVIATION_SHARE = 1000.0, 0.05
STUDY_SECONDS, STUDY_BYTES = 180.0, 3 * GIB
SUPPLY_SECONDS, SUPPLY_BYTES, SUPPLY_BLOCKS = 60.0, GIB, (512, 1024)
REGISTER_UNITS, REGISTER_SECONDS, AGAIN_SECONDS, REGISTER_BYTES = 1_100_000, 20.0, 2.0, GIB
HUB_RATE, HUB_MS = 20, 200.0
EQUAL_DRAWS, BLOCKS_AND_THREADS = 1000, ((250, 2), (500, 1), (500, 2), (1000, 1))


@dataclass(frozen=True)
class Row:
    """One line of the closing table; `met` is None where nothing was measured."""

    what: str
    asked: str
    measured: str
    met: bool | None


def say(text: str) -> None:
    """Print progress at once."""
    print(text, flush=True)


def peer_python(peer: str = "biosteam") -> Path | None:
    """The interpreter of a peer's environment, made if its pins have changed, else None."""
    requirements = HERE / peer / "requirements.txt"
    pins = hashlib.sha256(requirements.read_bytes()).hexdigest()
    folder = CACHE / peer
    python, stamp = folder / "bin" / "python", folder / "pins"
    if stamp.is_file() and stamp.read_text("utf-8") == pins:
        return python
    maker = shutil.which("python3.11") or sys.executable
    say(f"Making the peer's environment in {folder.relative_to(CHECKOUT)} (some minutes) ...")
    shutil.rmtree(folder, ignore_errors=True)
    CACHE.mkdir(exist_ok=True)
    (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in ([maker, "-m", "venv", str(folder)], [*pip, "-r", str(requirements)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            say("The peer's environment cannot be installed; the comparison is left out.")
            say("\n".join((done.stderr or done.stdout).strip().splitlines()[-3:]))
            return None
    stamp.write_text(pins, encoding="utf-8")
    return python


def compare_with_peer(python: Path) -> list[Row]:
    """Run the peer and the reduced model in turn, on one machine, and compare."""
    out = CACHE / "peer"
    say("Timing the reduced model, then the peer, then the reduced model again ...")
    before = time_reduced(100_000, 2048, 5)
    command = [str(python), str(HERE / "biosteam" / "peer.py"), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        say("The peer failed:\n" + done.stderr[-1500:])
        return [Row("production model beside BioSTEAM", "runs", "the peer failed", False)]
    after = time_reduced(100_000, 2048, 5)
    study_block = time_reduced(100_000, 512, 5)
    report = json.loads((out / "peer.json").read_text("utf-8"))
    table = read_table(out / "peer.csv")
    versions = report["versions"]
    say(
        f"  peer: BioSTEAM {versions['biosteam']}, thermosteam {versions['thermosteam']}, "
        f"Python {report['python']}; {report['samples']} samples, "
        f"{len(report['seconds'])} repeats"
    )
    say(f"  not counted: import {report['import_s']:.0f} s and first run {report['first_s']:.2f} s")
    say(f"  peer's warnings in its base case: {len(report['warnings'])} size out of bounds")
    say(f"  properties: both sides agree within {property_deviation(report['properties']):.1e}")
    return _compared(report, table, max((before, after), key=lambda t: t.processor_s), study_block)


def _compared(report: dict, table: dict, ours: Timing, study_block: Timing) -> list[Row]:
    theirs = {"wall": report["wall_per_sample_s"], "processor": report["cpu_per_sample_s"]}
    for name, timing in (("2,048", ours), ("512", study_block)):
        say(
            f"  per draw: peer {theirs['wall'] * 1e3:.2f} ms wall, "
            f"{theirs['processor'] * 1e3:.2f} ms processor; reduced model in blocks of {name}: "
            f"{timing.wall_s * 1e6:.2f} us wall, {timing.processor_s * 1e6:.2f} us processor"
        )
    faster = min(theirs["wall"] / ours.wall_s, theirs["processor"] / ours.processor_s)
    rows = [
        Row(
            "production model, per draw, times faster than BioSTEAM",
            f"{TIMES_FASTER:,.0f}",
            f"{faster:,.0f}",
            faster >= TIMES_FASTER,
        )
    ]
    for name, (largest, middle) in deviations(table).items():
        rows.append(
            Row(
                f"  {name}, largest (median) deviation, {report['samples']} draws",
                f"under {DEVIATION_SHARE:.0%}",
                f"{largest:.1e} ({middle:.1e})",
                largest < DEVIATION_SHARE,
            )
        )
    return rows


def measure_study(study: str, draws: int) -> list[Row]:
    """Time one run with its reports, then compare results over block sizes and threads."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            say(f"Running the study {study} with {draws:,} draws ...")
            timed = run_study(
                study, Path(folder, "timed"), draws=draws, block=1250, threads=2, report=True
            )
            say(f"  with reports {timed.wall_s:.1f} s, {timed.peak_bytes / GIB:.2f} GiB")
            rows += [
                Row(
                    f"study {study}, {draws:,} draws with reports, 2 cores, seconds",
                    f"under {STUDY_SECONDS:.0f}",
                    f"{timed.wall_s:.1f}",
                    timed.wall_s < STUDY_SECONDS,
                ),
                Row(
                    "  peak memory, GiB",
                    f"under {STUDY_BYTES / GIB:.0f}",
                    f"{timed.peak_bytes / GIB:.2f}",
                    timed.peak_bytes < STUDY_BYTES,
                ),
            ]
            runs = [
                _run_one(study, Path(folder, f"{n}"), min(draws, EQUAL_DRAWS), *setting)
                for n, setting in enumerate(BLOCKS_AND_THREADS)
            ]
        except StudyFailed as failed:
            say(f"  the study did not run:\n{failed}")
            return [*rows, Row(f"study {study}", "runs", "did not run", None)]
    digests = {run.digest for run in runs}
    rows.append(
        Row(
            f"  results.json of {EQUAL_DRAWS:,} draws over blocks 250, 500, 1,000 and threads 1, 2",
            "equal bytes",
            f"{len(digests)} version{'s' if len(digests) > 1 else ''} in {len(runs)} runs",
            len(digests) == 1,
        )
    )
    return rows


def measure_sharing(draws: int) -> list[Row]:
    """Time cost sharing on synthetic games."""
    say("Timing cost sharing ...")
    return [
        Row(
            f"{speed.what}, seconds",
            f"under {speed.limit_s:.0f}",
            f"{speed.wall_s:.2f}",
            speed.wall_s < speed.limit_s,
        )
        for speed in time_sharing(draws)
    ]


def _run_one(study: str, out: Path, draws: int, block: int, threads: int) -> StudyRun:
    run = run_study(study, out, draws=draws, block=block, threads=threads, report=False)
    say(
        f"  block {block:,}, threads {threads}: {run.wall_s:.1f} s, "
        f"{run.peak_bytes / GIB:.2f} GiB, results {run.digest[:12]}"
    )
    return run


def measure_supply(draws: int) -> list[Row]:
    """Time the monthly supply simulation in two block sizes, and compare the results."""
    say(f"Simulating supply: {draws:,} draws x 30 years, 5 forms, 6 sources, 5 countries ...")
    runs = []
    for size in SUPPLY_BLOCKS:
        command = [sys.executable, str(HERE / "supply.py"), "--draws", str(draws)]
        command += ["--block", str(size), "--processes", "2"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            say("The simulation failed:\n" + done.stderr[-1500:])
            return [Row("supply simulation", "runs", "failed", False)]
        runs.append(json.loads(done.stdout))
        say(
            f"  block {size:,}: {runs[-1]['seconds']:.1f} s wall, "
            f"{runs[-1]['processor_s']:.1f} s processor, digest {runs[-1]['digest'][:12]}"
        )
    seconds = min(run["seconds"] for run in runs)
    peak = max(run["peak_bytes"] for run in runs)
    n_digests = len({run["digest"] for run in runs})
    return [
        Row(
            f"supply, {draws:,} draws x 30 years x 12 months x 5 x 6 x 5, 2 processes, seconds",
            f"under {SUPPLY_SECONDS:.0f}",
            f"{seconds:.1f}",
            seconds < SUPPLY_SECONDS,
        ),
        Row(
            "  peak memory of a process, GiB",
            f"under {SUPPLY_BYTES / GIB:.0f}",
            f"{peak / GIB:.2f}",
            peak < SUPPLY_BYTES,
        ),
        Row(
            f"  results over blocks {' and '.join(f'{n:,}' for n in SUPPLY_BLOCKS)}",
            "equal bits",
            f"{n_digests} version{'s' if n_digests > 1 else ''}",
            n_digests == 1,
        ),
    ]


def measure_register(units: int) -> list[Row]:
    """Time the import and classification of a register of made-up units."""
    say(f"Writing {units:,} made-up units, importing them twice and classifying them ...")
    command = [sys.executable, str(HERE / "register.py"), "--units", str(units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        say("The register failed:\n" + done.stderr[-1500:])
        return [Row("register", "runs", "failed", False)]
    measured = json.loads(done.stdout)
    for name in ("import", "again", "classify"):
        one = measured[name]
        say(
            f"  {name}: {one['seconds']:.1f} s wall, {one['processor_s']:.1f} s processor, "
            f"{one['peak_bytes'] / GIB:.2f} GiB"
        )
    both = (measured["import"], measured["classify"])
    seconds, again = sum(one["seconds"] for one in both), measured["again"]["seconds"]
    peak = max(one["peak_bytes"] for one in both)
    return [
        Row(
            f"register of {units:,} units imported and classified, 2 cores, seconds",
            f"under {REGISTER_SECONDS:.0f}",
            f"{seconds:.1f}",
            seconds < REGISTER_SECONDS,
        ),
        Row(
            "  peak memory, GiB",
            f"under {REGISTER_BYTES / GIB:.0f}",
            f"{peak / GIB:.2f}",
            peak < REGISTER_BYTES,
        ),
        Row(
            "  the same file imported again, seconds",
            f"under {AGAIN_SECONDS:.0f}",
            f"{again:.1f}",
            again < AGAIN_SECONDS,
        ),
    ]


def measure_hub(units: int) -> list[Row]:
    """Time the site under load with the register imported."""
    if importlib.util.find_spec("django") is None:
        say("The site's packages are not installed; the site is left out.")
        return [Row("site under load", f"p95 under {HUB_MS:.0f} ms", "left out", None)]
    say(f"Serving the site with {units:,} units in the register, {HUB_RATE} requests a second ...")
    command = [sys.executable, str(HERE / "hub_load.py"), "--units", str(units)]
    done = subprocess.run([*command, "--rate", str(HUB_RATE)], capture_output=True, text=True,
                          check=False)  # fmt: skip
    if done.returncode:
        say("The site failed:\n" + done.stderr[-1500:])
        return [Row("site under load", "runs", "failed", False)]
    measured = json.loads(done.stdout)
    say(f"  {measured['memory_bytes'] / GIB:.2f} GiB; not answered: {measured['n_faults']}")
    rows = []
    for group, one in measured["groups"].items():
        say(f"  {group}: {one['n']} requests, median {one['median_ms']:.0f} ms, "
            f"largest {one['largest_ms']:.0f} ms")  # fmt: skip
        rows.append(
            Row(
                f"site, {group} at {HUB_RATE} requests a second on 2 cores, p95 ms",
                f"under {HUB_MS:.0f}",
                f"{one['p95_ms']:.0f}",
                one["p95_ms"] < HUB_MS and not measured["n_faults"],
            )
        )
    return rows


def measure_rules() -> list[Row]:
    """Time rules of support on one profile and a population, beside OpenFisca."""
    say("Timing rules of support: 60 schemes, 1.2 million rows ...")
    return [Row(*cells) for cells in compare_rules(peer_python("openfisca"), CACHE / "rules", say)]


def print_table(rows: list[Row]) -> None:
    """The closing table."""
    marks = {True: "met", False: "MISSED", None: "not measured"}
    cells = [("what", "asked", "measured", "")]
    cells += [(row.what, row.asked, row.measured, marks[row.met]) for row in rows]
    widths = [max(len(line[k]) for line in cells) for k in range(4)]
    say("")
    for line in cells:
        say("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def main() -> int:
    """Measure, print, and say by the exit code whether all was met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", default="antibiotics")
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument(
        "--only", choices=("peer", "register", "hub", "rules", "study", "sharing", "supply")
    )
    parser.add_argument("--peer-python", type=Path, help="an environment with the peer's pins")
    asked = parser.parse_args()
    started = time.perf_counter()
    rows: list[Row] = []
    if asked.only in (None, "peer"):
        python = asked.peer_python or peer_python()
        if python is None:
            rows.append(Row("production model beside BioSTEAM", "measured", "left out", None))
        else:
            rows += compare_with_peer(python)
    if asked.only in (None, "sharing"):
        rows += measure_sharing(asked.draws)
    if asked.only in (None, "rules"):
        rows += measure_rules()
    if asked.only in (None, "supply"):
        rows += measure_supply(asked.draws)
    if asked.only in (None, "register"):
        rows += measure_register(REGISTER_UNITS)
    if asked.only in (None, "hub"):
        rows += measure_hub(REGISTER_UNITS)
    if asked.only in (None, "study"):
        rows += measure_study(asked.study, asked.draws)
    print_table(rows)
    say(f"\n{time.perf_counter() - started:.0f} s in all")
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
