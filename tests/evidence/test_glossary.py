"""The glossary. Oracle: the schema stated in the module."""

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.evidence.glossary import load_glossary

TERM = """\
terms:
  a: {nb: a, en: b, definition: {nb: c, en: d}, source: s, place: p}
  b: {nb: a, definition: {nb: c}, source: s, place: p, colour: red}
  c: {nb: a, en: b, definition: {nb: c, en: d}, source: nobody, place: p}
"""


def test_every_term_of_the_library_loads() -> None:
    library = load_library(content_root() / "library")
    assert load_glossary(library)["active_substance"].nb == "virkestoff"


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_text(TERM)
    with pytest.raises(InputError) as caught:
        load_glossary(Library(tmp_path, {}, {}, {}), path)
    message = str(caught.value)
    for part in ("terms.b.en", "terms.b.definition.en", "terms.b.colour", "nobody"):
        assert part in message
