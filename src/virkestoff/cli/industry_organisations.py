"""``virkestoff industry organisations``: who the sources name, and what they say of them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli.screen import console, state
from virkestoff.evidence.library import content_root
from virkestoff.language import Lang, place_in

__all__ = ["add_to"]

WORDS = {  # what a Norwegian reader sees; in English the key stands
    "company": "selskap", "foreign_company": "utenlandsk selskap", "cluster": "klynge",
    "catapult_centre": "katapultsenter", "innovation_company": "innovasjonsselskap",
    "network": "nettverk", "research_infrastructure": "forskningsinfrastruktur",
    "support_agency": "virkemiddelaktør", "investor": "investor", "ministry": "departement",
    "agency": "etat", "council": "råd", "parliament": "nasjonalforsamling",
    "political_party": "parti", "hospital": "sykehus", "university": "universitet",
    "institute": "institutt", "industry_body": "bransjeorganisasjon", "union": "fagforbund",
    "patient_organisation": "pasientorganisasjon", "adviser": "rådgiver", "publisher": "utgiver",
    "foreign_body": "organ i utlandet", "international_body": "internasjonalt organ",
    "pharmaceuticals": "legemidler", "medical_devices": "medisinsk utstyr",
    "digital_health": "digital helse", "also named": "også kalt", "place": "sted",
    "capability": "kan", "status": "status", "source": "kilde", "organisations": "organisasjoner",
}  # fmt: skip


def word(key: str, lang: Lang) -> str:
    """A key as a reader sees it."""
    return WORDS.get(key, key) if lang == "nb" else key.replace("_", " ")


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff industry``."""
    app.command()(organisations)


def organisations(
    kind: Annotated[str, typer.Option(help="Only of this kind, such as company.")] = "",
    place: Annotated[str, typer.Option(help="Only those that a source places here.")] = "",
    search: Annotated[str, typer.Option(help="Only those with these words.")] = "",
    lang: Annotated[Lang, typer.Option(help="Language of texts: nb or en.")] = "nb",
) -> None:
    """List organisations that the sources name: role, capability, status, and where it stands."""
    from virkestoff.industry.organisations import load_organisations, sources_alone

    library = sources_alone(state.library or content_root() / "library")
    found = load_organisations(library).chosen(kind, place, search)
    for key, o in found.items():
        console.print(f"[bold]{escape(o.name)}[/]  {key}", soft_wrap=True)
        branch = f", {word(o.branch, lang)}" if o.branch else ""
        lines = [f"{word(o.kind, lang)}{branch}: {o.role.in_(lang)}"]
        for label, text in (("capability", o.capability), ("status", o.status)):
            if text:
                lines.append(f"{word(label, lang)}: {text.in_(lang)}")
        if o.places:
            lines.append(f"{word('place', lang)}: {', '.join(o.places)}")
        if o.other_names:
            lines.append(f"{word('also named', lang)}: {', '.join(o.other_names)}")
        cited = "; ".join(f"{m.source}, {place_in(m.place, lang)}" for m in o.mentions)
        lines.append(f"{word('source', lang)}: {cited}")
        for line in lines:
            console.print(f"  {escape(line)}", soft_wrap=True)
    console.print(f"{len(found)} {word('organisations', lang)}")
