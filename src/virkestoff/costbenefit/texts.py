"""Words that stand on every appraisal, in both languages."""

from __future__ import annotations

from virkestoff.language import Text

__all__ = ["INDUSTRY_HEADING", "SIX_QUESTIONS", "SOCIETY_HEADING", "SOCIETY_NOTE"]

SOCIETY_HEADING = Text(
    nb="Netto nåkostnad, beredskap ikke verdsatt",
    en="Net present cost, preparedness not valued",
)
SOCIETY_NOTE = Text(
    nb=(
        "Alternativene rangeres ikke, for nytten av beredskap er ikke verdsatt. For hvert "
        "alternativ vises den årlige nytten som måtte til for at samfunnet skulle gå i null."
    ),
    en=(
        "The alternatives are not ranked, because the benefit of preparedness is not valued. For "
        "each alternative the yearly benefit at which society breaks even is shown."
    ),
)
INDUSTRY_HEADING = Text(
    nb="Næringens eget regnskap ved eierens avkastningskrav; ikke samfunnets regnskap",
    en="Industry's own account at the owner's required return; not society's account",
)
SIX_QUESTIONS = (
    Text(
        nb="Hva er problemet, og hva vil vi oppnå?",
        en="What is the problem, and what do we want to achieve?",
    ),
    Text(nb="Hvilke tiltak er relevante?", en="Which measures are relevant?"),
    Text(
        nb="Hvilke prinsipielle spørsmål reiser tiltakene?",
        en="Which questions of principle do the measures raise?",
    ),
    Text(
        nb=(
            "Hva er de positive og negative virkningene av tiltakene, hvor varige er de og hvem "
            "blir berørt?"
        ),
        en=(
            "What are the positive and negative effects of the measures, how lasting are they, "
            "and who is affected?"
        ),
    ),
    Text(
        nb="Hvilket tiltak anbefales, og hvorfor?",
        en="Which measure is recommended, and why?",
    ),
    Text(
        nb="Hva er forutsetningene for vellykket gjennomføring?",
        en="What does successful implementation depend on?",
    ),
)
"""The six questions of Utredningsinstruksen, point 2-1; the English wording is a translation."""
