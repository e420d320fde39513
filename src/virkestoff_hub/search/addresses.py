"""From what was found to the page of the site that shows it, where there is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import Resolver404, resolve, reverse

from virkestoff.language import Lang
from virkestoff.search import Document
from virkestoff_hub.engine import bench, library
from virkestoff_hub.facilities.holding import from_library
from virkestoff_hub.industry.views import shown_subjects

__all__ = ["page_if_served", "page_of"]


def page_of(document: Document, lang: Lang) -> str | None:
    """The address of the page on a document, in the active language; none if there is no page.

    Parameters
    ----------
    lang : the active language, under which the address stands
    """
    kind, _, key = document.url.partition("/")
    find = _PAGES.get(kind)
    return find(key, lang) if find is not None else None


def _scheme(key: str, lang: Lang) -> str | None:
    known = key in bench().schemes.schemes
    return reverse("instruments:scheme", args=[key]) if known else None


def _record(key: str, lang: Lang) -> str | None:
    held = library()
    is_known = key in held.facts or key in held.statistics
    return reverse("evidence:record", args=[key]) if is_known else None


def _source(key: str, lang: Lang) -> str | None:
    return reverse("evidence:source", args=[key]) if key in library().sources else None


def _subject(key: str, lang: Lang) -> str | None:
    if key not in shown_subjects():
        return None
    return f"{reverse('industry:overview')}?{urlencode({'subject': key})}"


def _facility(key: str, lang: Lang) -> str | None:
    return page_if_served(f"/{lang}/facilities/provider/{key}/")


def _organisation(key: str, lang: Lang) -> str | None:
    """The page of the provider that the organisation is, where it is one."""
    return _facility(key, lang) if key in from_library().providers else None


def _demand(key: str, lang: Lang) -> str | None:
    """The page of the study that answers the question."""
    study = key.partition("/")[0]
    known = study in bench().study_names()
    return reverse("studies:study", args=[study]) if known else None


@lru_cache(maxsize=4096)
def page_if_served(path: str) -> str | None:
    """The path, if the site has a page at that address."""
    try:
        resolve(path)
    except Resolver404:
        return None
    return path


_PAGES: dict[str, Callable[[str, Lang], str | None]] = {
    "scheme": _scheme, "fact": _record, "statistic": _record, "source": _source,
    "subject": _subject, "facility": _facility, "organisation": _organisation,
    "demand": _demand,
}  # fmt: skip
