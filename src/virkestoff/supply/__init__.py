"""Supply of medicines: who needs what, what imports cost, and readiness that is bought."""

from virkestoff.supply.bill import (
    Bill,
    load_bill,
)
from virkestoff.supply.calibration import (
    HindcastRow,
    Posterior,
    calibrate,
    hindcast,
    lognormal_prior,
    predictive,
)
from virkestoff.supply.contracts import (
    CapacityContract,
    IncomeGuarantee,
    capacity_contract,
    income_guarantee,
)
from virkestoff.supply.dependence import (
    Dependence,
    Domesticity,
    TierRow,
    dependence,
    held_months,
    is_domestic,
    time_to_survive,
)
from virkestoff.supply.flow import (
    simulate,
)
from virkestoff.supply.flow_result import (
    Rules,
    SupplyResult,
)
from virkestoff.supply.frontier import (
    Frontier,
    break_even_frequency,
    cost_per_avoided,
    frontier,
)
from virkestoff.supply.market import (
    Market,
    load_market,
    pack_price,
    purchase_values,
    share_of_need,
    substance_price,
)
from virkestoff.supply.monthly_demand import (
    Demand,
    Shock,
)
from virkestoff.supply.need import (
    Markets,
    Need,
    demand_faults,
    load_markets,
    need,
)
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
from virkestoff.supply.network_checks import (
    check_network,
)
from virkestoff.supply.readiness import (
    ShortageEvent,
    Substitute,
    load_advice,
    load_shortage_events,
    mean_duration,
    season_shares,
    share_faults,
)
from virkestoff.supply.stock import (
    Stock,
    StockTerms,
    hold,
    stock_terms,
)
from virkestoff.supply.value import (
    PARTS,
    MissingValue,
    TreatmentLoss,
    course_lengths,
    treatment_loss,
    value_of_missing,
)

__all__ = [
    "PARTS",
    "Advice",
    "Amount",
    "Bill",
    "BulkStock",
    "CapacityContract",
    "Crisis",
    "Demand",
    "Dependence",
    "Domesticity",
    "ExportBan",
    "Frontier",
    "HindcastRow",
    "IncomeGuarantee",
    "Input",
    "Market",
    "Markets",
    "MissingValue",
    "Need",
    "Network",
    "Node",
    "Outage",
    "Posterior",
    "Rules",
    "Shock",
    "ShortageEvent",
    "Source",
    "Stock",
    "StockLayer",
    "StockTerms",
    "Substitute",
    "SupplyResult",
    "TierRow",
    "TreatmentLoss",
    "break_even_frequency",
    "calibrate",
    "capacity_contract",
    "check_network",
    "cost_per_avoided",
    "course_lengths",
    "demand_faults",
    "dependence",
    "frontier",
    "held_months",
    "hindcast",
    "hold",
    "income_guarantee",
    "is_domestic",
    "load_advice",
    "load_bill",
    "load_market",
    "load_markets",
    "load_shortage_events",
    "lognormal_prior",
    "mean_duration",
    "need",
    "pack_price",
    "predictive",
    "purchase_values",
    "season_shares",
    "share_faults",
    "share_of_need",
    "simulate",
    "stock_terms",
    "substance_price",
    "time_to_survive",
    "treatment_loss",
    "value_of_missing",
]
