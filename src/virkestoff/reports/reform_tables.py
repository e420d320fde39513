"""Tables of a reform and of a population's statuses, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from virkestoff.instruments.engine import STATUSES
from virkestoff.instruments.population_run import PopulationResult
from virkestoff.instruments.reform import ProfileChange, Reform, ReformedScheme
from virkestoff.instruments.reform_population import Cost, SchemeEffect
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.language import Lang, Text, format_money, format_number
from virkestoff.reports.blocks import Column, Table

__all__ = ["ANSWERS", "ReformTables", "statuses_table"]

ANSWERS = {
    "eligible": Text(nb="oppfyller", en="eligible"),
    "not_eligible": Text(nb="oppfyller ikke", en="not eligible"),
    "undecided": Text(nb="uavklart", en="undecided"),
    "closed": Text(nb="stengt", en="closed"),
    "needs_person": Text(nb="må vurderes", en="needs a person"),
    "rule_not_known": Text(nb="regel ikke kjent", en="rule not known"),
}
LONGEST = 60  # constant: letters of a value shown in a table


def statuses_table(
    schemes: Schemes, result: PopulationResult, lang: Lang, is_synthetic: bool, hidden: set[str]
) -> Table:
    """Rows by status for every scheme; a scheme whose counts would give a "
    "company away is hidden."""
    nb = lang == "nb"
    columns = (
        Column("Ordning" if nb else "Scheme"),
        *(Column(ANSWERS[s].in_(lang).capitalize(), "", "right") for s in STATUSES),
    )
    rows = tuple(
        (schemes[key].name.in_(lang),
         *(":" if key in hidden else format_number(counts[s], lang, decimals=0) for s in STATUSES))
        for key, counts in result.counts.items()
    )  # fmt: skip
    n = format_number(result.rows, lang, decimals=0)
    title = f"Svar for {n} bedrifter" if nb else f"Answers for {n} companies"
    notes = []
    if is_synthetic:
        notes.append("Syntetisk populasjon: bedriftene finnes ikke." if nb
                     else "Synthetic population: the companies do not exist.")  # fmt: skip
    if hidden:
        notes.append(": skjult av hensyn til enkeltbedrifter." if nb
                     else ": hidden to protect single companies.")  # fmt: skip
    return Table("statuses", title, columns, rows, tuple(notes))


@dataclass(frozen=True)
class ReformTables:
    """What the screen shows of a reform."""

    reform: Reform
    lang: Lang

    def say(self, nb: str, en: str) -> str:
        """The text in the reader's language."""
        return nb if self.lang == "nb" else en

    def _name(self, key: str) -> str:
        return self.reform.after[key].name.in_(self.lang)

    def changes(self) -> Table:
        """Every key that differs."""
        rows = [
            (self._name(c.scheme), c.key, _shown(c.before), _shown(c.after))
            for c in self.reform.changes
        ]
        new = self.say("ny ordning", "new scheme")
        exists = self.say("foreslått ordning som finnes etter reformen",
                          "proposed scheme that exists after the reform")  # fmt: skip
        rows += [(self._name(key), new, "–", "–") for key in self.reform.new]
        rows += [(self._name(key), exists, "–", "–") for key in sorted(self.reform.as_existing)
                 if key not in self.reform.new]  # fmt: skip
        columns = (Column(self.say("Ordning", "Scheme")), Column(self.say("Hva", "What")),
                   Column(self.say("Før", "Before")), Column(self.say("Etter", "After")))
        return Table("changes", self.reform.name.in_(self.lang), columns, tuple(rows))

    def population(
        self, effects: Sequence[SchemeEffect], n: int, is_synthetic: bool, least: int
    ) -> Table:
        """Who gains and loses in a population, and bounds of the cost.

        Parameters
        ----------
        least : a scheme that moves some companies, but fewer than so many, is hidden
        """
        def is_small(effect: SchemeEffect) -> bool:
            ends = (effect.before, effect.after)
            counts = [*effect.moves.values(), *(c.n_possible for c in ends)]
            return any(0 < count < least for count in counts)

        hidden = {e.scheme for e in effects if is_small(e)}
        rows = tuple(
            (self._name(e.scheme), *((":",) * 4 if e.scheme in hidden else (
                self._span(e.n_gain, e.n_gain_possible), self._span(e.n_loss, e.n_loss_possible),
                self._cost(e.before), self._cost(e.after))))
            for e in effects
        )  # fmt: skip
        columns = (
            Column(self.say("Ordning", "Scheme")),
            Column(self.say("Får", "Gain"), self.say("sikkert – mulig", "sure – possible"),
                   "right"),
            Column(self.say("Mister", "Lose"), self.say("sikkert – mulig", "sure – possible"),
                   "right"),
            Column(self.say("Kostnad før", "Cost before"), "", "right"),
            Column(self.say("Kostnad etter", "Cost after"), "", "right"),
        )  # fmt: skip
        notes = [self.say(
            "Kostnad: fra at ingen søker, til at alle som kan oppfylle vilkårene får det høyeste "
            "beløpet én gang. Uten kjent tak er det ingen øvre grense. Ingenting er antatt om hvem "
            "som søker eller får.",
            "Cost: from that nobody applies, to that everybody who may be "
            "eligible gets the highest "
            "amount once. Without a known limit there is no upper bound. Nothing is assumed of who "
            "applies or is awarded.",
        )]  # fmt: skip
        if is_synthetic:
            notes.append(self.say("Syntetisk populasjon: bedriftene finnes ikke.",
                                  "Synthetic population: the companies do not exist."))  # fmt: skip
        if hidden:
            notes.append(self.say(": skjult av hensyn til enkeltbedrifter.",
                                  ": hidden to protect single companies."))  # fmt: skip
        size = format_number(n, self.lang, decimals=0)
        title = self.say(f"Virkning for {size} bedrifter", f"Effect on {size} companies")
        return Table("population", title, columns, rows, tuple(notes))

    def _span(self, low: int, high: int) -> str:
        shown = [format_number(x, self.lang, decimals=0) for x in (low, high)]
        return shown[0] if low == high else " – ".join(shown)

    def _cost(self, cost: Cost) -> str:
        if cost.high_nok is None:
            return self.say("0 – ingen øvre grense", "0 – no upper bound")
        return "0" if not cost.high_nok else f"0 – {format_money(cost.high_nok, self.lang)}"

    def profiles(self, changes: Sequence[ProfileChange]) -> Table:
        """Every answer that changes, with the reason."""
        rows = tuple(
            (c.profile, self._name(c.scheme), self._side(c.before), self._side(c.after),
             " ".join(t.in_(self.lang) for t in c.reasons) or "–")
            for c in changes
        )  # fmt: skip
        columns = (Column(self.say("Profil", "Profile")), Column(self.say("Ordning", "Scheme")),
                   Column(self.say("Før", "Before")), Column(self.say("Etter", "After")),
                   Column(self.say("Hva som avgjør", "What decides")))  # fmt: skip
        title = self.say("Profiler som får et annet svar", "Profiles whose answer changes")
        return Table("profiles", title, columns, rows)

    def _side(self, side: ReformedScheme) -> str:
        if side.status is None:
            return self.say("finnes ikke", "does not exist")
        word = ANSWERS[side.status].in_(self.lang)
        if side.high is None:
            return word
        high = format_money(side.high, self.lang)
        upper = self.say("inntil", "up to")
        return f"{word}, {high}" if side.low == side.high else f"{word}, {upper} {high}"


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping) and set(value) == {"nb", "en"}:
        value = value["nb"]
    text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
