"""The command, and words of the library that are wrong."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from virkestoff.cli import main
from virkestoff.errors import InputError
from virkestoff.evidence import Library, library_folder, load_library
from virkestoff.evidence.fact import Source
from virkestoff.workbench.search import KIND_NAMES, load_words


@pytest.fixture(scope="module")
def sources() -> Mapping[str, Source]:
    return load_library(library_folder()).sources


def run(monkeypatch, capsys, *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["virkestoff", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    shown = capsys.readouterr()
    return int(ended.value.code or 0), shown.out, shown.err


def test_a_hit_is_shown_with_kind_and_key(library_index, monkeypatch, capsys) -> None:
    code, out, _ = run(monkeypatch, capsys, "search", "grønn plattform", "--limit", "1")
    assert code == 0
    assert "Grønn plattform (Virkemiddel)" in out
    assert "scheme/green_platform" in out
    assert "treff" in out


def test_a_slip_is_told_in_the_language_asked_for(library_index, monkeypatch, capsys) -> None:
    _, out, _ = run(monkeypatch, capsys, "search", "skatefunn", "--lang", "en", "--limit", "1")
    assert out.startswith("Read the query as: skattefunn")


def test_nothing_found_is_no_fault(library_index, monkeypatch, capsys) -> None:
    code, out, _ = run(monkeypatch, capsys, "search", "xqzxqz", "--kind", "scheme")
    assert (code, out.strip()) == (0, "0 treff")


def test_an_unknown_kind_is_a_fault(library_index, monkeypatch, capsys) -> None:
    code, _, err = run(monkeypatch, capsys, "search", "lån", "--kind", "schem")
    assert code == 2
    assert "Did you mean 'scheme'?" in err


def test_every_kind_has_a_name(library_index) -> None:
    assert set(library_index.kinds) <= KIND_NAMES.keys()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kinds: {sceme: 1.1}\n", "is no kind of document"),
        ("synonyms:\n  - {words: [a, b], source: source_0}\n", "is not a source"),
        ("synonym: []\n", "is not a known key"),
        ("passed_over: 3\n", "passed_over"),
        ("written: {a: b, a: c}\n", "a"),
    ],
)
def test_faulty_words_are_told(
    tmp_path: Path, sources: Mapping[str, Source], text: str, said: str
) -> None:
    folder = tmp_path / "library"
    (folder / "search").mkdir(parents=True)
    shutil.copy(library_folder() / "glossary.yaml", folder)
    (folder / "search" / "words.yaml").write_text(text, encoding="utf-8")
    library = Library(folder, sources, {}, {})
    with pytest.raises(InputError) as problem:
        load_words(library)
    assert said in str(problem.value)
