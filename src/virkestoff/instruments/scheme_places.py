"""Where a key or a value stands in the file of a scheme: line and column, for messages.

A file is parsed again only when a fault is told, so that sound files load fast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from virkestoff.errors import InputError
from virkestoff.evidence.yaml_reader import read_yaml_kept

__all__ = ["Keys", "Places", "is_readable"]

Keys = tuple[str | int, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Places:
    """Words for places in a file.

    Attributes
    ----------
    path : the file; ``None`` if the scheme came without one
    name : how messages call it
    """

    path: Path | None
    name: str

    def __call__(self, keys: Keys, column: int) -> str:
        """File, line, column and keys of the character ``column`` of what stands at the keys."""
        words = ".".join(str(k) for k in keys)
        found = None if self.path is None else _value_place(self.path, keys)
        if found is None:
            return f"{self.name}: {words}"
        line, start = found
        return f"{self.name}:{line}:{start(column)}: {words}"

    def of_key(self, keys: Keys) -> str:
        """File, line, column and keys of the key itself; of what holds it if it is not there."""
        words = ".".join(str(k) for k in keys)
        found = None if self.path is None else _deepest(self.path, keys)
        if found is None:
            return f"{self.name}: {words}"
        mark = found[0].start_mark
        return f"{self.name}:{mark.line + 1}:{mark.column + 1}: {words}"

    def of_value(self, keys: Keys) -> str:
        """As ``of_key``, of the value at the keys where it stands in one line with the key.

        Keys may end in words for the sorts that a value could have had: they stand in no file.
        """
        found = None if self.path is None else _deepest(self.path, keys)
        if found is None or found[0].start_mark.line != found[1].start_mark.line:
            return self.of_key(keys)
        mark = found[1].start_mark
        words = ".".join(str(k) for k in keys)
        return f"{self.name}:{mark.line + 1}:{mark.column + 1}: {words}"


@lru_cache(maxsize=4)
def _composed(text: str) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


def _nodes(path: Path, keys: Keys) -> tuple[yaml.Node, yaml.Node] | None:
    """The key and the value at some keys; an item of a list is both; ``None`` if not there."""
    node = _composed(path.read_text(encoding="utf-8"))
    if node is None:
        return None
    key = node
    for part in keys:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == str(part)]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            found = [(v, v) for v in node.value[part : part + 1]]
        else:
            found = []
        if not found:
            return None
        key, node = found[0]
    return key, node


def _deepest(path: Path, keys: Keys) -> tuple[yaml.Node, yaml.Node] | None:
    """The key and the value at as many of the keys as stand in the file."""
    return next((n for k in range(len(keys), -1, -1) if (n := _nodes(path, keys[:k]))), None)


def _value_place(path: Path, keys: Keys) -> tuple[int, Callable[[int], int]] | None:
    """The line of a value, and how a column in its text becomes a column in the file."""
    found = _deepest(path, keys)
    if found is None:
        return None
    key, node = found
    is_plain = isinstance(node, yaml.ScalarNode) and node.style in (None, "", "'", '"')
    if not is_plain or node.end_mark.line != node.start_mark.line:
        place = key.start_mark
        return place.line + 1, lambda character: place.column + 1
    line, first = node.start_mark.line, node.start_mark.column
    written = path.read_text(encoding="utf-8").splitlines()[line]
    quote = str(getattr(node, "style", None) or "")

    def column(character: int) -> int:
        """From 1; a doubled or escaped character counts as one in the text and two in the file."""
        at = first + len(quote)
        for _ in range(character - 1):
            is_two = (quote == "'" and written[at : at + 2] == "''") or (
                quote == '"' and written[at : at + 1] == "\\")  # fmt: skip
            at += 2 if is_two else 1
        return at + 1

    return line + 1, column


def is_readable(path: Path) -> bool:
    """Whether the file is YAML that can be read."""
    try:
        read_yaml_kept(path, path.name)
    except InputError:
        return False
    return True
