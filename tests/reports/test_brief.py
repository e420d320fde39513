"""The brief. Oracles: pypdf and LibreOffice count pages; faults are put in by hand."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.reports.brief import SECTIONS, Brief, targets_of
from virkestoff.reports.brief_docx import render_brief_docx
from virkestoff.reports.brief_pdf import check_fit, fit_of, render_brief_pdf
from virkestoff.reports.document import Bullets, Figure, Paragraph, Words
from virkestoff.reports.study_brief import build_brief
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_report import build_document, check_prose
from virkestoff.studies import assemble, dump_json, load_definition, load_evaluate, run_study

EXAMPLE = content_root() / "studies" / "example"
PAGE = {"nb": "Dette ville endret rådet", "en": "What would change the advice"}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture(scope="module")
def results(library: Library) -> dict[str, Any]:
    definition, joined = load_definition(EXAMPLE, library)
    rules = rules_on(joined, definition.as_of)
    result = run_study(definition, joined, load_evaluate(EXAMPLE), rules, 32, 1)
    return json.loads(dump_json(assemble(result)))


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    return folder


def brief_of(folder: Path, library: Library, results: dict[str, Any], lang: str) -> Brief:
    definition, joined = load_definition(folder, library)
    context = StudyContext(definition, joined, results, lang, folder)
    brief = build_brief(folder, context, build_document(folder, context))
    assert brief is not None
    return brief


def faults_of(folder: Path, library: Library, langs: tuple[str, ...] = ("nb", "en")) -> list[str]:
    definition, joined = load_definition(folder, library)
    with pytest.raises(InputError) as caught:
        check_prose(folder, definition, joined, langs)
    return [str(fault) for fault in caught.value.faults]


def change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_one_tagged_page_with_the_six_sections_in_order(
    library: Library, results: dict[str, Any], tmp_path: Path, lang: str
) -> None:
    brief = brief_of(EXAMPLE, library, results, lang)
    render_brief_pdf(brief, tmp_path / "brief.pdf")
    reader = pypdf.PdfReader(tmp_path / "brief.pdf")
    root = reader.trailer["/Root"]
    assert len(reader.pages) == 1
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith(lang)
    assert reader.metadata is not None
    assert reader.metadata.title == brief.title
    assert reader.metadata.creation_date.date() == brief.as_of
    assert "pdfuaid" in str(root["/Metadata"].get_data())
    text = reader.pages[0].extract_text()
    heads = {
        "nb": ["Spørsmålet", "Anbefalingen", "Tre tall", "Hvem betaler", "Hvem er uenig"],
        "en": ["The question", "The recommendation", "Three numbers", "Who pays", "Who disagrees"],
    }[lang]
    places = [text.index(head) for head in (*heads, PAGE[lang])]
    assert places == sorted(places)


def test_numbers_are_those_of_the_results_and_carry_their_mark(
    library: Library, results: dict[str, Any]
) -> None:
    brief = brief_of(EXAMPLE, library, results, "en")
    cost = results["alternatives"]["stock"]["account_yearly_cost_state"]
    assert float(brief.key_numbers[0].value.split("\u00a0")[1]) == pytest.approx(
        cost["p50"] / 1e6, rel=0.005
    )
    assert brief.key_numbers[0].mark == "assumption"
    assert brief.key_numbers[0].range_text.startswith("likely NOK")


def test_a_section_of_the_report_is_named_in_words(
    library: Library, results: dict[str, Any]
) -> None:
    brief = brief_of(EXAMPLE, library, results, "nb")
    (paragraph, *_) = brief.blocks("who-pays")
    assert isinstance(paragraph, Paragraph)
    said = "".join(run.text for run in paragraph.runs if isinstance(run, Words))
    assert said.endswith("Se kapittel\u00a01, «Kostnaden».")
    definition, joined = load_definition(EXAMPLE, library)
    report = build_document(EXAMPLE, StudyContext(definition, joined, results, "nb", EXAMPLE))
    assert set(targets_of(report)) == {"cost", "answers"}


def test_word_has_headings_alternative_text_and_the_same_words(
    library: Library, results: dict[str, Any], tmp_path: Path
) -> None:
    brief = brief_of(EXAMPLE, library, results, "en")
    render_brief_docx(brief, tmp_path / "a.docx")
    render_brief_docx(brief, tmp_path / "b.docx")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    file = docx.Document(str(tmp_path / "a.docx"))
    heads = [p.text for p in file.paragraphs if p.style.name == "Heading 1"]
    assert len(heads) == len(SECTIONS)
    assert heads[-1] == PAGE["en"]
    (picture,) = file.inline_shapes
    assert brief.figure is not None
    assert picture._inline.docPr.get("descr") == brief.figure.alt
    assert file.core_properties.title == brief.title


def filled_to(lines: int, brief: Brief) -> Brief:
    """The brief with so many lines more in its last section, paragraphs and lists by turns."""
    line = (Words("Et kort avsnitt som står på en linje."),)
    extra = tuple(Bullets((line,)) if i % 2 else Paragraph(line) for i in range(lines))
    sections = tuple(
        (name, (*blocks, *extra) if name == SECTIONS[-1] else blocks)
        for name, blocks in brief.sections
    )
    return Brief(
        brief.title, brief.subtitle, brief.lang, brief.as_of, sections, brief.key_numbers,
        brief.report_title, brief.where,
    )  # fmt: skip


def fullest(brief: Brief) -> Brief:
    """The brief filled until one line more would be too long."""
    n = 0
    while not fit_of(filled_to(n + 1, brief)).too_long:
        n += 1
    return filled_to(n, brief)


def test_too_long_says_by_how_much_and_pages_agree(
    library: Library, results: dict[str, Any], tmp_path: Path
) -> None:
    """Oracle: pypdf counts one page where the check passes; a line more fails."""
    full = fullest(brief_of(EXAMPLE, library, results, "nb"))
    render_brief_pdf(full, tmp_path / "full.pdf")
    assert len(pypdf.PdfReader(tmp_path / "full.pdf").pages) == 1
    fit = fit_of(full)
    assert fit.room - fit.filled < 3 * fit.line
    over = filled_to(40, brief_of(EXAMPLE, library, results, "nb"))
    with pytest.raises(InputError) as caught:
        render_brief_pdf(over, tmp_path / "over.pdf")
    assert not (tmp_path / "over.pdf").exists()
    (fault,) = caught.value.faults
    assert fault.where == "example/brief.nb.md"
    assert "mm too long" in fault.why
    found = fit_of(over)
    text = sum(p.extract_text().count("på en linje") for p in pypdf.PdfReader(
        tmp_path / "full.pdf").pages)  # fmt: skip
    # of the same paragraphs, the number that is too much tells the height of one
    each = (found.filled - fit.filled) / (40 - text)
    assert found.too_long == pytest.approx((40 - text) * each - (fit.room - fit.filled))
    assert 1 < each / fit.line < 2
    assert found.pages == 2
    assert "or leave the figure out" in fault.next_step


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_a_brief_that_fills_the_page_fits_in_word_too(
    library: Library, results: dict[str, Any], tmp_path: Path, lang: str
) -> None:
    """Oracle: LibreOffice lays the file out, pypdf counts."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: the Word layout is not counted")
    full = fullest(brief_of(EXAMPLE, library, results, lang))
    render_brief_docx(full, tmp_path / "full.docx")
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "full.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert len(pypdf.PdfReader(tmp_path / "full.pdf").pages) == 1


def test_a_length_that_no_run_can_change_is_found_before_it(study: Path, library: Library) -> None:
    more = "\n".join("- En linje til som gjør notatet lengre." for _ in range(60))
    path = study / "brief.nb.md"
    path.write_text(path.read_text(encoding="utf-8") + more + "\n", encoding="utf-8")
    (fault,) = faults_of(study, library)
    assert fault.startswith("example/brief.nb.md: fills")
    assert "mm too long" in fault


def test_all_faults_of_the_briefs_at_once(study: Path, library: Library) -> None:
    change(
        study / "brief.nb.md",
        ("Ingen part er spurt.", "Ingen av de 12 partene er spurt."),
        ("[ref:cost]", "[ref:costs]"),
        ("{#who-disagrees}", "{#who-disagree}"),
        ("{stock.stock_value} |", "{stock.stock_valu} |"),
    )
    change(
        study / "brief.en.md",
        ("No party was asked.", "No party was asked [cite:source_000, p. 1]."),
        ("- A supply crisis", "::table payers\n\n- A supply crisis"),
    )
    message = "\n".join(faults_of(study, library))
    for part in (
        "the number '12' is typed by hand",
        "[ref:costs]: names no section of the report",
        "Did you mean 'cost'",
        "{#who-disagree}: is no section of a brief",
        "has no section {#who-disagrees}",
        "Did you mean 'stock.stock_value'",
        "cites a source, and a brief has no list of references",
        "table 'payers' is unknown",
    ):
        assert part in message, part


def test_sections_stand_once_and_hold_something(study: Path, library: Library) -> None:
    change(
        study / "brief.en.md",
        ("No party was asked. A real study says here who holds another view, and why.", ""),
        ("## What would", "## Again {#who-pays}\n\nMore.\n\n## What would"),
        ("::figure outcome_account_yearly_cost_state",
         "::figure outcome_account_yearly_cost_state\n\n::figure outcome_stock_value"),
    )  # fmt: skip
    message = "\n".join(faults_of(study, library, ("en",)))
    for part in ("{#who-disagrees}: is empty", "{#who-pays}: stands twice"):
        assert part in message, part


def test_two_figures_are_one_too_many(study: Path, library: Library) -> None:
    change(
        study / "brief.en.md",
        ("::figure outcome_account_yearly_cost_state",
         "::figure outcome_account_yearly_cost_state\n\n::figure outcome_stock_value"),
    )  # fmt: skip
    (fault,) = faults_of(study, library, ("en",))
    assert "places 2 figures" in fault


def test_a_study_has_briefs_in_all_languages_or_none(study: Path, library: Library) -> None:
    (study / "brief.en.md").unlink()
    (fault,) = faults_of(study, library)
    assert fault.startswith("example/brief.en.md: is missing")
    definition, joined = load_definition(study, library)
    check_prose(study, definition, joined, ("nb",))
    (study / "brief.nb.md").unlink()
    check_prose(study, definition, joined, ("nb", "en"))


def test_a_figure_keeps_its_place_and_the_fit_counts_it(
    library: Library, results: dict[str, Any]
) -> None:
    brief = brief_of(EXAMPLE, library, results, "en")
    assert isinstance(brief.blocks("who-pays")[-1], Figure)
    without = tuple(
        (name, tuple(b for b in blocks if not isinstance(b, Figure)))
        for name, blocks in brief.sections
    )
    bare = Brief(
        brief.title, brief.subtitle, "en", brief.as_of, without, brief.key_numbers, "R", "x"
    )
    assert fit_of(brief).filled - fit_of(bare).filled > 20
    check_fit(fit_of(bare), bare)
