"""Articles and rules of aid in words. Oracles: the names of the rules in the library, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from virkestoff.instruments.aid import articles
from virkestoff.instruments.aid_titles import article_title, articles_title, unknown_rule


@pytest.mark.parametrize(
    ("article", "nb", "en"),
    [
        ("25_industrial", "artikkel 25, industriell forskning", "Article 25, industrial research"),
        ("14", "artikkel 14, regional investering", "Article 14, regional investment"),
        ("de_minimis", "bagatellstøtte", "de minimis aid"),
        ("36", "artikkel 36", "Article 36"),
    ],
)
def test_titles_by_hand(article, nb, en) -> None:
    assert (article_title(article).nb, article_title(article).en) == (nb, en)


def test_every_article_of_the_library_and_of_a_scheme_has_words(library) -> None:
    for article in articles(library):
        for text in (article_title(article).nb, article_title(article).en):
            assert "_" not in text
            assert "," in text or "de_minimis" in article
    assert articles_title(("22", "de_minimis")).en == "Article 22, start-ups; de minimis aid"


def test_a_rule_that_is_not_known_is_named_with_those_that_are(library) -> None:
    found = unknown_rule(library, "instruments.aid.14.intensity", date(2026, 11, 24), "14")
    assert found.nb.replace("\u00a0", " ") == (
        "Høyeste støtteandel, regional investering (artikkel 14) er ikke "
        "kjent 24. november 2026. Kjent: 1. juli 2014 til 31. desember 2021 (Regional "
        "investeringsstøtte (GBER art. 14), article 14)."
    )
    assert found.en.replace("\u00a0", " ") == (
        "Highest share of aid, regional investment (Article 14): not known on "
        "24 November 2026. Known: 1 July 2014 to 31 December 2021 (Regional investeringsstøtte "
        "(GBER art. 14), article 14)."
    )
    other = unknown_rule(library, "instruments.aid.99.intensity", date(2026, 11, 24))
    assert other.en.replace("\u00a0", " ") == "The rule: not known on 24 November 2026."
