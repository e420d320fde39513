"""The hub: the engine in a browser, for people who never open a terminal.

A guest of the engine. It owns users, kept answers and runs (database) and never writes to the
library; the engine imports nothing of it.
"""
