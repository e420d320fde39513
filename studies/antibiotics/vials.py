"""Benzylpenicillin for injection: hospitals' vials, with makers and a chain of their own.

No stock-out of these vials that patients met was read, so nothing is calibrated to one: their sites
fail as often as the calibration of the other forms says. Which antibiotic hospitals turn to is not
in the advice that was read, so nothing replaces them here and what is missing is given no value.
"""

from __future__ import annotations

import numpy as np

from virkestoff.supply import Input, Source, StockLayer

from .chain import Chain, from_common_site

__all__ = ["PENICILLIN_G", "VIAL", "VIAL_SITES", "add_vials"]

PENICILLIN_G = "benzylpenicillin"
VIAL = f"{PENICILLIN_G}_vial"
VIAL_SITES = (
    "precursor_g", "vial_pieces", "substance_g_main", "substance_g_other",
    "vials_main", "vials_other",
)  # fmt: skip


def add_vials(chain: Chain) -> None:
    """Two makers of vials, their substance and its precursor; the region is that of penicillin V.

    Nothing that the other forms rest on is shared beside the region, and every site has noise of
    its own: the other forms get the same bits with vials as without.
    """
    p = chain.p
    largest = p("supply.source.vials_largest_share", "1")
    first, second = from_common_site(p("supply.source.vials_common_site_share", "1"), largest)
    at_region = Input({"region": 1.0})
    held = chain.stocked("input", precursor_g=1.0)
    chain.nodes += [
        chain.site("precursor_g", "precursor"),
        chain.site("vial_pieces", "packaging"),
        chain.site("substance_g_main", "substance", held, at_region),
        chain.site("substance_g_other", "substance", held, at_region),
    ]
    makers = (("vials_main", largest, first), ("vials_other", 1.0 - largest, second))
    for name, share, common in makers:
        inputs = (
            chain.stocked("substance", substance_g_main=common, substance_g_other=1.0 - common),
            chain.stocked("input", vial_pieces=1.0),
        )
        chain.nodes.append(chain.site(name, "finishing", *inputs))
        chain.sources.append(
            Source(name, name, chain.foreign, presentations=(VIAL,), **chain.spare())
        )
        chain.more_shares[name] = {VIAL: np.asarray(share)}
    chain.more_forms = (*chain.more_forms, VIAL)
    _duty_in_finland(chain)


def _duty_in_finland(chain: Chain) -> None:
    """The compulsory stock of benzylpenicillin, the only one of its kind that was read."""
    if "finland" not in chain.countries:
        return
    p = chain.p
    months = sum(
        p(f"supply.stock_duty.finland_benzylpenicillin.{holder}", "month")
        for holder in ("importer", "hospital")
    )
    chain.layers.append(
        StockLayer(
            "duty_finland", "finland", months * p("supply.rule.stock_present_share", "1"),
            refill_months=p("supply.order.lead_time", "month"), presentations=(VIAL,),
        )
    )  # fmt: skip
