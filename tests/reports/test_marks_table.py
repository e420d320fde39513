"""The table of marks. Oracle: the warning that the engine gives, and the catalogue's own names."""

from __future__ import annotations

import warnings
from types import SimpleNamespace
from typing import Any, cast

import pytest

from virkestoff.errors import RangeWarning
from virkestoff.language import Lang
from virkestoff.production.equipment import _warn
from virkestoff.production.equipment_files import load_catalogue
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.study_tables import TABLES


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_item_of_the_catalogue_is_shown_by_name(lang: Lang) -> None:
    items = load_catalogue().items
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RangeWarning)
        for name, item in items.items():
            _warn(name, item)
    said = [str(w.message) for w in caught] + ["something else of the model"]
    context = SimpleNamespace(
        results={"marks": said}, lang=lang, say=lambda nb, en: nb if lang == "nb" else en
    )
    rows = TABLES["marks"](cast(StudyContext, cast(Any, context))).rows
    shown = {str(row[0]) for row in rows}
    assert shown == {item.name.in_(lang) for item in items.values()} | {said[-1]}
    assert not any(f"'{name}'" in str(row) for name in items for row in rows)
