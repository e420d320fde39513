"""Who pays how much of a common plant: cost games, their splits, and agreements."""

from virkestoff.costsharing.agreement import Agreement, Profile, agreement
from virkestoff.costsharing.buyers import Buyers, Setting, load_buyers, norwegian_use
from virkestoff.costsharing.game import MAX_PLAYERS, Coalition, CostGame, cost_game
from virkestoff.costsharing.national import (
    NATIONAL_RULES,
    PAYERS,
    CostPart,
    NationalSplit,
    national_split,
    use_by_payer,
)
from virkestoff.costsharing.nucleolus import (
    Settling,
    nucleolus,
    nucleolus_settling,
    prenucleolus,
)
from virkestoff.costsharing.plant_cost import PlantCost
from virkestoff.costsharing.properties import (
    is_concave,
    is_monotone,
    is_subadditive,
    savings,
    subadditive_cover,
)
from virkestoff.costsharing.protection import (
    WAYS,
    ExportBan,
    Protection,
    ban_months,
    protection_game,
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
    "NATIONAL_RULES",
    "PAYERS",
    "RULES",
    "RULE_NAMES",
    "WAYS",
    "Agreement",
    "Buyers",
    "CheapestWays",
    "Coalition",
    "CostGame",
    "CostPart",
    "Departure",
    "ExportBan",
    "LeastCore",
    "NationalSplit",
    "Objection",
    "PlantCost",
    "Profile",
    "Protection",
    "SampledShapley",
    "Setting",
    "Settling",
    "Split",
    "SplitRow",
    "Stability",
    "agreement",
    "ban_months",
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
    "load_buyers",
    "national_split",
    "norwegian_use",
    "nucleolus",
    "nucleolus_settling",
    "objections",
    "prenucleolus",
    "proportional",
    "protection_game",
    "savings",
    "separable_cost",
    "shapley",
    "shapley_sampled",
    "split",
    "subadditive_cover",
    "use_by_payer",
]
