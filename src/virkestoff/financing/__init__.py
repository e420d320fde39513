"""How an investment is paid for, what keeps its owner, and by which route the state may pay."""

from virkestoff.financing.commitment import (
    Commitment,
    Course,
    StewardshipEffect,
    clawback,
    course,
    stewardship_effect,
    worst_decile,
)
from virkestoff.financing.loan import LoanTerms, Schedule, annuity_factor, schedule
from virkestoff.financing.routes import (
    AidDecision,
    Route,
    RouteCheck,
    aid_decision,
    check_routes,
    load_routes,
    route_table,
)
from virkestoff.financing.stack import Financed, Flow, Project, Stack, finance
from virkestoff.financing.staged import (
    Staged,
    best_rule,
    bounds,
    full_learning,
    no_learning,
    rule_steps,
    rule_value,
)
from virkestoff.financing.support import (
    FORMS,
    AdvanceWorth,
    Form,
    LeastSupport,
    advance_worth,
    least_state_cost,
    stack_of,
)
from virkestoff.financing.terms import development_succeeds, library_stack, project_of

__all__ = [
    "FORMS",
    "AdvanceWorth",
    "AidDecision",
    "Commitment",
    "Course",
    "Financed",
    "Flow",
    "Form",
    "LeastSupport",
    "LoanTerms",
    "Project",
    "Route",
    "RouteCheck",
    "Schedule",
    "Stack",
    "Staged",
    "StewardshipEffect",
    "advance_worth",
    "aid_decision",
    "annuity_factor",
    "best_rule",
    "bounds",
    "check_routes",
    "clawback",
    "course",
    "development_succeeds",
    "finance",
    "full_learning",
    "least_state_cost",
    "library_stack",
    "load_routes",
    "no_learning",
    "project_of",
    "route_table",
    "rule_steps",
    "rule_value",
    "schedule",
    "stack_of",
    "stewardship_effect",
    "worst_decile",
]
