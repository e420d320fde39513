"""Addresses: every page stands under its language; ``/`` leads to the reader's."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from virkestoff_hub.pages.views import robots, to_language

urlpatterns = [
    path("", to_language),
    path("robots.txt", robots),
    path("api/", include("virkestoff_hub.api.urls")),
    *i18n_patterns(
        path("", include("virkestoff_hub.pages.urls")),
        path("guide/", include("virkestoff_hub.guide.urls")),
        path("instruments/", include("virkestoff_hub.instruments.urls")),
        path("evidence/", include("virkestoff_hub.evidence.urls")),
        path("industry/", include("virkestoff_hub.industry.urls")),
        path("facilities/", include("virkestoff_hub.facilities.urls")),
        path("requests/", include("virkestoff_hub.requests.urls")),
        path("studies/", include("virkestoff_hub.studies.urls")),
        path("api/", include("virkestoff_hub.api.page_urls")),
        path("search/", include("virkestoff_hub.search.urls")),
        path("runs/", include("virkestoff_hub.runs.urls")),
        path("account/", include("virkestoff_hub.accounts.urls")),
    ),
]
_FAULTS = "virkestoff_hub.pages.faults."
handler400 = _FAULTS + "bad_request"
handler403 = _FAULTS + "forbidden"
handler404 = _FAULTS + "not_found"
handler500 = _FAULTS + "server_fault"
