"""Organisations: what is there, and what does not load.

Oracle: places read in the five sources by hand; the rules of a record.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.industry.organisations import load_organisations

READ_BY_HAND = {  # id -> source and line where the text names it
    "pharmaq": ("source_001", "227"),
    "oncoinvent": ("source_001", "225"),
    "laerdal_medical": ("source_004", "329"),
    "hadean_ventures": ("source_003", "1551"),
    "lmi": ("source_002", "101"),
    "helsedirektoratet": ("source_000", "4"),
    "sanivo_pharma": ("source_002", "42"),
    "medicines_discovery_catapult": ("source_001", "462"),
}


def test_over_two_hundred_are_named(organisations) -> None:
    assert len(organisations.by_id) >= 200
    assert {m.source for o in organisations.by_id.values() for m in o.mentions} == {
        f"source_00{k}" for k in range(5)
    }


@pytest.mark.parametrize(("key", "where"), list(READ_BY_HAND.items()))
def test_places_read_by_hand(organisations, key, where) -> None:
    mentions = {m.source: m.place for m in organisations.by_id[key].mentions}
    numbers = mentions[where[0]].replace(",", " ").split()
    assert where[1] in numbers


def test_status_is_as_the_source_says(organisations) -> None:
    assert organisations.by_id["pharmaq"].status.en == "Part of Zoetis"
    assert organisations.by_id["domore_diagnostics"].branch is None  # no source says it


def test_choices(organisations) -> None:
    assert set(organisations.chosen(place="porsgrunn")) == {"thor_medical"}
    assert set(organisations.chosen(kind="catapult_centre", search="emballasje")) == {
        "future_materials"
    }
    assert "ife" in organisations.chosen(search="radiofarmaka KJELLER")
    assert organisations.chosen(search="finnes ikke") == {}


def test_unknown_choices_are_named_together(organisations) -> None:
    with pytest.raises(InputError) as caught:
        organisations.chosen(kind="compny", place="Halde")
    assert len(caught.value.faults) == 2
    assert "company" in caught.value.faults[0].next_step


RECORD = """\
organisations:
  a:
    name: "A"
    kind: company
    role: {nb: "x", en: "x"}
    mentions: [{source: source_001, place: "line 1"}]
"""
FAULTS = {
    "colour: red\n" + RECORD: "is not a known key",
    RECORD.replace("kind: company", "kind: shop"): "kind",
    RECORD.replace("kind: company", "kind: company\n    branch: diagnostics"): "branch",
    RECORD.replace("kind: company", "kind: company\n    orgnr: 974760673"): "is not a known key",
    RECORD.replace("source_001", "source_999"): "is not a source",
    RECORD.replace('[{source: source_001, place: "line 1"}]', "[]"): "mentions",
    RECORD.replace(', en: "x"', ""): "is missing",
    RECORD + RECORD.split("\n", 1)[1].replace("  a:", "  b:"): "is already a name of 'a'",
    "organisations: [1]\n": "must be a mapping",
}


@pytest.mark.parametrize(("text", "what"), list(FAULTS.items()), ids=range(len(FAULTS)))
def test_what_does_not_load(library, tmp_path: Path, text, what) -> None:
    folder = tmp_path / "industry" / "organisations"
    folder.mkdir(parents=True)
    (folder / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        load_organisations(library, folder)


def test_all_faults_of_all_files_at_once(library, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(RECORD.replace("company", "shop"), encoding="utf-8")
    (tmp_path / "b.yaml").write_text(
        RECORD.replace("  a:", "  c:").replace("source_001", "source_9"), encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        load_organisations(library, tmp_path)
    assert len(caught.value.faults) == 2


def test_an_empty_folder_is_a_fault(library, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no file"):
        load_organisations(library, tmp_path)
