"""What is searched: texts in the language of the reader. Oracle: the library's own files."""

from __future__ import annotations

from virkestoff.evidence import content_root, load_library
from virkestoff.workbench.search_documents import documents_of, population_words


def test_figures_name_their_population_in_norwegian_and_definitions_no_dimensions() -> None:
    library = load_library(content_root() / "library")
    found = {d.url: d for d in documents_of(library)}
    for key, statistic in library.statistics.items():
        if statistic.population == "Norwegian health industry":
            text = found[f"statistic/{key}"].text
            assert "norsk helseindustri" in text.nb
            assert "Norwegian health industry" in text.en
    assert not [d for d in found.values() if d.kind == "subject" and "(group" in d.text.nb]
    assert population_words("India").nb == "India"
