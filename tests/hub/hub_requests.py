"""A request by example, what must never leak from it, and the links of letters."""

from __future__ import annotations

import re

ROLES = ("visitor", "company", "provider", "broker", "analyst", "editor", "administrator")
WISHES = {
    "steps": [{"does": "cell_therapy_production", "quantity": "3", "quantity_unit": "batch"}],
    "modality": "cell_therapy", "gmp": "gmp_atmp", "phase": "phase_1", "from": "2027-03-01",
    "to": "30.6.2027", "budget_high": "7313377", "summary": "Cells for a first trial",
}  # fmt: skip
SECRET = {
    "company": "Zebrafjell Pharma AS", "organisation_number": "974760673",
    "contact_name": "Kvitebjørn Ravnkloa", "contact_email": "kvb@zebrafjell.example",
    "details": "Molekylet XQ-99172 skal inn i klinikken",
}  # fmt: skip
WORDS = ("zebrafjell", "974760673", "974 760 673", "kvitebjørn", "ravnkloa", "xq-99172", "7313377",
         "7 313 377", "7,313,377", "zk_owner")  # fmt: skip
SHORT = {"does": "cell_therapy_production"}
LISTED = "celleterapi_ous"


def links_in(text: str) -> list[str]:
    return re.findall(r"http://testserver(/\S+)", text)


def last_token(letters) -> str:
    return links_in(letters[-1].body)[0].partition("?")[0]
