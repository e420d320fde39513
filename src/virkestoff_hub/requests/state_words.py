"""States in words."""

from __future__ import annotations

from virkestoff.language import Text

__all__ = ["INQUIRY_WORDS", "PROVIDER_WORDS", "REQUEST_WORDS"]

REQUEST_WORDS: dict[str, Text] = {
    "draft": Text(nb="kladd", en="draft"),
    "ready": Text(nb="klar til å sendes", en="ready to be sent"),
    "forwarded": Text(nb="sendt til tilbydere", en="sent to providers"),
    "escalated": Text(nb="venter på megler", en="waits for a broker"),
    "taken_over": Text(nb="følges av megler", en="followed by a broker"),
    "closed": Text(nb="avsluttet", en="closed"),
}
INQUIRY_WORDS: dict[str, Text] = {
    "unsent": Text(nb="ikke sendt: tilbyderen har ingen kontakt her ennå, eller e-posten kom "
                      "ikke av gårde",
                   en="not sent: the provider has no contact here yet, or the e-mail did not "
                      "leave"),
    "waiting": Text(nb="venter på svar", en="waits for an answer"),
    "question": Text(nb="har et spørsmål", en="has a question"),
    "yes": Text(nb="svarte ja", en="said yes"),
    "signed_by_provider": Text(nb="ja, og har godtatt avtalen; venter på dere",
                               en="yes, and has accepted the agreement; waits for you"),
    "signed_by_requester": Text(nb="ja; dere har godtatt avtalen, tilbyderen ikke ennå",
                                en="yes; you have accepted the agreement, the provider not yet"),
    "open": Text(nb="den fortrolige delen er åpen for tilbyderen",
                 en="the confidential part is open to the provider"),
    "no": Text(nb="svarte nei", en="said no"),
    "revoked": Text(nb="tilgangen er trukket tilbake", en="access is revoked"),
    "ended": Text(nb="avsluttet", en="ended"),
}  # fmt: skip
PROVIDER_WORDS: dict[str, Text] = {
    "waiting": Text(nb="Vi venter på svaret deres.", en="We wait for your answer."),
    "question": Text(nb="Spørsmålet er sendt. Dere får e-post når det er besvart, og kan svare ja "
                        "eller nei når som helst.",
                     en="The question is sent. You get e-mail when it is replied to, and may say "
                        "yes or no at any time."),
    "yes": Text(nb="Dere har svart ja. Den fortrolige delen åpnes når begge har godtatt "
                   "taushetsavtalen.",
                en="You have said yes. The confidential part opens when both have accepted the "
                   "non-disclosure agreement."),
    "signed_by_provider": Text(nb="Dere har godtatt avtalen. Dere får e-post når den andre også "
                                  "har det.",
                               en="You have accepted the agreement. You get e-mail when the other "
                                  "has too."),
    "signed_by_requester": Text(nb="Dere har svart ja, og foretaket har godtatt taushetsavtalen. "
                                   "Godta den for å åpne den fortrolige delen.",
                                en="You have said yes, and the company has accepted the "
                                   "non-disclosure agreement. Accept it to open the confidential "
                                   "part."),
    "open": Text(nb="Begge har godtatt avtalen. Hver gang den fortrolige delen åpnes, blir det "
                    "notert.",
                 en="Both have accepted the agreement. Each time the confidential part is opened, "
                    "it is noted."),
    "no": Text(nb="Dere har svart nei. Takk for svaret.", en="You have said no. Thank you."),
    "ended": Text(nb="Forespørselen er avsluttet. Dere trenger ikke gjøre noe.",
                  en="The request has ended. You need not do anything."),
}  # fmt: skip
