"""study.yaml: every fault is named, with its place, all at once."""

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Library
from virkestoff.studies import load_definition


def _change(folder: Path, *pairs: tuple[str, str]) -> None:
    path = folder / "study.yaml"
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def test_loads(folder: Path, library: Library) -> None:
    definition, _ = load_definition(folder, library)
    assert definition.axis.size == 5
    assert definition.choices_of(definition.alternatives["stock"].levers) == {"months": 6}
    assert definition.allowed_facts(library) == {"demo.need", "demo.price"}


def test_names_that_lead_nowhere_are_all_reported(folder: Path, library: Library) -> None:
    _change(
        folder,
        ("baseline: today", "baseline: todya"),
        ("fact: demo.price", "fact: demo.prise"),
        ("{months: 6}", "{month: 6}"),
        ("{months: 12}", "{months: 13}"),
        ('["demo.need"]', '["demo.need", "nothing.*"]'),
        ("unit: NOK/year", "unit: NOK/yeer"),
        ("[[stock, cost]]", "[[stok, cost], [stock, cots]]"),
        ("years: [2027, 2031]", "years: [2031, 2027]"),
    )
    with pytest.raises(InputError) as caught:
        load_definition(folder, library)
    message = str(caught.value)
    for part in (
        "Did you mean 'today'", "Did you mean 'demo.price'", "month: is not a lever",
        "13 lies outside 0 to 12", "nothing.*", "NOK/yeer", "stok", "cots", "ends before it starts",
    ):  # fmt: skip
        assert part in message, part


def test_unknown_and_missing_keys_are_named_with_their_line(
    folder: Path, library: Library
) -> None:
    _change(folder, ("commission: none\n", "comission: none\n"))
    with pytest.raises(InputError) as caught:
        load_definition(folder, library)
    wheres = [f.where for f in caught.value.faults]
    assert "demo/study.yaml:4: comission" in wheres
    assert any(w.endswith("commission") and "comission" not in w for w in wheres)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("range: [0, 12]", "range: [12, 0]", "ends before it starts"),
        ("default: 0", "default: 99", "default 99 lies outside"),
        ("unit: month, range", "range", "needs a unit"),
        ("price: {fact: demo.price, unit: NOK/kg}", "price: {fact: demo.price, unit: day}", "fit"),
        ("months: 6", "months: six", "is no number"),
    ],
)
def test_bad_levers(
    folder: Path, library: Library, old: str, new: str, message: str
) -> None:
    _change(folder, (old, new))
    with pytest.raises(InputError, match=message):
        load_definition(folder, library)


def test_a_folder_without_a_study(tmp_path: Path, library: Library) -> None:
    with pytest.raises(InputError, match="does not exist"):
        load_definition(tmp_path, library)
