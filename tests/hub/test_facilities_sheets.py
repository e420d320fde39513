"""A workbook of capacity in either language: names, choices, help, faults, and nothing reckoned.

Oracle: names typed in test_facilities_upkeep; cells read back by openpyxl; the vocabulary's names.
"""

from __future__ import annotations

import io
import re

import pytest
from test_facilities_upkeep import COLUMNS, CURIDA, NAMES, ROW, _n_lines, _sheet

LANGS = ("nb", "en")
WORDS = {
    "nb": {"does": "blåse-fylle-forsegle", "unit": "batch", "confidence": "Sannsynlig",
           "visibility": "innloggede", "price_basis": "faktisk kostnad", "price_per": "uke",
           "price_visibility": "Bare megleren", "outside_normal_operation": "ja",
           "phases": "fase 1, Kommersiell"},
    "en": {"does": "blow-fill-seal", "unit": "batch", "confidence": "likely",
           "visibility": "Those who have signed in", "price_basis": "actual cost",
           "price_per": "week", "price_visibility": "the broker alone",
           "outside_normal_operation": "yes", "phases": "Phase 1;commercial"},
}  # fmt: skip


@pytest.fixture
def speaker(signed_in):
    """A user who speaks for Curida."""
    from virkestoff_hub.facilities.models import ProviderLink

    user = signed_in("provider")
    ProviderLink.objects.create(user=user, provider=CURIDA)
    return user


@pytest.fixture
def send(client, speaker):
    """Upload a file to the page of a language; the status and the list of faults."""

    def sent(data: bytes, lang: str = "nb"):
        from django.core.files.uploadedfile import SimpleUploadedFile

        response = client.post(f"/{lang}/facilities/mine/{CURIDA}/upload/",
                               {"file": SimpleUploadedFile("w.xlsx", data)})  # fmt: skip
        page = response.content.decode().partition('role="alert"')[2].partition("</ul>")[0]
        return response.status_code, re.findall(r"<li>([^<]*)</li>", page)

    return sent


def _held(name: str = "bfs"):
    from virkestoff_hub.facilities.models import CapacityLine

    return CapacityLine.objects.get(name=name)


def _terms(lang: str) -> dict[str, str]:
    """Names of terms as the vocabulary has them."""
    from virkestoff_hub.facilities.holding import from_library

    name = from_library().vocabulary.name
    keys = {"does": ["blow_fill_seal"], "excludes": ["antibiotic", "human_vaccine"],
            "certificate_scope": ["gmp_finished"]}  # fmt: skip
    return {c: ", ".join(getattr(name(k), lang) for k in ks) for c, ks in keys.items()}


def _words_row(lang: str) -> dict:
    return {**ROW, "total": 12, "committed": 2, "reserve": 1, "price_low": 5, "price_year": 2026,
            "certificate_expires": "2099-12-31", **WORDS[lang], **_terms(lang)}  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_names_and_choices_of_either_language_make_the_same_line(send, lang) -> None:
    """Each language is sent to the page of the other."""
    row = dict(zip(NAMES[lang], (_words_row(lang).get(c) for c in COLUMNS), strict=True))
    other = "en" if lang == "nb" else "nb"
    assert send(_sheet(row, columns=NAMES[lang]), other) == (302, [])
    window = _held().window
    assert (window.does, window.unit, window.confidence) == ("blow_fill_seal", "batch", "likely")
    assert (window.visibility, window.price.visibility) == ("registered", "broker")
    assert (window.price.basis, window.price.unit) == ("actual_cost", "NOK/week")
    assert window.excludes == ("antibiotic", "human_vaccine")
    assert window.phases == ("phase_1", "commercial")
    assert window.certificate.scope == ("gmp_finished",)
    assert window.is_outside_normal_operation


@pytest.mark.parametrize("lang", LANGS)
def test_a_downloaded_file_speaks_its_language_and_comes_back_the_same(client, send, lang) -> None:
    from datetime import datetime

    from openpyxl import load_workbook

    assert send(_sheet(_words_row("nb"))) == (302, [])
    before = _held().window
    other = "en" if lang == "nb" else "nb"
    data = client.get(f"/{lang}/facilities/mine/{CURIDA}/windows.xlsx").content
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == {"nb": ["Kapasitet", "Hjelp", "Valg"],
                               "en": ["Capacity", "Help", "Choices"]}[lang]  # fmt: skip
    sheet = book.worksheets[0]
    assert tuple(c.value for c in sheet[1]) == NAMES[lang]
    row = dict(zip(COLUMNS, (c.value for c in sheet[2]), strict=True))
    assert (row["from"], row["total"], row["price_low"]) == (datetime(2099, 3, 1), 12, 5)
    assert row["excludes"] == _terms(lang)["excludes"]
    assert row["visibility"] == {"nb": "innloggede", "en": "those who have signed in"}[lang]
    assert send(data, other) == (302, [])
    assert _held().version == 2
    assert _held().window.model_copy(update={"verified": before.verified}) == before


@pytest.mark.parametrize("lang", LANGS)
def test_the_help_tells_every_column_and_the_choices_are_those_taken(client, speaker, lang) -> None:
    from openpyxl import load_workbook

    data = client.get(f"/{lang}/facilities/mine/{CURIDA}/windows.xlsx").content
    book = load_workbook(io.BytesIO(data))
    told = [row[0].value for row in book.worksheets[1].iter_rows(min_row=2) if row[0].value]
    assert tuple(told) == NAMES[lang]
    assert all(row[1].value for row in book.worksheets[1].iter_rows(min_row=2))
    heads = [c.value for c in book.worksheets[2][1]]
    assert set(heads) < set(NAMES[lang])
    column = book.worksheets[2][chr(ord("A") + heads.index(NAMES[lang][13]))]
    assert [c.value for c in column if c.value][1:] == {
        "nb": ["sikker", "sannsynlig", "bare antydet"],
        "en": ["firm", "likely", "indicative only"]}[lang]  # fmt: skip
    lists = book.worksheets[0].data_validations.dataValidation
    assert {str(rule.sqref)[0] for rule in lists} == set("IJMNOPSUV")


@pytest.mark.parametrize("lang", LANGS)
def test_a_word_that_is_no_choice_is_told_in_the_language_of_the_page(send, lang) -> None:
    row = {**ROW, "confidence": "kanskje", "phases": "fase 1, fase 9", "visibility": "public"}
    status, faults = send(_sheet(row), lang)
    said = {
        "nb": ["Ark Sheet, rad 2, kolonne N (Hvor sikkert): «kanskje» er ikke blant valgene: "
               "sikker, sannsynlig, bare antydet",
               "Ark Sheet, rad 2, kolonne X (Faser): «fase 9» er ikke blant valgene: forskning, "
               "preklinisk, fase 1, fase 2, fase 3, kommersiell"],
        "en": ["Sheet Sheet, row 2, column N (How sure): ‘kanskje’ is not among the choices: "
               "firm, likely, indicative only",
               "Sheet Sheet, row 2, column X (Phases): ‘fase 9’ is not among the choices: "
               "research, preclinical, phase 1, phase 2, phase 3, commercial"],
    }  # fmt: skip
    assert (status, sorted(faults)) == (422, said[lang])
    assert _n_lines() == 0


def test_names_of_both_languages_for_one_column_stand_twice(send) -> None:
    columns = [*NAMES["nb"], "Free"]
    status, faults = send(_sheet(dict(zip(columns, [None] * 27, strict=True)), columns=columns))
    assert status == 422
    assert faults == ["Ark Sheet, rad 1, kolonne H (Ledig): Kolonnen står to ganger."]


def test_no_name_or_choice_means_two_things(site) -> None:
    """A word belongs to one column, and within a column to one choice, over both languages."""
    from virkestoff_hub.facilities.holding import from_library
    from virkestoff_hub.facilities.sheet_words import COLUMN_NAMES, choices_for

    def apart(known) -> None:
        seen: dict[str, str] = {}
        for key, text in known.items():
            for word in (text.nb, text.en, key):
                assert seen.setdefault(word.casefold(), key) == key, word

    apart(COLUMN_NAMES)
    for provider in from_library().providers:
        for column, known in choices_for(provider, from_library()).items():
            apart(known)
            if column in ("excludes", "phases", "certificate_scope"):
                assert not [t for t in known.values() if set(",;") & set(t.nb + t.en)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"x\")"])
def test_no_text_that_is_written_is_reckoned_with(text) -> None:
    from openpyxl import Workbook, load_workbook

    from virkestoff_hub.facilities.workbook import _cell

    book = Workbook()
    book.active.append([_cell(book.active, "line", text)])
    held = io.BytesIO()
    book.save(held)
    cell = load_workbook(io.BytesIO(held.getvalue())).active["A1"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix
