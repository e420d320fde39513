"""Companies with and without a scheme: the table, its bounds, and what would narrow them."""

from __future__ import annotations

from dataclasses import dataclass

from virkestoff.instruments.coverage_population import CompanyCoverage
from virkestoff.language import Lang, format_date, format_number
from virkestoff.reports.blocks import Column, Table
from virkestoff.reports.coverage_tables import HIDDEN, CoverageTables
from virkestoff.reports.coverage_words import GROUPS

__all__ = ["CompanyTables"]


@dataclass(frozen=True)
class CompanyTables:
    """Tables of companies by phase and branch in the language of the tables of coverage."""

    tables: CoverageTables

    @property
    def lang(self) -> Lang:
        """The reader's language."""
        return self.tables.lang

    def say(self, nb: str, en: str) -> str:
        """One of two texts."""
        return self.tables.say(nb, en)

    def companies(self, found: CompanyCoverage, name: str = "companies") -> Table:
        """Companies by phase and branch, with bounds; one row a phase if nothing is decided."""
        if found.is_all_open:
            return self._all_open(found, name)
        columns = (
            Column(self.say("Fase", "Phase")), Column(self.say("Bransje", "Branch")),
            Column(self.say("Bedrifter", "Companies"), "", "right"),
            Column(self.say("Dekket", "Covered"), "", "right"),
            Column(self.say("Bare vurdering igjen", "Only a judgement left"), "", "right"),
            Column(self.say("Opplysning mangler", "Fact missing"), "", "right"),
            Column(self.say("Vilkår ikke funnet", "Term not found"), "", "right"),
            Column(self.say("Uten ordning", "Without"), "", "right"),
            Column(self.say("Andel dekket", "Share covered"), self.say("fra – til", "from – to"),
                   "right"),
        )  # fmt: skip
        rows = []
        for c in found.cells:
            phase = GROUPS["any"].in_(self.lang) if c.phase == "any" else self.tables.phase(c.phase)
            group = GROUPS[c.group].in_(self.lang) if c.group in GROUPS else c.group
            own = (c.n, c.covered, c.judged, c.undecided, c.unfound, c.without)
            counts = [HIDDEN if v is None else str(v) for v in own]
            ends = [HIDDEN if v is None else f"{format_number(v * 100, self.lang, decimals=0)} %"
                    for v in (c.low, c.high)]  # fmt: skip
            share = self.not_decided if (c.low, c.high) == (0.0, 1.0) else " – ".join(ends)
            rows.append((phase[:1].upper() + phase[1:], group, *counts, share))
        day = format_date(found.on, self.lang)
        title = self.say(f"Bedrifter med minst én ordning, etter fase og bransje, {day}",
                         f"Companies with at least one scheme, by phase and branch, {day}")
        return Table(name, title, columns, tuple(rows), self._company_notes(found))

    @property
    def not_decided(self) -> str:
        """What stands where the bounds are nought and all."""
        return self.say("ikke avgjort", "not decided")

    def _all_open(self, found: CompanyCoverage, name: str) -> Table:
        """No company of any phase is decided: that, and how many schemes were asked."""
        columns = (
            Column(self.say("Fase", "Phase")),
            Column(self.say("Ordninger spurt", "Schemes asked"), "", "right"),
            Column(self.say("Bedrifter", "Companies"), "", "right"),
            Column(self.say("Sikkert dekket", "Surely covered"), "", "right"),
            Column(self.say("Sikkert uten", "Surely without"), "", "right"),
        )
        rows = []
        for phase, n_schemes in found.n_schemes.items():
            word = GROUPS["any"].in_(self.lang) if phase == "any" else self.tables.phase(phase)
            cell = found.cell(phase)
            counts = [HIDDEN if v is None else format_number(v, self.lang, decimals=0)
                      for v in (cell.n, cell.covered, cell.without)]  # fmt: skip
            rows.append((word[:1].upper() + word[1:], self.tables.number(n_schemes), *counts))
        day = format_date(found.on, self.lang)
        title = self.say(f"Bedrifter uten ordning, {day}: kan ikke avgjøres",
                         f"Companies without a scheme, {day}: cannot be decided")  # fmt: skip
        plain = self.say(
            "Dette er ikke et funn. Det som er kjent om bedriftene, er ikke nok til å si om noen "
            "er dekket eller uten ordning: andelen uten kan være alt fra ingen til alle, i hver "
            "fase og hver bransje.",
            "This is no finding. What is known of the companies is not enough to say that any is "
            "covered or without a scheme: the share without may be anything from none to all, in "
            "each phase and each branch.",
        )
        return Table(name, title, columns, tuple(rows), (plain, *self._company_notes(found)))

    def narrowing(self, found: CompanyCoverage, name: str = "narrowing") -> Table:
        """The facts that would narrow the bounds most, as questions, with whom to ask."""
        terms = [self.tables.schemes.vocabulary.terms[fact] for fact in found.questions]
        columns = (Column(self.say("Spørsmål", "Question")), Column(self.say("Spør", "Ask")),
                   Column(self.say("Navn i en fil med opplysninger", "Name in a file of facts")))
        rows = tuple((t.question.in_(self.lang), t.ask.in_(self.lang), t.id) for t in terms)
        title = self.say("Opplysninger som ville snevret inn mest", "Facts that would narrow most")
        note = self.say(
            "Med --facts FIL kan en opplysning holdes lik for alle, som et regneeksempel; med "
            "--population FIL.parquet kan den stå for hver bedrift.",
            "With --facts FILE a fact can be held equal for all, as an example; with "
            "--population FILE.parquet it can be given for each company.",
        )
        return Table(name, title, columns, rows, (note,))

    def _company_notes(self, found: CompanyCoverage) -> tuple[str, ...]:
        terms = self.tables.schemes.vocabulary.terms
        known = self.tables.listed([terms[f].name.in_(self.lang) for f in found.facts_known])
        notes = [
            self.say(
                f"Kjent om bedriftene: {known}. Alt annet er ukjent, og en ukjent regnes aldri som "
                "dekket.",
                f"Known of the companies: {known}. All else is unknown, and an "
                "unknown never counts as covered.",
            ),
            self.say(
                "Dekket: oppfyller det som er skrevet for minst én ordning i "
                "fasen; ikke at den får "
                "støtte. Uten: ingen ordning i fasen er mulig. Utlysningenes "
                "frister er sett bort fra.",
                "Covered: meets what is written for at least one scheme of the "
                "phase; not that it gets "
                "support. Without: no scheme of the phase is possible. Deadlines are left aside.",
            ),
        ]
        if found.is_synthetic:
            notes.append(self.say("Syntetisk populasjon: bedriftene finnes ikke.",
                                  "Synthetic population: the companies do not exist."))  # fmt: skip
        if any(c.n is None for c in found.cells):
            notes.append(self.say(f"{HIDDEN} skjult av hensyn til enkeltbedrifter.",
                                  f"{HIDDEN} hidden to protect single companies."))  # fmt: skip
        return tuple(notes)
