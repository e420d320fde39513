"""The front page and the statements."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language_from_request

from virkestoff_hub.engine import bench, language, library
from virkestoff_hub.guide.kept import DAYS_KEPT

__all__ = ["about", "accessibility", "home", "privacy", "robots", "to_language"]


def to_language(request: HttpRequest) -> HttpResponse:
    """``/`` leads to the front page in the reader's language."""
    response = HttpResponseRedirect(f"/{language(get_language_from_request(request))}/")
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may visit."""
    private = [f"Disallow: /{lang}/{part}/" for lang in ("nb", "en")
               for part in ("guide", "account", "runs", "requests")]  # fmt: skip
    return HttpResponse("\n".join(["User-agent: *", *private, ""]), content_type="text/plain")


def home(request: HttpRequest) -> HttpResponse:
    """The questions that people come with."""
    held = library()
    counts = {
        "n_schemes": len(bench().schemes.schemes),
        "n_records": len(held.facts) + len(held.statistics),
        "n_sources": len(held.sources),
    }
    return render(request, "hub/home.html", counts)


def about(request: HttpRequest) -> HttpResponse:
    """What this is, and what it is not."""
    return render(request, "hub/about.html", {"digest": library().digest[:12]})


def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored of whom, how long, and how to have it deleted."""
    hours = settings.SESSION_COOKIE_AGE // 3600
    return render(request, "hub/privacy.html", {"days_kept": DAYS_KEPT, "session_hours": hours})


def accessibility(request: HttpRequest) -> HttpResponse:
    """What is known of how well everybody can use the site."""
    return render(request, "hub/accessibility.html", {})
