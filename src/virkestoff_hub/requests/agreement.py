"""The non-disclosure agreement: each version stays, so that an acceptance can be read again."""

from __future__ import annotations

import hashlib

from virkestoff.language import Lang, Text

__all__ = ["NDA_TEXTS", "NDA_VERSION", "agreement", "agreement_hash"]

NDA_VERSION = "2026-1"
NDA_TEXTS: dict[str, Text] = {
    "2026-1": Text(
        nb=(
            "Den som mottar den fortrolige delen av forespørselen, skal bare bruke den til å "
            "vurdere og besvare forespørselen.\n"
            "Opplysningene skal ikke gis videre til andre enn egne ansatte som trenger dem for "
            "dette, og som er bundet av den samme taushetsplikten.\n"
            "Plikten gjelder ikke opplysninger som er offentlig kjent, som mottakeren hadde fra "
            "før, eller som loven krever utlevert.\n"
            "Plikten gjelder i fem år fra begge har godtatt. På oppfordring skal kopier slettes.\n"
            "Forespørrer skal på samme måte holde tilbyderens kapasitet, pris og svar for seg "
            "selv.\n"
            "Norsk rett gjelder. Den som godtar, bekrefter å kunne binde sin virksomhet."
        ),
        en=(
            "Whoever receives the confidential part of the request shall use it only to consider "
            "and answer the request.\n"
            "The information shall be passed on to nobody but own employees who need it for this "
            "and are bound by the same duty.\n"
            "The duty does not cover information that is publicly known, that the receiver had "
            "before, or that the law requires to be handed out.\n"
            "The duty holds for five years from when both have accepted. On request, copies shall "
            "be deleted.\n"
            "The requester shall in the same way keep the provider’s capacity, price and answer to "
            "itself.\n"
            "Norwegian law applies. Whoever accepts confirms that they may bind their organisation."
        ),
    ),
}


def agreement(lang: Lang, version: str = NDA_VERSION) -> list[str]:
    """The paragraphs of a version."""
    return NDA_TEXTS[version].in_(lang).split("\n")


def agreement_hash(lang: Lang, version: str = NDA_VERSION) -> str:
    """What shows later that the text is the one that was accepted."""
    return hashlib.sha256(NDA_TEXTS[version].in_(lang).encode()).hexdigest()
