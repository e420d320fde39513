"""Nothing in the project depends on, or tells of, the machine that it was written on.

Oracle: docs/conventions.md, "What a file may say". The patterns are put together from pieces, so
that this file does not hold what it forbids.
"""

from __future__ import annotations

import re
from pathlib import Path

TEXT = {
    ".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".csv", ".typ", ".css", ".js", ".html", ".svg",
    ".cfg", ".json", "",
}  # fmt: skip

ROOTS = ("work", "root", "home", "tmp", "opt", "Users", "mnt", "srv")
MACHINE_PATH = re.compile(r"(?<![\w.}/:-])/(?:" + "|".join(ROOTS) + r")/[\w.]")
WINDOWS_PATH = re.compile(r"\b[A-Z]:\\" + r"(?:Users|Windows|Program)")
PACKAGE_HOST = re.compile("|".join(("py" + r"pi\.org", "python" + "hosted", "index-" + "url")))
WORKPLACE = re.compile(r"\.\./" + "shared" + r"\b")
LATER = ("TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK")
UNFINISHED = re.compile(r"\b(" + "|".join(LATER) + r")\b")


def _lines(tracked: list[Path], checkout: Path):
    for path in tracked:
        if path.suffix in TEXT and path.name != "LICENSE":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                yield f"{path.relative_to(checkout).as_posix()}:{number}", line


def test_patterns_find_what_they_forbid() -> None:
    assert MACHINE_PATH.search('open("/' + "home" + '/someone/x.csv")')
    assert not MACHINE_PATH.search("https://example.org/" + "home" + "/page")
    assert PACKAGE_HOST.search("https://files.python" + "hosted.example/x")
    assert UNFINISHED.search("# " + "TO" + "DO: later")


def test_no_path_of_a_machine(tracked, checkout) -> None:
    hits = [
        f"{place}: {line.strip()[:100]}"
        for place, line in _lines(tracked, checkout)
        if MACHINE_PATH.search(line) or WINDOWS_PATH.search(line)
    ]
    assert hits == []


def test_no_package_host_and_no_folder_outside_the_project(tracked, checkout) -> None:
    hits = [
        f"{place}: {line.strip()[:100]}"
        for place, line in _lines(tracked, checkout)
        if PACKAGE_HOST.search(line) or WORKPLACE.search(line)
    ]
    assert hits == []


def test_nothing_is_left_for_later(tracked, checkout) -> None:
    code = [path for path in tracked if path.suffix in {".py", ".yaml", ".toml"}]
    hits = [f"{place}: {line.strip()[:100]}" for place, line in _lines(code, checkout)
            if UNFINISHED.search(line)]  # fmt: skip
    assert hits == []


def test_text_files_are_utf8_with_unix_line_ends(tracked, checkout) -> None:
    wrong = [
        path.relative_to(checkout).as_posix()
        for path in tracked
        if path.suffix in TEXT and b"\r\n" in path.read_bytes()
    ]
    assert wrong == []
