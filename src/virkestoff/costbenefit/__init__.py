"""Public appraisal by the Norwegian rules: society's account, the actors' own, and what decides."""

from virkestoff.costbenefit.account import Account, EffectValue, PrivateValue, account
from virkestoff.costbenefit.appraisal import Appraisal, appraise, joined, required_factors
from virkestoff.costbenefit.rules import Rules, fact_on, rules_on
from virkestoff.costbenefit.texts import (
    INDUSTRY_HEADING,
    SIX_QUESTIONS,
    SOCIETY_HEADING,
    SOCIETY_NOTE,
)

__all__ = [
    "INDUSTRY_HEADING",
    "SIX_QUESTIONS",
    "SOCIETY_HEADING",
    "SOCIETY_NOTE",
    "Account",
    "Appraisal",
    "EffectValue",
    "PrivateValue",
    "Rules",
    "account",
    "appraise",
    "fact_on",
    "joined",
    "required_factors",
    "rules_on",
]
