"""YAML as people write it. Oracle: YAML 1.2 core schema, and PyYAML's own constructor."""

import os
from pathlib import Path

import pytest
import yaml

from virkestoff.errors import InputError
from virkestoff.evidence import read_yaml, yaml_reader
from virkestoff.evidence.yaml_reader import read_yaml_kept


def _write(folder: Path, text: str | bytes) -> Path:
    path = folder / "x.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_scalars_are_those_of_yaml_1_2(tmp_path: Path) -> None:
    data = read_yaml(
        _write(tmp_path, "a: NO\nb: 12:30\nc: 1e3\nd: 012\ne: true\nf: yes\ng: 1.5\nh: ~\n")
    )
    assert data == {
        "a": "NO", "b": "12:30", "c": 1000.0, "d": 12, "e": True, "f": "yes", "g": 1.5, "h": None
    }  # fmt: skip


def test_all_duplicate_keys_are_named_with_both_lines(tmp_path: Path) -> None:
    path = _write(tmp_path, "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    with pytest.raises(InputError) as caught:
        read_yaml(path)
    assert [f.where for f in caught.value.faults] == ["x.yaml:4: c", "x.yaml:5: a"]


def test_all_days_that_no_calendar_has_are_named_with_line_and_column(tmp_path: Path) -> None:
    path = _write(tmp_path, "a: 2026-13-45\nb:\n  - {c: 2026-02-29, d: 2028-02-29}\na: 1\n")
    with pytest.raises(InputError) as caught:
        read_yaml(path)
    assert [f.where for f in caught.value.faults] == ["x.yaml:1:4", "x.yaml:3:9", "x.yaml:4: a"]
    assert caught.value.faults[1].what == "'2026-02-29' is not a date"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &x [1]\nb: *x\n", "aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
        ("<<: {a: 1}\n", "merge"),
        ("- 1\n", "keys and values"),
        ("a: [1\n", "YAML"),
        ("? [1, 2]\n: 3\n", "plain text"),
        (b"a: \xff\xfe\n", "UTF-8"),
        ("a: " + "[" * 200 + "]" * 200, "deep"),
        ("a: 2026-13-45\n", "not a date"),
    ],
)
def test_hostile_or_broken_text_is_a_fault(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_yaml(_write(tmp_path, text))


def test_a_missing_file_and_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml(tmp_path / "none.yaml")
    assert read_yaml(_write(tmp_path, "# nothing\n")) == {}


class _Slow(yaml.SafeLoader):
    """PyYAML itself with the scalars of YAML 1.2: slow, and written by others."""


_Slow.yaml_implicit_resolvers = dict(yaml_reader._Loader.yaml_implicit_resolvers)
_Slow.add_constructor(
    "tag:yaml.org,2002:int", lambda at, node: int(at.construct_scalar(node))
)
TRICKY = """
a: [1, -2, +3, 1.5, .5, -0.0, 1e3, 1E-3, "1", '2', ~, null, Null, "", true, FALSE, no]
b: {2019: x, 2020-01-31: y, "2021": z, -1: w, true: v, ~: u, 1.5: t}
c: |
  a * star, and *one
d: >-
  folded
  text
e: !!str 12
f: !!float 3
g: !!set {a, b}
h:
i: 2026-11-24
j: !!binary aGVp
k: [[], {}, [[1]]]
"""


@pytest.mark.parametrize("text", [TRICKY.replace("*one", "one"), "a: !!int '7'\n", "1: 2\n"])
def test_values_are_those_of_pyyaml(tmp_path: Path, text: str) -> None:
    expected = yaml.load(text, Loader=_Slow)
    assert repr(read_yaml(_write(tmp_path, text))) == repr(expected)


def test_a_star_in_a_text_is_no_alias(tmp_path: Path) -> None:
    assert read_yaml(_write(tmp_path, "a: '*x'\nb: \"2 *y\"\n")) == {"a": "*x", "b": "2 *y"}


def test_what_is_kept_is_read_again_when_the_file_changes(tmp_path: Path) -> None:
    path = _write(tmp_path, "a: 1\n")
    first = read_yaml_kept(path)
    assert read_yaml_kept(path) is first
    _write(tmp_path, "a: 2\n")
    os.utime(path, ns=(1, 1))
    assert read_yaml_kept(path) == {"a": 2}
    path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read_yaml_kept(path)
