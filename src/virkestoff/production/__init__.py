"""An honest model of a small beta-lactam plant: discrete batches first, cost curves second."""

from virkestoff.production.activity import Activity, Duty, combine
from virkestoff.production.cashflow import discounted, levelised_cost
from virkestoff.production.finishing import FinishingDesign, design_finishing
from virkestoff.production.finishing_year import operate_finishing
from virkestoff.production.packs import packs_from_kg, substance_for
from virkestoff.production.plan import plan
from virkestoff.production.plant import Plant
from virkestoff.production.process import Processes
from virkestoff.production.process_files import load_processes
from virkestoff.production.remembered import remember
from virkestoff.production.substance import SubstanceDesign, design_substance
from virkestoff.production.substance_year import operate_substance

__all__ = [
    "Activity",
    "Duty",
    "FinishingDesign",
    "Plant",
    "Processes",
    "SubstanceDesign",
    "combine",
    "design_finishing",
    "design_substance",
    "discounted",
    "levelised_cost",
    "load_processes",
    "operate_finishing",
    "operate_substance",
    "packs_from_kg",
    "plan",
    "remember",
    "substance_for",
]
