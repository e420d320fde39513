"""Units of the business register in the layouts that are published: what comes out of them.

Oracle: the files are written here record by record, and what must stand in the tables is written
beside them by hand. All records are fictional; nine equal digits are a valid number.
"""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from virkestoff.errors import InputError
from virkestoff.industry.holdings import data_folder, held, holdings
from virkestoff.industry.register import import_files

DAY = date(2026, 10, 1)
FARMA: dict[str, Any] = {
    "organisasjonsnummer": "999999999",
    "navn": "FIKTIV FARMA AS",
    "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
    "hjemmeside": "www.example.no",
    "registreringsdatoEnhetsregisteret": "1995-03-12",
    "naeringskode1": {"kode": "21.200", "beskrivelse": "Produksjon av farmasøytiske preparater"},
    "naeringskode2": {"kode": "72.110", "beskrivelse": "Bioteknologi"},
    "antallAnsatte": 42,
    "harRegistrertAntallAnsatte": True,
    "forretningsadresse": {
        "land": "Norge", "landkode": "NO", "adresse": ["Storgata 1"], "kommunenummer": "0301",
    },
    "stiftelsesdato": "1994-02-01",
    "institusjonellSektorkode": {"kode": "2100"},
    "sisteInnsendteAarsregnskap": "2025",
    "konkurs": False,
    "underAvvikling": True,
    "erIKonsern": False,
    "vedtektsfestetFormaal": ["Utvikle legemidler", "og selge dem"],
    "aktivitet": ["Salg"],
}  # fmt: skip
WITHHELD: dict[str, Any] = {
    "organisasjonsnummer": "888888888",
    "navn": "FIKTIV SMÅ AS",
    "organisasjonsform": {"kode": "AS"},
    "naeringskode1": {"kode": "62.010"},
    "harRegistrertAntallAnsatte": True,
}
PERSON: dict[str, Any] = {
    "organisasjonsnummer": "777777777",
    "navn": "FIKTIV OLA NORDMANN",
    "organisasjonsform": {"kode": "ENK"},
    "naeringskode1": {"kode": "62.010"},
    "aktivitet": ["Ola Nordmann programmerer"],
}


def bulk(path: Path, records: list[Any], layout: str = "array") -> Path:
    """A bulk file: one long line, one record a line, or indented; packed if the name says so."""
    if layout == "lines":
        text = "\n".join(json.dumps(r, ensure_ascii=False) for r in records)
    elif layout == "array":
        text = json.dumps(records, ensure_ascii=False)
    else:
        text = json.dumps(records, ensure_ascii=False, indent=4)
    packed = gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode()
    path.write_bytes(packed)
    return path


def units_of(path: Path, folder: Path, **options: Any) -> pl.DataFrame:
    (done,) = import_files([path], folder, as_of=options.pop("as_of", DAY), **options)
    return pl.read_parquet(done.held.table("units"))


@pytest.mark.parametrize("layout", ["array", "lines", "indented"])
@pytest.mark.parametrize("name", ["enheter.json.gz", "enheter.json"])
def test_every_layout_gives_the_same_table(tmp_path: Path, layout: str, name: str) -> None:
    path = bulk(tmp_path / name, [FARMA, PERSON, WITHHELD], layout)
    table = units_of(path, tmp_path / "data")
    assert table.to_dicts() == [
        {
            "record": 1, "organisation_number": "999999999", "name": "FIKTIV FARMA AS",
            "form": "AS", "code_1": "21.200", "code_2": "72.110", "code_3": None,
            "standard": "SN2007", "standard_reason": "file", "n_employees": 42,
            "has_employees": True, "municipality": "0301", "country": "NO",
            "founded": date(1994, 2, 1), "registered": date(1995, 3, 12), "deleted": None,
            "is_bankrupt": False, "is_winding_up": True, "is_forced_winding_up": None,
            "is_in_group": False, "parent": None, "sector": "2100", "website": "www.example.no",
            "accounts_year": 2025, "purpose": "Utvikle legemidler og selge dem",
            "activity": "Salg",
        },
        {
            "record": 3, "organisation_number": "888888888", "name": "FIKTIV SMÅ AS",
            "form": "AS", "code_1": "62.010", "code_2": None, "code_3": None,
            "standard": "SN2007", "standard_reason": "file", "n_employees": None,
            "has_employees": True, "municipality": None, "country": None, "founded": None,
            "registered": None, "deleted": None, "is_bankrupt": None, "is_winding_up": None,
            "is_forced_winding_up": None, "is_in_group": None, "parent": None, "sector": None,
            "website": None, "accounts_year": None, "purpose": None, "activity": None,
        },
    ]  # fmt: skip


def test_a_person_is_counted_and_nothing_else_is_kept(tmp_path: Path) -> None:
    path = bulk(tmp_path / "enheter.json.gz", [FARMA, PERSON])
    (done,) = import_files([path], tmp_path / "data", as_of=DAY)
    assert done.held.manifest.n_persons == 1
    persons = pl.read_parquet(done.held.table("persons"))
    assert persons.to_dicts() == [
        {"code_1": "62.010", "standard": "SN2007", "standard_reason": "file", "n": 1}
    ]
    kept = b"".join(p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file())
    assert b"NORDMANN" not in kept
    assert b"777777777" not in kept


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_csv_with_dotted_headers_in_any_case(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "enheter.csv.gz"
    heads = ["organisasjonsnummer", "NAVN", "organisasjonsform.kode", "naeringskode1.kode",
             "antallAnsatte", "harregistrertantallansatte", "forretningsadresse.kommunenummer",
             "registreringsdatoenhetsregisteret", "konkurs", "vedtektsfestetFormaal"]  # fmt: skip
    rows = [
        ["999999999", 'FIKTIV "FARMA"; MED, TEGN AS', "AS", "21.200", "42", "true", "0301",
         "1995-03-12", "false", "Utvikle\nlegemidler"],
        ["888888888", "FIKTIV SMÅ AS", "AS", "62.010", "", "true", "", "", "", ""],
    ]  # fmt: skip
    with gzip.open(path, "wt", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([heads, *rows])
    table = units_of(path, tmp_path / "data")
    assert table["name"].to_list() == ['FIKTIV "FARMA"; MED, TEGN AS', "FIKTIV SMÅ AS"]
    assert table["n_employees"].to_list() == [42, None]
    assert table["has_employees"].to_list() == [True, True]
    assert table["municipality"].to_list() == ["0301", None]
    assert table["registered"].to_list() == [date(1995, 3, 12), None]
    assert table["is_bankrupt"].to_list() == [False, None]
    assert table["purpose"].to_list() == ["Utvikle\nlegemidler", None]


def test_subunits_have_no_names(tmp_path: Path) -> None:
    record = {
        "organisasjonsnummer": "666666666",
        "navn": "FIKTIV OLA NORDMANN",
        "organisasjonsform": {"kode": "BEDR"},
        "overordnetEnhet": "999999999",
        "naeringskode1": {"kode": "21.200"},
        "beliggenhetsadresse": {"kommunenummer": "5501", "landkode": "NO"},
        "oppstartsdato": "2001-01-01",
    }
    (done,) = import_files([bulk(tmp_path / "u.json.gz", [record])], tmp_path / "d", as_of=DAY)
    assert done.held.manifest.kind == "subunits"
    (row,) = pl.read_parquet(done.held.table("subunits")).to_dicts()
    assert row["parent"] == "999999999"
    assert (row["municipality"], row["founded"]) == ("5501", date(2001, 1, 1))
    assert "name" not in row
    kept = b"".join(p.read_bytes() for p in (tmp_path / "d").rglob("*") if p.is_file())
    assert b"NORDMANN" not in kept


def with_code(number: str, *codes: str) -> dict[str, Any]:
    record: dict[str, Any] = {**WITHHELD, "organisasjonsnummer": number}
    record.pop("naeringskode1")
    return record | {f"naeringskode{k}": {"kode": c} for k, c in enumerate(codes, start=1)}


def standards(path: Path, folder: Path, **options: Any) -> list[tuple[str | None, str]]:
    table = units_of(path, folder, **options)
    return list(zip(table["standard"], table["standard_reason"], strict=True))


def test_one_standard_in_the_file_holds_for_all_of_it(tmp_path: Path) -> None:
    path = bulk(tmp_path / "a.json", [with_code("111111111", "21.200"),
                                      with_code("222222222", "62.100")])  # fmt: skip
    assert standards(path, tmp_path / "d") == [("SN2025", "file")] * 2


def test_two_standards_in_one_file_are_told_apart_by_record_or_not_at_all(tmp_path: Path) -> None:
    records = [
        with_code("111111111", "62.010"),
        with_code("222222222", "62.100"),
        with_code("333333333", "21.200"),
        with_code("444444444", "62.010", "72.100"),
        with_code("555555555"),
    ]
    path = bulk(tmp_path / "a.json", records)
    assert standards(path, tmp_path / "d") == [
        ("SN2007", "code"), ("SN2025", "code"), (None, "ambiguous"), (None, "mixed"),
        (None, "no_code"),
    ]  # fmt: skip
    stated = standards(path, tmp_path / "d", standard="SN2025")
    assert stated == [("SN2025", "option")] * 4 + [(None, "no_code")]


def test_before_2025_there_was_one_standard(tmp_path: Path) -> None:
    path = bulk(tmp_path / "a.json", [with_code("333333333", "21.200")])
    assert standards(path, tmp_path / "d", as_of=date(2024, 12, 31)) == [("SN2007", "date")]


def test_nothing_decides_so_it_is_unknown(tmp_path: Path) -> None:
    path = bulk(tmp_path / "a.json", [with_code("333333333", "21.200")])
    assert standards(path, tmp_path / "d") == [(None, "ambiguous")]


def test_a_second_import_is_recognised_by_its_hash(tmp_path: Path) -> None:
    path = bulk(tmp_path / "enheter.json.gz", [FARMA])
    (first,) = import_files([path], tmp_path / "data", as_of=DAY)
    manifest = (first.held.folder / "manifest.json").read_bytes()
    (second,) = import_files([path.rename(tmp_path / "other.json.gz")], tmp_path / "data")
    assert (first.is_new, second.is_new) == (True, False)
    assert second.held.folder == first.held.folder
    assert (second.held.folder / "manifest.json").read_bytes() == manifest
    with pytest.raises(InputError, match="imported before with the date 2026-10-01"):
        import_files([tmp_path / "other.json.gz"], tmp_path / "data", as_of=date(2026, 9, 1))


def test_equal_files_give_equal_bytes_but_for_the_clock(tmp_path: Path) -> None:
    path = bulk(tmp_path / "enheter.json.gz", [FARMA, PERSON, WITHHELD])
    folders = []
    for name in ("a", "b"):
        (done,) = import_files([path], tmp_path / name, as_of=DAY)
        folders.append(done.held.folder)
    for file in ("units.parquet", "persons.parquet", "set_apart.csv"):
        assert (folders[0] / file).read_bytes() == (folders[1] / file).read_bytes()
    a, b = (json.loads((f / "manifest.json").read_text()) for f in folders)
    del a["imported_at"], b["imported_at"]
    assert a == b


def test_the_date_may_stand_in_the_name(tmp_path: Path) -> None:
    path = bulk(tmp_path / "enheter-2026-10-01.json.gz", [FARMA])
    (done,) = import_files([path], tmp_path / "data")
    assert (done.held.manifest.as_of, done.held.manifest.as_of_from) == (DAY, "file name")
    assert done.held.folder.name.startswith("2026-10-01-")
    assert held(tmp_path / "data", "units").folder == done.held.folder
    assert len(holdings(tmp_path / "data")) == 1
    with pytest.raises(InputError, match="no snapshot of 'units' dated 2026-09-30 or before"):
        held(tmp_path / "data", "units", on=date(2026, 9, 30))


def test_where_the_data_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("VIRKESTOFF_DATA", raising=False)
    assert data_folder(None) == tmp_path / "home" / "virkestoff"
    monkeypatch.setenv("VIRKESTOFF_DATA", str(tmp_path / "named"))
    assert data_folder(None) == tmp_path / "named"
    assert data_folder(tmp_path / "option") == tmp_path / "option"


def test_odd_names_of_files(tmp_path: Path) -> None:
    """Packed without the ending, and with signs that could mean several files."""
    packed = bulk(tmp_path / "enheter.json.gz", [FARMA])
    for name in ("enheter [1].json", "enheter*.json", "enheter's"):
        path = tmp_path / name
        path.write_bytes(packed.read_bytes())
        assert units_of(path, tmp_path / f"data{len(name)}")["record"].to_list() == [1]
    with pytest.raises(InputError, match="holds one of"):
        import_files([packed], tmp_path / "data[1]", as_of=DAY)
