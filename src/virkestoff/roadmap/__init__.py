"""Roadmap: needs, measures, and who says what of them. Positions stand side by side, uncounted."""

from virkestoff.roadmap.disagreement import Disagreement
from virkestoff.roadmap.loading import Roadmap, load_roadmap
from virkestoff.roadmap.records import (
    Arrangement,
    Cited,
    Measure,
    Need,
    Party,
    Position,
    Scheme,
    Stance,
    StudyAlternative,
    Topic,
)

__all__ = [
    "Arrangement",
    "Cited",
    "Disagreement",
    "Measure",
    "Need",
    "Party",
    "Position",
    "Roadmap",
    "Scheme",
    "Stance",
    "StudyAlternative",
    "Topic",
    "load_roadmap",
]
