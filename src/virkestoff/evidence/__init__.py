"""Evidence: sources, facts, statistics and snapshots, with their provenance."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from virkestoff.evidence.fact import Fact, Snapshot, Source, Statistic, Subject
from virkestoff.evidence.library import (
    Library,
    LibraryPart,
    content_root,
    kept_per_library,
    library_folder,
    load_library,
    use_library,
    validation_faults,
)
from virkestoff.evidence.yaml_reader import read_yaml

if TYPE_CHECKING:
    from virkestoff.evidence.conflicts import Conflict, find_conflicts
    from virkestoff.evidence.parameters import (
        CentralParameters,
        FixedParameters,
        Parameters,
        ReplacedParameters,
        SampledParameters,
    )

__all__ = [
    "CentralParameters",
    "Conflict",
    "Fact",
    "FixedParameters",
    "Library",
    "LibraryPart",
    "Parameters",
    "ReplacedParameters",
    "SampledParameters",
    "Snapshot",
    "Source",
    "Statistic",
    "Subject",
    "content_root",
    "find_conflicts",
    "kept_per_library",
    "library_folder",
    "load_library",
    "read_yaml",
    "use_library",
    "validation_faults",
]

_CONFLICTS, _PARAMETERS = "virkestoff.evidence.conflicts", "virkestoff.evidence.parameters"
_LATER = {  # modules that need arrays are loaded when they are asked for
    "Conflict": _CONFLICTS,
    "find_conflicts": _CONFLICTS,
    "CentralParameters": _PARAMETERS,
    "FixedParameters": _PARAMETERS,
    "Parameters": _PARAMETERS,
    "ReplacedParameters": _PARAMETERS,
    "SampledParameters": _PARAMETERS,
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_LATER[name]), name)
    globals()[name] = value
    return value
