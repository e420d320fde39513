"""YAML as written by people: YAML 1.2 scalars, no duplicate keys, positions kept.

Plain PyYAML reads ``NO`` as false and ``12:30`` as 750, and keeps the last of two equal keys.
Aliases are refused: nested aliases can blow a small file up to gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from virkestoff.errors import Fault, InputError

__all__ = ["LARGEST_FILE_BYTES", "line_of", "read_yaml", "read_yaml_kept"]

LARGEST_FILE_BYTES = 5_000_000
_DEEPEST = 40

_MAPPING, _SEQUENCE, _TEXT = (f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str"))
_PLAIN = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("null", "bool", "int", "float"))
_ALIAS = re.compile(r"\*[^\s,\[\]{}]")
"""What every alias holds: a star, and a name right after it."""

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """A safe loader with the scalars of YAML 1.2 and strict mappings."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """The tag of a node that names none: PyYAML's own rule, without paths, and faster."""
        if kind is not yaml.ScalarNode:
            return _MAPPING if kind is yaml.MappingNode else _SEQUENCE
        if implicit[0]:
            for tag, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                if pattern.match(value):
                    return str(tag)
        return _TEXT


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    (
        "tag:yaml.org,2002:float",
        r"^(?:[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?)$",
        list("-+0123456789."),
    ),
    (
        "tag:yaml.org,2002:timestamp",
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        list("0123456789"),
    ),
):
    _Loader.add_implicit_resolver(_tag, re.compile(_pattern), _first)


def _read_int(loader: Any, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:int", _read_int)


class _Refused(Exception):
    def __init__(self, found: list[Fault]) -> None:
        self.found = found


def _check_nodes(node: yaml.Node, shown: str, found: list[Fault], depth: int = 0) -> None:
    """Collect duplicate keys and days that no calendar has."""
    if depth > _DEEPEST:
        raise yaml.MarkedYAMLError(problem="is nested too deeply", problem_mark=node.start_mark)
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="a key must be plain text", problem_mark=key.start_mark
                )
            if key.value == "<<":
                raise yaml.MarkedYAMLError(
                    problem="merge keys are not allowed", problem_mark=key.start_mark
                )
            if key.value in first:
                found.append(
                    Fault(
                        f"{shown}:{line}: {key.value}",
                        f"stands twice (first in line {first[key.value]})",
                        why="only one of them would count",
                        next_step="Remove or rename one",
                    )
                )
            first.setdefault(key.value, line)
            _check_nodes(value, shown, found, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _check_nodes(item, shown, found, depth + 1)
    elif node.tag == "tag:yaml.org,2002:timestamp":
        _check_day(node, shown, found)


def _check_day(node: yaml.Node, shown: str, found: list[Fault]) -> None:
    try:
        date.fromisoformat(node.value)
    except ValueError as problem:
        mark = node.start_mark
        found.append(
            Fault(
                f"{shown}:{mark.line + 1}:{mark.column + 1}",
                f"'{node.value}' is not a date",
                why=str(problem),
                next_step="Write a day that exists, or put text in quotes",
            )
        )


def _built(loader: Any, node: yaml.Node) -> Any:
    """The value of a node: as PyYAML builds it, without the detours that aliases would take."""
    if node.tag == _TEXT and isinstance(node, yaml.ScalarNode):
        return node.value
    if node.tag == _MAPPING and isinstance(node, yaml.MappingNode):
        return {_built(loader, key): _built(loader, value) for key, value in node.value}
    if node.tag == _SEQUENCE and isinstance(node, yaml.SequenceNode):
        return [_built(loader, item) for item in node.value]
    if node.tag in _PLAIN and isinstance(node, yaml.ScalarNode):
        return loader.yaml_constructors[node.tag](loader, node)
    return loader.construct_object(node, deep=True)


def _refuse_aliases(text: str) -> None:
    if not _ALIAS.search(text):
        return
    for event in yaml.parse(text, Loader=_Base):
        if isinstance(event, yaml.AliasEvent):
            mark: Any = event.start_mark  # the C parser has a mark class of its own
            raise yaml.MarkedYAMLError(
                problem="aliases (*name) are not allowed", problem_mark=mark
            )


def read_yaml(path: Path, name: str | None = None) -> dict[str, Any]:
    """The mapping that a YAML file holds.

    Parameters
    ----------
    path : the file
    name : how messages call the file (default: its own name)

    Raises
    ------
    InputError
        lists every duplicate key and impossible date, or the first place where the text is no YAML.
    """
    shown = name or path.name
    text = _read_text(path, shown)
    try:
        _refuse_aliases(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return {}
            found: list[Fault] = []
            _check_nodes(node, shown, found)
            if found:
                raise _Refused(found)
            data = _built(loader, node)
        finally:
            loader.dispose()
    except _Refused as refused:
        raise InputError(refused.found) from None
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise InputError(_syntax_fault(shown, problem)) from None
    if not isinstance(data, dict):
        raise InputError(Fault(shown, "must hold keys and values at the top"))
    return data


_kept: dict[Path, tuple[tuple[int, ...], dict[str, Any]]] = {}


def read_yaml_kept(
    path: Path, name: str | None = None, is_kept: Callable[[dict[str, Any]], bool] | None = None
) -> dict[str, Any]:
    """As :func:`read_yaml`; what was kept is not parsed again while the file stays as it is.

    The mapping belongs to all who ask for it, and none may change it.

    Parameters
    ----------
    is_kept : whether somebody will ask for such a mapping again (default: yes)
    """
    try:
        found = path.stat()
    except OSError:
        return read_yaml(path, name)
    stamp = (found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size)
    held = _kept.get(path)
    if held is not None and held[0] == stamp:
        return held[1]
    data = read_yaml(path, name)
    if is_kept is None or is_kept(data):
        _kept[path] = stamp, data
    return data


def _read_text(path: Path, shown: str) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise InputError(Fault(shown, f"is larger than {LARGEST_FILE_BYTES} bytes"))
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as problem:
        raise InputError(
            Fault(shown, "is not UTF-8", why=str(problem), next_step="Save it as UTF-8")
        ) from None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputError(Fault(shown, "cannot be read", why=reason)) from None


def _syntax_fault(shown: str, problem: Exception) -> Fault:
    mark = getattr(problem, "problem_mark", None)
    where = f"{shown}:{mark.line + 1}:{mark.column + 1}" if mark else shown
    what = getattr(problem, "problem", None) or str(problem)
    return Fault(where, f"is not readable YAML: {what}")


@lru_cache(maxsize=32)
def _composed(text: str) -> yaml.Node | None:
    """The nodes of a file; kept, since a file is asked for the line of each of its records."""
    node: yaml.Node | None = yaml.compose(text, Loader=_Base)
    return node


def line_of(path: Path, keys: tuple[str | int, ...]) -> int | None:
    """The line where the key path stands, for messages; ``None`` if it is not there."""
    try:
        node = _composed(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError):
        return None
    line: int | None = None
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == str(key)]
            if not found:
                return line
            line, node = found[0][0].start_mark.line + 1, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            if key >= len(node.value):
                return line
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            return line
    return line
