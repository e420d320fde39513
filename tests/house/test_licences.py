"""The core depends on nothing under GPL or AGPL.

Oracle: the licence metadata that each installed distribution declares about itself.
"""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

STRONG_COPYLEFT = re.compile(
    r"(?<![A-Z])A?GPL|(?<!lesser )\bgeneral public license|\baffero\b", re.IGNORECASE
)


def _core(checkout: Path) -> set[str]:
    """Names of the dependencies of the core, and of theirs."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(text) for text in project["dependencies"]]
    names: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = requirement.name.lower().replace("_", "-")
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if name in names or not applies:
            continue
        names.add(name)
        waiting += [Requirement(text) for text in metadata.requires(name) or []]
    return names


def _declared(name: str) -> str:
    """What the distribution says: the expression, else its classifiers, else the short field."""
    described = metadata.metadata(name)
    if expression := described.get("License-Expression"):
        return str(expression)
    classifiers = [c for c in described.get_all("Classifier") or [] if c.startswith("License ::")]
    return "; ".join(classifiers) or str(described.get("License") or "")


def test_the_pattern_knows_its_licences() -> None:
    for text in ("GPL-3.0-only", "AGPLv3", "License :: OSI Approved :: GNU General Public License"):
        assert STRONG_COPYLEFT.search(text), text
    for text in ("MIT", "LGPL-2.1", "GNU Lesser General Public License", "MPL-2.0"):
        assert not STRONG_COPYLEFT.search(text), text


def test_every_dependency_of_the_core_declares_a_licence(checkout: Path) -> None:
    assert [name for name in sorted(_core(checkout)) if not _declared(name)] == []


def test_no_dependency_of_the_core_is_under_strong_copyleft(checkout: Path) -> None:
    names = _core(checkout)
    assert {"numpy", "pydantic", "jinja2"} <= names, "the walk through the dependencies is broken"
    assert [name for name in sorted(names) if STRONG_COPYLEFT.search(_declared(name))] == []


def test_the_project_is_under_apache(checkout: Path) -> None:
    assert "Apache License" in (checkout / "LICENSE").read_text("utf-8")
    assert 'license = "Apache-2.0"' in (checkout / "pyproject.toml").read_text("utf-8")


def test_every_dependency_has_an_exact_version(checkout: Path) -> None:
    pins = (checkout / "requirements" / "constraints.txt").read_text("utf-8").lower()
    pinned = {line.split("==")[0].replace("_", "-") for line in pins.splitlines() if "==" in line}
    assert sorted(_core(checkout) - pinned) == []
