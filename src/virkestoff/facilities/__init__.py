"""Facilities: who can do what and when; a request finds a provider, or the reason why not."""

from virkestoff.facilities.amounts import Amount, Scale
from virkestoff.facilities.chains import Chain, Match, match, offers_of
from virkestoff.facilities.exposure import Offer
from virkestoff.facilities.loading import load_outcomes, load_register, load_vocabulary
from virkestoff.facilities.matching import Candidate, StepMatch, match_step
from virkestoff.facilities.near_miss import Change, NearMiss, apply_changes
from virkestoff.facilities.outcome import OUTCOME_KINDS, OUTCOME_NAMES, Outcome, OutcomeKind
from virkestoff.facilities.provider import Capability, Gap, Provider
from virkestoff.facilities.reason import CONSTRAINTS, Reason
from virkestoff.facilities.register import Register
from virkestoff.facilities.request import (
    NOT_NEEDED,
    Need,
    Request,
    Step,
    load_request,
    request_from,
)
from virkestoff.facilities.settings import Settings, settings_from
from virkestoff.facilities.unmet import UnmetNeed, unmet_need
from virkestoff.facilities.vocabulary import Term, Vocabulary
from virkestoff.facilities.window import VIEWERS, Viewer, Window, available

__all__ = [
    "CONSTRAINTS",
    "NOT_NEEDED",
    "OUTCOME_KINDS",
    "OUTCOME_NAMES",
    "VIEWERS",
    "Amount",
    "Candidate",
    "Capability",
    "Chain",
    "Change",
    "Gap",
    "Match",
    "NearMiss",
    "Need",
    "Offer",
    "Outcome",
    "OutcomeKind",
    "Provider",
    "Reason",
    "Register",
    "Request",
    "Scale",
    "Settings",
    "Step",
    "StepMatch",
    "Term",
    "UnmetNeed",
    "Viewer",
    "Vocabulary",
    "Window",
    "apply_changes",
    "available",
    "load_outcomes",
    "load_register",
    "load_request",
    "load_vocabulary",
    "match",
    "match_step",
    "offers_of",
    "request_from",
    "settings_from",
    "unmet_need",
]
