"""The stream of JSON records, and text that comes out of it, against the standard reader.

Oracle: ``json.loads`` of the whole file.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence.snapshots import safe_cell
from virkestoff.industry import register_files
from virkestoff.industry.register_files import json_records, look_at
from virkestoff.language import visible

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), min_size=1, max_size=6)


@pytest.mark.parametrize("layout", ["one line", "indented", "line by line", "records by line"])
@settings(max_examples=25)
@given(records=RECORDS, part=st.integers(1, 40), is_packed=st.booleans())
def test_records_are_those_of_the_standard_reader(
    layout: str, records: list[dict], part: int, is_packed: bool
) -> None:
    if layout == "one line":
        text = json.dumps(records)
    elif layout == "indented":
        text = json.dumps(records, indent=2, ensure_ascii=False)
    elif layout == "line by line":
        text = "[" + ",\n".join(json.dumps(r) for r in records) + "\n]\n"
    else:
        text = "\n".join(json.dumps(r) for r in records)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder, "file.json")
        whole = text.encode()
        path.write_bytes(gzip.compress(whole) if is_packed else whole)
        head = look_at(path)
        patch.setattr(register_files, "_PART", part)
        assert list(json_records(head)) == records


@settings(max_examples=25)
@given(records=RECORDS, cut=st.integers(1, 200))
def test_a_file_cut_anywhere_is_never_taken_for_whole(records: list[dict], cut: int) -> None:
    text = json.dumps(records)
    shorter = text[: -min(cut, len(text) - 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.json")
        path.write_text(shorter, encoding="utf-8")
        with pytest.raises(InputError):
            list(json_records(look_at(path)))


@given(st.text(max_size=12))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in (visible(text), "'" + visible(text))
