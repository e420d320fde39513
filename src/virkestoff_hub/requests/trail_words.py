"""Words of the audit trail for what is done to requests."""

from __future__ import annotations

from virkestoff.language import Text

__all__ = ["REQUEST_WORDS"]

REQUEST_WORDS: dict[str, Text] = {
    "request_submitted": Text(nb="meldte en forespørsel", en="submitted a request"),
    "request_forwarded": Text(nb="sendte en forespørsel til en tilbyder",
                              en="forwarded a request to a provider"),
    "request_answered": Text(nb="svarte på en forespørsel", en="answered a request"),
    "request_replied": Text(nb="svarte på et spørsmål", en="replied to a question"),
    "request_signed": Text(nb="godtok taushetsavtalen", en="accepted the NDA"),
    "request_looked_at": Text(nb="åpnet den fortrolige delen", en="opened the confidential part"),
    "request_revoked": Text(nb="trakk tilbake tilgang", en="revoked access"),
    "request_escalated": Text(nb="løftet en forespørsel til megler",
                              en="escalated a request to a broker"),
    "request_taken_over": Text(nb="tok over en forespørsel", en="took over a request"),
    "request_closed": Text(nb="avsluttet en forespørsel", en="closed a request"),
    "request_deleted": Text(nb="slettet en forespørsel", en="deleted a request"),
    "contact_added": Text(nb="la til en kontakt hos en tilbyder",
                          en="added a contact of a provider"),
    "contact_removed": Text(nb="fjernet en kontakt hos en tilbyder",
                            en="removed a contact of a provider"),
    "unmet_exported": Text(nb="lastet ned udekket behov", en="downloaded unmet need"),
}  # fmt: skip
