"""A small set of schemes written for the tests of the guide; what they ask is in their names."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from virkestoff.instruments.scheme_files import Schemes
from virkestoff.instruments.vocabulary import load_vocabulary
from virkestoff.timeline import Period

ON = date(2026, 11, 24)
REFERENCE = {"source": "s", "place": "§ 1"}


def words(text: str) -> dict[str, str]:
    return {"nb": text, "en": text}


UNKNOWN = {"what": words("sats"), "ask": words("etaten"), "question": words("Hvor mye?")}


def leaf(key, expression=None, text="", **more):
    body = {"expression": expression} if expression else {}
    return {"id": key, "text": words(text or f"Vilkår {key}."), "reference": REFERENCE, **body,
            **more}  # fmt: skip


def number(unit, value, **more):
    record = {"value": value, "source": "s", "place": "p", "how": "read", **more}
    return {"name": words(f"tall {value}"), "unit": unit, "values": [record]}


def scheme(key, *, applicant=None, project=None, parameters=None, name="", **more):
    conditions = {k: v for k, v in (("applicant", applicant), ("project", project)) if v}
    return {
        "scheme": key, "name": words(name or key), "provider": words("etaten"), "kind": "grant",
        "status": "existing", "conditions": conditions, "parameters": parameters or {},
        "opening": {"kind": "continuous", "source": "s", "place": "p"},
        "last_checked": date(2026, 11, 21), "references": [REFERENCE], **more,
    }  # fmt: skip


def calls(*spans):
    rounds = [{**{k: v for k, v in (("opens", a), ("closes", b)) if v}, **REFERENCE}
              for a, b in spans]  # fmt: skip
    return {"kind": "calls", "calls": rounds}


_vocabulary = lru_cache(maxsize=1)(load_vocabulary)


def schemes(*given) -> Schemes:
    vocabulary = _vocabulary()
    empty = Schemes({}, {}, vocabulary, {"25": (Period(None, date(2026, 12, 31)),)},
                    frozenset(("s",)), vocabulary)  # fmt: skip
    return empty.with_(*given)


RD = leaf("rd", "project.is_rd")
TRL5 = leaf("trl", "project.trl >= parameter.five", "Prosjektet er på TRL 5 eller høyere.")
PARTNER = leaf("partner", "project.has_research_partner", "Det er en forskningspartner.")
FIVE = {"five": number("1", 5)}
YOUNG = leaf("young", "company.founded > evaluation_date - parameter.age")
OLD = leaf("old", "company.founded <= evaluation_date - parameter.age")
AGE = {"age": number("year", 5)}


def nine() -> Schemes:
    """One scheme for every group of the answer, for a company with an R&D project on TRL 3."""
    return schemes(
        scheme("fits", project=RD, name="B passer"),
        scheme("fits_unknown_opening", project=RD, opening={"kind": "unknown"}, name="A passer"),
        scheme("judged", project={"all": [RD, leaf("j1", judgement=True)]}),
        scheme("asks_partner", project={"all": [RD, PARTNER]}),
        scheme("asks_two", project={"all": [PARTNER, leaf("new", "project.has_sme_partner")]}),
        scheme("near", project=TRL5, parameters=FIVE),
        scheme("term", project={"all": [RD, leaf("t1", unknown=UNKNOWN)]}),
        scheme("later", project=RD, opening=calls((date(2026, 1, 1), date(2026, 2, 1)),
                                                  (date(2027, 1, 15), None))),
        scheme("unknown_rule", project=RD, valid={"to": date(2025, 12, 31)}),
        scheme("over", project=RD, opening=calls((None, date(2026, 2, 1)))),
        scheme("not_met", applicant={"not": leaf("co", "company.kind = 'company'", "En bedrift.")}),
        scheme("idea", project=RD, status="proposed"),
    )  # fmt: skip
