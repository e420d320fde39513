"""Files of schemes: what is refused, and where.

Oracles: the faults that were put in; brute force over facts.
"""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import FaultCollector, InputError
from virkestoff.evidence import Library, content_root, load_library, use_library
from virkestoff.instruments.closures import compile_point
from virkestoff.instruments.engine_tree import MET, NOT_MET, compile_tree
from virkestoff.instruments.scheme import Scheme
from virkestoff.instruments.scheme_checks import check_meaning
from virkestoff.instruments.scheme_files import Schemes, load_schemes
from virkestoff.instruments.scheme_rules import bind_scheme, type_scheme
from virkestoff.instruments.vocabulary import load_vocabulary
from virkestoff.workbench.instruments import InstrumentsBench

SOUND = """\
scheme: sound
name: {nb: a, en: a}
provider: {nb: a, en: a}
kind: grant
status: existing
valid: {from: 2020-01-01}
parameters:
  level:
    name: {nb: a, en: a}
    unit: "1"
    values:
      - {value: 4, valid: {from: 2020-01-01, to: 2023-12-31},
         source: source_001, place: p, how: read}
      - {value: 5, valid: {from: 2024-01-01}, source: source_001, place: p, how: read}
conditions:
  project:
    all:
      - id: trl
        text: {nb: a, en: a}
        expression: project.trl >= parameter.level
        reference: {source: source_001, place: p}
      - id: rd
        text: {nb: a, en: a}
        expression: "project.is_rd"
        reference: {source: source_001, place: p}
opening: {kind: continuous, source: source_001, place: p}
last_checked: 2026-11-21
references: [{source: source_001, place: p}]
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


def faults_of(library, folder: Path, *changes: tuple[str, str]) -> str:
    text = SOUND
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "sound.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_schemes(library, folder)
    return str(caught.value)


def test_the_sound_file_loads(library, tmp_path) -> None:
    (tmp_path / "sound.yaml").write_text(SOUND, encoding="utf-8")
    assert list(load_schemes(library, tmp_path)) == ["sound"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: grant", "kind: grant\ncolour: red", "sound.yaml:5:1: colour: is not a known key"),
        ("status: existing", "statos: existing", "Did you mean 'status'"),
        ("status: existing", "status: existing\nstatus: ended", "stands twice"),
        ("kind: grant", "kind: gift", "sound.yaml:4:7: kind"),
        ("scheme: sound", "scheme: other", "is not the name of the file"),
        ("        reference: {source: source_001, place: p}\n      - id: rd",
         "      - id: rd", "a condition without a reference does not load"),
        ("source: source_001, place: p, how: read}\n      - {value: 5",
         "place: p}\n      - {value: 5", "a threshold without a source"),
        ("value: 4", "value: .nan", "value"),
        ("value: 4", 'value: "4"', "value"),
        ("value: 4", "value: true", "true and false are no values"),
        ("source: source_001, place: p, how: read}\n      - {value: 5",
         "source: source_001, place: p, how: recalled}\n      - {value: 5", "how"),
        ("reference: {source: source_001", "reference: {source: source_999",
         "'source_999' is not a source"),
        ("id: rd", "id: trl", "the leaf 'trl' stands twice"),
        ("to: 2023-12-31", "to: 2023-12-30", "has a gap from 2023-12-31 to 2023-12-31"),
        ("to: 2023-12-31", "to: 2024-01-01", "values overlap on 2024-01-01"),
        (", to: 2023-12-31", "", "values overlap"),
        ("{value: 4, valid: {from: 2020-01-01,", "{value: 4, valid: {from: 2021-01-01,",
         "has a gap before 2021-01-01"),
        ("valid: {from: 2024-01-01}", "valid: {from: 2024-01-01, to: 2025-01-01}",
         "has a gap from 2025-01-02"),
        ("{value: 4", "{value: 10", "all.0.id: the condition can never be true (on 2020-01-01)"),
        ("value: 5", "value: 1", "all.0.id: the condition is always true (on 2024-01-01)"),
        ("project.trl >= parameter.level", "project.trl >= 4", "the number 4 has no source"),
        ("project.trl >= parameter.level", "project.tlr >= parameter.level",
         "sound.yaml:20:21: conditions.project.all.0.expression: character 1: unknown fact"),
        ('"project.is_rd"', '"project.is_rd /* x */"', "sound.yaml:24:36: "),
        ("status: existing", "status: ended", "needs the day on which it ended"),
        ("kind: grant", "kind: grant\nsuccessor: nobody", "'nobody' is not a scheme"),
        ("kind: grant", "kind: grant\naid: {articles: ['99'], source: source_001, place: p}",
         "'99' is not an article"),
        ('    unit: "1"', "    unit: furlongs_of", "is not known"),
        ("kind: continuous", "kind: calls", "calls"),
    ],
)
def test_a_faulty_file_is_refused_with_its_place(library, tmp_path, old, new, words) -> None:
    assert words in faults_of(library, tmp_path, (old, new))


def test_all_faults_of_all_files_come_at_once(library, tmp_path) -> None:
    (tmp_path / "bad.yaml").write_text("scheme: bad\nkindd: grant\n", encoding="utf-8")
    (tmp_path / "worse.yaml").write_text("scheme: [worse\n", encoding="utf-8")
    changes = (("project.is_rd", "project.is_dr"), ("value: 4", "value: x"))
    found = faults_of(library, tmp_path, *changes)
    places = ("bad.yaml:2:1: kindd", "bad.yaml:1:1: name", "worse.yaml:2:1: ", "sound.yaml:12:17: ")
    for words in places:
        assert words in found


def test_a_faulty_file_tells_of_its_expressions_too_and_of_nothing_that_follows(
    library, tmp_path
) -> None:
    heir = SOUND.replace("scheme: sound", "scheme: heir\nsuccessor: sound")
    (tmp_path / "heir.yaml").write_text(heir, encoding="utf-8")
    found = faults_of(library, tmp_path, ("kind: grant", "kind: gift"), ("value: 4", "value: x"),
                      ('"project.is_rd"', '"project.is_dr"'))  # fmt: skip
    for words in ("sound.yaml:4:", ": kind: ", "is no number, date or list", "unknown fact"):
        assert words in found
    assert "heir.yaml" not in found  # its successor is there, though faulty
    assert found.count("values.0") == 1 and "Tuple" not in found


def test_dates_at_the_wrong_level_say_where_they_belong(library, tmp_path) -> None:
    found = faults_of(library, tmp_path, ("valid: {from: 2024-01-01}", "from: 2024-01-01"))
    assert "from: is not a known key" in found and "Write valid: {from" in found


def test_a_file_that_cannot_be_read_hides_no_fault_of_another(library, tmp_path) -> None:
    """The library that holds the schemes does not load either; both faults are told."""
    root = tmp_path / "library"
    (root / "instruments" / "schemes").mkdir(parents=True)
    for path in (library.root / "instruments").glob("*.yaml"):
        (root / "instruments" / path.name).write_bytes(path.read_bytes())
    folder = root / "instruments" / "schemes"
    (folder / "worse.yaml").write_text("scheme: [worse\n", encoding="utf-8")
    (folder / "sound.yaml").write_text(
        SOUND.replace("status: existing", "statos: existing"), encoding="utf-8"
    )
    try:
        with pytest.raises(InputError) as caught:
            _ = InstrumentsBench(root).schemes
    finally:
        use_library(None)
    text = str(caught.value)
    assert text.count("worse.yaml:2:1: is not readable YAML") == 1
    line = 1 + SOUND.splitlines().index("status: existing")
    assert f"sound.yaml:{line}:1: statos: is not a known key. Did you mean 'status'?" in text
    assert "sound.yaml:1:1: status: is missing" in text


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("company.size_class not in ['small', 'medium', 'large']", "can never be true"),
        ("project.trl < parameter.level", "can never be true"),
        ("project.trl not between parameter.level and parameter.level", None),
        ("project.cri >= parameter.level", None),
    ],
)
def test_contradictions_between_conditions_are_found(library, tmp_path, second, words) -> None:
    change = ('"project.is_rd"', f'"{second}"')
    if words:
        assert words in faults_of(library, tmp_path, change)
    else:
        (tmp_path / "sound.yaml").write_text(SOUND.replace(*change), encoding="utf-8")
        assert load_schemes(library, tmp_path)


# ---- the check of meaning, against brute force

WORDS, CITED = {"nb": "x", "en": "x"}, {"source": "s", "place": "p"}
EXPRESSIONS = [
    "project.cri >= parameter.three", "project.cri < parameter.three",
    "project.cri = parameter.five", "project.cri between 1 and parameter.three",
    "project.cri not between parameter.three and parameter.five",
    "company.size_class = 'small'", "company.size_class in ['small', 'large']",
    "company.size_class != 'medium'", "company.is_listed", "company.is_listed = false",
    "project.cri >= 1",
]  # fmt: skip
trees = st.recursive(
    st.integers(0, len(EXPRESSIONS) - 1),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.just("not"), inner),
    ),
    max_leaves=6,
)


def record(shape, numbers):
    if isinstance(shape, int):
        return {"id": f"leaf_{next(numbers)}", "text": WORDS, "expression": EXPRESSIONS[shape],
                "reference": CITED}  # fmt: skip
    sort, inner = shape
    parts = record(inner, numbers) if sort == "not" else [record(p, numbers) for p in inner]
    return {sort: parts}


@settings(max_examples=100, deadline=None)
@given(trees)
def test_never_and_always_are_what_trying_every_fact_says(shape) -> None:
    """Complete for one-fact conditions: a tree is reported exactly if a part of it is constant."""
    vocabulary = load_vocabulary()
    values = {"three": 3, "five": 5}
    scheme = Scheme.model_validate({
        "scheme": "one", "name": WORDS, "provider": WORDS, "kind": "grant", "status": "existing",
        "conditions": {"project": record(shape, itertools.count())},
        "parameters": {k: {"name": WORDS, "unit": "1", "values": [
            {"value": v, "how": "read", **CITED}]} for k, v in values.items()},
        "opening": {"kind": "unknown"}, "last_checked": date(2026, 1, 1), "references": [CITED],
    })  # fmt: skip
    faults = FaultCollector()
    typed = type_scheme(scheme, vocabulary, lambda keys, column: "here", faults)
    check_meaning(typed, vocabulary, lambda keys, column: "here", faults)
    dated = bind_scheme(typed, date(2026, 1, 1))
    points = [compile_point(leaf.node) for leaf in dated.leaves]
    rows = []
    for cri, size, listed in itertools.product(
        range(1, 7), ("small", "medium", "large"), (True, False)
    ):
        facts = {"project.cri": float(cri), "company.size_class": size,
                 "company.is_listed": listed}  # fmt: skip
        rows.append([MET if point(facts) else NOT_MET for point in points])

    def is_constant(tree) -> bool:
        sort, inner = tree
        parts = () if sort == "leaf" else (inner,) if sort == "not" else inner
        own = len({compile_tree(tree, range(len(points)))(row) for row in rows}) == 1
        return own or any(is_constant(part) for part in parts)

    assert bool(faults.faults) == is_constant(dated.tree)


def test_schemes_in_the_library_load_and_say_what_is_unknown(library) -> None:
    schemes = load_schemes(library)
    for key in schemes:
        assert 0 <= schemes.unknown_share(key, date(2026, 11, 24)) <= 1
    assert schemes.unknown_share("repayable_advance", date(2026, 11, 24)) > 0.5


def test_a_reform_is_checked_as_a_file_is(library) -> None:
    schemes = load_schemes(library)
    changed = schemes["ipn"].model_copy(update={"status": "ended"})
    with pytest.raises(InputError, match="needs the day on which it ended"):
        schemes.with_(changed)
    assert isinstance(schemes.with_(schemes["ipn"]), Schemes)
