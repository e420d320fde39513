"""Evidence: sources, facts, statistics and snapshots, with their provenance."""

from virkestoff.evidence.conflicts import Conflict, find_conflicts
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
from virkestoff.evidence.parameters import (
    CentralParameters,
    FixedParameters,
    Parameters,
    ReplacedParameters,
    SampledParameters,
)
from virkestoff.evidence.yaml_reader import read_yaml

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
