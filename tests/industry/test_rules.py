"""Rules of classification: literal words only, and every fault at once.

Oracle: the grammar of a word in ``library/industry/classification.yaml``, cases by hand.
"""

from __future__ import annotations

import copy

import pytest
import yaml

from virkestoff.errors import InputError
from virkestoff.evidence import content_root
from virkestoff.industry.rules import coarse_parts, load_rules, pattern_of

FILE = content_root() / "library" / "industry" / "classification.yaml"


@pytest.fixture(scope="module")
def data() -> dict:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


@pytest.fixture
def load(library, data, tmp_path):
    def change(edit) -> None:
        changed = copy.deepcopy(data)
        edit(changed)
        path = tmp_path / "industry" / "classification.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
        load_rules(library, path)

    return change


def test_patterns_stand_for_whole_words_and_parts() -> None:
    text = " salg av legemidler til apotek og nanomedisin "
    hit = {w: pattern_of(w) in text for w in ("legemid-", "medisin", "-medisin", "apotek", "otek-")}
    assert hit == {"legemid-": True, "medisin": False, "-medisin": True, "apotek": True,
                   "otek-": False}  # fmt: skip
    assert coarse_parts("in vitro") == ("vitro", "")


@pytest.mark.parametrize(
    "word",
    ["(a+)+$", ".*", "legemid*", "Legemid-", "a", "--", "", " apotek", "two  spaces", "a-b",
     "apotek\n", "[abc]", "apotek|frisør", "-a-"],
)  # fmt: skip
def test_a_word_that_is_no_literal_is_refused(load, word) -> None:
    with pytest.raises(InputError, match=r"words\.medicine\.words"):
        load(lambda d: d["words"]["medicine"]["words"].append(word))


EDITS = {
    "unknown key": lambda d: d["words"]["medicine"].update(colour="red"),
    "unknown section": lambda d: d.update(extra={}),
    "weight out of range": lambda d: d["words"]["medicine"].update(weight=11),
    "weight no integer": lambda d: d["words"]["medicine"].update(weight=4.5),
    "weight of the wrong sign": lambda d: d["words"]["trade"].update(weight=4),
    "context with weight": lambda d: d["words"]["health_context"].update(weight=1),
    "unknown product": lambda d: d["words"]["medicine"].update(product="medcine"),
    "product and kind": lambda d: d["words"]["medicine"].update(kind="trade"),
    "neither product nor kind": lambda d: d["words"]["medicine"].pop("product"),
    "unknown branch": lambda d: d["products"]["medicine"].update(branch="diagnostics"),
    "unknown criterion": lambda d: d["products"]["medicine"].update(criteria=["cheap"]),
    "beside what is no context": lambda d: d["words"]["digital_means"].update(beside="trade"),
    "word twice": lambda d: d["words"]["gmp"]["words"].append("vaksine mot"),
    "code in a wrong form": lambda d: d["codes"]["SN2007"].update(xx=d["codes"]["SN2007"]["21"]),
    "unknown standard": lambda d: d["codes"].update(SN1994={}),
    "unknown source": lambda d: d["codes"]["SN2007"]["21"].update(source="nowhere"),
    "no language": lambda d: d["words"]["medicine"]["reason"].pop("nb"),
    "thresholds cross": lambda d: d["scoring"].update(out_at=6),
    "too many criteria": lambda d: d["definition"].update(needed=4),
}


@pytest.mark.parametrize("edit", list(EDITS.values()), ids=list(EDITS))
def test_faults_of_the_rules(load, edit) -> None:
    with pytest.raises(InputError):
        load(edit)


def test_faults_come_at_once(load) -> None:
    def edit(d) -> None:
        d["codes"]["SN2007"]["21"]["source"] = "nowhere"
        d["words"]["trade"]["weight"] = 4
        d["scoring"]["out_at"] = 9

    with pytest.raises(InputError) as caught:
        load(edit)
    assert len(caught.value.faults) == 3


def test_every_code_states_how_sure_it_is(rules) -> None:
    """Only 21 and 26.6 of SN2007 were read; all of SN2025 is recalled."""
    read = {(s, c) for s, codes in rules.codes.items() for c, r in codes.items()
            if r.confidence == "read"}  # fmt: skip
    assert read == {("SN2007", "21"), ("SN2007", "26.6")}
    assert "(unverified code)" in rules.reason("SN2025:21", "en")
    assert "(ubekreftet kode)" not in rules.reason("SN2007:21", "nb")
