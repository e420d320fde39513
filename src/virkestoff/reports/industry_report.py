"""The report on the industry: a figure and a table a topic, targets, definitions, what is missing.

A document tree, printed as web page, PDF and Word by the writers that studies use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from virkestoff.disclosure import Rules
from virkestoff.evidence import Library
from virkestoff.industry.population import Population
from virkestoff.industry.population_check import Check, against_population
from virkestoff.industry.population_plan import load_plan
from virkestoff.industry.statistics import Statistics, statistics
from virkestoff.language import Lang, Text, format_money, format_number
from virkestoff.reports.blocks import runs_of
from virkestoff.reports.document import (
    Block,
    Bullets,
    Callout,
    Citation,
    Document,
    FrontPage,
    KeyNumber,
    Paragraph,
    Reference,
    Section,
    Words,
)
from virkestoff.reports.document_files import write_document
from virkestoff.reports.industry_outlook import disagreement_section, projection_section
from virkestoff.reports.industry_parts import IndustryParts
from virkestoff.reports.population_tables import (
    conflicts_table,
    definitions_table,
    lost_table,
    named_table,
    not_reproduced,
    targets_table,
)

__all__ = ["industry_document", "write_industry_report"]


@dataclass(frozen=True)
class _Topic:
    """A section: its tables, the first of them drawn; ``exports`` are of the last year alone."""

    id: str
    title: Text
    shown: tuple[tuple[str, tuple[str, ...], bool], ...]


_TOPICS = (
    _Topic("companies", Text(nb="Bedrifter", en="Companies"),
           (("companies", ("branch", "size"), False), ("active", ("branch",), True))),
    _Topic("turnover", Text(nb="Omsetning", en="Turnover"),
           (("turnover", ("branch",), True), ("turnover", ("branch", "size"), False))),
    _Topic("value", Text(nb="Verdiskaping", en="Value creation"),
           (("value_creation", ("branch",), True),)),
    _Topic("staff", Text(nb="Ansatte og produktivitet", en="Staff and productivity"),
           (("productivity", ("branch",), True), ("employees", ("branch",), True))),
    _Topic("margin", Text(nb="Lønnsomhet", en="Profitability"), (("margin", ("branch",), True),)),
    _Topic("concentration", Text(nb="Konsentrasjon og eierskap", en="Concentration and ownership"),
           (("largest_share", ("branch",), True), ("turnover", ("branch", "ownership"), False))),
    _Topic("start-ups", Text(nb="J-kurvebedrifter", en="J-curve companies"),
           (("j_curve_share", ("branch",), True),)),
    _Topic("exports", Text(nb="Eksport", en="Exports"),
           (("exports", ("branch",), False), ("export_share", ("branch",), False))),
)  # fmt: skip


class _Writer:
    """Builds the tree; it holds what all sections need."""

    def __init__(
        self, population: Population, library: Library, lang: Lang, rules: Rules | None
    ) -> None:
        self.population, self.library, self.lang, self.rules = population, library, lang, rules
        self.parts = IndustryParts(library, lang)
        known = population.accounts.drop_nulls("wage_costs_nok")["year"]
        self.years = sorted(known.unique().to_list())
        sold = population.accounts.drop_nulls("exports_nok")["year"]
        self.exporting = sorted(sold.unique().to_list())

    def say(self, nb: str, en: str) -> str:
        return nb if self.lang == "nb" else en

    def stats(self, measure: str, by: Sequence[str], years: Sequence[int]) -> Statistics:
        return statistics(self.population, measure, by=by, years=years,
                          library=self.library, rules=self.rules)  # fmt: skip

    def topic(self, topic: _Topic) -> Section | None:
        """A figure and its table, then the other tables; nothing if no year has the amounts."""
        is_export = topic.id == "exports"
        known = self.exporting if is_export else self.years
        if not known:
            return None
        blocks: list[Block] = []
        for i, (measure, by, is_series) in enumerate(topic.shown):
            years = known if is_series else known[-1:]
            stats = self.stats(measure, by, years)
            name = f"{topic.id}-{i + 1}"
            figure = self.parts.figure(stats, f"figure-{name}") if i == 0 else None
            if figure is None:
                blocks.append(self.parts.table(stats, f"table-{name}"))
                continue
            blocks.append(figure)
            notes = [n for n in self.parts.notes(stats) if not n.startswith("Syn")]
            if notes:
                blocks.append(Paragraph((Words(" ".join(notes), emphasis=True),)))
        return Section(topic.id, topic.title.in_(self.lang), tuple(blocks))

    def targets(self, checks: Sequence[Check]) -> Section:
        n_met = sum(c.outcome == "met" for c in checks)
        text = self.say(
            f"Populasjonen er laget for å gi de publiserte summene. Av {len(checks)} publiserte "
            f"tall er {n_met} gjengitt innenfor toleransen. De andre står først, med grunnen.",
            f"The population is made to give the published totals. Of {len(checks)} published "
            f"figures {n_met} are met within tolerance. The others stand first, with the reason.",
        )
        title = self.say("Publiserte tall mot populasjonen",
                         "Published figures against the population")  # fmt: skip
        return Section("targets-section", title,
                       (Paragraph((Words(text),)), conflicts_table(checks, self.lang),
                        targets_table(checks, self.lang)))  # fmt: skip

    def losses(self) -> Section:
        plan = load_plan(self.library)
        title = self.say("Hva som ikke kan gjengis", "What cannot be reproduced")
        blocks = (Bullets(not_reproduced(plan.not_reproduced, self.lang)),
                  lost_table(self.library, self.lang),
                  named_table(self.population, self.library, self.lang))  # fmt: skip
        return Section("losses", title, blocks)

    def front(self, checks: Sequence[Check]) -> FrontPage:
        last = self.years[-1]
        found = [self.stats(m, (), (last,)).cells[0] for m in ("turnover", "value_creation")]
        staff = self.stats("employees", (), (last,)).cells[0]
        money = [format_money(c.value, self.lang) if c.value is not None else "–" for c in found]
        people = "–" if staff.value is None else format_number(staff.value, self.lang, decimals=0)
        word = self.parts.marked("", self.population.is_synthetic).strip()
        low, high = (self.parts.number(self.stats("employees", (), (last,)), b)
                     for b in (staff.low, staff.high))  # fmt: skip
        span = "" if low == high else f"{low}–{high} "
        keys = (
            KeyNumber(money[0], self.say("omsetning", "turnover") + f" {last}", word),
            KeyNumber(money[1], self.say("verdiskaping", "value creation") + f" {last}", word),
            KeyNumber(people, self.say("ansatte", "employees") + f" {last}",
                      f"{span}{word}".strip()),
        )  # fmt: skip
        return FrontPage(
            self.say("Hvor stor er helseindustrien, hva skaper den, og hvor konsentrert er den?",
                     "How large is the health industry, what does it create, and how "
                     "concentrated is it?"),
            (Words(self.answer(checks)),), keys,
            (),
            self.unknown(),
        )  # fmt: skip

    def answer(self, checks: Sequence[Check]) -> str:
        if not self.population.is_synthetic:
            return self.say(
                f"Tallene bygger på egne regnskap for {self.years[0]}–{self.years[-1]}.",
                f"The figures rest on own accounts of {self.years[0]}–{self.years[-1]}.",
            )
        n_met = sum(c.outcome == "met" for c in checks)
        return self.say(
            "Summene er laget for å treffe de publiserte; bedriftene bak dem er syntetiske. "
            f"{n_met} av {len(checks)} publiserte tall kan stå samtidig, resten strider mot dem.",
            "The totals are made to meet the published ones; the companies behind are synthetic. "
            f"{n_met} of {len(checks)} published figures can hold together, the others conflict.",
        )

    def unknown(self) -> tuple[tuple[Words, ...], ...]:
        if self.population.is_synthetic:
            texts = [
                self.say("Årene mellom 2009 og 2019: kildens figurer er tapt, forløpet er antatt.",
                         "The years between 2009 and 2019: the source's figures are lost, the "
                         "courses are assumed."),
                self.say("Hvilke bedrifter som er bak summene, utenom det kildene sier om noen.",
                         "Which companies stand behind the totals, but for what the sources say "
                         "of a few."),
            ]  # fmt: skip
        else:
            texts = [self.say("Bedrifter og år som ikke er i regnskapene.",
                              "Companies and years that the accounts do not hold.")]  # fmt: skip
        return tuple((Words(text),) for text in texts)


def industry_document(
    population: Population,
    library: Library,
    lang: Lang,
    as_of: date,
    rules: Rules | None = None,
    missing: Sequence[str] = (),
) -> Document:
    """The report as a document tree; ``missing`` are lines on years that accounts do not hold."""
    writer = _Writer(population, library, lang, rules)
    checks = against_population(population, library) if population.is_synthetic else ()
    sections = [s for s in (writer.topic(topic) for topic in _TOPICS) if s]
    if population.is_synthetic:
        sections += [writer.targets(checks), writer.losses()]
        used = [target.statistic for target in load_plan(library).targets.values()]
        outlook = (disagreement_section(library, used, lang), projection_section(library, lang))
        sections += [s for s in outlook if s]
    if missing:
        items = tuple((Words(line),) for line in missing)
        title = writer.say("År som mangler", "Years that are missing")
        sections.append(Section("missing", title, (Bullets(items),)))
    title = writer.say("Definisjoner", "Definitions")
    sections.append(Section("definitions-section", title, (definitions_table(lang),)))
    if population.is_synthetic:
        note = Callout(
            writer.say("Syntetiske tall", "Synthetic figures"),
            (Words(writer.say(
                "Bedriftene i denne rapporten finnes ikke. Bruk summene.",
                "The companies in this report do not exist. Use the totals.")),),
            "warning",
        )  # fmt: skip
        first = sections[0]
        sections[0] = Section(first.id, first.title, (note, *first.blocks))
    name = writer.say("Helseindustrien i tall", "The health industry in figures")
    return Document(
        writer.parts.marked(name, population.is_synthetic),
        writer.parts.say("Statistikk etter bransje, størrelse, eierskap og år",
                         "Statistics by branch, size, ownership and year"),
        lang, as_of, writer.front(checks), tuple(sections), _references(sections, library),
        figures_stay=True,
    )  # fmt: skip


def _references(sections: Sequence[Section], library: Library) -> tuple[Reference, ...]:
    cited = {
        run.source
        for section in sections
        for block in section.blocks
        for run in runs_of(block)
        if isinstance(run, Citation)
    }
    return tuple(
        Reference(name, s.title, s.publisher, s.year, s.url or "")
        for name, s in sorted(library.sources.items())
        if name in cited
    )


def write_industry_report(
    population: Population,
    library: Library,
    folder: Path,
    lang: Lang,
    as_of: date,
    missing: Sequence[str] = (),
) -> tuple[Path, ...]:
    """Write web page, PDF and Word into ``folder``; the files that were written."""
    document = industry_document(population, library, lang, as_of, missing=missing)
    return write_document(document, folder, f"industry.{lang}")
