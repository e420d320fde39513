"""Articles and rules of aid in words: titles in both languages, never ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from virkestoff.evidence import Library
from virkestoff.evidence.fact import Fact, Validity
from virkestoff.instruments.aid_index import facts_under
from virkestoff.language import Lang, Text, format_date

__all__ = ["article_title", "articles_title", "unknown_rule"]

_ARTICLES: Mapping[str, Text] = {
    "14": Text(nb="regional investering", en="regional investment"),
    "17": Text(nb="investering i små og mellomstore foretak",
               en="investment in small and medium-sized enterprises"),
    "18": Text(nb="rådgivning for små og mellomstore foretak",
               en="consultancy for small and medium-sized enterprises"),
    "19": Text(nb="messer for små og mellomstore foretak",
               en="fairs for small and medium-sized enterprises"),
    "21": Text(nb="risikofinansiering", en="risk finance"),
    "21a": Text(nb="skattelette for private investorer", en="tax relief for private investors"),
    "22": Text(nb="nystartede foretak", en="start-ups"),
    "25_fundamental": Text(nb="grunnforskning", en="fundamental research"),
    "25_industrial": Text(nb="industriell forskning", en="industrial research"),
    "25_experimental": Text(nb="eksperimentell utvikling", en="experimental development"),
    "25_feasibility": Text(nb="gjennomførbarhetsstudie", en="feasibility study"),
    "25a": Text(nb="Seal of Excellence", en="Seal of Excellence"),
    "25e": Text(nb="medfinansiering fra Det europeiske forsvarsfondet",
                en="co-funding of the European Defence Fund"),
    "26": Text(nb="forskningsinfrastruktur", en="research infrastructure"),
    "26a": Text(nb="infrastruktur for test og forsøk",
                en="testing and experimentation infrastructure"),
    "27": Text(nb="innovasjonsklynger", en="innovation clusters"),
    "28": Text(nb="innovasjonsstøtte til små og mellomstore foretak",
               en="innovation aid to small and medium-sized enterprises"),
    "29": Text(nb="prosess- og organisasjonsinnovasjon",
               en="process and organisational innovation"),
    "31": Text(nb="opplæring", en="training"),
}  # fmt: skip
_NO_ARTICLE: Mapping[str, Text] = {
    "de_minimis": Text(nb="bagatellstøtte", en="de minimis aid"),
    "sgei_de_minimis": Text(nb="bagatellstøtte til tjenester av allmenn økonomisk betydning",
                            en="de minimis aid to services of general economic interest"),
    "union": Text(nb="EU-midler", en="Union funds"),
}  # fmt: skip


def article_title(article: str) -> Text:
    """``artikkel 25, industriell forskning``; the number alone where there are no words for it."""
    if article in _NO_ARTICLE:
        return _NO_ARTICLE[article]
    number = article.split("_")[0]
    words = _ARTICLES.get(article)
    nb, en = (f", {words.nb}", f", {words.en}") if words else ("", "")
    return Text(nb=f"artikkel {number}{nb}", en=f"Article {number}{en}")


def articles_title(articles: tuple[str, ...]) -> Text:
    """The titles of some articles, one after another."""
    titles = [article_title(a) for a in articles]
    return Text(nb="; ".join(t.nb for t in titles), en="; ".join(t.en for t in titles))


def unknown_rule(library: Library, key: str, on: date, article: str | None = None) -> Text:
    """That no rule of a kind is known on a date, and which are known on others, with sources.

    Parameters
    ----------
    key : what the ids of the rules begin with, such as ``instruments.aid.14.intensity``
    article : the article that the rules belong to, if any
    """
    found = facts_under(library, key)
    return Text(nb=_unknown(library, found, on, article, "nb"),
                en=_unknown(library, found, on, article, "en"))  # fmt: skip


def _unknown(
    library: Library, found: Sequence[Fact], on: date, article: str | None,
    lang: Lang,
) -> str:  # fmt: skip
    names = list(dict.fromkeys(f.name.in_(lang) for f in found))
    if names:
        what = names[0]
    else:
        what = "Regelen" if lang == "nb" else "The rule"
    title = "" if article is None else f" ({article_title(article).in_(lang).split(',')[0]})"
    day = format_date(on, lang)
    text = f"{what}{title} er ikke kjent {day}" if lang == "nb" else (
        f"{what}{title}: not known on {day}")  # fmt: skip
    if not found:
        return f"{text}."
    known = "; ".join(
        f"{_span(f.valid, lang)} ({library.sources[f.source].title}, {f.place}"
        f"{_unread(f, lang)})" for f in found
    )  # fmt: skip
    return f"{text}. {'Kjent' if lang == 'nb' else 'Known'}: {known}."


def _unread(fact: Fact, lang: Lang) -> str:
    if fact.confidence == "read":
        return ""
    return ", ikke lest" if lang == "nb" else ", not read"


def _span(valid: Validity, lang: Lang) -> str:
    first, last = (None if d is None else format_date(d, lang) for d in (valid.from_, valid.to))
    if lang == "nb":
        return f"{first or 'uten begynnelse'} til {last or 'uten ende'}"
    return f"{first or 'no beginning'} to {last or 'no end'}"
