"""The library as documents to search: one document per record, and per section of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from virkestoff.evidence import Library, content_root
from virkestoff.evidence.glossary import load_glossary
from virkestoff.evidence.yaml_reader import read_yaml
from virkestoff.facilities import load_register
from virkestoff.industry.organisations import load_organisations
from virkestoff.instruments.scheme_files import load_schemes
from virkestoff.language import Lang, Text
from virkestoff.reports.fact_words import fact_value
from virkestoff.reports.statistic_words import figure
from virkestoff.roadmap import load_roadmap
from virkestoff.search import Document

__all__ = ["KIND_NAMES", "documents_of", "population_words"]

KIND_NAMES: dict[str, Text] = {
    "scheme": Text(nb="Virkemiddel", en="Support scheme"),
    "facility": Text(nb="Anlegg og tilbyder", en="Facility and provider"),
    "organisation": Text(nb="Organisasjon", en="Organisation"),
    "term": Text(nb="Begrep", en="Term"),
    "need": Text(nb="Behov", en="Need"),
    "measure": Text(nb="Tiltak", en="Measure"),
    "topic": Text(nb="Tema", en="Topic"),
    "position": Text(nb="Standpunkt", en="Position"),
    "arrangement": Text(nb="Samarbeid mellom land", en="Cooperation between countries"),
    "demand": Text(nb="Spørsmål i et oppdrag", en="Question of a commission"),
    "subject": Text(nb="Størrelse", en="Quantity"),
    "statistic": Text(nb="Statistikk", en="Statistic"),
    "fact": Text(nb="Faktum", en="Fact"),
    "source": Text(nb="Kilde", en="Source"),
    "page": Text(nb="Dokumentasjon", en="Documentation"),
}
"""The name of each kind of document."""


def _joined(*parts: Text | str | None) -> Text:
    """Texts one after the other; a plain string stands in both languages."""
    texts = [Text(nb=p, en=p) if isinstance(p, str) else p for p in parts if p]
    sentences = [(t.nb.rstrip("."), t.en.rstrip(".")) for t in texts]
    nb, en = (". ".join(s) for s in zip(*sentences, strict=True)) if sentences else ("–", "–")
    return Text(nb=nb, en=en)


def _document(
    kind: str, key: str, title: Text, *text: Text | str | None, names: Iterable[str] = (),
    value: Text | None = None,
) -> Document:  # fmt: skip
    at = f"{kind}/{key}"
    return Document(at, kind, title, _joined(*text), at, tuple(names), value=value)


def documents_of(library: Library) -> tuple[Document, ...]:
    """Everything of a library that a reader may look for, in a fixed order.

    Raises
    ------
    InputError
        if a file of the library is faulty.
    """
    return (
        *_schemes(library), *_facilities(library), *_organisations(library), *_terms(library),
        *_roadmap(library), *_demands(library), *_evidence(library), *_pages(),
    )  # fmt: skip


def _schemes(library: Library) -> Iterator[Document]:
    schemes = load_schemes(library)
    for key in schemes:
        scheme = schemes[key]
        base = scheme.costs.text if scheme.costs else None
        yield _document(
            "scheme", key, scheme.name, scheme.summary, scheme.provider, base,
            scheme.assessment, names=(key.replace("_", " "),),
        )  # fmt: skip


def _facilities(library: Library) -> Iterator[Document]:
    """Providers of facilities with what the sources say that they can do."""
    if not (library.root / "facilities").is_dir():
        return
    register = load_register(library)
    terms = register.vocabulary.terms

    def named(ids: Iterable[str], lang: Lang) -> str:
        names = [terms[i].name for i in ids]
        return ", ".join((n.nb if lang == "nb" else n.en) for n in names)

    for key, provider in register.providers.items():
        name = register.names[key]
        parts: list[Text | None] = []
        for capability in provider.capabilities:
            nb, en = named([capability.does], "nb"), named([capability.does], "en")
            if capability.products:
                products = capability.products
                nb, en = f"{nb}: {named(products, 'nb')}", f"{en}: {named(products, 'en')}"
            parts += [Text(nb=nb, en=en), capability.note]
        places = dict.fromkeys(p for c in provider.capabilities for p in c.places)
        yield _document("facility", key, Text(nb=name, en=name), *parts, ", ".join(places))


def _organisations(library: Library) -> Iterator[Document]:
    for key, one in load_organisations(library).by_id.items():
        title = Text(nb=one.name, en=one.name)
        yield _document(
            "organisation", key, title, one.role, one.capability, one.status,
            ", ".join(one.places), names=one.other_names,
        )  # fmt: skip


def _terms(library: Library) -> Iterator[Document]:
    for key, term in load_glossary(library).items():
        yield _document("term", key, Text(nb=term.nb, en=term.en), term.definition)


def _roadmap(library: Library) -> Iterator[Document]:
    roadmap = load_roadmap(library)
    for key, need in roadmap.needs.items():
        yield _document("need", key, need.name, need.text)
    for key, measure in roadmap.measures.items():
        answers = [roadmap.needs[n].name for n in measure.needs]
        yield _document("measure", key, measure.name, measure.responsible, *answers)
    for key, topic in roadmap.topics.items():
        yield _document("topic", key, topic.name, topic.claim, topic.settled_by)
    for key, position in roadmap.positions.items():
        party, topic = roadmap.parties[position.who], roadmap.topics[position.topic]
        title = Text(
            nb=f"{party.name.nb}: {topic.name.nb}", en=f"{party.name.en}: {topic.name.en}"
        )
        yield _document(
            "position", key, title, position.says, position.condition, position.interest
        )
    for key, arrangement in roadmap.arrangements.items():
        yield _document(
            "arrangement", key, arrangement.name, arrangement.text, arrangement.relevance
        )


def _demands(library: Library) -> Iterator[Document]:
    studies = library.root.parent / "studies"
    for path in sorted(studies.glob("*/study.yaml")):
        study = read_yaml(path, f"studies/{path.parent.name}/study.yaml")
        title = Text(**study["title"]) if isinstance(study.get("title"), dict) else None
        for i, demand in enumerate(study.get("demands") or [], start=1):
            text = Text(**demand["text"])
            yield _document("demand", f"{path.parent.name}/{i}", text, title)


_DIMENSIONS = re.compile(r" \(group: [^)]*\)")
"""What a definition says to those who write figures: the names of its dimensions."""
_POPULATIONS = {
    "Norwegian health industry": "norsk helseindustri",
    "Norwegian health sector": "norsk helsenæring",
    "Norway": "Norge", "world": "verden", "Sweden": "Sverige", "Denmark": "Danmark",
    "United States": "USA", "European Union": "EU",
    "respondents of the survey of 2021": "de som svarte på undersøkelsen i 2021",
    "export-oriented companies in the survey of 2021":
        "eksportrettede bedrifter i undersøkelsen i 2021",
}  # fmt: skip
"""The usual populations of figures in Norwegian; files of figures write them in English."""


def population_words(said: str) -> Text:
    """The population of a figure in the language of the reader, where it is a usual one."""
    return Text(nb=_POPULATIONS.get(said, said), en=said)


def _evidence(library: Library) -> Iterator[Document]:
    for key, subject in library.subjects.items():
        said = subject.definition and Text(nb=_DIMENSIONS.sub("", subject.definition.nb),
                                           en=_DIMENSIONS.sub("", subject.definition.en))
        yield _document("subject", key, subject.name, said)
    for key, statistic in library.statistics.items():
        about = library.subjects.get(statistic.subject or "")
        year = str(statistic.year or "")
        yield _document(
            "statistic", key, statistic.name, about.name if about else None,
            statistic.population and population_words(statistic.population), year,
            library.sources[statistic.source].publisher,
            value=None if statistic.value is None else
            Text(nb=figure(statistic, "nb", library), en=figure(statistic, "en", library)),
        )  # fmt: skip
    for key, fact in library.facts.items():
        yield _document(
            "fact", key, fact.name, library.sources[fact.source].publisher,
            names=(key.replace(".", " "),),
            value=Text(nb=fact_value(fact, "nb"), en=fact_value(fact, "en")),
        )  # fmt: skip
    for key, source in library.sources.items():
        title = Text(nb=source.title, en=source.title)
        yield _document("source", key, title, source.publisher, str(source.year or ""))


_HEADING = re.compile(r"^(#{1,3}) +(.+)$", re.MULTILINE)
_MARKUP = re.compile(r"```.*?```|<[^>\n]+>|\]\([^)]*\)|[`*_|\[\]]{1,3}|^[-:| ]+$", re.S | re.M)


def _pages() -> Iterator[Document]:
    """The sections of the pages on method, where the documentation came along."""
    docs = content_root() / "docs"
    for path in sorted(p for part in ("subjects", "howto", "tutorials") for p in
                       (docs / part).glob("*.md")):  # fmt: skip
        yield from _sections(path, path.relative_to(docs).with_suffix("").as_posix())


def _sections(path: Path, page: str) -> Iterator[Document]:
    whole = path.read_text(encoding="utf-8")
    found = list(_HEADING.finditer(re.sub(r"```.*?```", _blank, whole, flags=re.S)))
    first = found[0][2] if found else page
    for i, heading in enumerate(found):
        end = found[i + 1].start() if i + 1 < len(found) else len(whole)
        text = " ".join(_MARKUP.sub(" ", whole[heading.end() : end]).split())
        name = heading[2].replace("`", "")
        anchor = re.sub(r"[^\w]+", "-", name.casefold()).strip("-")
        key = f"page/{page}" + (f"#{anchor}" if i else "")
        title = name if not i else f"{first.replace('`', '')}: {name}"
        both = Text(nb=title, en=title)
        body = Text(nb=text or title, en=text or title)
        yield Document(f"{key}~{i}", "page", both, body, key, written_in="en")


def _blank(code: re.Match[str]) -> str:
    """As many characters without a heading among them."""
    return re.sub(r"[^\n]", " ", code[0])
