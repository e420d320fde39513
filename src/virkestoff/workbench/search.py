"""Search over all that the library holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import ValidationError

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import Library, library_folder, load_library, use_library
from virkestoff.evidence.glossary import load_glossary
from virkestoff.evidence.library import kept_per_library, validation_faults
from virkestoff.evidence.yaml_reader import read_yaml
from virkestoff.facilities import load_vocabulary
from virkestoff.language import Lang
from virkestoff.search import Document, SearchIndex, SearchResults, Words
from virkestoff.workbench.search_documents import KIND_NAMES, documents_of

__all__ = ["KIND_NAMES", "library_documents", "load_words", "search_index", "search_library"]


def load_words(library: Library) -> Words:
    """What the library knows of language: its own words, the glossary, the names of capabilities.

    Raises
    ------
    InputError
        lists every fault of the file.
    """
    path = library.root / "search" / "words.yaml"
    name = "search/words.yaml"
    try:
        words = Words.model_validate(read_yaml(path, name))
    except ValidationError as problem:
        raise InputError(validation_faults(path, name, (), problem)) from None
    _check_words(words, library, name)
    terms = load_glossary(library).values()
    groups = [(term.nb, term.en) for term in terms]
    return words.with_synonyms([*groups, *_capability_words(library)])


def _capability_words(library: Library) -> Iterator[tuple[str, ...]]:
    """The names of each capability, in bokmål, nynorsk and English."""
    folder = library.root / "facilities"
    if not folder.is_dir():
        return
    for term in load_vocabulary(folder).terms.values():
        name, more = term.name, term.synonyms
        names = (name.nb, name.nn or "", name.en, *more.nb, *more.nn, *more.en)
        yield tuple(dict.fromkeys(n for n in names if n))


def _check_words(words: Words, library: Library, name: str) -> None:
    faults = FaultCollector()
    for kind in words.kinds:
        if kind not in KIND_NAMES:
            step = suggest(kind, KIND_NAMES) or f"Use one of {', '.join(KIND_NAMES)}"
            faults.add(f"{name}: kinds.{kind}", "is no kind of document", next_step=step)
    for i, group in enumerate(words.synonyms):
        if group.source and group.source not in library.sources:
            step = suggest(group.source, library.sources)
            faults.add(f"{name}: synonyms.{i}.source", f"'{group.source}' is not a source that the "
                       "library holds", next_step=step)  # fmt: skip
    faults.raise_if_any()


@kept_per_library
def _index() -> SearchIndex:
    library = load_library(library_folder())
    return SearchIndex(documents_of(library), load_words(library))


def search_index(library: Path | None = None) -> SearchIndex:
    """The index over a library, built once in a process; it takes some seconds the first time.

    Parameters
    ----------
    library : folder with the library; default the one in use

    Raises
    ------
    InputError
        if a file of the library is faulty.
    """
    if library is not None and library != library_folder():
        use_library(library)
    return _index()


def library_documents(library: Path | None = None) -> tuple[Document, ...]:
    """Everything that can be found, in a fixed order."""
    return search_index(library).documents


def search_library(
    query: str,
    *,
    kinds: Collection[str] = (),
    lang: Lang = "nb",
    limit: int = 10,
    offset: int = 0,
    library: Path | None = None,
) -> SearchResults:
    """What the library holds on a query, best first.

    Parameters and errors are those of ``SearchIndex.search``.
    """
    index = search_index(library)
    return index.search(query, kinds=kinds, lang=lang, limit=limit, offset=offset)
