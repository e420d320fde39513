"""Disclosure: published tables never reveal a company (convention 9)."""

from virkestoff.disclosure.audit import Audit, Finding, Interval, audit, intervals
from virkestoff.disclosure.publication import (
    Protection,
    PublishedCell,
    PublishedTable,
    protect,
    publish,
    publish_linked,
)
from virkestoff.disclosure.rules import Rules, Sensitivity, rules_from, sensitivity
from virkestoff.disclosure.table import (
    Contribution,
    Dimension,
    Key,
    Table,
    flat,
    frequency_table,
    magnitude_table,
    table_from_cells,
)

__all__ = [
    "Audit",
    "Contribution",
    "Dimension",
    "Finding",
    "Interval",
    "Key",
    "Protection",
    "PublishedCell",
    "PublishedTable",
    "Rules",
    "Sensitivity",
    "Table",
    "audit",
    "flat",
    "frequency_table",
    "intervals",
    "magnitude_table",
    "protect",
    "publish",
    "publish_linked",
    "rules_from",
    "sensitivity",
    "table_from_cells",
]
