"""Bad files stop the import before anything is written; bad records are named and set apart.

Oracle: each fault is put in by hand, and the record number is counted in the file as written.
All records are fictional.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from virkestoff.errors import InputError
from virkestoff.industry.register import import_files

DAY = date(2026, 10, 1)


def unit(number: object, **more: Any) -> dict[str, Any]:
    return {
        "organisasjonsnummer": number,
        "navn": "FIKTIV AS",
        "organisasjonsform": {"kode": "AS"},
        "naeringskode1": {"kode": "21.200"},
        **more,
    }


GOOD = [unit(str(d) * 9) for d in range(1, 8)]


def packed(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(gzip.compress(text.encode(encoding)))
    return path


def refused(path: Path, folder: Path, **options: Any) -> str:
    """The message of a refused import, after which nothing stands in the folder."""
    with pytest.raises(InputError) as caught:
        import_files([path], folder, as_of=DAY, **options)
    assert [p for p in folder.rglob("*") if p.is_file()] == []
    assert list(folder.glob("snapshots/*/*")) == []
    assert all(f.where and f.what for f in caught.value.faults)
    return str(caught.value)


def test_a_truncated_gz_stops_the_import(tmp_path: Path) -> None:
    path = packed(tmp_path / "e.json.gz", json.dumps(GOOD))
    path.write_bytes(path.read_bytes()[:-20])
    assert "cannot be unpacked to its end" in refused(path, tmp_path / "d")


def test_a_changed_byte_is_found_by_the_checksum(tmp_path: Path) -> None:
    path = packed(tmp_path / "e.json.gz", json.dumps(GOOD))
    whole = bytearray(path.read_bytes())
    whole[-6] ^= 1  # the stored checksum
    path.write_bytes(whole)
    assert "cannot be unpacked to its end" in refused(path, tmp_path / "d")


def test_cp1252_in_a_utf8_file_is_named_by_line(tmp_path: Path) -> None:
    text = ",\n".join(json.dumps(u) for u in GOOD) + ',\n{"navn":"FIKTIV SØR AS"}'
    path = packed(tmp_path / "e.json.gz", f"[{text}]", "cp1252")
    message = refused(path, tmp_path / "d")
    assert "line 8: is not UTF-8: byte 0xd8" in message  # seven good records, a line each


def test_cp1252_in_a_csv_is_named_by_line(tmp_path: Path) -> None:
    text = "organisasjonsnummer;navn;organisasjonsform.kode;naeringskode1.kode\n"
    text += "111111111;FIKTIV AS;AS;21.200\n222222222;FIKTIV SØR AS;AS;21.200\n"
    path = packed(tmp_path / "e.csv.gz", text, "cp1252")
    assert "line 3: is not UTF-8" in refused(path, tmp_path / "d")


@pytest.mark.parametrize(
    ("end", "what"),
    [("", "is not JSON"), (',{"organisasjonsnummer":"1', "is not JSON"), ("] x", "is not JSON")],
)
def test_json_that_is_cut_off_or_goes_on(tmp_path: Path, end: str, what: str) -> None:
    path = tmp_path / "e.json"
    path.write_text(json.dumps(GOOD)[:-1] + end, encoding="utf-8")
    assert what in refused(path, tmp_path / "d")


def test_the_wrong_delimiter_is_no_register(tmp_path: Path) -> None:
    text = "organisasjonsnummer|navn|organisasjonsform.kode|naeringskode1.kode\n1|a|AS|21.200\n"
    path = packed(tmp_path / "e.csv.gz", text)
    assert "is neither JSON, CSV nor a workbook" in refused(path, tmp_path / "d")


def test_mixed_delimiters_set_the_other_lines_apart(tmp_path: Path) -> None:
    head = "organisasjonsnummer;navn;organisasjonsform.kode;naeringskode1.kode\n"
    good = "".join(f"{str(d) * 9};FIKTIV AS;AS;21.200\n" for d in (1, 2, 3))
    path = packed(tmp_path / "e.csv.gz", head + "444444444,FIKTIV AS,AS,21.200\n" + good)
    (done,) = import_files([path], tmp_path / "d", as_of=DAY)
    assert done.held.manifest.set_apart_reasons == {"wrong_number_of_fields": 1}
    table = pl.read_parquet(done.held.table("units"))
    assert table["record"].to_list() == [2, 3, 4]


def test_an_open_quote_is_named(tmp_path: Path) -> None:
    text = "organisasjonsnummer;navn;organisasjonsform.kode;naeringskode1.kode\n"
    text += '111111111;FIKTIV AS;AS;21.200\n222222222;"FIKTIV AS;AS;21.200\n'
    path = packed(tmp_path / "e.csv.gz", text)
    assert "record 2: is not CSV" in refused(path, tmp_path / "d")


def test_a_column_gone_or_renamed(tmp_path: Path) -> None:
    text = "organisasjonsnummer;navn;organisasjonsform.kode;naringskode1.kode\n1;a;AS;21.200\n"
    message = refused(packed(tmp_path / "e.csv.gz", text), tmp_path / "d")
    assert "column 'naeringskode1.kode': is gone" in message
    assert "Did you mean 'naringskode1.kode'?" in message


def test_a_field_gone_from_every_json_record(tmp_path: Path) -> None:
    records = [{k: v for k, v in u.items() if k != "naeringskode1"} for u in GOOD]
    message = refused(packed(tmp_path / "e.json.gz", json.dumps(records)), tmp_path / "d")
    assert "column 'naeringskode1.kode': holds nothing in any of 7 records" in message


def test_not_the_kind_that_is_claimed(tmp_path: Path) -> None:
    path = packed(tmp_path / "e.json.gz", json.dumps(GOOD))
    assert "is not 'aid' but looks like 'units'" in refused(path, tmp_path / "d", kind="aid")
    assert "Did you mean 'units'" in refused(path, tmp_path / "d", kind="unit")


def test_a_page_of_search_results_is_no_register(tmp_path: Path) -> None:
    page = {"_embedded": {"enheter": GOOD}, "page": {"size": 20, "totalElements": 7}}
    path = packed(tmp_path / "e.json.gz", json.dumps(page))
    assert "is a page of search results" in refused(path, tmp_path / "d")


def test_a_file_that_unpacks_without_end(tmp_path: Path) -> None:
    path = tmp_path / "e.json.gz"
    pack = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    part = b"[" + b" " * (1 << 20)
    path.write_bytes(b"".join([pack.compress(part) for _ in range(60)]) + pack.flush())
    assert "unpacks to more than" in refused(path, tmp_path / "d", kind="units")


def test_empty_and_missing_files(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_bytes(b"")
    assert "is empty" in refused(tmp_path / "e.json", tmp_path / "d")
    assert "cannot be read" in refused(tmp_path / "none.json", tmp_path / "d")
    packed(tmp_path / "none.json.gz", "[]")
    assert "holds no record" in refused(tmp_path / "none.json.gz", tmp_path / "d", kind="units")


def test_all_faults_of_all_files_at_once_and_no_file_is_written(tmp_path: Path) -> None:
    good = packed(tmp_path / "good.json.gz", json.dumps(GOOD))
    cut = packed(tmp_path / "cut.json.gz", json.dumps(GOOD))
    cut.write_bytes(cut.read_bytes()[:-20])
    with pytest.raises(InputError) as caught:
        import_files([good, cut], tmp_path / "d")
    found = {fault.where: fault.what for fault in caught.value.faults}
    assert set(found) == {str(good), str(cut)}
    assert found[str(good)] == "holds no date of its own"
    assert "cannot be unpacked to its end" in found[str(cut)]
    assert not (tmp_path / "d").exists()


def test_a_fault_found_while_reading_writes_none_of_the_files(tmp_path: Path) -> None:
    good = packed(tmp_path / "good.json.gz", json.dumps(GOOD))
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(GOOD)[:-1], encoding="utf-8")
    with pytest.raises(InputError, match="is not JSON"):
        import_files([good, bad], tmp_path / "d", as_of=DAY)
    assert [p for p in (tmp_path / "d").rglob("*") if p.is_file()] == []


def apart(path: Path, folder: Path) -> tuple[list[tuple[int, str, str, str]], list[int]]:
    (done,) = import_files([path], folder, as_of=DAY)
    with (done.held.folder / "set_apart.csv").open(encoding="utf-8", newline="") as stream:
        rows = [(int(r["record"]), r["key"], r["reason"], r["detail"]) for r in
                csv.DictReader(stream)]  # fmt: skip
    assert len(rows) == done.held.manifest.n_set_apart
    kept = pl.read_parquet(done.held.table("units"))["record"].to_list()
    persons = done.held.manifest.n_persons
    assert len(rows) + len(kept) + persons == done.held.manifest.n_records  # none is lost
    return rows, kept


def test_faulty_records_are_named_and_the_rest_imported(tmp_path: Path) -> None:
    records = [
        *GOOD,  # 1-7
        unit("123456784"),  # 8: the check digit is 5
        unit(None),
        unit("888888888", antallAnsatte="mange"),
        unit("888888888", stiftelsesdato="2026-02-30"),
        unit("888888888", naeringskode1={"kode": "21.2"}),
        unit("888888888", konkurs="kanskje"),  # 13
        unit("888888888", forretningsadresse={"kommunenummer": "301"}),
        unit("888888888", overordnetEnhet="123456784"),
        {"organisasjonsnummer": "888888888", "navn": "OLA"},  # 16: may be a person
        # 17-21: 1 to 5 as seventh digit weigh 3, 6, 9, 12, 15 (rest 3, 6, 9, 1, 4): digits 8, 5,
        # 2, none and 7; the fourth is therefore no number and is not used here
        *[unit(n) for n in ("000000108", "000000205", "000000302", "000000507")],
    ]
    path = packed(tmp_path / "e.json.gz", json.dumps(records))
    rows, kept = apart(path, tmp_path / "d")
    assert rows == [
        (8, "123456784", "invalid_organisation_number", "123456784"),
        (9, "", "no_organisation_number", ""),
        (10, "888888888", "wrong_type", "antallAnsatte: mange"),
        (11, "888888888", "impossible_date", "stiftelsesdato: 2026-02-30"),
        (12, "888888888", "wrong_code", "naeringskode1.kode: 21.2"),
        (13, "888888888", "wrong_type", "konkurs: kanskje"),
        (14, "888888888", "wrong_code", "forretningsadresse.kommunenummer: 301"),
        (15, "888888888", "invalid_parent_number", "overordnetEnhet: 123456784"),
        (16, "", "no_organisation_form", ""),
    ]
    assert kept == [1, 2, 3, 4, 5, 6, 7, 17, 18, 19, 20]


def test_records_of_another_shape(tmp_path: Path) -> None:
    records = [
        *GOOD,
        5,
        unit("888888888", organisasjonsform="AS"),
        unit("888888888", navn=["FIKTIV AS"]),
        unit("999999999", vedtektsfestetFormaal="en tekst, ingen liste"),
        None,
    ]
    path = packed(tmp_path / "e.json.gz", json.dumps(records))
    rows, kept = apart(path, tmp_path / "d")
    assert [(r[0], r[2]) for r in rows] == [
        (8, "not_a_record"), (9, "wrong_type"), (10, "wrong_type"), (12, "not_a_record"),
    ]  # fmt: skip
    assert kept == [1, 2, 3, 4, 5, 6, 7, 11]
    (done,) = import_files([path], tmp_path / "d", as_of=DAY)
    table = pl.read_parquet(done.held.table("units"))
    assert table.filter(record=11)["purpose"].to_list() == ["en tekst, ingen liste"]


def test_a_number_given_twice(tmp_path: Path) -> None:
    """Equal records: the first is kept. Records that differ: nobody can tell which is right."""
    records = [*GOOD, unit("111111111"), unit("222222222", navn="FIKTIV ANNEN AS")]
    path = packed(tmp_path / "e.json.gz", json.dumps(records))
    rows, kept = apart(path, tmp_path / "d")
    assert rows == [
        (2, "222222222", "duplicate_organisation_number", "differs from record 9"),
        (8, "111111111", "duplicate_organisation_number", "equal to record 1"),
        (9, "222222222", "duplicate_organisation_number", "differs from record 2"),
    ]
    assert kept == [1, 3, 4, 5, 6, 7]


def test_a_field_without_end(tmp_path: Path) -> None:
    long = unit("888888888", aktivitet=["A" * 10**6])
    records = [*GOOD, unit("888888888", navn="A" * 1001), long]
    path = packed(tmp_path / "e.json.gz", json.dumps(records))
    rows, _ = apart(path, tmp_path / "d")
    assert [(r[0], r[2], r[3]) for r in rows] == [
        (8, "field_too_long", "navn: 1001 characters"),
        (9, "field_too_long", "aktivitet: 1000000 characters"),
    ]


def test_a_formula_is_not_handed_to_a_spreadsheet(tmp_path: Path) -> None:
    records = [*GOOD, unit("=HYPERLINK(1)"), unit("888888888", antallAnsatte="=1+1")]
    path = packed(tmp_path / "e.json.gz", json.dumps(records))
    (done,) = import_files([path], tmp_path / "d", as_of=DAY)
    with (done.held.folder / "set_apart.csv").open(encoding="utf-8", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert [c for c in cells if c.startswith(("=", "+", "-", "@"))] == []
    assert "'=HYPERLINK(1)" in cells


def test_a_person_with_a_fault_is_named_by_record_alone(tmp_path: Path) -> None:
    person = unit("123456784", organisasjonsform={"kode": "ENK"}, navn="OLA NORDMANN")
    path = packed(tmp_path / "e.json.gz", json.dumps([*GOOD, person]))
    rows, _ = apart(path, tmp_path / "d")
    assert rows == [(8, "", "invalid_organisation_number", "")]


def test_mostly_faulty_records_are_another_file(tmp_path: Path) -> None:
    path = packed(tmp_path / "e.json.gz", json.dumps([*GOOD[:2], *[unit("123456784")] * 3]))
    assert "has faults in 3 of 5 records" in refused(path, tmp_path / "d")
