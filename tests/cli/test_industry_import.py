"""``virkestoff industry import`` and ``snapshots``: what a person sees, in both languages.

Oracle: the words and counts of a small fictional file, written here.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import virkestoff
from virkestoff.cli import app

RUN = [sys.executable, "-c", "from virkestoff.cli import main; main()", "industry"]
ENGINE = Path(virkestoff.__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ENGINE.parent)}


def units(n: int) -> list[dict[str, object]]:
    return [
        {
            "organisasjonsnummer": str(d) * 9,
            "navn": f"FIKTIV {d} AS",
            "organisasjonsform": {"kode": "ENK" if d == n else "AS"},
            "naeringskode1": {"kode": "62.010"},
        }
        for d in range(1, n + 1)
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "enheter.json.gz"
    bad = {**units(1)[0], "organisasjonsnummer": "123456784"}
    path.write_bytes(gzip.compress(json.dumps([*units(5), bad]).encode()))
    return path


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["industry", *map(str, words)], catch_exceptions=False)
    return result.exit_code, " ".join(result.output.replace("\u00a0", " ").split())


def test_an_import_says_what_came_in_and_what_did_not(file: Path, tmp_path: Path) -> None:
    where = ("--data", tmp_path / "data")
    code, nb = run("import", file, "--date", "2026-10-01", *where)
    assert code == 0
    assert "Enheter i Enhetsregisteret datert 1. oktober 2026" in nb
    for said in ("6 poster i filen", "4 rader: units", "1 personer (enkeltpersonforetak)",
                 "1 satt til side", "1 ugyldig organisasjonsnummer", "sha256 "):  # fmt: skip
        assert said in nb
    _, en = run("import", file, *where, "--lang", "en")
    assert "was imported before, as Units of the business register dated 1 October 2026" in en
    _, listed = run("snapshots", *where, "--lang", "en")
    for said in ("units", "2026-10-01", "NLOD", "set apart"):
        assert said in listed


def test_no_snapshots_yet(tmp_path: Path) -> None:
    assert run("snapshots", "--data", tmp_path)[1].startswith("Ingen øyeblikksbilder i")


def test_every_reason_has_words() -> None:
    """Each reason that a reader gives is found in its text, and stands in the table of words."""
    from virkestoff.cli.industry_import import _WORDS

    folder = ENGINE / "industry"
    given: set[str] = set()
    for name in ("accounts", "awards", "grants", "reading", "skattefunn", "updates",
                 "register_units", "register_fields"):  # fmt: skip
        text = (folder / f"{name}.py").read_text("utf-8")
        given |= set(re.findall(r'Faulty\(\s*"(\w+)"', text))
        given |= set(re.findall(r'"((?:duplicate|wrong_number)_\w+)"', text))
        given |= set(re.findall(r"'((?:wrong|no|invalid|impossible|not|field)_\w+)\|?'", text))
    assert len(given) > 15
    assert given - set(_WORDS) == set()


def test_bad_input_ends_with_2_and_writes_nothing(tmp_path: Path) -> None:
    cut = tmp_path / "e.json.gz"
    cut.write_bytes(gzip.compress(json.dumps(units(5)).encode())[:-9])
    done = subprocess.run(
        [*RUN, "import", str(cut), "--data", str(tmp_path / "data")],
        capture_output=True, text=True, check=False, env=ENVIRONMENT,
    )  # fmt: skip
    assert done.returncode == 2
    assert "cannot be unpacked to its end" in done.stderr
    assert "next: Fetch the file again" in done.stderr
    assert not (tmp_path / "data").exists()


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    """The work is stopped while it reads; no folder of a snapshot and no half-written one stays."""
    path = tmp_path / "enheter.json"
    record = json.dumps(units(1)[0] | {"organisasjonsform": {"kode": "AS"}})
    filler = ",".join([record] * 400_000)
    path.write_text(f"[{filler}]", encoding="utf-8")
    data = tmp_path / "data"
    work = subprocess.Popen(
        [*RUN, "import", str(path), "--date", "2026-10-01", "--data", str(data)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and work.poll() is None:
        if any(data.glob("snapshots/.being-written-*/*")):
            break
        time.sleep(0.01)
    os.kill(work.pid, signal.SIGINT)
    assert work.wait(60) != 0
    assert [p for p in data.rglob("*") if p.is_file()] == []
    assert list(data.glob("snapshots/.*")) == []


def test_changes_between_two_imports(tmp_path: Path) -> None:
    where = ("--data", tmp_path / "data")
    for day, records in (("2026-01-01", units(4)[:3]), ("2026-02-01", units(5)[1:4])):
        path = tmp_path / f"enheter-{day}.json"
        path.write_text(json.dumps(records), encoding="utf-8")
        assert run("import", path, *where)[0] == 0
    out = tmp_path / "changes.csv"
    _, nb = run("changes", *where, "--out", out)
    assert nb.startswith("Fra 1. januar 2026 til 1. februar 2026")
    assert "1 ny 1 borte, uten at noe sier hvorfor" in nb
    assert out.read_text("utf-8").splitlines() == [
        "organisation_number,change,old,new,on",
        "111111111,gone,FIKTIV 1 AS,,",
        "444444444,new,,FIKTIV 4 AS,",
    ]


def test_a_licence_says_how_it_is_known() -> None:
    """What the reference on open data states: of three registers, no licence that was read."""
    from virkestoff.industry.register_kinds import register_rules

    known = {kind: r.licence for kind, r in register_rules().registers.items()}
    assert {kind for kind, one in known.items() if one.how == "unknown"} == {"aid", "research"}
    assert {kind for kind, one in known.items() if one.how == "read"} == {
        "units", "subunits", "updates", "accounts",
    }  # fmt: skip
    assert known["aid"].in_("nb") == "ukjent: spør eieren"
    assert known["skattefunn"].in_("en").startswith("NLOD 2.0 (unverified; ")
