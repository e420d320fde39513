"""The answer to a profile as a report: page 1, then the groups in order, then every condition.

The web page holds every condition of every scheme. The printed one is what a company reads: an
entry for each scheme within reach, one table of what is ruled out, and where the rest stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from virkestoff.evidence.fact import Source
from virkestoff.instruments.condition_rows import condition_rows
from virkestoff.instruments.guide import GROUPS, Answer, Entry
from virkestoff.instruments.scheme import UnknownTerm
from virkestoff.instruments.wording import KINDS, amount_range, amount_words
from virkestoff.language import Lang, format_date
from virkestoff.reports.blocks import Block, Bullets, Paragraph, runs_of
from virkestoff.reports.document import Document, Reference, Section
from virkestoff.reports.guide_front import guide_front
from virkestoff.reports.guide_tables import GuideTables, anchor, cited
from virkestoff.reports.guide_words import opening_words, rule_words, say, step_words
from virkestoff.reports.runs import Citation, Link, Runs, Words

__all__ = ["guide_document"]

_RULED_OUT = ("later", "rule_not_known", "closed", "not_met")


def guide_document(
    answer: Answer, sources: Mapping[str, Source], lang: Lang, *, is_short: bool = False
) -> Document:
    """The answer as a document tree.

    Parameters
    ----------
    sources : sources of the library and of the schemes, for the list of references
    is_short : for print: an entry a scheme, and no table of every condition
    """
    writer = _Writer(answer, GuideTables(answer, lang), lang, sources)
    sections = writer.short_sections() if is_short else writer.sections()
    return Document(
        title=writer.say("Støtteordninger", "Support schemes"),
        subtitle=answer.profile.name or writer.say("Svar på en profil", "Answer to a profile"),
        lang=lang, as_of=answer.on, front=guide_front(answer, lang), sections=sections,
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

    def sections(self) -> tuple[Section, ...]:
        """The whole answer: every condition of every scheme."""
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

    def short_sections(self) -> tuple[Section, ...]:
        """What a company reads: an entry a scheme, what is ruled out in one table."""
        group, tables, found = self.answer.in_group, self.tables, list[Section]()
        for name in ("now", "person"):
            if entries := group(name):
                found.append(Section(f"group-{name}", GROUPS[name].in_(self.lang)))
                found += [self.compact(entry) for entry in entries]
        found += self.open_sections(is_short=True)
        if entries := group(*_RULED_OUT):  # type: ignore[arg-type]
            title = self.say("Ikke nå", "Not now")
            caption = self.say("Utelukkede og stengte ordninger, og hvorfor",
                               "Schemes that are ruled out or closed, and why")  # fmt: skip
            found.append(Section("group-ruled-out", title,
                                 (tables.ruled_out(entries, caption),)))  # fmt: skip
        found += [self.profile(), self.where()]
        return tuple(found)

    def where(self) -> Section:
        """What the short answer leaves out, and where it stands."""
        n = len(self.answer.in_group("aside"))
        items = [
            self.say(
                "Hvert vilkår i hver ordning, med resultat, kilde og utregning, står på nettsiden "
                "(answer.html) og i arbeidsboken (answer.xlsx).",
                "Every condition of every scheme, with result, source and derivation, is on the "
                "web page (answer.en.html) and in the workbook (answer.en.xlsx).",
            ),
            self.say("Dagene å merke seg kan legges i en kalender (answer.ics).",
                     "Days to keep can be put in a calendar (answer.en.ics)."),
        ]  # fmt: skip
        if n:
            items.append(self.say(
                f"{n} foreslåtte og avsluttede ordninger er ikke tatt med her.",
                f"{n} proposed and ended schemes are left out here.",
            ))  # fmt: skip
        if not self.answer.deadlines:
            del items[1]
        title = self.say("Mer om svaret", "More on the answer")
        return Section("more", title, (Bullets(tuple((Words(i),) for i in items)),))

    def open_sections(self, *, is_short: bool = False) -> list[Section]:
        """What facts, changes or the schemes' own terms decide."""
        group, tables, found = self.answer.in_group, self.tables, []
        if near := group("near"):
            found.append(Section("group-near", GROUPS["near"].in_(self.lang),
                                 (tables.near(near),)))  # fmt: skip
        if undecided := group("undecided"):
            table = (tables.undecided_short if is_short else tables.undecided)(undecided)
            blocks: tuple[Block, ...] = (tables.questions(), table)
            found.append(Section("group-undecided", GROUPS["undecided"].in_(self.lang), blocks))
        if asked := group("ask"):
            unfound = (tables.asked_short if is_short else tables.asked)(asked)
            found.append(Section("group-ask", GROUPS["ask"].in_(self.lang), (unfound,)))
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
        blocks: list[Block] = self.lead(entry)
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

    def compact(self, entry: Entry) -> Section:
        """A scheme in a few lines: what it gives, how much, why, what is open."""
        items: list[Runs] = []
        if amount := amount_words(entry.result.amount, self.lang):
            items.append((Words(self.say("Beløp: ", "Amount: "), strong=True),
                          Words(amount + "." + self.steps(entry))))  # fmt: skip
        met: list[Words | Citation] = []
        judged = []
        for row in condition_rows(entry.result):
            if row.leaf is None:
                continue
            text = row.text.in_(self.lang).rstrip(".")
            if row.truth:
                reference = cited(row.leaf.reference, self.lang)
                found = [Citation(r.source) for r in reference if isinstance(r, Citation)] if (
                    isinstance(reference, tuple)) else []  # fmt: skip
                met += [Words(("; " if met else "") + text + (" " if found else "")), *found]
            elif row.leaf.cause == "judgement":
                judged.append(text)
        if met:
            items.append((Words(self.say("Oppfylt: ", "Met: "), strong=True), *met, Words(".")))
        if judged:
            items.append((Words(self.say("Forvalteren vurderer: ", "The provider judges: "),
                                strong=True), Words("; ".join(judged) + ".")))  # fmt: skip
        items += [(Words(self.say("Ikke funnet: ", "Not found: "), strong=True), *runs)
                  for runs in self.unknown(entry)]  # fmt: skip
        blocks = self.lead(entry)
        return Section(f"scheme-{anchor(entry.id)}", entry.name.in_(self.lang),
                       (*blocks, Bullets(tuple(items))) if items else tuple(blocks), 2)  # fmt: skip

    def steps(self, entry: Entry) -> str:
        """The derivation of an amount in sentences."""
        amount, vocabulary = entry.result.amount, self.tables.vocabulary
        lines = []
        for step in amount.steps if amount else ():
            rule = rule_words(step, vocabulary, self.lang)
            read = step_words(step, vocabulary, self.lang)
            gives = amount_range(step.value, step.low, step.high, step.unit, self.lang,
                                 is_share=step.part in ("rate", "own_share"))  # fmt: skip
            if rule or read:
                how = f" ({read})" if read else ""
                lines.append(f" {step.name.in_(self.lang)}: {rule}{how} = {gives}.")
        return "".join(lines)

    def lead(self, entry: Entry) -> list[Block]:
        """What a scheme gives, who runs it, when, and when it was looked at last."""
        scheme = entry.result.scheme
        blocks: list[Block] = []
        if scheme.summary:
            blocks.append(Paragraph((Words(scheme.summary.in_(self.lang)),)))
        kind = KINDS[scheme.kind].in_(self.lang)
        lead = (f"{scheme.provider.in_(self.lang)}. {_upper(kind)}. "
                f"{_upper(opening_words(entry, self.lang))}. ")  # fmt: skip
        checked = self.say("Sist kontrollert ", "Last checked ")
        runs: Runs = (Words(lead + checked + format_date(scheme.last_checked, self.lang) + "."),)
        if url := self.address(entry):
            runs += (Words(" "), Link(self.say("Les mer", "Read more"), url))
        blocks.append(Paragraph(runs))
        return blocks

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
