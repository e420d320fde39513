"""The site under load: 20 requests a second on two cores, with the business register imported.

    python benchmarks/hub_load.py [--units N] [--seconds S] [--rate R]

Writes and imports a register of made-up units, serves the site as ``virkestoff hub serve`` does,
and asks for guide, search, pages and API at a steady rate, whether answers come or not: the time
of an answer counts from when it should have been asked for. Readers come from addresses of
their own. Prints JSON: for each group the number, median, 95th percentile and largest in
milliseconds, and what was not answered with 200 or a redirect.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parent
sys.path[:0] = [str(HERE), str(CHECKOUT / "src")]

from register import numbers, timed, write_bulk  # noqa: E402

START_SECONDS, WARM_SECONDS = 180.0, 20.0
PAGES = (
    "", "instruments/", "instruments/skattefunn/", "instruments/coverage/", "evidence/",
    "evidence/?search=penicillin", "evidence/record/production.penicillin.titre/",
    "evidence/sources/source_004/", "evidence/conflicts/", "industry/", "industry/projections/",
    "industry/statistics/",
)  # fmt: skip
QUERIES = (
    "skattefunn", "antibiotika", "tilskudd til pilotering", "legemidelproduksjn", "GMP",
    "eksport av legemidler", "clinical trials", "beredskapslager", "turnover 2023", "ATMP",
)  # fmt: skip
API = (
    "schemes?page_size=50", "facts?page_size=50", "statistics?subject=industry.turnover",
    "search?q=antibiotika", "facilities/providers?page_size=20",
)  # fmt: skip
JOURNEY = ("begin", "register", "question", "skip", "answer")
"""What a visitor of the guide does, a second apart."""


@dataclass
class Tally:
    """Times by group, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, group: str, seconds: float, status: int, path: str) -> None:
        """Note one answer."""
        with self.lock:
            self.times[group].append(seconds)
            if status not in (200, 302):
                self.faults.append(f"{status} {path}")


class Visitor:
    """A reader with an address and cookies of its own."""

    def __init__(self, port: int, n: int, tally: Tally) -> None:
        self.port, self.tally = port, tally
        self.address = f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
        self.cookies: dict[str, str] = {}
        self.page = ""

    def ask(self, group: str, path: str, form: dict[str, str] | None = None,
            due: float | None = None) -> None:  # fmt: skip
        """Ask once; the time counts from when it was due."""
        begun = due if due is not None else time.perf_counter()
        headers = {"X-Forwarded-For": self.address, "Accept-Encoding": "gzip"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        body = None
        if form is not None:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
            given = {**form, "csrfmiddlewaretoken": token[1] if token else ""}
            body = urllib.parse.urlencode(given)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST" if body else "GET", path, body, headers)
            answer = connection.getresponse()
            data, status = answer.read(), answer.status
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            self.page = data.decode("utf-8", "replace")
        except OSError:
            status = 0
        finally:
            connection.close()
        self.tally.add(group, time.perf_counter() - begun, status, path)

    def journey(self, number: str, start: float) -> None:
        """Begin with an organisation number, see a question, skip it, see the answer."""
        for k, step in enumerate(JOURNEY):
            due = max(start + k, time.perf_counter())  # a late answer delays the visitor
            time.sleep(max(0.0, due - time.perf_counter()))
            if step == "begin":
                self.ask("guide", "/nb/guide/", None, due)
            elif step == "register":
                self.ask("guide", "/nb/guide/", {"number": number}, due)
            elif step == "question":
                self.ask("guide", "/nb/guide/question/", None, due)
            elif step == "skip":
                fact = re.search(r'name="fact" value="([^"]+)"', self.page)
                form = {"fact": fact[1] if fact else "", "do": "skipped"}
                self.ask("guide", "/nb/guide/question/", form, due)
            else:
                self.ask("guide", "/nb/guide/answer/", None, due)


def one_shots(rng: random.Random) -> Iterator[tuple[str, str]]:
    """Group and path of requests that stand alone, in turn: two pages for each search, then API."""
    pages, queries, api = (itertools.cycle(x) for x in (PAGES, QUERIES, API))
    while True:
        lang = rng.choice(("nb", "en"))
        yield "pages", f"/{lang}/{next(pages)}"
        query = urllib.parse.quote(next(queries))
        yield "search", f"/{lang}/search/?q={query}"
        yield "pages", f"/{lang}/{next(pages)}"
        yield "search", f"/{lang}/search/?q={query}&kind=scheme"
        yield "API", f"/api/v1/{next(api)}"


def load(port: int, units: int, seconds: float, rate: int) -> Tally:
    """Ask at a steady rate: each second a journey begins, the rest are single requests."""
    tally, rng, threads = Tally(), random.Random(11), []
    known = list(itertools.islice(numbers(), units))
    singles, n_single = one_shots(rng), rate - len(JOURNEY)
    start, n = time.perf_counter() + 0.5, itertools.count()

    def begin(work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        thread.start()
        threads.append(thread)

    for second in range(int(seconds)):
        begin(Visitor(port, next(n), tally).journey, rng.choice(known), start + second)
        for k in range(n_single):
            due = start + second + k / n_single
            time.sleep(max(0.0, due - time.perf_counter()))
            group, path = next(singles)
            begin(Visitor(port, next(n), tally).ask, group, path, None, due)
    for thread in threads:
        thread.join(60)
    return tally


def summary(tally: Tally) -> dict[str, object]:
    """Milliseconds by group."""
    found: dict[str, object] = {}
    for group, times in sorted(tally.times.items()):
        cuts = statistics.quantiles(times, n=20, method="inclusive")
        found[group] = {
            "n": len(times), "median_ms": 1e3 * statistics.median(times),
            "p95_ms": 1e3 * cuts[18], "largest_ms": 1e3 * max(times),
        }  # fmt: skip
    return found


class Site:
    """``virkestoff hub serve`` on two cores."""

    def __init__(self, data: str, log: Path) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            self.port = int(held.getsockname()[1])
        cores = sorted(os.sched_getaffinity(0))[:2]
        path = os.pathsep.join(filter(None, [str(CHECKOUT / "src"), os.environ.get("PYTHONPATH")]))
        code = "from virkestoff.cli import main; main()"
        self.log = log
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code, "hub", "serve", "--port", str(self.port), "--workers",
                 "2", "--data", data, "--demo"],
                env={**os.environ, "PYTHONPATH": path, "VIRKESTOFF_HUB_PROXIES": "1"},
                stdout=out, stderr=out, preexec_fn=lambda: os.sched_setaffinity(0, cores),
            )  # fmt: skip

    def wait(self) -> None:
        """Until it answers, and has drawn what it draws ahead."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            tally = Tally()
            Visitor(self.port, 0, tally).ask("pages", "/nb/")
            if not tally.faults:
                time.sleep(WARM_SECONDS)
                for _ in range(4):  # both processes
                    for path in PAGES:
                        Visitor(self.port, 1, Tally()).ask("pages", f"/nb/{path}")
                        Visitor(self.port, 2, Tally()).ask("pages", f"/en/{path}")
                return
            time.sleep(0.5)
        raise SystemExit(f"the site did not start:\n{self.log.read_text()[-1500:]}")

    def memory(self) -> int:
        """Bytes of the processes, what they share counted once each by its share (PSS)."""
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) in (
                    self.process.pid,
                ) or int(folder.name) == self.process.pid:
                    text = (folder / "smaps_rollup").read_text()
                    total += 1024 * int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])
            except (OSError, TypeError):
                continue
        return total

    def stop(self) -> None:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


def measure(units: int, seconds: float, rate: int) -> dict[str, object]:
    """Import the register, serve, ask."""
    with tempfile.TemporaryDirectory() as folder:
        path, data = Path(folder, "enheter.json.gz"), str(Path(folder, "data"))
        write_bulk(path, units)
        timed("import", str(path), "--date", "2026-10-01", "--data", data)
        site = Site(data, Path(folder, "serve.log"))
        try:
            site.wait()
            tally = load(site.port, units, seconds, rate)
            memory = site.memory()
        finally:
            site.stop()
    return {"groups": summary(tally), "faults": tally.faults[:20], "n_faults": len(tally.faults),
            "memory_bytes": memory, "rate": rate, "units": units}  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=1_100_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=int, default=20)
    asked = parser.parse_args()
    print(json.dumps(measure(asked.units, asked.seconds, asked.rate)))


if __name__ == "__main__":
    main()
