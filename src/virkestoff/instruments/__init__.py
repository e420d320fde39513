"""Support instruments: dated ceilings of state aid, and loans and guarantees as aid."""

from virkestoff.instruments.aid import (
    SIZES,
    Ceiling,
    Size,
    Step,
    adjusted_regional_aid,
    articles,
    ceiling,
)
from virkestoff.instruments.equivalent import (
    ReferenceRate,
    discount_rate,
    guarantee_grant_equivalent,
    guarantee_premium,
    reference_rate,
    soft_loan_grant_equivalent,
)

__all__ = [
    "SIZES",
    "Ceiling",
    "ReferenceRate",
    "Size",
    "Step",
    "adjusted_regional_aid",
    "articles",
    "ceiling",
    "discount_rate",
    "guarantee_grant_equivalent",
    "guarantee_premium",
    "reference_rate",
    "soft_loan_grant_equivalent",
]
