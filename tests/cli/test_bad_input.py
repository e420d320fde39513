"""Bad input: exit code 2, one message with every fault, its file and key, and nothing written.

Oracle: the list of faults in the product's promise ("Must show"); each fault is put in by hand.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from virkestoff.evidence import content_root

REQUIRED = "name: {nb: a, en: b}, source: assumption_virkestoff, place: p, how: read, grade: low"
OWN_FACTS = f"""\
facts:
  supply.own.no_unit: {{{REQUIRED}, value: 1}}
  supply.own.falling: {{{REQUIRED}, value: [9, 1], unit: kg}}
  supply.own.no_source: {{name: {{nb: a, en: b}}, value: 1, unit: kg, source: nobody, place: p,
    how: read, grade: low}}
  supply.own.no_price_year: {{{REQUIRED}, value: 1, unit: NOK/kg}}
"""
TWICE = f"""\
facts:
  supply.own.twice: {{{REQUIRED}, value: 1, unit: kg}}
  supply.own.twice: {{{REQUIRED}, value: 2, unit: kg}}
"""
MONEY = f"""\
facts:
  supply.own.old: {{{REQUIRED}, value: 5, unit: NOK/year, price_year: 1950}}
  supply.own.foreign: {{{REQUIRED}, value: 5, unit: ISK/year, price_year: 2015}}
"""


def hashes(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` and the hash of what it holds."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the example study."""
    folder = tmp_path / "mine"
    shutil.copytree(content_root() / "studies" / "example", folder)
    return folder


def test_every_fault_of_every_file_in_one_message(command, study: Path, tmp_path: Path) -> None:
    change(
        study / "study.yaml",
        ("as_of: 2026-11-01", "as_of: 2026-11-01\ncolour: red"),
        ("supply.stock.administration_cost", "supply.stock.administration_kost"),
        ("{months: 6}", "{months: 60}"),
        ("section: cost", "section: kost"),
    )
    (study / "facts").mkdir()
    (study / "facts" / "own.yaml").write_text(OWN_FACTS)
    (study / "facts" / "twice.yaml").write_text(TWICE)
    (study / "study.py").write_text("def evaluate(case:\n")
    (tmp_path / "taken").write_text("a file in the way")
    before = hashes(tmp_path)
    answer = command("study", "run", study, "--draws", 8, "--out", tmp_path / "taken")
    assert answer.code == 2
    for where, what in (
        ("mine/study.yaml:9: colour", "is not a known key"),
        ("mine/study.yaml: uncertainties.administration", "administration_cost"),
        ("mine/study.yaml: alternatives.stock.levers.months", "60 lies outside 0 to 24 month"),
        ("mine/facts/own.yaml:2: facts.supply.own.no_unit.unit", "is missing"),
        ("facts.supply.own.falling", "does not rise from low to high"),
        ("facts.supply.own.no_source.source", "'nobody' is not a source"),
        ("facts.supply.own.no_price_year", "is money, so price_year is required"),
        ("mine/facts/twice.yaml:3: supply.own.twice", "stands twice (first in line 2)"),
        ("mine/study.py", "cannot be loaded"),
        ("taken", "is no folder"),
    ):
        assert any(where in line for line in answer.err.splitlines()), (where, answer.err)
        assert what in answer.err, (what, answer.err)
    assert answer.err.count("nothing was written") == 1
    assert "Traceback" not in answer.err + answer.out
    assert hashes(tmp_path) == before


def test_prose_typed_numbers_and_lost_sections_are_found_before_the_run(
    command, study: Path, tmp_path: Path
) -> None:
    change(study / "study.yaml", ("section: cost", "section: kost"))
    change(
        study / "report.nb.md",
        ("Staten eier lageret og", "Staten eier 3 lagre og"),
        ("{stock.stock_value} ", "{stock.stock_valu} "),
    )
    change(study / "report.en.md", ("The state owns the stock", "The state owns 12.5 tonnes"))
    answer = command("study", "run", study, "--draws", 8, "--out", tmp_path / "out")
    assert answer.code == 2
    for part in (
        "mine/report.nb.md:", "the number '3' is typed by hand", "Did you mean 'stock.stock_value'",
        "mine/report.en.md:", "the number '12.5' is typed by hand",
        "names section 'kost', which mine/report.nb.md does not have",
        "names section 'kost', which mine/report.en.md does not have",
    ):  # fmt: skip
        assert part in answer.err, (part, answer.err)
    assert not (tmp_path / "out").exists()


def test_money_that_cannot_be_carried_to_the_price_year(
    command, study: Path, tmp_path: Path
) -> None:
    """Oracle: the NOK price index begins in 1998, and the library holds no Icelandic one."""
    (study / "facts").mkdir()
    (study / "facts" / "money.yaml").write_text(MONEY)
    answer = command("study", "run", study, "--draws", 8, "--out", tmp_path / "out")
    assert answer.code == 2
    assert "mine/facts/money.yaml: facts.supply.own.old.price_year: NOK of 1950" in answer.err
    assert "mine/facts/money.yaml: facts.supply.own.foreign.price_year: ISK of 2015" in answer.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine"]


def test_negative_demand_is_placed_in_the_library(command, tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(content_root() / "library", library)
    use = library / "supply" / "need.yaml"
    head, key, tail = use.read_text(encoding="utf-8").partition("  supply.need.level:\n")
    before, value, after = tail.partition("    value: [")
    use.write_text(head + key + before + value + "-" + after, encoding="utf-8")
    answer = command(
        "--library", library, "study", "run", "example", "--draws", 8, "--out", tmp_path / "out"
    )
    assert answer.code == 2
    assert "supply/need.yaml: facts.supply.need.level.value" in answer.err
    assert "is below zero" in answer.err
    assert not (tmp_path / "out").exists()


def test_a_broken_library_is_reported_whole(command, tmp_path: Path) -> None:
    library = tmp_path / "library"
    (library / "supply").mkdir(parents=True)
    (library / "supply" / "a.yaml").write_text(OWN_FACTS)
    (library / "supply" / "b.yaml").write_text(TWICE)
    answer = command("--library", library, "evidence", "check")
    assert answer.code == 2
    assert "faults" in answer.err.splitlines()[0]
    assert "supply/a.yaml:2" in answer.err
    assert "supply/b.yaml:3" in answer.err


def test_old_results_stay_when_a_run_fails(
    command, study: Path, example_run: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(example_run, out)
    before = hashes(tmp_path / "out")
    change(study / "study.py", ("    return ledger", "    case['x']\n    return ledger"))
    answer = command("study", "run", study, "--draws", 8, "--out", out)
    assert answer.code == 2
    assert "case['x']" in answer.err
    assert hashes(out) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine", "out"]


def test_an_error_of_study_py_is_placed_to_the_line(
    command, study: Path, tmp_path: Path
) -> None:
    change(study / "study.py", ("    return ledger", "    1 / 0\n    return ledger"))
    line = (study / "study.py").read_text().splitlines().index("    1 / 0") + 1
    answer = command("study", "run", study, "--draws", 8, "--out", tmp_path / "out")
    assert answer.code == 2
    assert f"mine/study.py:{line}: ZeroDivisionError: division by zero" in answer.err
    assert "1 / 0" in answer.err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="there is no /proc, where not even root can write"
)
@pytest.mark.parametrize("arguments", [("run", "example", "--draws", "8", "--out"), ("new",)])
def test_a_folder_that_not_even_root_can_write_to(command, arguments: tuple[str, ...]) -> None:
    answer = command("study", *arguments, "/proc/results")
    assert answer.code == 2
    assert "/proc/results: cannot be written" in answer.err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("study", "run", "antibiotic"), "Did you mean 'antibiotics'"),
        (("study", "run", "example", "--lang", "de"), "'de' is not one of 'nb', 'en'"),
        (("study", "run", "example", "--draws", "7"), "for '--draws'"),
        (("study", "run", "example", "--colour", "red"), "No such option"),
        (("study", "report", "example", "--results", "nowhere"), "virkestoff study run"),
        (("study", "new", "Bad-Name"), "Use lower-case letters"),
        (("evidence", "list", "--confidence", "raed"), "Did you mean 'read'"),
        (("evidence", "show", "production.penicillin.titer"), "production.penicillin.titre"),
        (("evidence", "cite", "example:stock.stock_value"), "virkestoff study run"),
        (("evidence", "cite", "exampl:stock.stock_value"), "Did you mean 'example'"),
        (("--library", "nowhere", "evidence", "check"), "nowhere"),
    ],
)
def test_unknown_names_and_values(
    command, tmp_path: Path, monkeypatch, arguments: tuple[str, ...], part: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = command(*arguments)
    assert answer.code == 2
    assert part in " ".join(answer.err.replace("│", " ").split()), answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_new_study_never_overwrites(command, study: Path) -> None:
    before = hashes(study)
    answer = command("study", "new", study)
    assert answer.code == 2
    assert "is there already" in answer.err
    assert hashes(study) == before


def test_the_program_itself_ends_with_code_2(tmp_path: Path) -> None:
    """Once as a process of its own, as a shell sees it."""
    code = "from virkestoff.cli import main; main()"
    (tmp_path / "taken").write_text("x")
    ended = subprocess.run(
        [sys.executable, "-c", code, "study", "run", "example", "--out", "taken/results"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": ":".join(p for p in sys.path if p), "COLUMNS": "200"},
    )  # fmt: skip
    assert ended.returncode == 2
    assert "taken/results: cannot be written" in ended.stderr
    assert "taken is no folder" in ended.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]
