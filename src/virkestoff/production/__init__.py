"""An honest model of a small beta-lactam plant: discrete batches first, cost curves second."""
