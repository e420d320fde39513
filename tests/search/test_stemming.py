"""Stems against paradigms of Norwegian words, in bokmål and nynorsk, and of English ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.search.folding import fold, skeleton, words_in
from virkestoff.search.stemming import stem_english, stem_norwegian

# Forms of one word each, as Norwegian inflects them, written out by hand and not by the rules.
PARADIGMS = [
    "legemiddel legemiddelet legemidlet legemidler legemidlene legemidla legemidlets",
    "middel middelet midlet midler midlene midla",
    "sykehus sykehuset sykehusene sykehusa sykehusets",
    "kapasitet kapasiteten kapasiteter kapasitetene kapasitetens",
    "anlegg anlegget anleggene anlegga anleggets",
    "bedrift bedriften bedrifta bedrifter bedriftene bedriftenes",
    "verksemd verksemda verksemder verksemdene",
    "helsenæring helsenæringa helsenæringen helsenæringer helsenæringene",
    "produksjon produksjonen produksjoner produksjonene produksjonar produksjonane",
    "senter senteret sentre sentrene sentra",
    "register registeret registre registrene registra",
    "laboratorium laboratoriet laboratorier laboratoriene",
    "kriterium kriteriet kriterier kriteriene",
    "studie studien studier studiene",
    "regel regelen regler reglene",
    "artikkel artikkelen artikler artiklene",
    "mangel mangelen mangler manglene",
    "program programmet programmer programmene programma",
    "medlem medlemmet medlemmer medlemmene",
    "produsent produsenten produsenter produsentene produsentar produsentane",
    "virksomhet virksomheten virksomheter virksomhetene virksomheit virksomheiten",
    "offentlig offentlige offentleg offentlege",
    "vaksine vaksinen vaksiner vaksinene vaksinar vaksinane",
    "tjeneste tjenesten tjenester tjenestene",
    "produsere produserer produserte produsert produsering",
    "finansiere finansierer finansierte finansiert finansiering finansieringen",
    "prosjekt prosjektet prosjekter prosjektene prosjekta",
    "kostnad kostnaden kostnader kostnadene kostnadar kostnadane",
]
APART = ["får far", "lår lar", "år ar", "legemiddel virkemiddel", "lån land"]


@pytest.mark.parametrize("forms", PARADIGMS)
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    stems = {stem_norwegian(fold(form)) for form in forms.split()}
    assert len(stems) == 1, stems


@pytest.mark.parametrize("pair", APART)
def test_other_words_have_other_stems(pair: str) -> None:
    one, other = (stem_norwegian(fold(word)) for word in pair.split())
    assert one != other


@pytest.mark.parametrize(
    "forms",
    ["vaccine vaccines", "therapy therapies", "manufacture manufactured manufacturing",
     "company companies company's", "plant plants", "process processes", "box boxes"],
)  # fmt: skip
def test_english_forms_have_one_stem(forms: str) -> None:
    assert len({stem_english(fold(form)) for form in forms.split()}) == 1


@given(st.text(max_size=30))
def test_any_text_can_be_folded_and_stemmed(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    for word, start, end in words_in(text):
        assert text[start:end] == word
        assert stem_norwegian(fold(word)) or not fold(word)
        stem_english(fold(word))


@pytest.mark.parametrize(
    ("one", "other"),
    [("søknad", "soeknad"), ("lån", "laan"), ("næring", "naering"), ("Å", "aa"), ("én", "en"),
     ("crème", "creme"), ("Göteborg", "gøteborg")],
)  # fmt: skip
def test_words_typed_without_the_keys_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("typed", "meant"), [("gronn", "grønn"), ("lan", "lån"), ("naring", "næring")]
)
def test_marks_left_out_give_the_same_skeleton(typed: str, meant: str) -> None:
    assert skeleton(fold(typed)) == skeleton(fold(meant))
