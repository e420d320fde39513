"""Pages with figures, drawn before the first reader asks: drawing takes seconds, reading must not.

They are drawn in the web process after it has begun, since the renderers keep threads that do not
live through a fork.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import override

from virkestoff.language import LANGUAGES

__all__ = ["draw_pages"]


def draw_pages() -> None:
    """Draw the map of coverage, the projections and the first statistics in both languages."""
    from virkestoff_hub.evidence.views import conflicts_ahead
    from virkestoff_hub.industry.views import draw_projections, draw_statistics
    from virkestoff_hub.instruments.views import draw_coverage

    conflicts_ahead()
    for lang in LANGUAGES:
        with override(lang):
            draw_coverage(timezone.localdate(), lang)
            draw_projections(lang)
            draw_statistics(lang)
