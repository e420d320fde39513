"""Supply of medicines: who needs what, what imports cost, and readiness that is bought."""

from virkestoff.supply.contracts import (
    CapacityContract,
    IncomeGuarantee,
    capacity_contract,
    income_guarantee,
)
from virkestoff.supply.flow import simulate
from virkestoff.supply.flow_result import Rules, SupplyResult
from virkestoff.supply.market import (
    Market,
    load_market,
    pack_price,
    purchase_values,
    share_of_need,
    substance_price,
)
from virkestoff.supply.monthly_demand import Demand, Shock
from virkestoff.supply.need import Markets, Need, demand_faults, load_markets, need
from virkestoff.supply.network import (
    Advice,
    Amount,
    BulkStock,
    Crisis,
    ExportBan,
    Input,
    Network,
    Node,
    Outage,
    Source,
    StockLayer,
)
from virkestoff.supply.network_checks import check_network
from virkestoff.supply.stock import Stock, StockTerms, hold, stock_terms

__all__ = [
    "Advice",
    "Amount",
    "BulkStock",
    "CapacityContract",
    "Crisis",
    "Demand",
    "ExportBan",
    "IncomeGuarantee",
    "Input",
    "Market",
    "Markets",
    "Need",
    "Network",
    "Node",
    "Outage",
    "Rules",
    "Shock",
    "Source",
    "Stock",
    "StockLayer",
    "StockTerms",
    "SupplyResult",
    "capacity_contract",
    "check_network",
    "demand_faults",
    "hold",
    "income_guarantee",
    "load_market",
    "load_markets",
    "need",
    "pack_price",
    "purchase_values",
    "share_of_need",
    "simulate",
    "stock_terms",
    "substance_price",
]
