"""Studies: read a run to the source of each number, change inputs, compare two runs."""
