"""Files of statistics, read back by other readers, and what the report says."""

from __future__ import annotations

import csv
import struct
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pyreadstat
import pytest

from virkestoff.disclosure import Rules
from virkestoff.errors import InputError
from virkestoff.evidence import Library, library_folder, load_library
from virkestoff.industry.population import Population, synthetic_population
from virkestoff.industry.statistics import Statistics, statistics
from virkestoff.reports import industry_report
from virkestoff.reports.html import render_html
from virkestoff.reports.industry_files import (
    FORMATS,
    LabelledTable,
    population_file,
    statistics_file,
    write_labelled,
)
from virkestoff.reports.industry_parts import IndustryParts
from virkestoff.reports.industry_report import industry_document

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(library_folder())


@pytest.fixture(scope="module")
def population(library: Library) -> Population:
    return synthetic_population(library)


@pytest.fixture(scope="module")
def stats(population: Population, library: Library) -> Statistics:
    return statistics(population, "turnover", by=["branch", "size"], years=[2019], library=library)


def read_back(path: Path) -> list[tuple[str, str, int, float]]:
    """Branch, size, year and value of each row, by a reader that did not write the file."""
    kind = path.suffix
    if kind == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        return [(r["branch"], r["size"], int(r["year"]), float(r["value"])) for r in rows]
    if kind == ".xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        head = [c.value for c in sheet[1]]
        places = [head.index(h) for h in ("Bransje", "Størrelse", "År", "Omsetning")]
        body = [[c.value for c in row] for row in sheet.iter_rows(min_row=2)]
        return [tuple(r[i] for i in places) for r in body if r[places[2]] is not None]  # type: ignore[misc]
    if kind == ".parquet":
        frame = pl.read_parquet(path)
    else:
        reader = pyreadstat.read_dta if kind == ".dta" else pyreadstat.read_sav
        frame = reader(str(path), output_format="polars")[0]
    return [(r["branch"], r["size"], int(r["year"]), r["value"]) for r in frame.to_dicts()]


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_gives_back_what_was_written(
    stats: Statistics, library: Library, tmp_path: Path, kind: str
) -> None:
    table = statistics_file(stats, library, "nb")
    written = write_labelled(table, tmp_path / f"t{kind}", DAY, "nb")
    wanted = [(*c.place, c.year, c.value) for c in stats.cells]
    assert read_back(written[0]) == wanted
    again = write_labelled(table, tmp_path / f"again{kind}", DAY, "nb")
    assert written[0].read_bytes() == again[0].read_bytes()


def test_labels_and_the_word_synthetic_go_along(
    stats: Statistics, library: Library, tmp_path: Path
) -> None:
    for lang, word, label in (("nb", "syntetisk", "Omsetning"), ("en", "synthetic", "Turnover")):
        table = statistics_file(stats, library, lang)  # type: ignore[arg-type]
        assert set(table.frame["population"]) == {word}
        for kind, reader in ((".dta", pyreadstat.read_dta), (".sav", pyreadstat.read_sav)):
            path = write_labelled(table, tmp_path / f"{lang}{kind}", DAY, lang)[0]  # type: ignore[arg-type]
            meta = reader(str(path), output_format="polars")[1]
            assert meta.column_names_to_labels["value"] == label
            assert word in meta.file_label
        path = write_labelled(table, tmp_path / f"{lang}.xlsx", DAY, lang)[0]  # type: ignore[arg-type]
        about = openpyxl.load_workbook(path).worksheets[1]
        text = " ".join(str(c.value) for row in about.iter_rows() for c in row)
        assert word in text and "1.3.1" in text and "3 " in text


def test_what_stata_and_spss_show_of_a_column(population: Population, tmp_path: Path) -> None:
    """Read by the format's own reader: labels for all columns and codes, whole amounts, the day."""
    for lang, yes, branch in (("nb", "ja", "legemidler"), ("en", "yes", "pharmaceuticals")):
        table = population_file(population, lang)  # type: ignore[arg-type]
        for kind, reader in ((".dta", pyreadstat.read_dta), (".sav", pyreadstat.read_sav)):
            path = write_labelled(table, tmp_path / f"{lang}{kind}", DAY, lang)[0]  # type: ignore[arg-type]
            meta = reader(str(path), output_format="polars")[1]
            assert all(meta.column_labels), kind
            assert meta.creation_time.date() == DAY
            assert meta.variable_value_labels["is_foreign"][1] == yes
            assert meta.original_variable_types["turnover_nok"] in ("%15.0f", "F15.0")
        assert meta.variable_value_labels["branch"]["pharmaceuticals"] == branch


def test_the_header_of_an_spss_file_is_whole(
    stats: Statistics, library: Library, tmp_path: Path
) -> None:
    """Header of the format: the bias of compression, 100.0, at byte 84, then date and time."""
    path = write_labelled(statistics_file(stats, library, "nb"), tmp_path / "t.sav", DAY, "nb")[0]
    head = path.read_bytes()
    assert struct.unpack_from("<d", head, 84) == (100.0,)
    assert head[92:109] == f"{DAY:%d %b %y}00:00:00".encode()


def test_a_text_that_looks_like_a_formula_is_no_formula(tmp_path: Path) -> None:
    nasty = ["=1+1", "+cmd", "-2", "@x", "plain"]
    frame = pl.DataFrame({"region": nasty, "value": [-1.5, 2.0, 3.0, None, 5.0]})
    table = LabelledTable("t", frame, {}, (("a", "=b"),))
    written = write_labelled(table, tmp_path / "t.csv", DAY, "en")
    with written[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [r[0] for r in rows] == ["'=1+1", "'+cmd", "'-2", "'@x", "plain"]
    assert [r[1] for r in rows] == ["-1.5", "2.0", "3.0", "", "5.0"]
    assert "'=b" in written[1].read_text("utf-8-sig")
    book = openpyxl.load_workbook(write_labelled(table, tmp_path / "t.xlsx", DAY, "en")[0])
    assert {c.data_type for c in book.worksheets[0]["A"][1:6]} == {"s"}


def test_an_unknown_format_or_folder_is_a_fault(
    stats: Statistics, library: Library, tmp_path: Path
) -> None:
    table = statistics_file(stats, library, "en")
    with pytest.raises(InputError, match="no known kind"):
        write_labelled(table, tmp_path / "t.docx", DAY, "en")
    with pytest.raises(InputError, match="cannot be written"):
        write_labelled(table, tmp_path / "absent" / "t.csv", DAY, "en")


def test_companies_in_a_file_are_marked_in_every_row(
    population: Population, tmp_path: Path
) -> None:
    table = population_file(population, "nb")
    assert set(table.labels) >= set(table.frame.columns)  # each column is named in words
    assert set(table.frame["population"]) == {"syntetisk"}
    assert table.frame["name"].str.contains("Synthetic").sum() == 0
    path = write_labelled(table, tmp_path / "p.dta", DAY, "nb")[0]
    frame = pyreadstat.read_dta(str(path), output_format="polars")[0]
    assert frame.height == population.accounts.height
    dormant = frame.filter(pl.col("year") == 2020)
    assert dormant["employees"].null_count() == dormant.height


def test_a_chart_says_synthetic_and_draws_the_parts(stats: Statistics, library: Library) -> None:
    spec = IndustryParts(library, "nb").chart(stats)
    assert spec is not None and "(syntetisk)" in spec["title"]["text"]
    drawn = [d["mid"] for d in spec["data"]["values"]]
    inner = [c.value / 1e6 for c in stats.cells if c.value and "all" not in c.place]
    assert sorted(drawn) == sorted(inner)


def test_a_hidden_figure_is_a_colon_and_draws_nothing(
    population: Population, library: Library
) -> None:
    strict = Rules(minimum_frequency=30, p_share=None, frequency_range=0.5)
    found = statistics(population, "turnover", by=["branch", "size"], years=[2019],
                       library=library, rules=strict)  # fmt: skip
    table = IndustryParts(library, "en").table(found)
    heads = [column.title for column in table.columns]
    shown = {row[0]: dict(zip(heads, row, strict=True)) for row in table.rows}
    assert heads == ["Branch × size", "Small", "Medium-sized", "Large", "Total"]
    assert shown["Digital health"]["Large"] == ":" and shown["Total"]["Total"] == "53,600"
    assert any("hidden to protect" in note for note in table.notes)


def test_the_report_holds_every_topic_and_its_sources(
    population: Population, library: Library
) -> None:
    document = industry_document(population, library, "nb", DAY)
    assert "syntetisk" in document.title
    names = [s.id for s in document.sections]
    assert names == [
        "companies", "turnover", "value", "staff", "margin", "concentration", "start-ups",
        "exports", "targets-section", "losses", "disagreement-section", "projections",
        "definitions-section",
    ]  # fmt: skip
    disagreement = next(s for s in document.sections if s.id == "disagreement-section")
    said = "".join(str(row) for block in disagreement.blocks for row in getattr(block, "rows", ()))
    assert "18,132" in said and "19,6" in said  # value creation in 2019, told twice
    assert {"source_002", "source_004"} <= {r.id for r in document.references}
    assert "18\u202f132" in render_html(document)


def test_the_report_in_english(
    population: Population, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One topic and all that is not a topic: the others differ in their words alone."""
    monkeypatch.setattr(industry_report, "_TOPICS", industry_report._TOPICS[2:3])
    page = render_html(industry_document(population, library, "en", DAY))
    assert "(synthetic)" in page and "18,132" in page and "What cannot be reproduced" in page
    assert "syntetisk" not in page
