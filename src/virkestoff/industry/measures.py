"""The measures of the industry's statistics: what each counts, and by which definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from virkestoff.language import Text

__all__ = ["DIMENSIONS", "MEASURES", "TOTAL", "UNKNOWN", "Measure"]

Kind = Literal["count", "total", "ratio", "share", "growth", "cagr", "concentration"]
TOTAL, UNKNOWN = "all", "unknown"
"""Codes of the whole and of companies of which the dimension is not known."""


@dataclass(frozen=True)
class Measure:
    """A measure.

    ``fields`` are the columns it is made of: the numerator and the denominator of a ratio. A count
    counts the companies for which its column is true. ``definitions`` are ids of
    ``library/industry/definitions.yaml``. ``statistic`` names which concentration is meant.
    """

    name: Text
    kind: Kind
    fields: tuple[str, ...]
    unit: str
    definitions: tuple[str, ...]
    statistic: Literal["", "largest", "herfindahl", "gini"] = ""

    @property
    def needs_period(self) -> bool:
        """Whether it compares two years."""
        return self.kind in ("growth", "cagr")


def _total(nb: str, en: str, field: str, unit: str, *definitions: str) -> Measure:
    return Measure(Text(nb=nb, en=en), "total", (field,), unit, definitions)


def _of(kind: Kind, nb: str, en: str, fields: tuple[str, ...], unit: str, *names: str) -> Measure:
    return Measure(Text(nb=nb, en=en), kind, fields, unit, names)


def _concentrated(statistic: Literal["largest", "herfindahl", "gini"], nb: str, en: str) -> Measure:
    return Measure(Text(nb=nb, en=en), "concentration", ("turnover_nok",), "1",
                   ("concentration",), statistic)  # fmt: skip


_PLAIN = {
    "companies": _of("count", "Antall bedrifter", "Companies", ("is_present",), "1", "company"),
    "active": _of("count", "Aktive bedrifter", "Active companies", ("is_active",), "1", "active"),
    "j_curve": _of("count", "J-kurvebedrifter", "J-curve companies", ("is_j_curve",), "1"),
    "turnover": _total("Omsetning", "Turnover", "turnover_nok", "NOK"),
    "value_creation": _total(
        "Verdiskaping", "Value creation", "value_creation_nok", "NOK", "value_creation"
    ),
    "wage_costs": _total("Lønnskostnader", "Wage costs", "wage_costs_nok", "NOK"),
    "operating_result": _total(
        "Driftsresultat", "Operating result", "operating_result_nok", "NOK"
    ),
    "employees": _total("Ansatte", "Employees", "employees", "person"),
    "exports": _total("Eksport", "Exports", "exports_nok", "NOK"),
    "productivity": _of("ratio", "Verdiskaping per ansatt", "Value creation per employee",
                        ("value_creation_nok", "employees"), "NOK/person", "productivity",
                        "value_creation"),
    "margin": _of("ratio", "Driftsmargin", "Operating margin",
                  ("operating_result_nok", "turnover_nok"), "1", "margin"),
    "export_share": _of("ratio", "Eksportandel", "Export share",
                        ("exports_nok", "turnover_nok"), "1", "export_share"),
    "j_curve_share": _of("ratio", "Andel J-kurvebedrifter", "Share of J-curve companies",
                         ("is_j_curve", "is_active"), "1", "active"),
    "largest_share": _concentrated("largest", "De størstes andel av omsetningen",
                                   "The largest companies' share of turnover"),
    "herfindahl": _concentrated("herfindahl", "Herfindahl-indeks for omsetning",
                                "Herfindahl index of turnover"),
    "gini": _concentrated("gini", "Gini-koeffisient for omsetning",
                          "Gini coefficient of turnover"),
}  # fmt: skip
_SUMMED = {
    "turnover": ("turnover_nok", Text(nb="omsetning", en="turnover")),
    "value_creation": ("value_creation_nok", Text(nb="verdiskaping", en="value creation")),
    "employees": ("employees", Text(nb="ansatte", en="employees")),
    "exports": ("exports_nok", Text(nb="eksport", en="exports")),
    "company": ("is_present", Text(nb="bedriftene", en="companies")),
}


def _derived() -> dict[str, Measure]:
    found = {}
    for key, (field, word) in _SUMMED.items():
        found[f"{key}_share"] = _of(
            "share", f"Andel av {word.nb}", f"Share of {word.en}", (field,), "1"
        )
        if key == "company":
            continue
        found[f"{key}_growth"] = _of(
            "growth", f"Vekst i {word.nb}", f"Growth of {word.en}", (field,), "1", "growth"
        )
        found[f"{key}_growth_yearly"] = _of(
            "cagr", f"Årlig vekst i {word.nb}", f"Yearly growth of {word.en}", (field,),
            "1/year", "growth",
        )  # fmt: skip
    return found


MEASURES: Mapping[str, Measure] = MappingProxyType({**_PLAIN, **_derived()})
"""All measures by id."""
DIMENSIONS: Mapping[str, Text] = MappingProxyType(
    {
        "branch": Text(nb="Bransje", en="Branch"),
        "size": Text(nb="Størrelse", en="Size"),
        "ownership": Text(nb="Eierskap", en="Ownership"),
        "region": Text(nb="Region", en="Region"),
    }
)
"""What a table may be divided by."""
