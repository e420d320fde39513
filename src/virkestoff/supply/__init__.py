"""Supply of medicines: who needs what, what imports cost, and readiness that is bought."""

from virkestoff.supply.contracts import (
    CapacityContract,
    IncomeGuarantee,
    capacity_contract,
    income_guarantee,
)
from virkestoff.supply.market import (
    Market,
    load_market,
    pack_price,
    purchase_values,
    share_of_need,
    substance_price,
)
from virkestoff.supply.need import Markets, Need, demand_faults, load_markets, need
from virkestoff.supply.stock import Stock, StockTerms, hold, stock_terms

__all__ = [
    "CapacityContract",
    "IncomeGuarantee",
    "Market",
    "Markets",
    "Need",
    "Stock",
    "StockTerms",
    "capacity_contract",
    "demand_faults",
    "hold",
    "income_guarantee",
    "load_market",
    "load_markets",
    "need",
    "pack_price",
    "purchase_values",
    "share_of_need",
    "stock_terms",
    "substance_price",
]
