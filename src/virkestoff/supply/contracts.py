"""Readiness that is bought from others: income guarantee, capacity contract, finishing contract.

None of these makes a pack in ordinary years. What they cost each year is stated here; whether
goods come in a crisis is the matter of the preparedness model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError

__all__ = ["CapacityContract", "IncomeGuarantee", "capacity_contract", "income_guarantee"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class IncomeGuarantee:
    """Yearly amounts of a tender with several winners, NOK, shape (n_draws, n_years).

    Attributes
    ----------
    top_up : what the state adds where a winner's sales stay under the guarantee
    readiness : fee for stock and delivery terms, paid per winner and product, whatever is sold
    premium : fixed yearly sum for security criteria, whatever is sold
    """

    top_up: Array
    readiness: Array
    premium: Array


def income_guarantee(
    sales: dict[str, Array],
    winners: float,
    guarantee: Array,
    readiness_fee: Array,
    security_premium: Array,
) -> IncomeGuarantee:
    """A guaranteed yearly income per product and winner, not tied to volume.

    ``top_up = winners x max(0, guarantee - sales / winners)`` for each product.

    Parameters
    ----------
    sales : product -> sales at today's price, NOK, shape (n_draws, n_years)
    winners : suppliers that share each product's market equally
    guarantee, readiness_fee : NOK per product, winner and year, shape (n_draws, 1)
    security_premium : what winners ask for meeting security criteria, as a share of sales in the
        first year, shape (n_draws, 1); a fixed sum, so that income does not follow volume

    Raises
    ------
    InputError
        if there are fewer than no winners or no product.
    """
    if winners < 0 or not sales:
        raise InputError(Fault("income guarantee", "needs products, and winners of zero or more"))
    shape = next(iter(sales.values())).shape
    nothing = np.zeros(shape)
    if winners == 0:
        return IncomeGuarantee(nothing, nothing, nothing)
    top_up, premium = nothing, nothing
    for amount in sales.values():
        top_up = top_up + winners * np.maximum(guarantee - amount / winners, 0.0)
        premium = premium + amount[:, :1] * security_premium
    readiness = np.broadcast_to(readiness_fee * winners * len(sales), shape)
    return IncomeGuarantee(top_up, readiness, np.broadcast_to(premium, shape))


@dataclass(frozen=True)
class CapacityContract:
    """Yearly amounts of a contract with a European maker, NOK, shape (n_draws, n_years).

    Attributes
    ----------
    fee : for keeping capacity and giving priority
    premium : paid above import for the substance in the volume bought under the contract
    """

    fee: Array
    premium: Array


def capacity_contract(
    substance_value: Array, offtake_share: float, yearly_fee: Array, price_premium: Array
) -> CapacityContract:
    """A maker in Europe keeps capacity for Norway, and sells it a share of its need each year.

    Parameters
    ----------
    substance_value : need of active substance at today's price, NOK, shape (n_draws, n_years)
    offtake_share : share of need bought under the contract, 0 to 1; capacity that sells nothing
        stands idle and is not ready
    yearly_fee : NOK, shape (n_draws, 1)
    price_premium : of a European maker's substance over today's, as a share, shape (n_draws, 1)
    """
    if not 0 <= offtake_share <= 1:
        raise InputError(Fault("capacity contract", "the share bought must lie from 0 to 1"))
    return CapacityContract(
        np.broadcast_to(yearly_fee, substance_value.shape),
        substance_value * offtake_share * price_premium,
    )
