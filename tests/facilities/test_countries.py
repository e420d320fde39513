"""Countries stand by name in both languages, wherever a person reads of one."""

from __future__ import annotations

import re
from datetime import date

import pytest

from virkestoff.facilities import match, request_from
from virkestoff.facilities.countries import country_name, in_country


def test_every_country_of_a_provider_has_a_name(register) -> None:
    for code in {p.country for p in register.providers.values()}:
        name = country_name(code)
        assert code not in (name.nb, name.en), code


@pytest.mark.parametrize(("code", "nb", "en"), [
    ("NO", "i Norge", "in Norway"), ("SE", "i Sverige", "in Sweden"),
    ("IS", "på Island", "in Iceland"), ("GB", "i Storbritannia", "in the United Kingdom"),
    ("QQ", "i QQ", "in QQ"),
])  # fmt: skip
def test_a_country_within_a_sentence(code, nb, en) -> None:
    assert (in_country(code).nb, in_country(code).en) == (nb, en)


def test_reasons_and_near_misses_hold_no_code(register) -> None:
    """Each country alone, asked for the work that providers elsewhere state."""
    codes = {p.country for p in register.providers.values()}
    works = {(c.does, p.country) for p in register.providers.values() for c in p.capabilities}
    said = set()
    for does, country in sorted(works):
        for wanted in sorted(codes - {country}):
            asked = request_from({"request": "r", "steps": [{"does": does}],
                                  "countries": [wanted]}, register.vocabulary)  # fmt: skip
            for candidate in match(asked, register, date(2026, 11, 25)).steps[0].candidates:
                said |= {t for r in candidate.reasons for t in (r.text.nb, r.text.en)
                         if r.constraint == "country"}  # fmt: skip
                said |= {t for n in candidate.near_misses for t in (n.text.nb, n.text.en)}
    assert any("Sverige" in text for text in said)
    assert not [t for t in said if re.search(rf"\b({'|'.join(codes)})\b", t)]
