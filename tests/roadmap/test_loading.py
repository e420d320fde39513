"""Reading the roadmap. Oracles: the rules of a record, and faults put in by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library, read_yaml
from virkestoff.roadmap import Cited, Roadmap, load_roadmap

T = "{nb: ord, en: words}"
BASE = f"""\
sources:
  one: {{title: Synthetic, publisher: Tests}}
parties:
  agency: {{name: {T}, role: {T}}}
  firm: {{name: {T}, role: {T}}}
topics:
  loans: {{name: {T}, claim: {T}, settled_by: {T}}}
alternatives:
  plant: {{study: a, name: {T}}}
needs:
  money: {{name: {T}, text: {T}, source: one, place: p. 1}}
measures:
  loan: {{name: {T}, kind: loan, responsible: {T}, owners: [agency], recipients: [firm],
    status: existing, needs: [money], source: one, place: p. 1}}
"""
SAYS = f"says: {T}, source: one, date: '2024'"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture(scope="module")
def roadmap(library: Library) -> Roadmap:
    return load_roadmap(library)


def read(folder: Path, positions: str, base: str = BASE) -> Roadmap:
    place = folder / "roadmap"
    (place / "positions").mkdir(parents=True)
    (place / "all.yaml").write_text(base)
    (place / "positions" / "x.yaml").write_text("positions:\n" + positions)
    return load_roadmap(load_library(folder))


GOOD = f"  a: {{who: firm, topic: loans, stance: against, needs: [money], place: p. 2, {SAYS}}}\n"


def test_a_sound_roadmap_loads(tmp_path: Path) -> None:
    roadmap = read(tmp_path, GOOD)
    assert list(roadmap.positions_on("loans")) == ["a"]
    assert roadmap.disagreements() == ()


def test_all_faults_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    positions = f"""\
  nobody: {{who: firmm, topic: lons, stance: for, needs: [mony], place: p. 2, {SAYS}}}
  bare: {{who: firm, topic: loans, stance: for_with_condition, needs: [money], place: p. 3, {SAYS}}}
  odd: {{who: firm, topic: loans, stance: for, condition: {T}, needs: [money], place: p. 4, {SAYS}}}
  owner: {{who: agency, topic: loans, stance: for, measures: [loan], place: p. 5, {SAYS}}}
  receiver: {{who: firm, topic: loans, stance: for, measures: [loan], place: p. 6, {SAYS}}}
  silent: {{who: firm, topic: loans, stance: for, place: p. 7, {SAYS}}}
  nowhere: {{who: firm, topic: loans, stance: for, needs: [money], {SAYS}}}
  emptied: {{who: firm, topic: loans, stance: for, needs: [money], place: "", {SAYS}}}
  maybe: {{who: firm, topic: loans, stance: perhaps, needs: [money], place: p. 8, {SAYS}}}
  twin_1: {{who: firm, topic: loans, stance: for, needs: [money], place: p. 9, {SAYS}}}
  twin_2: {{who: firm, topic: loans, stance: for, needs: [money], place: p. 9, {SAYS}}}
  source: {{who: firm, topic: loans, stance: for, needs: [money], place: p. 10, says: {T},
    source: two, date: '2024'}}
  english: {{who: firm, topic: loans, stance: for, needs: [money], place: p. 11, says: {{en: x}},
    source: one, date: '2024'}}
"""
    base = BASE.replace("needs: [money]", "needs: [gold]") + "tales: {}\n"
    with pytest.raises(InputError) as caught:
        read(tmp_path, positions, base)
    text = "\n".join(str(fault) for fault in caught.value.faults)
    for part in (
        "positions.nobody.who: 'firmm' is not among the parties. Did you mean 'firm'?",
        "positions.nobody.topic: 'lons' is not among the topics",
        "positions.nobody.needs: 'mony' is not among the needs",
        "positions.bare: is for with a condition and does not state it",
        "positions.odd: states a condition with the stance 'for'",
        "positions.owner: 'agency' owns 'loan' and states no interest",
        "positions.receiver: 'firm' would receive 'loan' and states no interest",
        "positions.silent: names no need, measure or alternative",
        "positions.nowhere.place: is missing",
        "positions.emptied.place:",
        "positions.maybe.stance:",
        "positions.twin_2: says the same as twin_1",
        "positions.source: 'two' is not a source",
        "positions.english.says.nb: is missing",
        "measures.loan.needs: 'gold' is not among the needs",
        "all.yaml: tales: is not a known key",
    ):
        assert part in text, part
    assert len(caught.value.faults) == 16
    assert all("x.yaml:" in str(f) or "all.yaml" in str(f) for f in caught.value.faults)


def test_the_same_id_in_two_files_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "roadmap" / "positions").mkdir(parents=True)
    (tmp_path / "roadmap" / "positions" / "y.yaml").write_text("positions:\n" + GOOD)
    (tmp_path / "roadmap" / "all.yaml").write_text(BASE)
    (tmp_path / "roadmap" / "positions" / "x.yaml").write_text("positions:\n" + GOOD)
    with pytest.raises(InputError, match=r"positions\.a: is already defined in"):
        load_roadmap(load_library(tmp_path))


def test_an_unknown_topic_is_named(roadmap: Roadmap) -> None:
    with pytest.raises(InputError, match="Did you mean 'own_substance'"):
        roadmap.positions_on("own_substence")


def test_every_claim_has_a_place_in_a_source_that_the_library_holds(
    library: Library, roadmap: Roadmap
) -> None:
    single = [*roadmap.needs.values(), *roadmap.measures.values(), *roadmap.positions.values()]
    several = [*roadmap.schemes.values(), *roadmap.arrangements.values()]
    cited: list[Cited] = [*single, *(c for record in several for c in record.sources)]
    assert len(cited) > 100
    assert all(c.place.strip() and c.source in library.sources for c in cited)


def test_only_the_five_documents_pass_as_read(roadmap: Roadmap) -> None:
    """The others are known through notes and articles and must say so."""
    five = {f"source_00{i}" for i in range(5)}
    single = [*roadmap.needs.values(), *roadmap.measures.values(), *roadmap.positions.values()]
    several = [*roadmap.schemes.values(), *roadmap.arrangements.values()]
    for c in [*single, *(c for record in several for c in record.sources)]:
        assert c.source in five or c.how != "read", c
        assert c.source not in five or c.how == "read" or "2020" in getattr(c, "date", ""), c


def test_every_need_measure_and_topic_is_used(roadmap: Roadmap) -> None:
    said = roadmap.positions.values()
    assert {p.topic for p in said} == set(roadmap.topics)
    assert {p.who for p in said} == set(roadmap.parties)
    named = {n for p in said for n in p.needs} | {
        n for m in roadmap.measures.values() for n in m.needs
    }
    assert named == set(roadmap.needs)


def test_alternatives_are_those_of_the_studies(roadmap: Roadmap) -> None:
    """Oracle: study.yaml of each study named. Every alternative is spoken of or compared with."""
    for study in {a.study for a in roadmap.alternatives.values()}:
        data = read_yaml(content_root() / "studies" / study / "study.yaml")
        ours = {k: a for k, a in roadmap.alternatives.items() if a.study == study}
        for key, alternative in ours.items():
            assert data["alternatives"][key]["name"] == alternative.name.model_dump()


def test_agencies_that_own_what_they_recommend_say_so(roadmap: Roadmap) -> None:
    """Source 001 was written by the agencies that run the schemes (its title page)."""
    agencies = [p for p in roadmap.positions.values() if p.who == "support_agencies"]
    assert agencies
    assert all(p.interest for p in agencies)


def test_disagreements_known_from_the_sources(roadmap: Roadmap) -> None:
    """Source 003, theme 6: existing budgets. Source 004, summary, and 002: they do not suffice."""
    found = {d.topic: d for d in roadmap.disagreements()}
    assert found["existing_schemes"].kind == "opposite"
    assert "government_within_frames" in found["existing_schemes"].in_favour
    assert {"menon_existing", "lmi_earmarked"} <= set(found["existing_schemes"].others)
    # source 004, section 5.2.2: no earmarking; source 001, section 6.3.3: a centre of its own
    assert found["health_catapult"].kind == "differing"


def test_unknown_is_not_a_yes(roadmap: Roadmap) -> None:
    """A scheme whose terms were not read, or that needs none, is judged in words."""
    for scheme in roadmap.schemes.values():
        assert scheme.reason.nb != scheme.limits.nb
        if scheme.status == "proposed":
            assert scheme.usable != "yes"
