"""What every page knows: its language, the other one, where it stands, who answers for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override

from virkestoff.language import LANGUAGES, Lang, Text
from virkestoff_hub.engine import language

__all__ = ["site"]

NAMES: dict[Lang, str] = {"nb": "Norsk", "en": "English"}
_SECTIONS = (
    ("guide", "guide:start", Text(nb="Veileder", en="Guide")),
    ("instruments", "instruments:list", Text(nb="Ordninger", en="Schemes")),
    ("facilities", "facilities:list", Text(nb="Anlegg", en="Facilities")),
    ("requests", "requests:list", Text(nb="Forespørsler", en="Requests")),
    ("industry", "industry:overview", Text(nb="Næringen", en="The industry")),
    ("studies", "studies:list", Text(nb="Studier", en="Studies")),
    ("evidence", "evidence:list", Text(nb="Tall og kilder", en="Figures and sources")),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """What templates of every page read."""
    lang = language(get_language())
    match = getattr(request, "resolver_match", None)
    here = match.namespace if match else ""
    return {
        "lang": lang,
        "owner": settings.HUB.owner,
        "contact": settings.HUB.contact,
        "is_demo": settings.HUB.is_demo,
        "sections": [
            (reverse(view), name.in_(lang), here == key) for key, view, name in _SECTIONS
        ],
        "other_languages": [
            (code, NAMES[code], _in_language(request, code)) for code in LANGUAGES if code != lang
        ],
    }


def _in_language(request: HttpRequest, code: Lang) -> str:
    """The address of the same page in another language; a page that was sent has none."""
    head, _, rest = request.path.lstrip("/").partition("/")
    if head in LANGUAGES and request.method in ("GET", "HEAD"):
        query = request.META.get("QUERY_STRING", "")
        return f"/{code}/{rest}" + (f"?{query}" if query else "")
    with override(code):
        return str(reverse("pages:home"))
