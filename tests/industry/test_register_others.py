"""Accounts, state aid, grants, applications and the change feed, in the layouts published.

Oracle: small files written here, and what must stand in the tables written beside them by hand.
All records are fictional.
"""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from virkestoff.errors import InputError
from virkestoff.evidence.snapshots import Held
from virkestoff.industry.register import import_files
from virkestoff.industry.skattefunn import skattefunn_projects

DAY = date(2026, 10, 1)
ACCOUNT: dict[str, Any] = {
    "id": 1, "journalnr": "2026000001", "regnskapstype": "SELSKAP",
    "virksomhet": {"organisasjonsnummer": "999999999", "organisasjonsform": "AS",
                   "morselskap": False},
    "regnskapsperiode": {"fraDato": "2025-01-01", "tilDato": "2025-12-31"}, "valuta": "NOK",
    "avviklingsregnskap": False, "oppstillingsplan": "store",
    "revisjon": {"ikkeRevidertAarsregnskap": False, "fravalgRevisjon": False},
    "regnkapsprinsipper": {"smaaForetak": True},
    "egenkapitalGjeld": {
        "sumEgenkapitalGjeld": 100.0,
        "egenkapital": {"sumEgenkapital": 40.0,
                        "opptjentEgenkapital": {"sumOpptjentEgenkapital": 10.0},
                        "innskuttEgenkapital": {"sumInnskuttEgenkaptial": 30.0}},
        "gjeldOversikt": {"sumGjeld": 60.0, "kortsiktigGjeld": {"sumKortsiktigGjeld": 20.0},
                          "langsiktigGjeld": {"sumLangsiktigGjeld": 40.0}}},
    "eiendeler": {"sumEiendeler": 100.0, "omloepsmidler": {"sumOmloepsmidler": 55.0},
                  "anleggsmidler": {"sumAnleggsmidler": 45.0}},
    "resultatregnskapResultat": {
        "ordinaertResultatFoerSkattekostnad": 5.0, "aarsresultat": 4.0, "totalresultat": 3.5,
        "finansresultat": {"nettoFinans": -1.0, "finansinntekt": {"sumFinansinntekter": 0.0},
                           "finanskostnad": {"sumFinanskostnad": 1.0}},
        "driftsresultat": {"driftsresultat": 6.0,
                           "driftsinntekter": {"sumDriftsinntekter": 80.0},
                           "driftskostnad": {"sumDriftskostnad": 74.0}}},
}  # fmt: skip


def account(**changes: Any) -> dict[str, Any]:
    """The account above, with paths like ``a__b=value`` changed."""
    record = copy.deepcopy(ACCOUNT)
    for path, value in changes.items():
        *way, last = path.split("__")
        at = record
        for key in way:
            at = at[key]
        at[last] = value
    return record


def only(paths: Path | list[Path], folder: Path, **options: Any) -> Held:
    listed = paths if isinstance(paths, list) else [paths]
    (done,) = import_files(listed, folder, as_of=options.pop("as_of", DAY), **options)
    return done.held


def write(path: Path, value: Any) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def test_an_account_with_every_figure(tmp_path: Path) -> None:
    held = only(write(tmp_path / "a.json", [ACCOUNT]), tmp_path / "d")
    (row,) = pl.read_parquet(held.table("accounts")).to_dicts()
    assert row == {
        "record": 1, "organisation_number": "999999999", "account_type": "SELSKAP", "year": 2025,
        "period_start": date(2025, 1, 1), "period_end": date(2025, 12, 31), "currency": "NOK",
        "layout": "store", "is_liquidation": False, "is_parent": False, "is_unaudited": False,
        "is_small": True, "revenue": 80.0, "operating_costs": 74.0, "operating_profit": 6.0,
        "financial_income": 0.0, "financial_costs": 1.0, "net_finance": -1.0,
        "profit_before_tax": 5.0, "profit": 4.0, "total_profit": 3.5, "assets": 100.0,
        "fixed_assets": 45.0, "current_assets": 55.0, "equity": 40.0, "paid_in_equity": 30.0,
        "retained_equity": 10.0, "debt": 60.0, "short_term_debt": 20.0, "long_term_debt": 40.0,
        "equity_and_debt": 100.0, "balance_gap_share": 0.0, "is_balanced": True,
    }  # fmt: skip


def test_accounts_of_a_folder_and_of_lines(tmp_path: Path) -> None:
    group = account(regnskapstype="KONSERN", valuta="EUR")
    no_revenue = account(
        virksomhet__organisasjonsnummer="888888888",
        resultatregnskapResultat__driftsresultat__driftsinntekter={},
    )
    write(tmp_path / "in" / "999999999.json", [ACCOUNT, group])
    write(tmp_path / "in" / "888888888.json", [no_revenue])
    folder = only(tmp_path / "in", tmp_path / "d")
    assert folder.manifest.n_files == 2
    lines = tmp_path / "lines.json"
    lines.write_text(f"{json.dumps([no_revenue])}\n{json.dumps([ACCOUNT, group])}\n", "utf-8")
    by_line = only(lines, tmp_path / "d")
    tables = [pl.read_parquet(h.table("accounts")) for h in (folder, by_line)]
    assert tables[0].equals(tables[1])
    columns = ("organisation_number", "account_type", "currency", "revenue")
    assert tables[0].select(columns).rows() == [
        ("888888888", "SELSKAP", "NOK", None),  # no revenue line is not revenue of zero
        ("999999999", "SELSKAP", "NOK", 80.0),
        ("999999999", "KONSERN", "EUR", 80.0),
    ]
    assert any("other currencies: EUR" in note.en for note in folder.manifest.notes)


@pytest.mark.parametrize(
    ("assets", "share", "verdict"),
    [(1000.0, 0.9, False), (100.1, 0.1 / 100.1, True), (100.2, 0.2 / 100.2, False)],
)
def test_the_balance_is_checked(
    tmp_path: Path, assets: float, share: float, verdict: bool
) -> None:
    """Equity 40 and debt 60 against assets: more than a thousandth is flagged."""
    path = write(tmp_path / "a.json", [account(eiendeler__sumEiendeler=assets)])
    (row,) = pl.read_parquet(only(path, tmp_path / "d").table("accounts")).to_dicts()
    assert row["balance_gap_share"] == pytest.approx(share, rel=1e-9)
    assert row["is_balanced"] is verdict


def test_a_balance_that_cannot_be_checked_is_unknown(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", [account(eiendeler={})])
    (row,) = pl.read_parquet(only(path, tmp_path / "d").table("accounts")).to_dicts()
    assert (row["assets"], row["balance_gap_share"], row["is_balanced"]) == (None, None, None)


def test_faulty_accounts_are_set_apart(tmp_path: Path) -> None:
    good = [account(virksomhet__organisasjonsnummer=str(d) * 9) for d in range(1, 9)]
    bad = [
        account(valuta=None),
        account(regnskapstype="ANNET"),
        account(regnskapsperiode={}),
        account(eiendeler__sumEiendeler="mye"),
        account(virksomhet__organisasjonsnummer="123456784"),
        good[0],
    ]
    person = account(virksomhet__organisasjonsform="ENK")
    held = only(write(tmp_path / "a.json", [*good, *bad, person]), tmp_path / "d")
    assert held.manifest.set_apart_reasons == {
        "duplicate_account": 1, "invalid_organisation_number": 1, "no_currency": 1,
        "no_period": 1, "wrong_account_type": 1, "wrong_type": 1,
    }  # fmt: skip
    assert (held.manifest.tables, held.manifest.n_persons) == ({"accounts": 8}, 1)


def award(number: str, recipient: str, amount: float, **more: Any) -> dict[str, Any]:
    return {
        "stoettetiltaksnummer": number, "status": "stoettetiltaksstatus.registrert",
        "mottattDato": "2026-08-25", "endret": "2026-08-25T07:11:18+02:00", "region": "50",
        "stoetteinstrument": "stoetteinstrumenttype.tilskudd", "naering": "21.2",
        "tildeltBeloep": {"beloep": amount, "valuta": "NOK"},
        "tilknyttetStoetteordning": "1000000472", "tildelingsdato": "2026-04-09",
        "rolle": [
            {"type": "rolletype.stoettegiver",
             "rolleinnehaverVirksomhet": {"organisasjonsnummer": "888888888", "navn": "GIVER"}},
            {"type": "rolletype.stoettemottaker",
             "rolleinnehaverVirksomhet": {"organisasjonsnummer": recipient, "navn": "OLA"}}],
        **more,
    }  # fmt: skip


def test_state_aid_of_the_current_interface(tmp_path: Path) -> None:
    pages = [
        write(tmp_path / "p" / "1.json", {"stoettetildeling": [award("1", "999999999", 60000.0)]}),
        write(tmp_path / "p" / "2.json", {"stoettetildeling": [award("2", "777777777", 52800.0)]}),
    ]
    held = only(pages, tmp_path / "d")
    rows = pl.read_parquet(held.table("aid")).to_dicts()
    assert rows[0] == {
        "record": 1, "award_id": "1", "recipient": "999999999", "giver": "888888888",
        "giver_name": "GIVER", "amount": 60000.0, "currency": "NOK", "granted": date(2026, 4, 9),
        "received": date(2026, 8, 25), "changed": "2026-08-25T07:11:18+02:00", "region": "50",
        "industry_code": "21.2", "standard": None, "standard_reason": "ambiguous",
        "instrument": "tilskudd", "scheme": "1000000472", "purpose": None,
        "status": "registrert", "layout": "api",
    }  # fmt: skip
    assert rows[1]["recipient"] == "777777777"
    kept = b"".join(p.read_bytes() for p in (tmp_path / "d").rglob("*") if p.is_file())
    assert b"OLA" not in kept  # a recipient may be a person


def test_state_aid_of_the_older_layout(tmp_path: Path) -> None:
    record = {
        "tildelingId": "77", "stottemottakerNavn": "FIKTIV FARMA AS",
        "stottemottakerOrganisasjonsnummer": "999999999", "stottegiverNavn": "GIVER",
        "stottegiverOrganisasjonsnummer": "888888888", "naeringBeskrivelse": "Legemidler",
        "typeTiltak": "Ordning", "stotteinstrument": "Tilskudd", "navnStotteordning": "Ordning A",
        "formaal": "FoU", "fylke": "Oslo", "tildeltBelop": 1234567.5,
        "tildelingsdato": "09.04.2019",
    }  # fmt: skip
    bad = [record | {"tildelingId": "78", "tildelingsdato": "31.02.2019"}]
    good = [record | {"tildelingId": "79", "tildeltBelop": "1 000,50"}]
    held = only(write(tmp_path / "a.json", [record, *bad, *good]), tmp_path / "d")
    table = pl.read_parquet(held.table("aid"))
    columns = ("record", "recipient", "amount", "currency", "granted", "purpose", "layout")
    assert table.select(columns).rows() == [
        (1, "999999999", 1234567.5, "NOK", date(2019, 4, 9), "FoU", "flat"),
        (3, "999999999", 1000.5, "NOK", date(2019, 4, 9), "FoU", "flat"),
    ]
    assert held.manifest.set_apart_reasons == {"impossible_date": 1}


RESEARCH_HEADS = (
    "prosjektnummer,prosjekttittel,soknadsfrist,soknadsdato,utlysningtittel,prosjekttype,"
    "soknadstype,prosjektfase,prosjektstart,prosjektslutt,prosjektleder_kjonn,"
    "prosjektansvarlig_navn,organisasjonsnummer,kommunenummer,sokt_belop,tildelt_belop,"
    "prosjektleder"
)


def test_research_with_a_line_break_in_a_title(tmp_path: Path) -> None:
    path = tmp_path / "dataset.csv"
    path.write_text(
        RESEARCH_HEADS + "\n"
        '399999,"Fiktiv tittel\nover to linjer",2024-02-07 00:00:00,2024-02-06 00:00:00,Kall,'
        "Innovasjonsprosjekt,IP-N,Bevilgning,2025-01-01 00:00:00,2027-12-31 00:00:00,Kvinne,"
        "FIKTIV FARMA AS,999999999,0301,12000000.0,8000000.0,KARI NORDMANN\n"
        "399998,Avslag uten nummer,,,,,,Avslag,,,Mann,FIKTIVT UNIVERSITET,0,,5000000.0,,OLA\n"
        "399997,Feil fase,,,,,,Kanskje,,,,X,0,,1.0,,\n",
        encoding="utf-8",
    )
    held = only(path, tmp_path / "d")
    rows = pl.read_parquet(held.table("research")).to_dicts()
    shown = ("record", "project_number", "title", "phase", "organisation_number", "municipality",
             "application_date", "project_end", "applied_nok", "granted_nok")  # fmt: skip
    assert [tuple(row[c] for c in shown) for row in rows] == [
        (1, "399999", "Fiktiv tittel over to linjer", "Bevilgning", "999999999", "0301",
         date(2024, 2, 6), date(2027, 12, 31), 12000000.0, 8000000.0),
        (2, "399998", "Avslag uten nummer", "Avslag", None, None, None, None, 5000000.0, None),
    ]  # fmt: skip
    assert held.manifest.set_apart_reasons == {"wrong_phase": 1}
    kept = b"".join(p.read_bytes() for p in (tmp_path / "d").rglob("*") if p.is_file())
    for word in (b"NORDMANN", b"Kvinne", b"Mann", b"OLA"):
        assert word not in kept


def test_innovation_norway_in_cp1252_with_decimal_comma(tmp_path: Path) -> None:
    path = tmp_path / "Tildelinger.csv"
    path.write_bytes(
        (
            "Fylkesnavn;Kommunenavn;Org-nr;Bedriftsnavn;Virkemiddelkategori;Underkategori;"
            "Innvilget beløp;Innvilget dato;Beslutningsenhet;Næringshovedområde;Næring;"
            "Type finansiering\n"
            "Oslo;Oslo;999999999;FIKTIV FARMA AS;Tilskudd;Innovasjonskontrakt;1500000,50;"
            "09.04.2026;Oslo og Viken;Industri;Produksjon av farmasøytiske preparater;Tilskudd\n"
            "Troms;Tromsø;;FIKTIV OLA NORDMANN;Tilskudd;Etablering;200000,00;01.02.2020;Arktis;"
            "Tjenester;Annet;Tilskudd\n"
            "Troms;Tromsø;;FIKTIV KARI;Tilskudd;Etablering;100000,00;03.02.2020;Arktis;"
            "Tjenester;Annet;Tilskudd\n"
            "Oslo;Oslo;999999999;FIKTIV FARMA AS;Lån;Lavrisikolån;1.500.000;09.04.2026;Oslo;"
            "Industri;Annet;Lån\n"
        ).encode("cp1252")
    )
    held = only(path, tmp_path / "d")
    (row,) = pl.read_parquet(held.table("innovation")).to_dicts()
    assert row == {
        "record": 1, "organisation_number": "999999999", "name": "FIKTIV FARMA AS",
        "county": "Oslo", "municipality_name": "Oslo", "category": "Tilskudd",
        "subcategory": "Innovasjonskontrakt", "office": "Oslo og Viken",
        "industry_group": "Industri", "industry": "Produksjon av farmasøytiske preparater",
        "financing": "Tilskudd", "amount_nok": 1500000.5, "granted": date(2026, 4, 9),
    }  # fmt: skip
    assert pl.read_parquet(held.table("persons")).rows() == [(2020, "Tilskudd", 2, 300000.0)]
    assert held.manifest.set_apart_reasons == {"wrong_type": 1}  # 1.500.000 could be read two ways
    kept = b"".join(p.read_bytes() for p in (tmp_path / "d").rglob("*") if p.is_file())
    assert b"NORDMANN" not in kept


OLD_HEADS = ("Innsendt dato", "Prosjektnummer", "Bedriftsnavn", "Prosjekttittel",
             "Organisasjonsnummer", "Fylke", "Kommunenavn", "Søknad godkjent", "Søknad avslått",
             "Prosjektets fra-år", "Prosjektets til-år", "Vedtaksdato",
             "Populærvitenskapelig sammendrag")  # fmt: skip
NEW_HEADS = ("Søknadsdato", "Søknadsnummer", "Prosjektnummer", "Prosjektansvarlig",
             "Prosjekttittel", "Org.nr", "Fylke", "Kommune", "GODKJENT?", "Fra-dato", "Til-dato",
             "Vedtaksdato")  # fmt: skip


def sheet(path: Path, heads: tuple[str, ...], *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    for row in (heads, *rows):
        book.active.append(row)
    book.save(path)
    return path


def test_skattefunn_of_both_layouts_and_their_overlap(tmp_path: Path) -> None:
    old = sheet(
        tmp_path / "skattefunn-2002-2024.xlsx", OLD_HEADS,
        ("2023-03-01", "300001", "FIKTIV AS", "Gammel", "012345679", "Oslo", "Oslo", "Ja", None,
         2023, 2025, datetime(2023, 5, 2), "Tekst"),
        ("2024-06-01", 300002, "FIKTIV AS", "I begge", "999999999", "Oslo", "Oslo", None, None,
         2024, 2026, None, None),
        ("2024-06-01", 300003, "FIKTIV AS", "Feil", "12345", "Oslo", "Oslo", None, "Ja", 2024,
         2026, None, None),
    )  # fmt: skip
    new = sheet(
        tmp_path / "skattefunn-per-september-2026.xlsx", NEW_HEADS,
        (datetime(2024, 6, 1), "S1", 300002, "FIKTIV AS", "I begge", 999999999, "Oslo", "Oslo",
         "JA", datetime(2024, 1, 1), datetime(2026, 12, 31), datetime(2024, 8, 1)),
        (datetime(2026, 6, 1), "S2", 300004, "FIKTIV AS", "Ny", 12345679, "Oslo", "Oslo", "NEI",
         datetime(2026, 1, 1), datetime(2028, 12, 31), datetime(2026, 8, 1)),
    )  # fmt: skip
    # 01234567: 0+2+14+18+20+20+18+14 = 106 = 9 x 11 + 7, so the last digit is 4
    for path, column in ((old, "E"), (new, "F")):
        book = openpyxl.load_workbook(path)
        row = 2 if column == "E" else 3
        book.active[f"{column}{row}"] = "012345674" if column == "E" else 12345674
        book.save(path)
    first = only(old, tmp_path / "d", as_of=date(2024, 12, 31))
    assert first.manifest.set_apart_reasons == {"invalid_organisation_number": 1}
    assert pl.read_parquet(first.table("skattefunn")).to_dicts()[0] == {
        "record": 1, "project_number": "300001", "application_number": None,
        "organisation_number": "012345674", "title": "Gammel", "applied": date(2023, 3, 1),
        "decided": date(2023, 5, 2), "is_approved": True, "start_year": 2023, "end_year": 2025,
        "county": "Oslo", "municipality_name": "Oslo", "layout": "old",
    }  # fmt: skip
    only(new, tmp_path / "d")
    projects, n_overlapping = skattefunn_projects(tmp_path / "d")
    assert n_overlapping == 1
    assert projects.select(
        "project_number", "organisation_number", "is_approved", "start_year", "layout"
    ).rows() == [
        ("300001", "012345674", True, 2023, "old"),
        ("300002", "999999999", True, 2024, "new"),
        ("300004", "012345674", False, 2026, "new"),  # the spreadsheet dropped the zero
    ]


def test_a_workbook_without_a_needed_column(tmp_path: Path) -> None:
    heads = tuple("Vedtak" if h == "Vedtaksdato" else h for h in NEW_HEADS)
    path = sheet(tmp_path / "s.xlsx", heads)
    with pytest.raises(InputError, match="column 'vedtaksdato': is gone"):
        import_files([path], tmp_path / "d", as_of=DAY)
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match="workbook that cannot be unpacked"):
        import_files([cut], tmp_path / "d", as_of=DAY)


def update(number: int, day: str, orgnr: str, change: str) -> dict[str, Any]:
    return {"oppdateringsid": number, "dato": f"{day}T04:05:11.193Z",
            "organisasjonsnummer": orgnr, "endringstype": change}  # fmt: skip


def test_pages_of_the_change_feed(tmp_path: Path) -> None:
    pages = [
        {"_embedded": {"oppdaterteEnheter": [update(1, "2026-09-20", "999999999", "Endring"),
                                             update(2, "2026-09-21", "888888888", "Sletting")]},
         "page": {"number": 0}},
        {"_links": {}, "page": {"totalElements": 0}},  # no _embedded at all when empty
    ]  # fmt: skip
    files = [write(tmp_path / f"{k}.json", page) for k, page in enumerate(pages)]
    (done,) = import_files(files, tmp_path / "d", kind="updates")
    assert done.held.manifest.as_of == date(2026, 9, 21)
    assert pl.read_parquet(done.held.table("updates")).rows() == [
        (1, 1, datetime(2026, 9, 20, 4, 5, 11, 193000, UTC), "999999999", "Endring"),
        (2, 2, datetime(2026, 9, 21, 4, 5, 11, 193000, UTC), "888888888", "Sletting"),
    ]


def test_municipality_changes_of_klass(tmp_path: Path) -> None:
    page = {"codeChanges": [{"oldCode": "3005", "oldName": "Drammen", "newCode": "3301",
                             "newName": "Drammen", "changeOccurred": "2024-01-01"}]}  # fmt: skip
    held = only(write(tmp_path / "k.json", page), tmp_path / "d")
    assert pl.read_parquet(held.table("municipalities")).rows() == [
        (1, "3005", "3301", date(2024, 1, 1))
    ]
