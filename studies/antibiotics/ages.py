"""Shortage by form and by age. Who takes which form follows from two shares of the daily doses.

Children take mixture and drops first: of what children use, the part beyond the liquids is
tablets. Where children use less than the liquids, older patients take the rest of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from virkestoff.evidence import Parameters

from .chain import DROPS, MIXTURE, TABLET, form_shares

__all__ = ["by_age", "children_of_form"]

Array = np.ndarray


def children_of_form(p: Parameters) -> dict[str, Array]:
    """Share of each form that children under ten use, shape (n_draws, 1)."""
    children = p("supply.presentation.penv_children_share", "1")
    form = form_shares(p)
    liquids = form[MIXTURE] + form[DROPS]
    in_liquids = np.minimum(children / liquids, 1.0)
    in_tablets = np.maximum(children - liquids, 0.0) / form[TABLET]
    return {TABLET: in_tablets, MIXTURE: in_liquids, DROPS: in_liquids}


def by_age(amounts: Mapping[str, Array], p: Parameters) -> dict[str, Array]:
    """An amount by form, each (n_draws,), as one for children and one for older patients."""
    share = children_of_form(p)
    children = sum(amounts[form] * share[form][:, 0] for form in amounts)
    return {"children": children, "older": sum(amounts.values()) - children}
