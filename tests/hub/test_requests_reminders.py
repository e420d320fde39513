"""Reminders after 3, 9 and 21 days, and a broker after 45, by a clock set by hand.

Oracle: the days of the issue, counted from the day on which a request was forwarded.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hub_requests import WORDS

START = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def _set_clock(held, inquiry, start=START) -> None:
    type(inquiry).objects.filter(pk=inquiry.pk).update(clock=start)
    type(held).objects.filter(pk=held.pk).update(forwarded=start)


def test_reminders_come_after_3_9_and_21_days_and_once_each(asked, letters) -> None:
    from virkestoff_hub.requests.reminders import due_reminders, remind

    held, inquiry = asked()
    # submitted long before it was forwarded: the clock is that of the forwarding
    type(held).objects.filter(pk=held.pk).update(created=START - timedelta(days=300))
    _set_clock(held, inquiry)
    letters.clear()
    sent = []
    for hour in range(0, 44 * 24, 6):
        now = START + timedelta(hours=hour)
        for _ in range(2):  # run twice at each moment
            n = remind(now)[0]
            if n:
                sent.append(hour)
    assert sent == [3 * 24, 9 * 24, 21 * 24]
    assert len(letters) == 3
    assert all(m.subject.startswith("Påminnelse") for m in letters)
    assert due_reminders(START + timedelta(days=44)) == []


@pytest.mark.parametrize("state", ["question", "yes", "signed_by_provider", "signed_by_requester",
                                   "open", "no", "revoked", "ended", "unsent"])  # fmt: skip
def test_nobody_who_has_answered_is_reminded(asked, state) -> None:
    from virkestoff_hub.requests.reminders import due_reminders

    held, inquiry = asked()
    _set_clock(held, inquiry)
    type(inquiry).objects.filter(pk=inquiry.pk).update(state=state)
    for days in range(0, 60):
        kinds = {due.kind for due in due_reminders(START + timedelta(days=days))}
        assert "remind" not in kinds


def test_after_a_pause_one_reminder_comes_and_not_three(asked, letters) -> None:
    from virkestoff_hub.requests.reminders import remind

    held, inquiry = asked()
    _set_clock(held, inquiry)
    letters.clear()
    assert remind(START + timedelta(days=30)) == (1, 0)
    assert remind(START + timedelta(days=31)) == (0, 0)
    assert len(letters) == 1


def test_a_reply_starts_the_clock_anew(asked, letters, monkeypatch) -> None:
    from django.utils import timezone

    from virkestoff_hub.requests import answers
    from virkestoff_hub.requests.models import AnswerLink
    from virkestoff_hub.requests.reminders import remind

    held, inquiry = asked()
    _set_clock(held, inquiry)
    assert remind(START + timedelta(days=4)) == (1, 0)
    answers.ask(AnswerLink.objects.get(), "How soon?")
    inquiry.refresh_from_db()
    monkeypatch.setattr(timezone, "now", lambda: START + timedelta(days=10))
    answers.reply(inquiry, held.owner, "requester", "In May")
    assert remind(START + timedelta(days=12)) == (0, 0)
    assert remind(START + timedelta(days=13)) == (1, 0)  # three days after the reply


def test_after_45_days_a_broker_is_told_once(asked, letters, person) -> None:
    from virkestoff_hub.requests.reminders import remind

    broker = person("broker", "megler")
    broker.email = "megler@hub.example"
    broker.save()
    held, inquiry = asked()
    _set_clock(held, inquiry)
    remind(START + timedelta(days=44))
    letters.clear()
    assert remind(START + timedelta(days=45) - timedelta(seconds=1)) == (0, 0)
    assert remind(START + timedelta(days=45)) == (0, 1)
    assert remind(START + timedelta(days=46)) == (0, 0)
    held.refresh_from_db()
    assert held.state == "escalated"
    assert [m.to for m in letters] == [["megler@hub.example"]]
    assert not any(w in letters[0].body.lower() for w in WORDS)


@pytest.mark.parametrize(("state", "is_escalated"), [
    ("waiting", True), ("unsent", True), ("no", True), ("revoked", True), ("question", False),
    ("yes", False), ("signed_by_provider", False), ("signed_by_requester", False), ("open", False),
])  # fmt: skip
def test_what_nobody_takes_goes_to_a_broker(asked, state, is_escalated) -> None:
    from virkestoff_hub.requests.reminders import due_reminders

    held, inquiry = asked()
    _set_clock(held, inquiry)
    type(inquiry).objects.filter(pk=inquiry.pk).update(state=state)
    due = due_reminders(START + timedelta(days=50))
    assert ("escalate" in {d.kind for d in due}) == is_escalated


def test_the_command_says_what_it_sent(site, _clean) -> None:
    from typer.testing import CliRunner

    from virkestoff_hub.commands import app

    ran = CliRunner().invoke(app, ["remind"])
    assert ran.output == "reminders: 0, to brokers: 0\n"
