"""A fact or statistic as a row of a list, and as rows of its own page."""

from __future__ import annotations

from typing import Any

from virkestoff.evidence import Fact, Library, Statistic
from virkestoff.language import Lang, Text, format_number
from virkestoff.reports.fact_words import fact_value
from virkestoff.reports.statistic_words import about, branch_name, figure, time_text, unit_word
from virkestoff.workbench.search_documents import population_words

__all__ = ["row_of", "rows_about", "searched_text"]

CONFIDENCE: dict[str, Text] = {
    "read": Text(nb="lest i kilden", en="read in the source"),
    "unverified": Text(nb="ikke etterprøvd", en="unverified"),
    "assumption": Text(nb="antakelse", en="assumption"),
}
_HOW: dict[str, Text] = {
    "read": Text(nb="lest i kilden", en="read in the source"),
    "read_secondary": Text(nb="gjengitt av andre", en="read at second hand"),
    "computed": Text(nb="regnet ut", en="computed"),
    "derived": Text(nb="utledet", en="derived"),
    "recalled": Text(nb="husket, ikke etterprøvd", en="recalled, not verified"),
    "assumption": Text(nb="antatt", en="assumed"),
}
_GRADES: dict[str, Text] = {
    "high": Text(nb="høy", en="high"),
    "medium": Text(nb="middels", en="medium"),
    "low": Text(nb="lav", en="low"),
}
_KINDS: dict[str, Text] = {
    "observed": Text(nb="observert", en="observed"),
    "estimate": Text(nb="anslag", en="estimate"),
    "projection": Text(nb="framskrivning", en="projection"),
    "target": Text(nb="mål", en="target"),
}
_SHAPES: dict[str, Text] = {
    "point": Text(nb="ett tall", en="one number"),
    "uniform": Text(nb="jevn mellom laveste og høyeste", en="uniform from lowest to highest"),
    "triangular": Text(nb="trekant: laveste, mest sannsynlige, høyeste",
                       en="triangular: lowest, most likely, highest"),
    "log_triangular": Text(nb="trekant på logaritmisk skala: laveste, mest sannsynlige, høyeste",
                           en="triangular on a logarithmic scale: lowest, most likely, highest"),
    "lognormal": Text(nb="lognormal: 5., 50. og 95. prosentil",
                      en="lognormal: 5th, 50th and 95th percentile"),
}  # fmt: skip
DIGITS = 6


def searched_text(record: Fact | Statistic, library: Library) -> str:
    """The text that a record is searched by."""
    parts = [record.id, record.name.nb, record.name.en, record.source]
    if isinstance(record, Statistic):
        parts += [about(record, library, "nb"), about(record, library, "en")]
    return " ".join(parts).casefold()


def _value(record: Fact | Statistic, library: Library, lang: Lang) -> str:
    if isinstance(record, Statistic):
        return figure(record, lang, library)
    return fact_value(record, lang)


def row_of(record: Fact | Statistic, library: Library, lang: Lang) -> dict[str, Any]:
    """A record for a list."""
    is_statistic = isinstance(record, Statistic)
    return {
        "id": record.id,
        "name": record.name.in_(lang),
        "value": _value(record, library, lang),
        "year": time_text(record) if isinstance(record, Statistic) else record.price_year or "",
        "confidence": record.confidence,
        "confidence_words": CONFIDENCE[record.confidence].in_(lang),
        "source": record.source,
        "publisher": library.sources[record.source].publisher,
        "kind": ("publisert tall" if is_statistic else "faktum") if lang == "nb"
        else ("published figure" if is_statistic else "fact"),
    }  # fmt: skip


def rows_about(record: Fact | Statistic, library: Library, lang: Lang) -> list[tuple[str, str]]:
    """Label and text of what is known of a record, but for its source and place."""
    nb = lang == "nb"
    rows: list[tuple[str, str]] = []

    def add(norwegian: str, english: str, text: object) -> None:
        if text not in (None, "", ()):
            rows.append((norwegian if nb else english, str(text)))

    add("Id", "Id", record.id)
    if isinstance(record, Fact):
        _of_fact(record, lang, add)
    else:
        _of_statistic(record, library, lang, add)
    add("Enhet", "Unit", "" if record.unit == "1" else unit_word(record.unit, lang))
    add("Prisår", "Price year", record.price_year)
    add("Sikkerhet", "Confidence", f"{_HOW[record.how].in_(lang)}; "
        + ("tillit: " if nb else "trust: ") + _GRADES[record.grade].in_(lang))
    add("Merknad", "Note", record.note)
    add("Fil i biblioteket", "File in the library", library.files[record.id])
    return rows


def _of_fact(record: Fact, lang: Lang, add: Any) -> None:
    if record.series:
        values = "; ".join(f"{year}: {format_number(v, lang, DIGITS)}"
                           for year, v in sorted(record.series.items()))  # fmt: skip
        add("Verdier", "Values", values)
    else:
        shown = " – ".join(format_number(float(n), lang, DIGITS) for n in record.numbers)
        add("Tall slik de står", "Numbers as they stand", shown)
        add("Fordeling", "Distribution", _SHAPES[record.shape].in_(lang))
    if record.valid.from_ or record.valid.to:
        add("Gjelder", "Holds", str(record.valid.period))
    add("Begrunnelse", "Reason", record.reason)


def _of_statistic(record: Statistic, library: Library, lang: Lang, add: Any) -> None:
    add("Handler om", "About", about(record, library, lang))
    add("Slag", "Kind", _KINDS[record.kind].in_(lang))
    add("År", "Year", time_text(record))
    add("Bransje", "Branch", branch_name(record.branch, lang) if record.branch else "")
    if record.population:
        add("Populasjon", "Population", population_words(record.population).in_(lang))
    add("Antall svar", "Number of answers", record.n)
    add("Definisjon", "Definition", record.definition)
