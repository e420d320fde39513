"""The audit trail: one line for what somebody did that others may ask about later."""

from __future__ import annotations

from typing import Any

from virkestoff.language import Text

__all__ = ["WORDS", "note"]

WORDS: dict[str, Text] = {
    "signed_in": Text(nb="logget inn", en="signed in"),
    "signed_out": Text(nb="logget ut", en="signed out"),
    "sign_in_failed": Text(nb="mislykket innlogging", en="failed to sign in"),
    "password_changed": Text(nb="byttet passord", en="changed the password"),
    "second_factor_added": Text(nb="satte opp kode i tillegg", en="set up a second factor"),
    "second_factor_removed": Text(nb="nullstilte kode i tillegg for",
                                  en="reset the second factor of"),
    "user_added": Text(nb="la til bruker", en="added a user"),
    "user_changed": Text(nb="endret bruker", en="changed a user"),
    "data_exported": Text(nb="lastet ned egne data", en="downloaded own data"),
    "account_deleted": Text(nb="slettet sin bruker", en="deleted the own account"),
    "run_started": Text(nb="startet en kjøring", en="started a run"),
    "run_cancelled": Text(nb="stoppet en kjøring", en="cancelled a run"),
    "provider_linked": Text(nb="lot noen svare for et anlegg", en="let somebody speak for a "
                            "provider"),
    "provider_unlinked": Text(nb="tok fra noen å svare for et anlegg",
                              en="ended that somebody speaks for a provider"),
    "statement_answered": Text(nb="svarte på opplysninger om et anlegg",
                               en="answered statements on a provider"),
    "statement_added": Text(nb="la til en opplysning om et anlegg",
                            en="added a statement on a provider"),
    "statement_restored": Text(nb="gikk tilbake til en tidligere opplysning om et anlegg",
                               en="went back to an earlier statement on a provider"),
    "line_changed": Text(nb="endret ledig kapasitet", en="changed free capacity"),
    "line_deleted": Text(nb="slettet ledig kapasitet", en="deleted free capacity"),
    "lines_uploaded": Text(nb="lastet opp ledig kapasitet", en="uploaded free capacity"),
    "lines_renewed": Text(nb="bekreftet ledig kapasitet på nytt",
                          en="confirmed free capacity again"),
}  # fmt: skip


def note(user: Any, what: str, about: str = "") -> None:
    """Write a line to the trail; ``what`` is a key of ``WORDS``."""
    from virkestoff_hub.accounts.models import TrailEntry

    if what not in WORDS:
        raise ValueError(f"the trail has no word for '{what}'")
    is_known = getattr(user, "pk", None) is not None
    who = user.get_username() if is_known else str(user or "–")
    TrailEntry.objects.create(
        user=user if is_known else None, who=who[:150], what=what, about=about[:200]
    )
