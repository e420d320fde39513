"""Who pays how much of a common plant: cost games, their splits, and agreements."""

from virkestoff.costsharing.agreement import Agreement, Profile, agreement
from virkestoff.costsharing.game import MAX_PLAYERS, Coalition, CostGame, cost_game
from virkestoff.costsharing.nucleolus import (
    Settling,
    nucleolus,
    nucleolus_settling,
    prenucleolus,
)
from virkestoff.costsharing.properties import (
    is_concave,
    is_monotone,
    is_subadditive,
    savings,
    subadditive_cover,
)
from virkestoff.costsharing.rules import equal, proportional, separable_cost
from virkestoff.costsharing.shapley import SampledShapley, shapley, shapley_sampled
from virkestoff.costsharing.split import RULE_NAMES, RULES, Split, SplitRow, split
from virkestoff.costsharing.stability import (
    Departure,
    LeastCore,
    Objection,
    Stability,
    cost_of_stability,
    departures,
    excesses,
    is_in_core,
    least_core,
    objections,
)
from virkestoff.costsharing.ways import CheapestWays, cheapest_ways

__all__ = [
    "MAX_PLAYERS",
    "RULES",
    "RULE_NAMES",
    "Agreement",
    "CheapestWays",
    "Coalition",
    "CostGame",
    "Departure",
    "LeastCore",
    "Objection",
    "Profile",
    "SampledShapley",
    "Settling",
    "Split",
    "SplitRow",
    "Stability",
    "agreement",
    "cheapest_ways",
    "cost_game",
    "cost_of_stability",
    "departures",
    "equal",
    "excesses",
    "is_concave",
    "is_in_core",
    "is_monotone",
    "is_subadditive",
    "least_core",
    "nucleolus",
    "nucleolus_settling",
    "objections",
    "prenucleolus",
    "proportional",
    "savings",
    "separable_cost",
    "shapley",
    "shapley_sampled",
    "split",
    "subadditive_cover",
]
