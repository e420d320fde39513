"""Sites and the rules that judge them. Oracle: sites.yaml as written, and sites made up here."""

from __future__ import annotations

from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library, read_yaml
from virkestoff.evidence.site import FORMS, load_sites

RULES = """\
site_rules:
  rooms: {text: {nb: egne rom, en: own rooms}, source: synthetic, place: p, how: read}
"""
SITE = """\
sites:
  - id: works
    name: Synthetic works
    activities_nb: lager tabletter
    activities_en: makes tablets
    sources: [{source: synthetic, place: p. 1}]
    could_make:
"""
YES = "{answer: unknown, confidence: assumption, rules: [rooms], why: {nb: a, en: b}}"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    root = tmp_path / "library"
    root.mkdir()
    (root / "s.yaml").write_text("sources: {synthetic: {title: Synthetic, publisher: Tests}}\n")
    return load_library(root)


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sites.yaml"
    path.write_text(text)
    return path


def _judged(*forms: str) -> str:
    return "".join(f"      {form}: {YES}\n" for form in forms)


def test_a_whole_file_loads(tmp_path: Path, library: Library) -> None:
    sites, rules = load_sites(library, _file(tmp_path, RULES + SITE + _judged(*FORMS)))
    assert [site.id for site in sites] == ["works"]
    assert set(sites[0].could_make) == set(FORMS)
    assert set(rules) == {"rooms"}


def test_all_faults_are_listed(tmp_path: Path, library: Library) -> None:
    text = RULES + SITE.replace("source: synthetic", "source: synthetik")
    text += _judged("tablets", "mixture", "substance", "pils").replace("[rooms]", "[roms]")
    with pytest.raises(InputError) as caught:
        load_sites(library, _file(tmp_path, text))
    message = str(caught.value)
    for part in (
        "works: names source 'synthetik'", "Did you mean 'synthetic'", "judges the form 'pils'",
        "names rule 'roms'", "Did you mean 'rooms'", "does not judge the form 'vials'",
    ):  # fmt: skip
        assert part in message, message


def test_unknown_keys_and_answers_are_placed(tmp_path: Path, library: Library) -> None:
    text = RULES.replace("how: read", "how: guessed") + SITE.replace(
        "name: Synthetic works", "name: x\n    colour: red"
    )
    text += _judged(*FORMS).replace("answer: unknown", "answer: perhaps", 1)
    with pytest.raises(InputError) as caught:
        load_sites(library, _file(tmp_path, text))
    message = str(caught.value)
    for part in (
        "sites.yaml:2: site_rules.rooms.how", "sites.yaml:6: sites.0.colour: is not a known key",
        "sites.yaml:11: sites.0.could_make.tablets.answer",
    ):  # fmt: skip
        assert part in message, message


def test_our_sites_judge_every_form_with_a_rule_and_claim_nothing_for_the_site() -> None:
    """The file's own head: no site is given a yes, since source 001 says none can today."""
    library = load_library(content_root() / "library")
    sites, rules = load_sites(library)
    written = read_yaml(content_root() / "library" / "evidence" / "sites.yaml")
    assert len(sites) == len(written["sites"]) >= 10
    used = set()
    for site in sites:
        assert len({s.id for s in sites}) == len(sites)
        assert site.sources, site.id
        for form, judgement in site.could_make.items():
            assert judgement.answer in ("no", "unknown"), (site.id, form)
            assert judgement.rules, (site.id, form)
            assert judgement.why.nb, (site.id, form)
            used |= set(judgement.rules)
    assert used == set(rules), "a rule that judges nothing"
