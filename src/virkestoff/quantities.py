"""Units: parsed, compared and converted; mixed units raise (convention 1)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from virkestoff.errors import Fault, InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pint

__all__ = [
    "CURRENCIES",
    "check_unit",
    "convert",
    "currency_of",
    "factor",
    "parse_unit",
    "with_currency",
]

CURRENCIES = ("NOK", "EUR", "USD", "GBP", "SEK", "DKK", "ISK", "INR", "KRW", "CNY")
# Things that are counted. Each is a dimension of its own, so that packs never mix with tablets.
_COUNTED = (
    "unit", "batch", "pack", "tablet", "vial", "bottle", "DDD", "person", "fte",
    "position", "crew", "site", "product", "campaign", "inhabitant",
)  # fmt: skip

_PLAIN = frozenset((*CURRENCIES, *_COUNTED, "year", "month", "hour"))
"""Units that mean the same without a parser: names of their own, and quotients of two of them."""

_Number = TypeVar("_Number", float, "npt.NDArray[np.float64]")


@lru_cache(maxsize=1)
def _registry() -> pint.UnitRegistry[float]:
    import pint  # here, since it takes longer to load than most commands to run

    registry: pint.UnitRegistry[float] = pint.UnitRegistry(
        on_redefinition="ignore", autoconvert_offset_to_baseunit=False
    )
    for name in CURRENCIES:
        registry.define(f"{name} = [{name}]")
    for name in _COUNTED:
        registry.define(f"{name} = [{name}_count]")
    registry.define("t = 1000 * kilogram")
    registry.define("year = 8760 * hour = a = yr")  # a calendar year of operation
    registry.define("month = year / 12")
    registry.define("MJ = 1e6 * joule")
    registry.define("percent = 0.01 = %")
    registry.define("ore = 0.01 * NOK")
    return registry


@lru_cache(maxsize=2048)
def parse_unit(text: str) -> pint.Unit:
    """The unit that ``text`` means.

    Raises
    ------
    InputError
        if the text is not a unit: the message names the text.
    """
    if len(text) > 60 or not re.fullmatch(r"[A-Za-z0-9_ ./*^()%-]+", text) or "**" in text:
        raise InputError(Fault(f"unit '{text[:60]}'", "has characters that no unit has"))
    if text.strip() == "1":
        return _registry().Unit("dimensionless")
    try:
        return _registry().Unit(text)
    except Exception as problem:  # noqa: BLE001  pint raises several unrelated kinds
        raise InputError(
            Fault(
                f"unit '{text}'",
                "is not known",
                why=str(problem),
                next_step="Write for example g/L, NOK/kg, kW/m**2 as kW/m^2, or 1",
            )
        ) from None


def _plain_parts(text: str) -> tuple[str, ...] | None:
    """The names in a plain unit, such as ``NOK`` or ``NOK/EUR``; ``None`` for any other."""
    parts = ("1",) if text == "1" else tuple(text.removeprefix("1/").split("/"))
    is_plain = len(parts) < 3 and len(set(parts)) == len(parts) and {*parts} <= {*_PLAIN, "1"}
    return parts if is_plain else None


def check_unit(text: str) -> None:
    """That ``text`` is a unit; plain ones are known without parsing.

    Raises
    ------
    InputError
        as :func:`parse_unit`.
    """
    if _plain_parts(text) is None:
        parse_unit(text)


@lru_cache(maxsize=4096)
def factor(from_unit: str, to_unit: str) -> float:
    """What a number in ``from_unit`` is multiplied with to be in ``to_unit``."""
    if from_unit == to_unit and _plain_parts(from_unit) is not None:
        return 1.0
    source, target = parse_unit(from_unit), parse_unit(to_unit)
    if source.dimensionality != target.dimensionality:
        raise InputError(
            Fault(
                f"unit '{from_unit}'",
                f"cannot be converted to '{to_unit}'",
                why=f"{source.dimensionality} is not {target.dimensionality}",
            )
        )
    return float((1.0 * source).to(target).magnitude)


def convert(value: _Number, from_unit: str, to_unit: str) -> _Number:
    """``value`` converted between units of one dimension.

    Examples
    --------
    >>> convert(2.0, "t", "kg")
    2000.0
    """
    return value * factor(from_unit, to_unit)


@lru_cache(maxsize=4096)
def currency_of(unit: str) -> str | None:
    """The currency in a unit, or ``None``; two currencies in one unit raise."""
    plain = _plain_parts(unit)
    if plain is not None:
        found = [c for c in CURRENCIES if c in plain]
    else:
        dimensions = str(parse_unit(unit).dimensionality)
        found = [c for c in CURRENCIES if f"[{c}]" in dimensions]
    if len(found) > 1:
        raise InputError(Fault(f"unit '{unit}'", "holds two currencies"))
    return found[0] if found else None


def with_currency(unit: str, currency: str) -> str:
    """``unit`` with its currency exchanged, for instance ``EUR/kg`` to ``NOK/kg``."""
    present = currency_of(unit)
    if present is None:
        raise InputError(Fault(f"unit '{unit}'", "holds no currency"))
    if present == "NOK":
        unit = re.sub(r"\bore\b", "(0.01*NOK)", unit)
    return re.sub(rf"\b{present}\b", currency, unit)
