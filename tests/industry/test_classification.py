"""Classification: hand-written verdicts, and the fast engine against a readable twin.

Oracles: verdicts written by hand from the definition in source 004 (sections 1.2.1 and 1.2.2); the
slow ``classify_one``, which shares no code with the fast one but the rules. Organisation numbers
are invented with a valid check digit.
"""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.industry.classification import UnitColumns, classify
from virkestoff.industry.classification_readable import classify_one
from virkestoff.industry.decisions import Decision, Decisions


def table(*units: dict) -> pl.DataFrame:
    base = {"name": "Foretak AS", "purpose": None, "activity": None, "form": "AS", "code_1": None,
            "standard": None, "n_employees": None}  # fmt: skip
    rows = [{**base, "organisation_number": f"{k:09d}", **u} for k, u in enumerate(units, 1)]
    schema = {key: pl.Int64 if key == "n_employees" else pl.String for key in rows[0]}
    return pl.DataFrame(rows, schema_overrides=schema)


def verdict(rules, **unit) -> tuple[str, str | None]:
    found = classify(table(unit), rules)
    if found.verdicts.is_empty():
        return ("no sign", None)
    row = found.verdicts.row(0, named=True)
    return (row["verdict"], row["branch"])


IN = {
    "Produksjon av legemidler": "pharmaceuticals",
    "Framstilling av lækjemiddel og forsking": "pharmaceuticals",
    "Development and production of vaccines": "pharmaceuticals",
    "Utvikling og produksjon av vaksiner til fisk": "pharmaceuticals",
    "Produksjon av kontrastmidler": "pharmaceuticals",
    "Utvikling og produksjon av medisinsk utstyr": "medical_devices",
    "Utvikling av medisinsk programvare": "medical_devices",
    "Produksjon av proteser": "medical_devices",
    "Utvikling av in vitro diagnostikk": "medical_devices",
    "Utvikling av programvare for helsesektoren": "digital_health",
    "Utvikling av velferdsteknologi": "digital_health",
}
OUT = (
    "Salg av medisinsk utstyr",
    "Apotek, salg av legemidler",
    "Legekontor med privat praksis innen allmennmedisin",
    "Tannlegevirksomhet og proteser",
    "Investering i selskaper innen legemidler",
    "Rådgivning om legemidler",
    "Programvare for helse, miljø og sikkerhet",
    "Eiendomsutleie til medisinsk utstyr",
)
NO_SIGN = (
    "Utvikling av API og nettsider",
    "Frisør",
    "Utvikling av programvare for bank",
    "Helse og omsorg",
    None,
)


@pytest.mark.parametrize(("text", "branch"), list(IN.items()))
def test_makers_are_in_with_their_branch(rules, text, branch) -> None:
    assert verdict(rules, purpose=text) == ("in", branch)


@pytest.mark.parametrize("text", OUT)
def test_trade_treatment_finance_and_advice_are_out(rules, text) -> None:
    assert verdict(rules, purpose=text)[0] == "out"


@pytest.mark.parametrize("text", NO_SIGN)
def test_a_word_that_means_something_else_is_no_sign(rules, text) -> None:
    assert verdict(rules, purpose=text) == ("no sign", None)


def test_name_alone_stays_undecided(rules) -> None:
    assert verdict(rules, name="Nordlys Pharma AS") == ("undecided", "pharmaceuticals")


def test_a_producer_that_also_deals_goes_to_a_person(rules) -> None:
    text = "Produksjon av medisinsk utstyr, og grossist"
    assert verdict(rules, purpose=text)[0] == "undecided"


def test_codes_count_in_their_own_standard_only(rules) -> None:
    assert verdict(rules, code_1="21.200", standard="SN2007") == ("in", "pharmaceuticals")
    assert verdict(rules, code_1="72.110", standard="SN2007")[0] == "out"  # 2 points
    assert verdict(rules, code_1="72.110", standard="SN2025") == ("no sign", None)
    assert verdict(rules, code_1="21.200", standard=None) == ("no sign", None)


def test_a_code_without_standard_is_said(rules) -> None:
    bare, whole = {"code_1": "21.200"}, {"code_1": "21.200", "standard": "SN2007"}
    found = classify(table(bare, whole), rules)
    assert found.n_without_standard == 1


def test_public_forms_and_hospitals_are_out(rules) -> None:
    assert verdict(rules, purpose="Forvaltning av legemidler", form="ORGL")[0] == "out"
    assert verdict(rules, name="Nordre sykehus", purpose="Forskning på legemidler")[0] != "in"


def test_in_vitro_is_kept_within_medical_devices(rules) -> None:
    row = classify(table({"purpose": "Utvikling av in vitro diagnostikk"}), rules).verdicts.row(
        0, named=True
    )
    assert (row["branch"], row["is_in_vitro"]) == ("medical_devices", True)


def test_counted_evidence_adds_up_to_the_score(rules) -> None:
    found = classify(table(*({"name": "Bio Pharma", "purpose": t} for t in [*IN, *OUT])), rules)
    summed = found.evidence.filter("is_counted").group_by("orgnr").agg(pl.col("weight").sum())
    joined = found.verdicts.join(summed, on="orgnr", how="left")
    assert (joined["score"] == joined["weight"]).all()


def test_counts_add_up_to_all_units(rules) -> None:
    texts = [*IN, *OUT, *NO_SIGN]
    found = classify(table(*({"purpose": t} for t in texts)), rules)
    assert sum(found.counts().values()) == found.n_units == len(texts)
    assert found.n_without_sign == len(NO_SIGN)


def test_both_ways_to_write_a_letter_are_one(rules) -> None:
    split = unicodedata.normalize("NFD", "Løsninger for avstandsoppfølging, utvikling")
    assert verdict(rules, purpose=split) == ("in", "digital_health")


def test_lists_of_texts_and_missing_columns(rules) -> None:
    units = pl.DataFrame({"nr": ["1"], "n": ["A"], "formål": [["Produksjon av", "legemidler"]]})
    columns = UnitColumns(orgnr="nr", name="n", texts=("formål",), codes=())
    assert classify(units, rules, columns=columns).verdicts["verdict"].to_list() == ["in"]


def test_parquet_in_parts_gives_the_same(rules, tmp_path) -> None:
    units = table(*({"purpose": t} for t in [*IN, *OUT, *NO_SIGN]))
    units[:7].write_parquet(tmp_path / "a.parquet")
    units[7:].write_parquet(tmp_path / "b.parquet")
    whole, parts = classify(units, rules), classify(tmp_path, rules)
    assert whole.verdicts.equals(parts.verdicts)
    assert whole.evidence.equals(parts.evidence)


def test_queue_puts_known_size_first(rules) -> None:
    sizes = enumerate([None, 5, 50])
    units = table(*({"name": f"N{k} Pharma", "n_employees": n} for k, n in sizes))
    units = units.with_columns(turnover=pl.Series([None, 7e6, None], dtype=pl.Float64))
    queue = classify(units, rules).queue()
    assert queue["orgnr"].to_list() == ["000000002", "000000003", "000000001"]
    assert classify(units, rules).queue(1).height == 1


def test_a_number_that_stands_twice_is_refused(rules) -> None:
    units = table({"purpose": "legemidler"})
    with pytest.raises(InputError, match="stands more than once"):
        classify(pl.concat([units, units]), rules)


def test_a_number_that_stands_twice_is_refused_without_any_sign(rules) -> None:
    one = table({"purpose": "Drift av butikk"})
    with pytest.raises(InputError, match="more than once"):
        classify(pl.concat([one, one]), rules)


def test_a_missing_column_is_named(rules) -> None:
    with pytest.raises(InputError, match="column 'organisation_number'"):
        classify(pl.DataFrame({"name": ["A"]}), rules)


def test_a_decision_wins_and_the_rule_is_still_told(rules) -> None:
    units = table(
        {"organisation_number": "974760673", "purpose": "Frisør"},
        {"organisation_number": "999999999", "purpose": "Produksjon av legemidler"},
    )
    said = {"date": "2026-11-01", "act": "decide", "reason": "egen kunnskap", "who": "KH"}
    log = Decisions((
        Decision(**said, orgnr="974760673", verdict="in", branch="medical_devices",
                 health_share=0.4),
        Decision(**said, orgnr="999999999", verdict="out"),
        Decision(**said, orgnr="123456785", verdict="out"),
    ))  # fmt: skip
    found = classify(units, rules, log)
    rows = {r["orgnr"]: r for r in found.verdicts.iter_rows(named=True)}
    first, second = rows["974760673"], rows["999999999"]
    assert (first["verdict"], first["branch"]) == ("in", "medical_devices")
    assert first["health_share"] == 0.4
    assert (first["basis"], first["rule_verdict"]) == ("decision", "out")
    assert (second["verdict"], second["branch"], second["rule_verdict"]) == ("out", None, "in")
    assert found.absent == ("123456785",)


VOCABULARY = """
    legemidler utvikling av og produksjon medisinsk utstyr salg grossist apotek klinikk programvare
    helse pharma diagnostikk in vitro vaksiner til fisk kosttilskudd app secure Ås investering onco
    klynge nettverk sykehus kreft hms kontrastmidler virkestoff gmp bank fond råd
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.lists(WORDS, max_size=8).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({
            "name": TEXTS,
            "purpose": TEXTS | st.none(),
            "form": st.sampled_from(["AS", "ORGL", "FLI", None]),
            "code_1": st.sampled_from(["21.200", "26.600", "46.460", "86.211", "68.209", None]),
            "standard": st.sampled_from(["SN2007", "SN2025", None]),
        }),  # fmt: skip
        min_size=1, max_size=12,
    )
)
def test_fast_equals_readable(rules, units) -> None:
    found = classify(table(*units), rules).verdicts
    rows = {r["orgnr"]: r for r in found.iter_rows(named=True)}
    for k, unit in enumerate(units, 1):
        one = classify_one({**unit, "text": unit["purpose"], "code": unit["code_1"]}, rules)
        row = rows.get(f"{k:09d}")
        if one.score is None:
            assert row is None
        else:
            assert row is not None
            got = (row["verdict"], row["branch"], row["score"], row["n_criteria"])
            assert got == (one.verdict, one.branch, one.score, one.n_criteria), unit


def test_a_sales_company_of_a_medicine_group_goes_to_a_person(rules) -> None:
    """Source 004, section 3.1: 16 of 138 respondents only sell in Norway and are counted there."""
    assert verdict(rules, name="Nordlys Pharma AS", purpose="Salg av legemidler")[0] == "undecided"
