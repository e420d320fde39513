"""Effects of an alternative as double entry: every amount has a payer and a receiver.

An account that only adds up benefits and costs can count a transfer as a gain, because nothing
asks who paid. Here each payment names both ends, so the sum over all actors is zero by
construction, and costbenefit can derive society's account, each actor's account and the
tax-financing cost from the same entries. Effects in physical units, effects without a price and
measured outcomes are kept as separate records and never enter a sum of money.
"""

from virkestoff.effects.ledger import Ledger
from virkestoff.effects.records import (
    EXTENTS,
    IMPORTANCES,
    RESOURCES,
    Actors,
    Extent,
    Importance,
    Payment,
    PhysicalEffect,
    UnpricedEffect,
)

__all__ = [
    "EXTENTS",
    "IMPORTANCES",
    "RESOURCES",
    "Actors",
    "Extent",
    "Importance",
    "Ledger",
    "Payment",
    "PhysicalEffect",
    "UnpricedEffect",
]
