"""Supply of medicines: who needs how much of which product, in which form."""

from virkestoff.supply.need import Markets, Need, load_markets, need

__all__ = ["Markets", "Need", "load_markets", "need"]
