"""What it costs to hold a stock of medicine: fill, keep, rotate, write off, release.

A stock of ``m`` months is ``m / 12`` of a year's use. It is filled over a build-up time at a price
premium, because filling takes supply from others. Goods that pass through the stock are ``m``
months old when sold; what cannot be sold in time is thrown away and bought again, so the yearly
loss is

    loss = value held x ((1 - rotated) x 12 / life + rotated x write_off)
    rotated = min(1, life / m),   life = shelf life - remaining shelf life wanted at sale

with all in months. At the end of the horizon the rotated part is sold in place of new purchases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError
from virkestoff.evidence import Parameters

__all__ = ["Stock", "StockTerms", "hold", "stock_terms"]

Array = npt.NDArray[np.float64]
MONTHS = 12.0  # constant: months in a year


@dataclass(frozen=True)
class StockTerms:
    """How a stock is kept; every array has shape (n_draws, 1).

    Attributes
    ----------
    shelf_life_months, remaining_months : life of the goods, and what buyers want left at sale
    write_off_share : share of the rotated stock that is lost in a year all the same
    storage_share : rent, insurance and handling per year as a share of the value held
    build_up_months : time over which the stock is filled
    fill_premium : price added on the quantity that fills the stock, as a share
    """

    shelf_life_months: Array
    remaining_months: Array
    write_off_share: Array
    storage_share: Array
    build_up_months: Array
    fill_premium: Array


@dataclass(frozen=True)
class Stock:
    """Yearly amounts of holding a stock, NOK, shape (n_draws, n_years).

    Attributes
    ----------
    value : worth of the goods held at the end of the year, at the ordinary price
    fill, premium : purchases that build the stock at the ordinary price, and the premium on them
    replacement : purchases that replace what was lost
    storage : keeping the goods
    release : goods sold in the last year in place of new purchases
    rotated_share : share of the stock that ordinary sales can turn over, shape (n_draws, 1)
    """

    value: Array
    fill: Array
    premium: Array
    replacement: Array
    storage: Array
    release: Array
    rotated_share: Array


def stock_terms(kind: str, parameters: Parameters) -> StockTerms:
    """How the library says that a stock is kept.

    Parameters
    ----------
    kind : ``tablet``, ``powder`` or ``vial`` (finished packs), or ``substance`` (in bulk)

    Raises
    ------
    InputError
        if the kind is another.
    """
    if kind not in ("tablet", "powder", "vial", "substance"):
        raise InputError(Fault(f"stock of '{kind}'", "is not known"))
    is_bulk = kind == "substance"
    life = "supply.stock.substance_retest_period" if is_bulk else f"supply.stock.{kind}_shelf_life"
    bulk = "bulk_" if is_bulk else ""
    return StockTerms(
        shelf_life_months=parameters(life, "month"),
        remaining_months=parameters("supply.stock.remaining_shelf_life_at_sale", "month"),
        write_off_share=parameters(f"supply.stock.{bulk}write_off_share", "1/year"),
        storage_share=parameters(f"supply.stock.{bulk}storage_cost_share", "1/year"),
        build_up_months=parameters("supply.stock.build_up_time", "month"),
        fill_premium=parameters("supply.stock.fill_price_premium", "1"),
    )


def hold(months: Array | float, yearly_value: Array, terms: StockTerms) -> Stock:
    """The cost of holding ``months`` of use.

    Parameters
    ----------
    months : stock in months of use, a number or shape (n_draws, 1)
    yearly_value : worth of a year's use at the ordinary price, NOK, shape (n_draws, n_years)
    terms : how the stock is kept

    Raises
    ------
    InputError
        if months or values are negative, or the goods live no longer than buyers want left.
    """
    wanted = np.broadcast_to(np.asarray(months, dtype=np.float64), (yearly_value.shape[0], 1))
    if (wanted < 0).any():
        raise InputError(Fault("stock", "months of stock are negative"))
    if (yearly_value < 0).any():
        raise InputError(Fault("stock", "demand is negative"))
    life = terms.shelf_life_months - terms.remaining_months
    if (life <= 0).any():
        raise InputError(
            Fault("stock", "goods live no longer than the shelf life that buyers want left")
        )
    ages = np.arange(1, yearly_value.shape[1] + 1) * MONTHS
    filled = np.minimum(1.0, ages / terms.build_up_months)
    value = wanted / MONTHS * yearly_value * filled
    before = np.concatenate([np.zeros((value.shape[0], 1)), value[:, :-1]], axis=1)
    # Falling demand shrinks the stock by selling less new: never a negative purchase.
    fill = np.maximum(value - before, 0.0)
    rotated = life / np.maximum(wanted, life)
    loss_rate = (1 - rotated) * np.minimum(MONTHS / life, 1.0) + rotated * terms.write_off_share
    release = np.zeros_like(value)
    release[:, -1:] = value[:, -1:] * rotated
    return Stock(
        value=value,
        fill=fill,
        premium=fill * terms.fill_premium * (filled - _shifted(filled) > 0),
        replacement=before * np.broadcast_to(loss_rate, value.shape),
        storage=value * terms.storage_share,
        release=release,
        rotated_share=rotated,
    )


def _shifted(filled: Array) -> Array:
    zero = np.zeros((filled.shape[0], 1))
    return np.concatenate([zero, filled[:, :-1]], axis=1)
