"""``virkestoff industry statistics`` and ``population`` as they are typed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from typer.testing import CliRunner

from virkestoff.cli import app
from virkestoff.errors import InputError

RUN = CliRunner()
STATISTICS = ["industry", "statistics"]


def test_a_table_on_the_screen_says_what_it_is() -> None:
    done = RUN.invoke(app, [*STATISTICS, "--by", "branch", "--measure", "value_creation",
                            "--year", "2019", "--lang", "en"])  # fmt: skip
    assert done.exit_code == 0
    assert "(synthetic)" in done.output and "18,132" in done.output and "11,634" in done.output


def test_a_file_a_chart_and_the_years_between(tmp_path: Path) -> None:
    out, chart = tmp_path / "t.parquet", tmp_path / "t.svg"
    done = RUN.invoke(app, [*STATISTICS, "--measure", "margin", "--year", "2017-2019",
                            "--format", "parquet", "--out", str(out), "--chart", str(chart),
                            "--as-of", "2026-11-24"])  # fmt: skip
    assert done.exit_code == 0
    assert pl.read_parquet(out)["year"].unique().sort().to_list() == [2017, 2018, 2019]
    assert "(syntetisk)" in chart.read_text("utf-8")


def test_a_report_does_not_swallow_the_chart(tmp_path: Path) -> None:
    chart, folder = tmp_path / "m.svg", tmp_path / "report"
    done = RUN.invoke(app, [*STATISTICS, "--measure", "margin", "--chart", str(chart),
                            "--report", str(folder), "--lang", "en"])  # fmt: skip
    assert done.exit_code == 0
    assert chart.exists() and (folder / "industry.en.pdf").exists()


def test_what_is_wrong_is_said_and_nothing_is_written(tmp_path: Path) -> None:
    for wrong, word in (
        (["--measure", "turnovr"], "turnover"),
        (["--year", "twenty"], "2009-2019"),
        (["--format", "csv"], "--out"),
        (["--format", "csv", "--out", str(tmp_path / "t.xlsx")], "does not end in .csv"),
        (["--out", str(tmp_path / "t.doc")], "no known kind"),
        (["--chart", str(tmp_path / "t.gif")], "no known kind"),
        (["--population", "own", "--data", str(tmp_path)], "--own"),
        (["--as-of", "soon"], "is no date"),
    ):
        done = RUN.invoke(app, [*STATISTICS, *wrong])
        assert isinstance(done.exception, InputError), wrong
        assert word in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_the_check_of_the_population_ends_well() -> None:
    done = RUN.invoke(app, ["industry", "population", "--check", "--lang", "en"])
    assert done.exit_code == 0
    assert "19,600" in done.output and "Tabell 0-1" in done.output


def test_own_accounts_are_checked_remembered_and_used(tmp_path: Path) -> None:
    file, data = tmp_path / "own.csv", tmp_path / "data"
    rows = "".join(f"{n};2019;{100 + i}\n" for i, n in enumerate(
        ["974760673", "923609016", "914778271", "810034882"]))  # fmt: skip
    file.write_text("Nr;Aar;Salg\n" + rows, "utf-8")
    own = [
        "industry",
        "population",
        "--own",
        str(file),
        "--data",
        str(data),
        "--unit",
        "1000",
        "--column",
        "company_id=Nr",
        "--column",
        "year=Aar",
        "--column",
        "turnover_nok=Salg",
    ]
    done = RUN.invoke(app, own)
    assert done.exit_code == 0, done.output + str(done.exception)
    done = RUN.invoke(app, [*STATISTICS, "--population", "own", "--data", str(data), "--by", "size",
                            "--lang", "en", "--measure", "companies"])  # fmt: skip
    assert done.exit_code == 0, done.output + str(done.exception)
    assert "4" in done.output and "synthetic" not in done.output
    done = RUN.invoke(app, [*own[:-1], "turnover=Salg"])
    assert isinstance(done.exception, InputError) and "turnover_nok" in str(done.exception)
