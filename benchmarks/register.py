"""The business register in its bulk format: 1.1 million made-up units, imported and classified.

    python benchmarks/register.py [--units N]

Writes the file to a temporary folder, then times the commands as a person runs them: a process
each, cold start and imports included, bound to two cores. Prints JSON.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
HEALTH_SHARE = 0.04  # of the units speak of health in code, name or purpose
CODES = (
    "62.010", "62.020", "70.220", "72.190", "41.200", "43.320", "47.110", "56.101", "68.209",
    "94.991", "01.110", "03.211", "49.410", "71.129", "82.990", "96.020",
)  # fmt: skip
HEALTH_CODES = ("21.100", "21.200", "26.600", "32.500", "46.460", "47.730", "72.110", "86.211")
WORDS = (
    "utvikling", "produksjon", "salg", "av", "og", "eiendom", "drift", "rådgivning", "innen",
    "programvare", "for", "handel", "med", "varer", "investering", "i", "andre", "selskaper",
    "annen", "virksomhet", "transport", "bygg", "anlegg", "fisk", "opplæring", "tjenester",
)  # fmt: skip
HEALTH_WORDS = (*WORDS[:9], "legemidler", "medisinsk", "utstyr", "helse", "diagnostikk")
ENDS = ("Bygg", "Eiendom", "Data", "Invest", "Transport", "Handel", "Consult", "Drift")
HEALTH_ENDS = ("Farma", "Medtech", "Diagnostikk", "Helse")


def numbers() -> Iterator[str]:
    """Valid organisation numbers, each once."""
    for first in range(80_000_000, 100_000_000):
        digits = str(first)
        rest = sum(w * int(c) for w, c in zip(WEIGHTS, digits, strict=True)) % 11
        if rest != 1:
            yield f"{digits}{(11 - rest) % 11}"


def unit(number: str, rng: random.Random) -> dict[str, object]:
    """One fictional unit with the fields of the bulk format."""
    word = "".join(rng.choice("abdefgiklmnoprstuv") for _ in range(8)).title()
    is_person = rng.random() < 0.35
    is_health = rng.random() < HEALTH_SHARE
    code = rng.choice(HEALTH_CODES if is_health else CODES)
    words, ends = (HEALTH_WORDS, HEALTH_ENDS) if is_health else (WORDS, ENDS)
    name = f"Fiktiv {word} {rng.choice(ends)} {'' if is_person else 'AS'}".strip().upper()
    day = f"{rng.randint(1, 12):02d}-15"
    record: dict[str, object] = {
        "organisasjonsnummer": number,
        "navn": name,
        "organisasjonsform": {
            "kode": "ENK" if is_person else "AS",
            "beskrivelse": "Enkeltpersonforetak" if is_person else "Aksjeselskap",
        },
        "registreringsdatoEnhetsregisteret": f"{rng.randint(1995, 2025)}-{day}",
        "registrertIMvaregisteret": rng.random() < 0.5,
        "naeringskode1": {"kode": code, "beskrivelse": f"Fiktiv beskrivelse av næring {code}"},
        "harRegistrertAntallAnsatte": rng.random() < 0.4,
        "forretningsadresse": {
            "land": "Norge",
            "landkode": "NO",
            "postnummer": f"{rng.randint(1, 9999):04d}",
            "poststed": word.upper(),
            "adresse": [f"{word}veien {rng.randint(1, 300)}"],
            "kommune": word.upper(),
            "kommunenummer": f"{rng.randint(301, 5636):04d}",
        },
        "stiftelsesdato": f"{rng.randint(1950, 1994)}-{day}",
        "institusjonellSektorkode": {"kode": "2100", "beskrivelse": "Private aksjeselskaper mv."},
        "registrertIForetaksregisteret": not is_person,
        "registrertIStiftelsesregisteret": False,
        "registrertIFrivillighetsregisteret": False,
        "sisteInnsendteAarsregnskap": str(rng.randint(2015, 2025)),
        "konkurs": rng.random() < 0.01,
        "underAvvikling": rng.random() < 0.01,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "erIKonsern": rng.random() < 0.2,
        "maalform": "Bokmål",
        "vedtektsfestetFormaal": [" ".join(rng.choices(words, k=rng.randint(4, 18)))],
        "aktivitet": [" ".join(rng.choices(words, k=rng.randint(3, 9)))],
    }
    if record["harRegistrertAntallAnsatte"] and rng.random() < 0.5:
        record["antallAnsatte"] = int(rng.paretovariate(1.1) * 5)  # fewer than five are withheld
    return record


def write_bulk(path: Path, n: int) -> None:
    """The file: one JSON array, packed with gzip."""
    rng, dump = random.Random(7), json.JSONEncoder(ensure_ascii=False).encode
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=4) as stream:
        for k, number in zip(range(n), numbers(), strict=False):
            stream.write(("," if k else "[") + dump(unit(number, rng)))
        stream.write("]")


def timed(*words: str) -> dict[str, float]:
    """Wall seconds, processor seconds and peak memory of one command on two cores."""
    code = "import sys; from virkestoff.cli import main; main()"
    path = os.pathsep.join(filter(None, [str(CHECKOUT / "src"), os.environ.get("PYTHONPATH")]))
    cores = sorted(os.sched_getaffinity(0))[:2]
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code, "industry", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": path},
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    output = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"industry {' '.join(words)} failed:\n{output.decode()[-1500:]}")
    return {
        "seconds": time.perf_counter() - started,
        "processor_s": used.ru_utime + used.ru_stime,
        "peak_bytes": used.ru_maxrss * 1024,
    }


def measure(n: int) -> dict[str, object]:
    """Write, import, import again, classify."""
    with tempfile.TemporaryDirectory() as folder:
        path, data = Path(folder, "enheter.json.gz"), str(Path(folder, "data"))
        write_bulk(path, n)
        first = timed("import", str(path), "--date", "2026-10-01", "--data", data)
        again = timed("import", str(path), "--data", data)
        classified = timed("classify", "--data", data)
        return {
            "packed_bytes": path.stat().st_size,
            "import": first,
            "again": again,
            "classify": classified,
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=1_100_000)
    print(json.dumps(measure(parser.parse_args().units)))


if __name__ == "__main__":
    main()
