"""A stack and a project with the terms that the library holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from virkestoff.evidence import Parameters
from virkestoff.financing.loan import LoanTerms
from virkestoff.financing.stack import Project, Stack
from virkestoff.production.plant import Plant

__all__ = ["development_succeeds", "library_stack", "project_of"]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def library_stack(
    p: Parameters, n_years: int, *, grant_share: float = 0.0, is_state_lender: bool = False
) -> Stack:
    """Advance, loan, guarantee and property on the library's terms; no yearly support.

    ``stack_of`` keeps the part that one form of support uses.
    """
    shape = (p.n_draws, 1)

    def term(name: str, unit: str) -> Array:
        return np.array(np.broadcast_to(p(f"financing.{name}", unit), shape))

    return Stack(
        grant_share=np.full(shape, grant_share),
        advance_share=term("advance.share_of_development", "1"),
        advance=LoanTerms(
            term("advance.rate", "1/year"),
            term("advance.years", "year"),
            term("advance.grace", "year"),
        ),
        forgiven_share=term("advance.forgiven_share", "1"),
        loan_share=term("loan.share", "1"),
        loan=LoanTerms(
            term("loan.rate", "1/year"), term("loan.years", "year"), term("loan.grace", "year")
        ),
        recovery_share=term("loan.recovery_share", "1"),
        guarantee_share=term("guarantee.share", "1"),
        guarantee_premium=term("guarantee.premium", "1/year"),
        property_share=term("property.share_of_buildings", "1"),
        rent_rate=term("property.rent_rate", "1/year"),
        support=np.zeros((p.n_draws, n_years)),
        is_state_lender=is_state_lender,
    )


def development_succeeds(p: Parameters, uniform: Array) -> Flags:
    """Whether development succeeds, (n_draws,): the uniform number lies below the probability.

    Parameters
    ----------
    uniform : noise, shape (n_draws, 1), of the study; the same in every alternative
    """
    likely = p("financing.project.success_probability", "1")
    succeeds: Flags = (uniform < likely)[:, 0]
    return succeeds


def project_of(
    plant: Plant,
    revenue: Array,
    p: Parameters,
    *,
    development: Array | None = None,
    succeeds: Flags | None = None,
) -> Project:
    """A plant as a project to finance.

    Parameters
    ----------
    revenue : its sales without support, NOK, (n_draws, n_years)
    development : development costs in addition to the plant's outlays (default: none)
    succeeds : whether development succeeds (default: it always does), (n_draws,)
    """
    sunk = p("financing.project.sunk_share", "1")
    return Project(
        revenue,
        plant.outlays,
        plant.investor,
        np.zeros_like(revenue) if development is None else development,
        np.ones(revenue.shape[0], dtype=np.bool_) if succeeds is None else succeeds,
        np.broadcast_to(sunk, (revenue.shape[0], 1)),
    )
