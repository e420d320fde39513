"""Whether a scheme exists and takes applications on a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from virkestoff.instruments.scheme import Call, Scheme
from virkestoff.language import Text, format_date

__all__ = ["Opening", "opening_on"]


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether one can apply.

    Attributes
    ----------
    is_open : ``None`` where no document says it
    closes : last day of the call that is open
    opens_next : first day of the next call that is known
    call : the call that is open, or else the next one
    is_aside : the scheme is proposed, ended, or does not exist yet: its conditions do not count
    reason : why it is closed
    """

    is_open: bool | None
    closes: date | None = None
    opens_next: date | None = None
    call: Call | None = None
    is_aside: bool = False
    reason: Text | None = None


def opening_on(scheme: Scheme, on: date, *, is_taken_as_existing: bool = False) -> Opening:
    """The state of a scheme on a date.

    Parameters
    ----------
    is_taken_as_existing : look away from whether it exists, and take it as open
    """
    if is_taken_as_existing:
        return Opening(True)
    aside = _aside(scheme, on)
    if aside is not None:
        return Opening(False, is_aside=True, reason=aside)
    rule = scheme.opening
    if rule.kind != "calls":
        return Opening(None if rule.kind == "unknown" else True)
    for call in rule.calls:
        if (call.opens is None or call.opens <= on) and (call.closes is None or on <= call.closes):
            return Opening(True, closes=call.closes, call=call)
    later = sorted((c for c in rule.calls if c.opens is not None and c.opens > on),
                   key=lambda c: c.opens or on)  # fmt: skip
    if later:
        opens = later[0].opens
        assert opens is not None
        return Opening(False, opens_next=opens, call=later[0], reason=Text(
            nb=f"Neste utlysning åpner {format_date(opens, 'nb')}.",
            en=f"The next call opens on {format_date(opens, 'en')}.",
        ))  # fmt: skip
    last = max(c.closes for c in rule.calls if c.closes is not None)
    return Opening(False, reason=Text(
        nb=f"Siste kjente utlysning lukket {format_date(last, 'nb')}.",
        en=f"The last call that is known closed on {format_date(last, 'en')}.",
    ))  # fmt: skip


def _aside(scheme: Scheme, on: date) -> Text | None:
    """Why the conditions do not count on the date."""
    period = scheme.period
    if scheme.status == "proposed":
        return Text(nb="Ordningen er foreslått og finnes ikke.",
                    en="The scheme is proposed and does not exist.")  # fmt: skip
    if period.from_ is not None and on < period.from_:
        return Text(nb=f"Ordningen begynte {format_date(period.from_, 'nb')}.",
                    en=f"The scheme began on {format_date(period.from_, 'en')}.")  # fmt: skip
    if period.to is not None and on > period.to:
        return Text(nb=f"Ordningen tok slutt {format_date(period.to, 'nb')}.",
                    en=f"The scheme ended on {format_date(period.to, 'en')}.")  # fmt: skip
    if scheme.status == "ended" and period.to is None:
        return Text(nb="Ordningen er avsluttet.", en="The scheme has ended.")
    return None
