"""The study with many draws: time, memory, and results equal for every block size and threads."""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

GIB = 2**30


@dataclass(frozen=True)
class StudyRun:
    """One run of a study as a process of its own, started cold.

    Attributes
    ----------
    wall_s : from start to end of the process, with imports
    peak_bytes : largest resident memory of the process or of one that it started
    digest : SHA-256 of results.json
    """

    draws: int
    block: int
    threads: int
    wall_s: float
    peak_bytes: int
    digest: str


class StudyFailed(RuntimeError):
    """The study did not end well; the message holds the end of what it printed."""


def run_study(
    study: str, out: Path, *, draws: int, block: int, threads: int, report: bool, cores: int = 2
) -> StudyRun:
    """Run ``virkestoff study run`` and measure it.

    Memory is read from a small process in between, since the operating system reports the highest
    of all children that have ended.
    """
    command = [
        *(sys.executable, "-c", "from virkestoff.cli import main; main()"),
        *("study", "run", study),
        *("--draws", str(draws), "--out", str(out)),
        *("--block", str(block), "--threads", str(threads)),
        "--report" if report else "--no-report",
    ]
    source = str(Path(__file__).resolve().parents[1] / "src")
    environment = os.environ | {"PYTHONPATH": source}
    started = time.perf_counter()
    measured = subprocess.run(
        [sys.executable, __file__, str(cores), *command],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    wall = time.perf_counter() - started
    results = out / "results.json"
    if measured.returncode or not results.is_file():
        raise StudyFailed((measured.stdout + measured.stderr)[-1500:])
    peak = int(measured.stdout.strip().splitlines()[-1]) * 1024
    digest = hashlib.sha256(results.read_bytes()).hexdigest()
    return StudyRun(draws, block, threads, wall, peak, digest)


def _child() -> int:
    """Run a command on a number of cores; the last line printed is its peak memory in KiB."""
    cores, command = int(sys.argv[1]), sys.argv[2:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    code = subprocess.run(command, check=False).returncode
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, flush=True)
    return code


if __name__ == "__main__":
    raise SystemExit(_child())
