"""The answer to a profile as a report: page 1, then the groups in order, then every condition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from virkestoff.evidence.fact import Source
from virkestoff.instruments.guide import GROUPS, Answer, Entry
from virkestoff.instruments.scheme import UnknownTerm
from virkestoff.language import Lang, format_date
from virkestoff.reports.blocks import Block, Bullets, Paragraph, runs_of
from virkestoff.reports.document import Document, FrontPage, KeyNumber, Reference, Section
from virkestoff.reports.guide_tables import GuideTables, anchor
from virkestoff.reports.guide_words import opening_words, say
from virkestoff.reports.runs import Citation, Link, Runs, Words

__all__ = ["guide_document"]

NAMED = 3
"""Schemes named on page 1."""


def guide_document(answer: Answer, sources: Mapping[str, Source], lang: Lang) -> Document:
    """The answer as a document tree.

    Parameters
    ----------
    sources : sources of the library and of the schemes, for the list of references
    """
    writer = _Writer(answer, GuideTables(answer, lang), lang, sources)
    sections = writer.sections()
    return Document(
        title=writer.say("Støtteordninger", "Support schemes"),
        subtitle=answer.profile.name or writer.say("Svar på en profil", "Answer to a profile"),
        lang=lang, as_of=answer.on, front=writer.front(), sections=sections,
        references=_references(sections, sources),
    )  # fmt: skip


def _references(
    sections: Sequence[Section], sources: Mapping[str, Source]
) -> tuple[Reference, ...]:
    """The sources that the sections cite."""
    cited = dict.fromkeys(
        run.source
        for section in sections for block in section.blocks for run in runs_of(block)
        if isinstance(run, Citation)
    )  # fmt: skip
    found = []
    for name in cited:
        source = sources[name]
        found.append(Reference(name, source.title, source.publisher, source.year,
                               source.url or ""))  # fmt: skip
    return tuple(found)


class _Writer:
    def __init__(
        self, answer: Answer, tables: GuideTables, lang: Lang, sources: Mapping[str, Source]
    ) -> None:
        self.answer, self.tables, self.lang, self.sources = answer, tables, lang, sources

    def say(self, nb: str, en: str) -> str:
        return say(self.lang, nb, en)

    def names(self, entries: Sequence[Entry]) -> str:
        """The first names, and how many more there are."""
        shown = ", ".join(e.name.in_(self.lang) for e in entries[:NAMED])
        more = len(entries) - NAMED
        return shown + (self.say(f" og {more} til", f" and {more} more") if more > 0 else "")

    def front(self) -> FrontPage:
        group = self.answer.in_group
        fits, undecided, near = group("now", "person"), group("undecided"), group("near")
        asked, n = group("ask"), len(self.answer.entries)
        day = format_date(self.answer.on, self.lang)
        keys = (
            KeyNumber(str(len(fits)), self.say("ordninger der vilkårene er oppfylt",
                                               "schemes whose conditions are met"),
                      self.names(fits) or self.say("ingen ennå", "none so far")),
            KeyNumber(str(len(undecided)), self.say("ordninger som en opplysning avgjør",
                                                    "schemes that a fact decides"),
                      self.say(f"og {len(asked)} der ordningens egne vilkår ikke er funnet",
                               f"and {len(asked)} where the scheme's own terms were not found")),
            KeyNumber(str(len(near)), self.say("ordninger som er nær", "schemes that are near"),
                      self.names(near) or self.say("ingen", "none")),
        )  # fmt: skip
        return FrontPage(
            question=self.say(
                f"Hvilke av {n} ordninger kan foretaket få {day}, hvor mye, og hvorfor ikke?",
                f"Which of {n} schemes can the enterprise get on {day}, how much, and why not?",
            ),
            answer=self.answer_runs(fits, undecided),
            key_numbers=keys,
            who_pays=self.first_questions(),
            not_known=self.not_known(asked),
            who_pays_title=self.say("Finn ut av dette først", "Find this out first"),
            has_mark_note=False,
        )

    def answer_runs(self, fits: Sequence[Entry], undecided: Sequence[Entry]) -> Runs:
        if fits:
            text = self.say("Vilkårene som er skrevet ned, er oppfylt for ",
                            "The conditions that are written down are met for ")  # fmt: skip
            runs: Runs = (Words(text), Words(self.names(fits), strong=True), Words("."))
        else:
            runs = (Words(self.say("Ingen ordning er avklart som oppfylt ennå.",
                                   "No scheme is settled as met so far.")),)  # fmt: skip
        if undecided:
            best = [e for e in undecided if e.result.opening.is_open is not False][:NAMED]
            text = self.say(f" {len(undecided)} til kan bli det når opplysninger kommer på plass",
                            f" {len(undecided)} more may be, once facts are in place")  # fmt: skip
            runs += (Words(text + self.say(", nærmest ", ", nearest ") + self.names(best) + "."),)
        return runs

    def first_questions(self) -> Runs:
        questions = self.answer.questions[:NAMED]
        if not questions:
            return (Words(self.say("Ingen opplysning i profilen kan avgjøre mer.",
                                   "No fact of the profile can decide more.")),)  # fmt: skip
        texts = (
            f"{k}) {q.term.question.in_(self.lang)} ({self.say('spør', 'ask')} "
            f"{q.term.ask.in_(self.lang)})"
            for k, q in enumerate(questions, 1)
        )
        return (Words(" ".join(texts)),)

    def not_known(self, asked: Sequence[Entry]) -> tuple[Runs, ...]:
        unknown = self.answer.in_group("rule_not_known")
        items = [
            self.say(
                "At vilkårene er oppfylt, betyr ikke at støtte blir gitt: mange ordninger er "
                "konkurranser, og beløpene er det meste som reglene tillater.",
                "That conditions are met does not mean that support will be given: many schemes "
                "are competitions, and amounts are the most that the rules allow.",
            )
        ]
        if asked:
            items.append(self.say(
                f"For {len(asked)} ordninger ble vilkår ikke funnet i noe dokument; kapitlet sier "
                "hvem som kan svare.",
                f"Of {len(asked)} schemes, terms were found in no document; the section says who "
                "can answer.",
            ))  # fmt: skip
        if unknown:
            items.append(self.say(
                f"For {len(unknown)} ordninger er ingen regel kjent på datoen. Eldre regler er "
                "ikke brukt.",
                f"Of {len(unknown)} schemes no rule is known on the date. Older rules were not "
                "used.",
            ))  # fmt: skip
        items += [note.in_(self.lang) for note in self.answer.profile.notes]
        return tuple((Words(item),) for item in items)

    def sections(self) -> tuple[Section, ...]:
        group, tables = self.answer.in_group, self.tables
        found: list[Section] = []
        for name in ("now", "person"):
            entries = group(name)
            if entries:
                title = GROUPS[name].in_(self.lang)
                table = tables.overview(f"overview-{name}", entries, title)
                found.append(Section(f"group-{name}", title, (table,)))
                found += [self.scheme(entry) for entry in entries]
        found += self.open_sections()
        for name, text in (
            ("later", ("Ordninger som åpner igjen", "Schemes that open again")),
            ("rule_not_known", ("Ordninger uten kjent regel", "Schemes without a known rule")),
            ("closed", ("Stengte ordninger", "Closed schemes")),
            ("not_met", ("Det første vilkåret som ikke er oppfylt",
                         "The first condition that is not met")),
            ("aside", ("Foreslåtte og avsluttede ordninger", "Proposed and ended schemes")),
        ):  # fmt: skip
            entries = group(name)  # type: ignore[arg-type]
            if entries:
                table = tables.reasons(f"reasons-{anchor(name)}", entries, self.say(*text))
                title = GROUPS[name].in_(self.lang)  # type: ignore[index]
                found.append(Section(f"group-{anchor(name)}", title, (table,)))
        if self.answer.deadlines:
            title = self.say("Frister", "Deadlines")
            found.append(Section("deadlines", title, (tables.deadlines(),)))
        found.append(self.profile())
        rest = group("undecided", "near", "ask", "later", "rule_not_known", "closed", "not_met")
        if rest:
            lead = self.say(
                "Vilkårene i ordningene som ikke er vist i detalj over.",
                "The conditions of the schemes that are not shown in detail above.",
            )
            blocks = (Paragraph((Words(lead),)), tables.every_condition(rest))
            found.append(Section("conditions", self.say("Alle vilkår", "Every condition"), blocks))
        return tuple(found)

    def open_sections(self) -> list[Section]:
        """What facts, changes or the schemes' own terms decide."""
        group, tables, found = self.answer.in_group, self.tables, []
        if undecided := group("undecided"):
            blocks: tuple[Block, ...] = (tables.undecided(undecided), tables.questions())
            found.append(Section("group-undecided", GROUPS["undecided"].in_(self.lang), blocks))
        if near := group("near"):
            found.append(Section("group-near", GROUPS["near"].in_(self.lang),
                                 (tables.near(near),)))  # fmt: skip
        if asked := group("ask"):
            found.append(Section("group-ask", GROUPS["ask"].in_(self.lang),
                                 (tables.asked(asked),)))  # fmt: skip
        return found

    def profile(self) -> Section:
        title = self.say("Profilen", "The profile")
        lead = self.say("Svaret bygger bare på dette. Alt annet er ukjent.",
                        "The answer rests on this alone. All else is unknown.")  # fmt: skip
        table = self.tables.profile()
        blocks: tuple[Block, ...] = (Paragraph((Words(lead),)),)
        return Section("profile", title, (*blocks, table) if table.rows else blocks)

    def scheme(self, entry: Entry) -> Section:
        """A scheme with every condition and the derivation of its amount."""
        scheme = entry.result.scheme
        blocks: list[Block] = []
        if scheme.summary:
            blocks.append(Paragraph((Words(scheme.summary.in_(self.lang)),)))
        lead = f"{scheme.provider.in_(self.lang)}. {_upper(opening_words(entry, self.lang))}. "
        checked = self.say("Sist kontrollert ", "Last checked ")
        runs: Runs = (Words(lead + checked + format_date(scheme.last_checked, self.lang) + "."),)
        if url := self.address(entry):
            runs += (Words(" "), Link(self.say("Les mer", "Read more"), url))
        blocks.append(Paragraph(runs))
        table = self.tables.conditions(entry)
        if table.rows:
            blocks.append(table)
        if amount := self.tables.amount(entry):
            blocks.append(amount)
        if items := self.unknown(entry):
            heading = self.say("Dette er ikke funnet om ordningen:",
                               "This was not found on the scheme:")  # fmt: skip
            blocks += [Paragraph((Words(heading),)), Bullets(items)]
        return Section(f"scheme-{anchor(entry.id)}", entry.name.in_(self.lang), tuple(blocks), 2)

    def address(self, entry: Entry) -> str:
        """The page of the scheme's first source that has one."""
        for reference in entry.result.scheme.references:
            source = self.sources.get(reference.source or "")
            if source is not None and source.url:
                return source.url
        return ""

    def unknown(self, entry: Entry) -> tuple[Runs, ...]:
        terms: list[UnknownTerm] = list(entry.result.scheme.unknown)
        amount = entry.result.amount
        terms += [t for t in (amount.unknown_terms if amount else ()) if t not in terms]
        return tuple(
            (Words(f"{t.what.in_(self.lang)}. {self.say('Spør', 'Ask')} {t.ask.in_(self.lang)}: "
                   f"{t.question.in_(self.lang)}"),)
            for t in terms
        )  # fmt: skip


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]

