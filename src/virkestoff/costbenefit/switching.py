"""Switching values: how far something must move before society's net present value is zero."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from virkestoff.costbenefit.appraisal import Appraisal
from virkestoff.costbenefit.rules import Rules
from virkestoff.errors import Fault, InputError, suggest

__all__ = ["effect_share", "switching_factor", "switching_value"]

Array = npt.NDArray[np.float64]


def effect_share(appraisal: Appraisal, effect: str, rules: Rules) -> Array:
    """What one effect adds to society's net present value, with its tax cost, shape (n_draws,).

    ``residents(e) + tax_financing_cost x public(e)``. The shares of all effects add up to
    society's net present value.
    """
    values = appraisal.effect_npv
    if effect not in values:
        raise InputError(
            Fault(f"effect '{effect}'", "is not in the ledger", next_step=suggest(effect, values))
        )
    value = values[effect]
    return np.asarray(value.residents + rules.tax_financing_cost * value.public)


def switching_factor(appraisal: Appraisal, effect: str, rules: Rules) -> Array:
    """What all amounts of an effect must be multiplied with for a net present value of zero.

    ``1 - NPV / share(e)``, shape (n_draws,). NaN where the effect adds nothing, so that no factor
    helps, and where the factor would be negative, since amounts keep their direction.
    """
    share = effect_share(appraisal, effect, rules)
    npv = appraisal.society_net_present_value
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = 1.0 - npv / share
    return np.where(np.isfinite(factor) & (factor >= 0.0), factor, np.nan)


def switching_value(
    net_present_value: Callable[[float], float], low: float, high: float
) -> float | None:
    """The value of an input between ``low`` and ``high`` at which the net present value is zero.

    Parameters
    ----------
    net_present_value : the (mean) net present value at a value of the input
    low, high : the range that the input's source covers; nothing outside it is claimed

    Returns
    -------
    The value, or ``None`` if the net present value has one sign at both ends.

    Raises
    ------
    InputError
        if the range does not rise, or the net present value is not finite at an end.
    """
    if not low < high:
        raise InputError(Fault("switching_value", f"[{low:g}, {high:g}] does not rise"))
    at_low, at_high = net_present_value(low), net_present_value(high)
    if not (math.isfinite(at_low) and math.isfinite(at_high)):
        raise InputError(Fault("switching_value", "the net present value is not finite at an end"))
    if at_low == 0.0 or at_high == 0.0:
        return low if at_low == 0.0 else high
    if (at_low > 0) == (at_high > 0):
        return None
    return float(brentq(net_present_value, low, high, xtol=1e-12 * max(abs(low), abs(high))))
