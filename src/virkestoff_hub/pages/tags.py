"""Template tags: both languages side by side, and marks of the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from virkestoff.language import Text, format_date, format_number
from virkestoff_hub.engine import language

register = template.Library()


@register.simple_tag
def say(nb: str, en: str) -> str:
    """One of two texts, in the reader's language."""
    return nb if language(get_language()) == "nb" else en


@register.filter
def words(text: Text | None) -> str:
    """A text of the library in the reader's language."""
    return text.in_(language(get_language())) if text is not None else ""


@register.filter
def day(value: date | str | None) -> str:
    """A date in the reader's language; nothing for none (in a template also an empty text)."""
    return format_date(value, language(get_language())) if isinstance(value, date) else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A date and a time of day, in the reader's language and the site's time zone."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{day(local.date())} {local:%H:%M}"


@register.filter
def number(value: float) -> str:
    """A number in the reader's locale."""
    return format_number(float(value), language(get_language()), 6)


@register.filter
def upper_first(text: str) -> str:
    """The text with a capital letter first."""
    return text[:1].upper() + text[1:]


@register.simple_tag(takes_context=True)
def with_query(context: Mapping[str, Any], **changes: Any) -> str:
    """The query of the request with some of its values changed."""
    held = context["request"].GET.dict()
    held |= {key: str(value) for key, value in changes.items()}
    return "?" + urlencode({key: value for key, value in held.items() if value})


@register.simple_tag
def source_link(source_id: str, sources: Mapping[str, Any]) -> SafeString | str:
    """A source by its publisher and year, leading to its page."""
    source = sources.get(source_id)
    if source is None:
        return source_id
    year = f" ({source.year})" if source.year else ""
    return format_html('<a href="{}">{}{}</a>', reverse("evidence:source", args=[source_id]),
                       source.publisher, year)  # fmt: skip
