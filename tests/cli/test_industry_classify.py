"""``virkestoff industry organisations`` and ``classify``.

Oracle: what the commands promise on their page; verdicts by hand; 974760673 and 999999999 have
valid check digits.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

A, B, C = "974760673", "999999999", "123456785"
DECISION = ("--reason", "lager utstyr", "--who", "KH", "--on", "2026-11-01")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    path = tmp_path / "units.parquet"
    pl.DataFrame({
        "organisation_number": [A, B, C],
        "name": ["=Nordlys Pharma AS", "Fiktiv Farma AS", "Frisøren AS"],
        "form": ["AS"] * 3,
        "code_1": [None, "21.200", "96.020"],
        "standard": [None, "SN2007", "SN2007"],
        "purpose": [None, "Produksjon av legemidler", "Frisør"],
        "n_employees": [None, 42, 5],
    }).write_parquet(path)  # fmt: skip
    return path


def test_organisations_in_both_languages(command) -> None:
    english = command("industry", "organisations", "--place", "Porsgrunn", "--lang", "en")
    assert english.code == 0
    assert "Thor Medical" in english.out and "source_001, line 225" in english.out
    norwegian = command("industry", "organisations", "--kind", "catapult_centre")
    assert norwegian.out.rstrip().endswith("4 organisasjoner")
    assert command("industry", "organisations", "--kind", "shop").code == 2


def test_summary_queue_and_explanation(command, units, tmp_path) -> None:
    where = ("--data", tmp_path / "data", "--snapshot", units)
    answer = command("industry", "classify", *where, "--queue", 5, "--lang", "en")
    assert answer.code == 0, answer.err
    assert "3 units" in answer.out and "Queue" in answer.out and A in answer.out
    why = command("industry", "classify", *where, "--explain", B)
    assert why.code == 0
    assert "Fiktiv Farma AS" in why.out and "inne, legemidler" in why.out
    assert "SN2007 21" in " ".join(why.out.split())


def test_a_decision_changes_the_outcome_and_is_kept(command, units, tmp_path) -> None:
    data = tmp_path / "data"
    done = command("industry", "classify", "--data", data, "--decide", A, "--verdict", "in",
                   "--branch", "medical_devices", "--share", "0.4", *DECISION)  # fmt: skip
    assert done.code == 0, done.err
    out = tmp_path / "v.parquet"
    ran = command("industry", "classify", "--data", data, "--snapshot", units, "--export", out)
    assert ran.code == 0, ran.err
    row = {r["orgnr"]: r for r in pl.read_parquet(out).iter_rows(named=True)}[A]
    assert (row["verdict"], row["branch"], row["health_share"]) == ("in", "medical_devices", 0.4)
    differs = command("industry", "classify", "--data", data, "--decide", A, "--verdict", "out",
                      "--reason", "selger bare", "--who", "AB", "--on", "2026-11-02")  # fmt: skip
    assert "Uenighet" in differs.out and "KH 2026-11-01" in differs.out
    undone = command("industry", "classify", "--data", data, "--undo", A, "--reason", "feil",
                     "--who", "AB", "--on", "2026-11-03", "--lang", "en")  # fmt: skip
    assert undone.out.startswith(f"Taken back: {A}")


def test_exports_hold_no_formula(command, units, tmp_path) -> None:
    where = ("--data", tmp_path / "d", "--snapshot", units, "--on", "2026-11-01")
    for ending in ("csv", "xlsx"):
        answer = command("industry", "classify", *where, "--export", tmp_path / f"v.{ending}")
        assert answer.code == 0, answer.err
    assert "'=Nordlys Pharma AS" in pl.read_csv(tmp_path / "v.csv")["name"].to_list()
    sheet = openpyxl.load_workbook(tmp_path / "v.xlsx").worksheets[0]
    (cell,) = [c for row in sheet.iter_rows() for c in row if c.value == "=Nordlys Pharma AS"]
    assert cell.data_type == "s"  # text, not a formula


def test_a_name_does_not_steer_the_screen(command, units, tmp_path) -> None:
    """ESC, BEL and a change of direction in a name of the register are written out."""
    name = "Fiktiv \x1b[31mFarma\x07 \u202eSA"
    table = pl.read_parquet(units).with_columns(
        name=pl.when(pl.col("organisation_number") == B).then(pl.lit(name)).otherwise("name")
    )
    table.write_parquet(units)
    where = ("--data", tmp_path / "d", "--snapshot", units, "--on", "2026-11-01")
    shown = command("industry", "classify", *where, "--explain", B).out
    assert r"Fiktiv \x1b[31mFarma\x07 \u202eSA" in " ".join(shown.split())
    for ending in ("csv", "xlsx"):
        answer = command("industry", "classify", *where, "--export", tmp_path / f"v.{ending}")
        assert answer.code == 0 and not set(answer.out) & {"\x1b", "\x07", "\u202e"}
    names = pl.read_csv(tmp_path / "v.csv")["name"].to_list()
    assert r"Fiktiv \x1b[31mFarma\x07 \u202eSA" in names
    cells = [
        str(c.value)
        for row in openpyxl.load_workbook(tmp_path / "v.xlsx").worksheets[0].iter_rows()
        for c in row
    ]
    assert not set("".join(cells)) & {"\x1b", "\x07"}


def test_a_workbook_is_the_same_twice_and_dated(command, units, tmp_path) -> None:
    where = ("--data", tmp_path / "d", "--snapshot", units)
    for name in ("a.xlsx", "b.xlsx"):
        command("industry", "classify", *where, "--on", "2026-11-01", "--export", tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    undated = command("industry", "classify", *where, "--export", tmp_path / "c.xlsx")
    assert undated.code == 2 and "--on" in undated.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--decide", "974760674", "--verdict", "in", "--branch", "x"), "no organisation number"),
        (("--decide", A, "--undo", A), "stand together"),
        (("--undo", A, *DECISION), "none stands"),
        (("--undo", A, "--verdict", "in", *DECISION), "not for --undo"),
        (("--verdict", "in"), "is for a decision"),
        (("--snapshot", "nowhere.parquet"), "neither a date nor a file"),
        (("--snapshot", "2026-11-01"), "holds no snapshot"),
        (("--decide", A, "--verdict", "out", *DECISION[:5], "i dag"), "date"),
    ],
)  # fmt: skip
def test_faults_end_with_code_two_and_write_nothing(command, tmp_path, arguments, said) -> None:
    data = tmp_path / "data"
    answer = command("industry", "classify", "--data", data, *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert not data.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--explain", "1"), "no organisation number"), (("--explain", C), "no word or code"),
     (("--export", "v.txt"), "ends in '.txt'")],
)  # fmt: skip
def test_faults_with_a_register(command, units, tmp_path, arguments, said) -> None:
    answer = command("industry", "classify", "--data", tmp_path, "--snapshot", units, *arguments)
    assert answer.code == 2 and said in answer.err


def test_quality_in_both_languages(command) -> None:
    english = command("industry", "classify", "--quality", "--lang", "en")
    assert english.code == 0, english.err
    assert "86 % [71–94]" in english.out and "real register texts" in english.out
    assert "virkelige registertekster" in command("industry", "classify", "--quality").out
