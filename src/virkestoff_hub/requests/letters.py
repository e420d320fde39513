"""E-mail about requests: to providers with their own link, to requesters, to brokers.

A letter holds what the anonymous summary holds and nothing more: no company, no capacity, no price,
no other provider.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import override

from virkestoff.language import Lang, Text, format_date

__all__ = ["ask_provider", "tell_brokers", "tell_provider", "tell_requester"]

_log = logging.getLogger(__name__)
_TEXTS: dict[str, Text] = {
    "subject": Text(nb="Forespørsel {reference}: {title}", en="Request {reference}: {title}"),
    "remind": Text(nb="Påminnelse om forespørsel {reference}: {title}",
                   en="Reminder of request {reference}: {title}"),
    "hello": Text(nb="Hei, {name}", en="Hello {name}"),
    "why": Text(
        nb="Et foretak spør om {provider} kan gjøre dette. Foretaket er anonymt til dere begge har "
           "godtatt en taushetsavtale.",
        en="A company asks whether {provider} can do this. The company is anonymous until both of "
           "you have accepted a non-disclosure agreement."),
    "yes": Text(nb="Ja, vi vil vite mer", en="Yes, we want to know more"),
    "no": Text(nb="Nei, med en grunn", en="No, with a reason"),
    "ask": Text(nb="Vi har et spørsmål", en="We have a question"),
    "until": Text(
        nb="Lenkene er dine egne. De virker til {day}. Du bekrefter svaret på siden som åpnes.",
        en="The links are your own. They work until {day}. You confirm the answer on the page that "
           "opens."),
    "reply": Text(nb="Svar på spørsmålet om {reference}",
                  en="Reply to the question on {reference}"),
    "replied": Text(nb="Foretaket har svart på spørsmålet:", en="The company has replied:"),
    "opened": Text(nb="Den fortrolige delen av {reference} er åpen",
                   en="The confidential part of {reference} is open"),
    "open": Text(nb="Begge har godtatt avtalen. Se den fortrolige delen her:",
                 en="Both have accepted the agreement. See the confidential part here:"),
    "news": Text(nb="Nytt om forespørsel {reference}", en="News on request {reference}"),
    "see": Text(nb="Logg inn og se:", en="Sign in and see:"),
    "escalated": Text(nb="Forespørsel {reference} trenger en megler",
                      en="Request {reference} needs a broker"),
    "waited": Text(nb="Den ble sendt for {days} dager siden, og ingen har svart ja.",
                   en="It was forwarded {days} days ago, and nobody has said yes."),
}  # fmt: skip


def _say(key: str, lang: Lang, **given: Any) -> str:
    return _TEXTS[key].in_(lang).format(**given)


def _send(to: str, subject: str, lines: Sequence[str]) -> None:
    subject = " ".join(subject.split())
    EmailMessage(subject, "\n".join(lines) + "\n", settings.DEFAULT_FROM_EMAIL, [to]).send()


def _try_to_send(to: str, subject: str, lines: Sequence[str]) -> None:
    """For news that also stand on the site: what was done holds though no letter can be sent."""
    try:
        _send(to, subject, lines)
    except OSError:
        _log.exception("a letter could not be sent")


def _address(site: str, lang: Lang, view: str, **kwargs: Any) -> str:
    with override(lang):
        return site + reverse(f"requests:{view}", kwargs=kwargs)


def ask_provider(
    contact: Any, site: str, token: str, reference: str, title: str, provider: str,
    rows: Sequence[tuple[str, str]], expires: Any, is_reminder: bool = False,
) -> None:  # fmt: skip
    """Ask one contact of a provider, with links for yes, no and a question.

    Raises
    ------
    OSError
        if it cannot be sent.
    """
    lang: Lang = "en" if contact.language == "en" else "nb"
    address = _address(site, lang, "answer", token=token)
    lines = [_say("hello", lang, name=contact.name), "", _say("why", lang, provider=provider), ""]
    lines += [f"{label}: {text}" for label, text in rows]
    for key in ("yes", "no", "ask"):
        lines += ["", f"{_say(key, lang)}:", f"{address}?say={key}"]
    until = _say("until", lang, day=format_date(expires.date(), lang))
    lines += ["", until, "", settings.HUB.owner]
    subject = "remind" if is_reminder else "subject"
    _send(contact.email, _say(subject, lang, reference=reference, title=title), lines)


def tell_provider(contact: Any, site: str, token: str, reference: str, key: str,
                  text: str = "") -> None:  # fmt: skip
    """Tell a contact that a question was replied to, or that the confidential part is open."""
    lang: Lang = "en" if contact.language == "en" else "nb"
    subject, first = ("reply", "replied") if key == "reply" else ("opened", "open")
    lines = [_say("hello", lang, name=contact.name), "", _say(first, lang)]
    lines += ["", text] if text else []
    lines += ["", _address(site, lang, "answer", token=token), "", settings.HUB.owner]
    _try_to_send(contact.email, _say(subject, lang, reference=reference), lines)


def tell_requester(held: Any, site: str) -> None:
    """Tell the owner of a request that something has happened; what, stands behind the sign-in."""
    if not held.owner.email:
        return
    lines = []
    for lang in ("nb", "en"):
        lines += [_say("see", lang), _address(site, lang, "request", reference=held.reference), ""]
    subject = f"{_say('news', 'nb', reference=held.reference)} / {_say('news', 'en', reference='')}"
    _try_to_send(held.owner.email, subject.strip(), [*lines, settings.HUB.owner])


def tell_brokers(held: Any, brokers: Sequence[Any], site: str, days: int) -> None:
    """Tell the brokers that a request is theirs to look at."""
    for broker in brokers:
        if broker.email:
            address = _address(site, "nb", "request", reference=held.reference)
            lines = [_say("waited", "nb", days=days), _say("waited", "en", days=days), "", address]
            subject = _say("escalated", "nb", reference=held.reference)
            _try_to_send(broker.email, subject, [*lines, "", settings.HUB.owner])
