"""The register of the library, and files of windows and requests as strangers may write them.

Oracle: the five sources by line; the rule for hospitals (source 003, lines 337-340); faults that
were put into a file and must all be told.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Library, read_yaml
from virkestoff.facilities import (
    Register,
    load_outcomes,
    load_register,
    load_request,
    load_vocabulary,
)
from virkestoff.facilities.amounts import UNITS, WHOLE_UNITS, in_unit

FIVE = {f"source_00{n}" for n in range(5)}


def test_every_capability_is_stated_somewhere(register: Register, library: Library) -> None:
    for key, provider in register.providers.items():
        for said in (*provider.capabilities, *provider.lacks):
            assert said.source in library.sources, key
            assert said.place, key
            assert said.source in FIVE or library.sources[said.source].url, key


def test_places_in_the_five_sources_are_lines(register: Register) -> None:
    lines = re.compile(r"^lines? \d+(-\d+)?(, \d+(-\d+)?)*$")
    said = [c for p in register.providers.values() for c in (*p.capabilities, *p.lacks)]
    wrong = [(s.source, s.place) for s in said if s.source in FIVE and not lines.match(s.place)]
    assert wrong == []


def test_no_provider_has_confirmed_and_no_window_is_held(register: Register) -> None:
    assert not any(p.is_confirmed for p in register.providers.values())
    assert dict(register.windows) == {}


def test_only_stated_sizes_are_held(register: Register) -> None:
    """Source 001 states one size (line 226: up to 50 L); an article of 2018 states two."""
    sizes = {
        (key, c.does, c.scale.to)
        for key, p in register.providers.items() for c in p.capabilities if c.scale
    }  # fmt: skip
    assert sizes == {
        ("curida_diotec", "atmp_production", 50.0),
        ("testa_center", "cell_culture", 500.0),
        ("testa_center", "microbial_fermentation", 50.0),
    }


def test_providers_are_organisations_of_the_library(register: Register) -> None:
    assert register.name("ife") == "Institutt for energiteknikk (IFE)"
    assert set(register.names) == set(register.providers)


@pytest.mark.parametrize(
    ("word", "term"),
    [
        ("BFS", "blow_fill_seal"), ("virkestoffproduksjon", "active_substance_production"),
        ("radiopharmacy", "radiopharmaceutical_production"), ("reinsing", "purification"),
        ("Opprensing", "purification"), ("celleterapi", "cell_therapy"),
        ("GOD TILVIRKNINGSPRAKSIS", "gmp"), ("tablettar", "tablet_production"),
    ],
)  # fmt: skip
def test_words_lead_to_terms_in_three_languages(register: Register, word, term) -> None:
    assert term in register.vocabulary.find(word)


def test_broader_terms_hold_the_narrower(register: Register) -> None:
    words = register.vocabulary
    assert words.covers("car_t_production", "atmp_production")
    assert not words.covers("atmp_production", "car_t_production")
    assert words.covers("biosafety_3", "biosafety_1")
    assert words.n_steps_above("pharmaceutical_production", "car_t_production") == 3
    assert words.n_steps_above("car_t_production", "pharmaceutical_production") == 0
    for key in words.terms:
        assert key not in words.ancestors(key)
        assert all(key in words.descendants(above) for above in words.ancestors(key))


FAULTY = """
windows:
  a:
    provider: nobody
    does: atmp_production
    unit: batch
    periods: [{from: 2027-01-01, to: 2027-02-01}]
    confidence: firm
    verified: 2026-11-01
    visibility: public
  b:
    provider: celleterapi_ous
    does: cell_therapy_production
    unit: batch
    periods: [{from: 2027-01-01, to: 2027-02-01}]
    price: {basis: market}
    confidence: firm
    verified: 2026-11-01
    visibility: public
  c:
    provider: curida
    does: atmp_production
    unit: zorks
    periods: [{from: 2027-01-01, to: 2026-02-01}]
    confidence: certain
    verified: 2026-11-01
    visibility: everyone
    colour: red
  d:
    provider: curida
    does: tablet_production
    unit: batch
    periods: [{from: 2027-01-01, to: 2027-02-01}]
    excludes: [radiofarmaka]
    confidence: firm
    verified: 2026-11-01
    visibility: public
extra: 1
"""


def faults_of(library: Library, path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_register(library, path)
    return [str(fault) for fault in caught.value.faults]


def test_all_faults_of_a_file_are_told_at_once(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_text(FAULTY, encoding="utf-8")
    told = "\n".join(faults_of(library, path))
    for words in (
        "extra: is not a known key", "'nobody' is not a provider", "outside normal operation",
        "not at actual cost", "source_003, lines 337-340", "windows.c.unit",
        "ends before it starts", "windows.c.confidence", "windows.c.visibility",
        "colour: is not a known key",
        "'tablet_production' is not a capability of curida", "Write radiopharmaceutical",
    ):  # fmt: skip
        assert words in told, words


@pytest.mark.parametrize(
    "text",
    [
        "windows: &a [*a]", "windows: [1, 2]", "windows: 5", "- 1", "windows: {a: null}",
        "windows: {a: [1]}", "a: !!python/object/apply:os.system [ls]",
        "windows: {a: {provider: 1}}", "{" * 5000, "\x00",
        "windows:\n  a: 1\n  a: 2\n", "is_synthetic: maybe",
        "windows: {a: {provider: curida, does: [x], unit: {}, periods: {}, verified: NO}}",
    ],
)  # fmt: skip
def test_hostile_files_of_windows_end_with_faults(library: Library, tmp_path, text) -> None:
    path = tmp_path / "windows.yaml"
    path.write_text(text, encoding="utf-8")
    assert faults_of(library, path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("request: r\n", "steps"),
        ("request: r\nsteps: []\n", "at least 1 item"),
        ("request: r\nsteps: [{does: tablets}]\n", "Write tablet_production"),
        ("request: r\nsteps: [{does: gmp}]\n", "is not a term of process"),
        ("request: ../x\nsteps: [{does: gmp}]\n", "pattern"),
        ("request: r\nsteps: [{does: scale_up, quantity: {amount: 0, unit: L}}]\n", "greater"),
        ("request: r\nsteps: [{does: scale_up, quantity: {amount: .inf, unit: L}}]\n", "amount"),
        ("request: r\nsteps: [{does: fermentation, batch_size: {amount: 3, unit: __import__}}]\n",
         "unit"),
        ("request: r\nfrom: 2027-05-01\nto: 2027-04-01\nsteps: [{does: fermentation}]\n", "before"),
        ("request: r\nfrom: 2027-05-01\nsteps: [{does: fermentation, to: 2027-01-01}]\n",
         "with the dates of the request"),
        ("request: r\nsteps: [{does: scale_up, quantity: {amount: 3, unit: degC}}]\n", "unit"),
        ("request: r\nsteps: [{does: scale_up, quantity: {amount: 3, unit: L^9999}}]\n", "unit"),
        ("request: r\nsteps: [{does: scale_up, quantity: {amount: 3, unit: l}}]\n", "Known: L"),
        ("request: r\ncountries: [Norway]\nsteps: [{does: fermentation}]\n", "pattern"),
        ("request: r\nbudget: {high: 1}\nsteps: [{does: fermentation}]\n", "price_year"),
    ],
)  # fmt: skip
def test_a_faulty_request_says_where(register: Register, tmp_path: Path, text, told) -> None:
    path = tmp_path / "request.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_request(path, register.vocabulary)
    assert told in str(caught.value)
    assert "request.yaml" in str(caught.value)


def test_unknown_may_be_written_out(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "request.yaml"
    path.write_text(
        "request: r\nmodality: unknown\ngmp: unknown\nfrom: unknown\nsafety: unknown\n"
        "budget: unknown\nsteps: [{does: fermentation, quantity: unknown}]\n",
        encoding="utf-8",
    )
    need = load_request(path, register.vocabulary).need(0)
    assert (need.modality, need.gmp, need.from_, need.safety, need.budget, need.quantity) == (
        None, None, None, (), None, None,
    )  # fmt: skip


def test_terms_that_lead_round_are_refused(tmp_path: Path) -> None:
    name = "name: {nb: a, en: a}"
    (tmp_path / "vocabulary.yaml").write_text(
        "terms:\n"
        f"  a: {{facet: gmp, {name}, broader: [b]}}\n"
        f"  b: {{facet: gmp, {name}, broader: [a]}}\n"
        f"  c: {{facet: gmp, {name}, broader: [d]}}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_vocabulary(tmp_path)
    assert "is its own broader term" in str(caught.value)
    assert "'d' is not a term" in str(caught.value)


def test_outcomes_are_checked_too(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "outcomes.yaml"
    path.write_text(
        "outcomes:\n"
        "  - {request: a, kind: price, on: 2027-01-01, requester: x, does: flying}\n"
        "  - {request: b, kind: price, on: 2027-01-01, requester: x, does: gmp, modality: soup}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_outcomes(path, register.vocabulary)
    assert len(caught.value.faults) == 3


def test_units_convert_by_what_everybody_knows() -> None:
    known = {("mL", "L"): (1, 1000), ("m^3", "L"): (1000, 1), ("t", "kg"): (1000, 1),
             ("g", "mg"): (1000, 1), ("GBq", "MBq"): (1000, 1), ("day", "hour"): (24, 1),
             ("week", "day"): (7, 1)}  # fmt: skip
    for (unit, wanted), (over, under) in known.items():
        assert in_unit(Fraction(3), unit, wanted) == Fraction(3 * over, under)
    for one in UNITS:
        for other in UNITS:
            found = in_unit(Fraction(1), one, other)
            assert found is None or found > 0
            assert one == other or not {one, other} & set(WHOLE_UNITS) or found is None


def test_settings_are_facts(register: Register, library: Library) -> None:
    low, mode, high = library.fact("facilities.stale_after_days").numbers
    assert register.settings.stale_after_days == mode
    assert low <= mode / 2 and high >= 2 * mode


def test_files_of_the_library_are_read_whole(register: Register) -> None:
    folder = Path(__file__).parents[2] / "library" / "facilities"
    n_written = sum(len(read_yaml(p).get("providers") or {}) for p in folder.glob("*.yaml"))
    assert len(register.providers) == n_written > 50
