"""Public appraisal by the Norwegian rules: society's account, the actors' own, and what decides."""

from virkestoff.costbenefit.account import Account, EffectValue, PrivateValue, account
from virkestoff.costbenefit.appraisal import Appraisal, appraise, joined, required_factors
from virkestoff.costbenefit.assurance import AssuranceFlag, exceeds_assurance_threshold
from virkestoff.costbenefit.distribution import DistributionRow, distribution
from virkestoff.costbenefit.growth import (
    RealGrowth,
    adjusted_life_value,
    life_value,
    real_growth_on,
)
from virkestoff.costbenefit.residual import remaining_benefit, scrap_value
from virkestoff.costbenefit.rules import Rules, fact_on, rules_on
from virkestoff.costbenefit.switching import effect_share, switching_factor, switching_value
from virkestoff.costbenefit.texts import (
    INDUSTRY_HEADING,
    SIX_QUESTIONS,
    SOCIETY_HEADING,
    SOCIETY_NOTE,
)
from virkestoff.costbenefit.unpriced import (
    EXTENT_NAMES,
    IMPORTANCE_NAMES,
    ConsequenceTable,
    UnpricedRow,
    consequence_table,
    unpriced_rows,
)

__all__ = [
    "EXTENT_NAMES",
    "IMPORTANCE_NAMES",
    "INDUSTRY_HEADING",
    "SIX_QUESTIONS",
    "SOCIETY_HEADING",
    "SOCIETY_NOTE",
    "Account",
    "Appraisal",
    "AssuranceFlag",
    "ConsequenceTable",
    "DistributionRow",
    "EffectValue",
    "PrivateValue",
    "RealGrowth",
    "Rules",
    "UnpricedRow",
    "account",
    "adjusted_life_value",
    "appraise",
    "consequence_table",
    "distribution",
    "effect_share",
    "exceeds_assurance_threshold",
    "fact_on",
    "joined",
    "life_value",
    "real_growth_on",
    "remaining_benefit",
    "required_factors",
    "rules_on",
    "scrap_value",
    "switching_factor",
    "switching_value",
    "unpriced_rows",
]
