"""Accounts that the user holds: any column names, all faults at once, missing years said."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from pydantic import ValidationError

from virkestoff.errors import InputError
from virkestoff.evidence import Library, library_folder, load_library
from virkestoff.industry.orgnr import check_digit
from virkestoff.industry.own_accounts import (
    ColumnMapping,
    own_accounts,
    read_mapping,
    save_mapping,
)
from virkestoff.industry.statistics import statistics


def number(stem: int) -> str:
    """A valid organisation number that starts with 8: not given out to companies."""
    first = f"8{stem:07d}"
    digit = check_digit(first)
    return number(stem + 1000) if digit is None else f"{first}{digit}"


A, B, C = number(1), number(2), number(3)
COLUMNS = {
    "company_id": "Orgnr", "year": "År", "turnover_nok": "Sum inntekter",
    "operating_result_nok": "Driftsresultat", "wage_costs_nok": "Lønn",
    "depreciation_nok": "Avskrivning", "employees": "Ansatte", "branch": "Bransje",
}  # fmt: skip
HEAD = "Orgnr;År;Sum inntekter;Driftsresultat;Lønn;Avskrivning;Ansatte;Bransje\n"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(library_folder())


def mapping(file: str, **choices: object) -> ColumnMapping:
    """Toy amounts: too small for any unit."""
    given = {"unit": 1000, "is_unit_right": True} | choices
    return ColumnMapping(file=file, columns=COLUMNS,
                    branches={"Legemidler": "pharmaceuticals"}, **given)  # fmt: skip


def test_units_words_and_unknown_cells(tmp_path: Path) -> None:
    rows = f"{A};2018;1 250,5;100;400;50;;Legemidler\n{A};2019;1.300,0;-20;410;50;7;Legemidler\n"
    (tmp_path / "own.csv").write_text(HEAD + rows + f"{B};2019;20;;;;3;Legemidler\n", "utf-8")
    held = own_accounts(mapping("own.csv"), tmp_path)
    first, second, third = held.population.accounts.to_dicts()
    assert first["turnover_nok"] == 1_250_500 and first["employees"] is None
    assert first["value_creation_nok"] == (100 + 400 + 50) * 1000
    assert second["turnover_nok"] == 1_300_000 and second["operating_result_nok"] == -20_000
    assert third["value_creation_nok"] is None and third["wage_costs_nok"] is None
    assert held.population.companies["branch"].to_list() == ["pharmaceuticals"] * 2
    assert not held.population.is_synthetic


def test_a_point_parts_thousands_or_is_a_fault(tmp_path: Path) -> None:
    """Read as a decimal mark, 1.250 would be a thousandth of what the file says."""
    (tmp_path / "own.csv").write_text(HEAD + f"{A};2018;1.250;0;1;0;1;Legemidler\n", "utf-8")
    held = own_accounts(mapping("own.csv"), tmp_path)
    assert held.population.accounts["turnover_nok"][0] == 1_250_000
    (tmp_path / "own.csv").write_text(HEAD + f"{A};2018;12.5;0;1;0;1;Legemidler\n", "utf-8")
    with pytest.raises(InputError, match="point that does not part thousands"):
        own_accounts(mapping("own.csv"), tmp_path)
    held = own_accounts(mapping("own.csv", decimal="."), tmp_path)
    assert held.population.accounts["turnover_nok"][0] == 12_500


def test_missing_years_by_company_and_in_all(tmp_path: Path) -> None:
    years = {A: (2017, 2019), B: (2017, 2018, 2019), C: (2019,)}
    rows = [f"{c};{y};1;0;1;0;1;Legemidler" for c, found in years.items() for y in found]
    (tmp_path / "own.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    held = own_accounts(mapping("own.csv"), tmp_path)
    assert held.missing_years == {A: (2018,), C: (2017, 2018)}
    assert held.n_missing == {2017: 1, 2018: 2} and held.n_companies == 3


def test_all_faults_of_the_file_at_once(tmp_path: Path) -> None:
    bad = A[:-1] + str((int(A[-1]) + 1) % 10)
    rows = [
        f"{bad};2019;1;0;0;0;1;Legemidler",
        f"{A};2019;-5;0;0;0;1;Legemidler",
        f"{B};2019;x;0;0;0;1,5;Handel",
        f"{C};2019;1;0;0;0;1;Legemidler",
        f"{C};2019;2;0;0;0;1;Legemidler",
    ]
    (tmp_path / "own.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    with pytest.raises(InputError) as caught:
        own_accounts(mapping("own.csv"), tmp_path)
    text = str(caught.value)
    for part in ("row 2, Orgnr", "row 3, Sum inntekter: -5 is below zero", "row 4, Sum inntekter",
                 "row 4, Ansatte", "branch 'Handel'", "row 6: "):  # fmt: skip
        assert part in text
    assert len(caught.value.faults) == 6


def test_value_creation_and_balance_that_do_not_add_up(tmp_path: Path) -> None:
    columns = COLUMNS | {"value_creation_nok": "VS", "assets_nok": "E", "equity_nok": "K",
                         "debt_nok": "G"}  # fmt: skip
    rows = f"{A};2019;9;1;2;3;1;Legemidler;20;10;4;5\n{B};2019;9;1;2;3;1;Legemidler;6;9;4;5\n"
    (tmp_path / "own.csv").write_text(HEAD.strip() + ";VS;E;K;G\n" + rows, "utf-8")
    with pytest.raises(InputError) as caught:
        branches = {"Legemidler": "pharmaceuticals"}
        own_accounts(ColumnMapping(file="own.csv", columns=columns, branches=branches,
                                   is_unit_right=True), tmp_path)  # fmt: skip
    assert len(caught.value.faults) == 1  # row 2 alone: 10 is 4 + 5 within rounding
    assert "NOK 14 apart" in str(caught.value)


def test_a_workbook_reads_like_the_same_csv(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD.strip().split(";"))
    sheet.append([int(A), 2019, 1250.5, 100, 400, 50, None, "Legemidler"])
    book.save(tmp_path / "own.xlsx")
    text = HEAD + f"{A};2019;1250,5;100;400;50;;Legemidler\n"
    (tmp_path / "own.csv").write_bytes(text.encode("cp1252"))
    one = own_accounts(mapping("own.xlsx"), tmp_path)
    two = own_accounts(mapping("own.csv", encoding="cp1252"), tmp_path)
    assert one.population.accounts.equals(two.population.accounts)


def test_a_column_that_is_gone_and_a_wrong_encoding(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(HEAD.replace("Lønn", "Lonn").encode("utf-8"))
    with pytest.raises(InputError, match=r"column 'Lønn'.*(\n|.)*Did you mean 'Lonn'"):
        own_accounts(mapping("own.csv"), tmp_path)
    (tmp_path / "own.csv").write_bytes(HEAD.encode("cp1252"))
    with pytest.raises(InputError, match="cannot be read"):
        own_accounts(mapping("own.csv"), tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        own_accounts(mapping("absent.csv"), tmp_path)


def test_a_mapping_is_saved_and_read_back(tmp_path: Path) -> None:
    made = mapping("own.csv", year=2019)
    path = save_mapping(made, tmp_path / "new")
    assert path.is_file() and read_mapping(tmp_path / "new") == made
    with pytest.raises(InputError, match="is not there"):
        read_mapping(tmp_path)
    path.write_text("file: x\ncolumns: {company_id: a}\nunit: 7\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_mapping(tmp_path / "new")
    assert "turnover_nok" in str(caught.value) and "unit" in str(caught.value)


def test_a_mapping_names_only_fields_that_exist() -> None:
    with pytest.raises(ValidationError, match="turnover_nok"):
        ColumnMapping(file="x.csv", columns={"company_id": "a", "turnover": "b"})


def test_own_accounts_take_the_place_of_the_synthetic(tmp_path: Path) -> None:
    """Without a health share in any row, companies count whole."""
    rows = [f"{number(10 + i)};2019;{100 + i};10;30;5;;Legemidler" for i in range(6)]
    (tmp_path / "own.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    held = own_accounts(mapping("own.csv"), tmp_path)
    found = statistics(held.population, "turnover", library=load_library(library_folder()))
    assert found.cells[0].value == sum(100 + i for i in range(6)) * 1000
    assert not found.is_synthetic


@pytest.mark.parametrize(("stated", "right"), [(1, 1000), (1_000_000, 1000), (1000, 1), (1, 10**6)])
@pytest.mark.parametrize("known", ["wages", "staff", "turnover"])
def test_a_unit_that_is_wrong_by_a_thousand_is_named_with_the_right_one(
    tmp_path: Path, library: Library, stated: int, right: int, known: str
) -> None:
    """Companies of 3 to 20 persons at NOK 700,000 to 900,000 a year, written in the right unit."""
    rows = []
    for i, (staff, pay) in enumerate([(3, 700_000), (8, 800_000), (20, 900_000)], 1):
        sales, wages = staff * 2_000_000 / right, staff * pay / right
        cells = (number(i), 2019, sales, "", wages if known == "wages" else "", "",
                 "" if known == "turnover" else staff, "Legemidler")  # fmt: skip
        rows.append(";".join(str(c).replace(".", ",") for c in cells))
    (tmp_path / "own.csv").write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    with pytest.raises(InputError) as caught:
        own_accounts(mapping("own.csv", unit=stated, is_unit_right=False), tmp_path, library)
    (fault,) = caught.value.faults
    what = {"wages": "wage costs per employee", "staff": "turnover per employee",
            "turnover": "turnover per company"}  # fmt: skip
    assert fault.where == f"own.csv: unit {stated}" and what[known] in fault.what
    assert "NOK" in fault.what and "3 rows" in fault.what
    assert f"--unit {right};" in fault.next_step and "--unit-is-right" in fault.next_step
    held = own_accounts(mapping("own.csv", unit=right, is_unit_right=False), tmp_path, library)
    assert held.population.accounts["turnover_nok"].to_list() == [6e6, 16e6, 40e6]
    assert own_accounts(mapping("own.csv", unit=stated), tmp_path).n_companies == 3
