"""A health catapult: support, own effort and fees, and who pays where no fresh money comes."""

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.studies import Case

LAST_YEARS = 5


def evaluate(case: Case) -> Ledger:
    """One alternative, one block of draws."""
    ledger = Ledger(shape=case.shape)
    building, running = phases(case)
    need = case["year1_devices"] * (case.choice("devices") == "strengthened")
    need = need + case["year1_medicines"] * (case.choice("medicines") == "centre")
    first = np.zeros(case.shape)
    first[:, 0] = 1.0
    yearly = first + case["later_year_share"] * (1.0 - first)
    real_need = need * case["estimate_accuracy"]
    build_up = real_need * yearly * building
    operation = real_need * case["running_share"] * running
    support = build_up + operation
    pay_offer(case, ledger, support, operation)
    pay_others(case, ledger, support)
    ledger.measure("published_need", need[:, 0])
    ledger.measure("share_of_scheme", need[:, 0] / case["scheme"][:, 0])
    ledger.measure("build_up_support", build_up.sum(axis=1))
    ledger.measure("running_support", operation[:, -LAST_YEARS:].mean(axis=1))
    return ledger


def phases(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """The part of each year that is build-up, and that is operation, (n_draws, n_years)."""
    start = np.arange(case.years.size)[None, :]
    built = case["build_up_years"]
    ended = built + case.number("operation")
    building = np.clip(built - start, 0.0, 1.0)
    running = np.clip(np.minimum(start + 1, ended) - np.maximum(start, built), 0.0, 1.0)
    return building, running


def pay_offer(case: Case, ledger: Ledger, support: np.ndarray, operation: np.ndarray) -> None:
    """What comes in to the new offer is spent on people and equipment.

    Firms pay for a service only if it is worth its price to them: those that bought it abroad save
    that purchase, and to the others it is worth at least what they pay.
    """
    effort = support * case["partner_share"]
    fees = operation * case["user_share"]
    abroad = np.zeros(case.shape)
    if case.choice("medicines") == "centre":
        whole = case["year1_medicines"] + case["year1_devices"] * (
            case.choice("devices") == "strengthened"
        )
        abroad = fees * case["share_from_abroad"] * case["year1_medicines"] / whole
    ledger.pay("support", "state", "offer", support)
    ledger.pay("own effort", "partners", "offer", effort)
    ledger.pay("fees", "firms", "offer", fees)
    ledger.pay("people and equipment", "offer", "resources", support + effort + fees)
    ledger.pay("purchases abroad saved", "makers_abroad", "firms", abroad)
    ledger.pay("services worth their price", "resources", "firms", fees - abroad)
    ledger.measure("fees", fees[:, -LAST_YEARS:].mean(axis=1))
    ledger.measure("bought_at_home", abroad[:, -LAST_YEARS:].mean(axis=1))


def pay_others(case: Case, ledger: Ledger, support: np.ndarray) -> None:
    """The rest of the scheme: what it gets is cut where the new offer gets no fresh money."""
    scheme = np.broadcast_to(case["scheme"], case.shape)
    cut = support if case.choice("money") == "moved" else np.zeros(case.shape)
    left = np.maximum(scheme - cut, 0.0)  # what the scheme does not hold, the state adds
    ledger.pay("scheme", "state", "centres", left)
    ledger.pay("other centres", "centres", "resources", left)
    worth = left * case["worth_of_other_services"]
    ledger.pay("services of other centres", "resources", "other_firms", worth)
