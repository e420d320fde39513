"""The speed of the monthly supply simulation: one process per core over blocks of draws.

    python benchmarks/supply.py [--draws N] [--block N] [--processes N]

Prints one line of JSON: seconds (wall, processor), peak memory, digest of the results. The
network is made up; it has every part that the simulation knows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "src")]

import numpy as np  # noqa: E402

from virkestoff.randomness import uniforms  # noqa: E402
from virkestoff.supply import (  # noqa: E402
    Advice,
    BulkStock,
    Demand,
    ExportBan,
    Input,
    Network,
    Node,
    Rules,
    Shock,
    Source,
    StockLayer,
    simulate,
)

N_YEARS, N_SOURCES = 30, 6
PRESENTATIONS = ("tablet", "strong tablet", "mixture", "drops", "vial")
COUNTRIES = ("norway", "sweden", "denmark", "finland", "europe")


def network(draws: int, some: slice) -> tuple[Network, Demand]:
    """Five presentations, six sources over two tiers, five countries, with rates per draw."""

    def amount(name: str, low: float, high: float) -> np.ndarray:
        return low + (high - low) * uniforms(1, name, size=(draws, 1))[some]

    tiers = (
        Node("precursor", amount("precursor", 0.02, 0.1), 6.0, 0.8),
        Node("6-APA", amount("6-APA", 0.02, 0.1), 6.0, 0.8,
             inputs=(Input({"precursor": 1.0}, 3.0),)),
    )  # fmt: skip
    sites = tuple(
        Node(f"site {k}", amount(f"site {k}", 0.05, 0.2), 4.0, 0.8,
             inputs=(Input({"6-APA": 1.0}, amount(f"stock {k}", 0.5, 3.0)),))
        for k in range(N_SOURCES)
    )  # fmt: skip
    sources = tuple(
        Source(f"source {k}", f"site {k}", COUNTRIES[k % 5], spare=amount(f"spare {k}", 0.0, 0.3),
               claims={"norway": 0.1} if k == 1 else {})
        for k in range(N_SOURCES)
    )  # fmt: skip
    chain = Network(
        PRESENTATIONS, COUNTRIES, (*tiers, *sites), sources,
        {c: {s.name: 1.0 / N_SOURCES for s in sources} for c in COUNTRIES},
        layers=(
            *(StockLayer(f"wholesale {c}", c, 1.5) for c in COUNTRIES),
            StockLayer("buffer", "norway", 4.0, 12.0, 24.0, loss_per_month=0.01, is_extra=True),
        ),
        bulk=(BulkStock("bulk", "norway", PRESENTATIONS[:2], 3.0, "6-APA", "site 0", 2.0, 0.5),),
        advice=tuple(
            Advice(PRESENTATIONS[a], PRESENTATIONS[b], rank, 0.5)
            for rank, (a, b) in enumerate([(2, 0), (2, 1), (2, 3), (0, 1), (1, 0), (3, 0)])
        ),
        bans=tuple(ExportBan(c, 0.3, 0.1) for c in COUNTRIES),
    )  # fmt: skip
    n_some = len(range(*some.indices(draws)))
    demand = Demand(
        {c: {p: np.full((n_some, N_YEARS), 1e6) for p in PRESENTATIONS} for c in COUNTRIES},
        shocks=(Shock("winter", 0.1, 0.2, 0.35, 9, 6, presentations=("mixture", "drops")),),
    )
    return chain, demand


@lru_cache(maxsize=256)
def _all_uniforms(draws: int, purpose: str, shape: tuple[int, ...]) -> np.ndarray:
    return uniforms(1, purpose, size=(draws, *shape))


def block(job: tuple[int, int, int]) -> tuple[int, str, float, int]:
    """One block: first draw, digests of its draws, missing DDD, peak memory."""
    draws, start, stop = job
    some = slice(start, stop)
    chain, demand = network(draws, some)

    def noise(purpose: str, *shape: int) -> np.ndarray:
        return _all_uniforms(draws, purpose, shape)[some]

    rules = Rules(0.1, report=("norway",), builder="norway")
    result = simulate(chain, demand, noise, stop - start, rules)
    digest = "".join(
        hashlib.sha256(
            result.missing[k].tobytes() + result.stock_end[k].tobytes() + result.taken[k].tobytes()
        ).hexdigest()
        for k in range(stop - start)
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return start, digest, float(result.missing.sum()), peak


def measure(draws: int, size: int, processes: int) -> dict[str, float | str]:
    """Run all blocks, and say how long it took."""
    jobs = [(draws, start, min(start + size, draws)) for start in range(0, draws, size)]
    started = time.perf_counter()
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        done = sorted(pool.map(block, jobs))
    seconds = time.perf_counter() - started
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    joined = "".join(digest for _, digest, _, _ in done)
    return {
        "seconds": seconds,
        "processor_s": spent.ru_utime + spent.ru_stime,
        "peak_bytes": max(peak for *_, peak in done),
        "digest": hashlib.sha256(joined.encode()).hexdigest(),
        "missing_per_draw": sum(missing for _, _, missing, _ in done) / draws,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--block", type=int, default=512)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    print(json.dumps(measure(asked.draws, asked.block, asked.processes)))


if __name__ == "__main__":
    main()
