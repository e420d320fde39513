"""Months and years in a request: "this facility in May".

Oracle: the calendar.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest

MAY = (date(2027, 5, 1), date(2027, 5, 31))


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [("2027-05", *MAY), ("5.2027", *MAY), ("mai 2027", *MAY), ("May 2027", *MAY),
     ("MAI  2027", *MAY), ("okt 2027", date(2027, 10, 1), date(2027, 10, 31)),
     ("feb. 2028", date(2028, 2, 1), date(2028, 2, 29)),
     ("2027", date(2027, 1, 1), date(2027, 12, 31)),
     ("2027-05-03", date(2027, 5, 3), date(2027, 5, 3))],
)  # fmt: skip
def test_a_month_or_year_stands_for_its_days(_clean, written, first, last) -> None:
    from django.http import QueryDict

    from virkestoff_hub.facilities.asked import read_asked
    from virkestoff_hub.facilities.holding import from_library
    from virkestoff_hub.requests.draft import checked

    class Draft:  # what :func:`checked` reads of a draft
        reference, owner = "r-1", None
        confidential = {"company": "Foretaket AS", "contact_name": "Kari Nordmann",
                        "contact_email": "kari@foretak.example"}  # fmt: skip
        wishes = {"steps": [{"does": "cell_culture"}], "from": written, "to": written}

    query = urlencode({"does_1": "cell_culture", "from": written, "to": written})
    asked = read_asked(QueryDict(query), from_library())
    assert asked.request is not None, asked.faults
    assert (asked.request.from_, asked.request.to) == (first, last)
    found = checked(Draft, from_library(), "nb", 2027)
    request = found.request
    assert request is not None, found.faults
    assert (request.from_, request.to) == (first, last)


@pytest.mark.parametrize("written", ["2027-13", "ju 2027", "jul", "mandag 2027", "1899-05"])
def test_what_is_no_month_is_asked_about(client, written) -> None:
    query = urlencode({"does_1": "cell_culture", "from": written})
    response = client.get(f"/nb/facilities/match/answer/?{query}")
    assert response.status_code == 422
    assert "Er ikke en dato" in response.content.decode()
