"""Faults of profiles in Norwegian: no message of a bad profile stays English."""

from __future__ import annotations

import re

import pytest

from virkestoff.errors import InputError
from virkestoff.instruments.fault_words import _NORWEGIAN, in_language, message_in
from virkestoff.instruments.profile import profile_of
from virkestoff.instruments.vocabulary import load_vocabulary

BAD = {
    "profile": 3, "orgnr": "12", "date": "soon", "projekt": {}, "awards": "many",
    "awards_are_complete": "yes", "aid": [],
    "company": {
        "employes": 3, "employees": "many", "kind": "compny", "founded": "våren",
        "turnover": "5 kg", "is_listed": "maybe", "export_share": 7, "industry_code": "x",
        "balance_total": "1.500", "equity": {"from": 3, "to": 1}, "wage_costs": {"worth": 1},
        "size_class": [],
    },
    "project": [],
    "owners": [{"kind": "person", "share": 0.8}, {"kind": "fund", "share": 0.9},
               {"kind": "person"}],
}  # fmt: skip
ENGLISH = re.compile(r"\b(is|the|not|does|may|did|must|own|write|of|a|has|lies|one)\b",
                     re.IGNORECASE)  # fmt: skip


def test_every_fault_of_a_bad_profile_is_told_in_norwegian(library) -> None:
    vocabulary = load_vocabulary(library.root / "instruments")
    with pytest.raises(InputError) as caught:
        profile_of(BAD, vocabulary)
    told = in_language(caught.value, "nb")
    assert len(told.faults) == len(caught.value.faults) > 15
    assert [f.where for f in told.faults] == [f.where for f in caught.value.faults]
    left = [f for f in told.faults for text in (f.what, f.next_step) if ENGLISH.search(text)]
    assert left == []
    assert in_language(caught.value, "en").faults == caught.value.faults


def test_messages_keep_what_was_written() -> None:
    assert message_in("'1.500' may mean 1500 or 1.5; write which", "nb") == (
        "«1.500» kan bety 1500 eller 1.5; skriv hvilket"
    )
    nested = "'smal' is not one of its choices (Did you mean 'small'?)"
    assert message_in(nested, "nb") == "«smal» er ikke et av valgene (Mente du «small»?)"
    assert message_in("Did you mean 'a' or 'b'?", "nb") == "Mente du «a» eller «b»?"
    assert message_in("something else", "nb") == "something else"


def test_both_sides_of_the_table_hold_the_same_places() -> None:
    assert [e for e, n in _NORWEGIAN if e.count("{}") != n.count("{}")] == []
    assert len({e for e, _ in _NORWEGIAN}) == len(_NORWEGIAN)
