"""Tables of a reform and of a population's statuses, in one language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from virkestoff.instruments.engine import STATUSES
from virkestoff.instruments.population_run import PopulationResult
from virkestoff.instruments.reform import Change, ProfileChange, Reform, ReformedScheme
from virkestoff.instruments.reform_population import Cost, SchemeEffect
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.instruments.wording import number_words
from virkestoff.language import Lang, Text, format_money, format_number
from virkestoff.reports.blocks import Column, Table

__all__ = ["ANSWERS", "ReformTables", "alike_apart", "statuses_table"]

ANSWERS = {
    "eligible": Text(nb="oppfyller", en="eligible"),
    "not_eligible": Text(nb="oppfyller ikke", en="not eligible"),
    "undecided": Text(nb="uavklart", en="undecided"),
    "closed": Text(nb="stengt", en="closed"),
    "needs_person": Text(nb="må vurderes", en="needs a person"),
    "rule_not_known": Text(nb="regel ikke kjent", en="rule not known"),
}
SLOTS = {
    "value": Text(nb="verdi", en="value"),
    "source": Text(nb="kilde", en="source"),
    "place": Text(nb="sted i kilden", en="place in the source"),
    "how": Text(nb="hvordan lest", en="how it was read"),
    "grade": Text(nb="kildens grad", en="grade of the source"),
    "price_year": Text(nb="prisår", en="price year"),
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


def alike_apart(table: Table, n: int, lang: Lang) -> list[Table]:
    """The schemes that tell companies apart, then those that answer the same for all."""
    nb, whole = lang == "nb", format_number(n, lang, decimals=0)
    apart, alike = [], dict[str, list[str]]()
    for row in table.rows:
        status = next((c.title for c, v in zip(table.columns[1:], row[1:], strict=True)
                       if v == whole), None)  # fmt: skip
        if status is None:
            apart.append(row)
        else:
            alike.setdefault(status, []).append(str(row[0]))
    found = [replace(table, rows=tuple(apart))] if apart else []
    if alike:
        title = (f"Likt svar for alle {whole} bedrifter" if nb
                 else f"The same answer for all {whole} companies")  # fmt: skip
        columns = (Column("Svar" if nb else "Answer"),
                   Column("Ordninger" if nb else "Schemes", "", "right"), Column("Navn" if nb
                                                                               else "Names"))
        rows = tuple((status, str(len(names)), "; ".join(names))
                     for status, names in alike.items())  # fmt: skip
        found.append(Table("alike", title, columns, rows, () if apart else table.notes))
    return found


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
        rows = [(self._name(c.scheme), *self._change(c)) for c in self.reform.changes]
        new = self.say("ny ordning", "new scheme")
        exists = self.say("foreslått ordning som finnes etter reformen",
                          "proposed scheme that exists after the reform")  # fmt: skip
        rows += [(self._name(key), new, "–", "–") for key in self.reform.new]
        rows += [(self._name(key), exists, "–", "–") for key in sorted(self.reform.as_existing)
                 if key not in self.reform.new]  # fmt: skip
        columns = (Column(self.say("Ordning", "Scheme")), Column(self.say("Hva", "What")),
                   Column(self.say("Før", "Before")), Column(self.say("Etter", "After")))
        return Table("changes", self.reform.name.in_(self.lang), columns, tuple(rows))

    def _change(self, change: Change) -> tuple[str, str, str]:
        """What changed in words: a parameter by its name and unit, conditions by their texts."""
        keys = change.key.split(".")
        parameters = self.reform.after[change.scheme].parameters
        parameter = parameters.get(keys[1]) if keys[0] == "parameters" and len(keys) > 1 else None
        if parameter is not None and keys[-1] in SLOTS:
            name = parameter.name.in_(self.lang)
            what = name if keys[-1] == "value" else f"{name}: {SLOTS[keys[-1]].in_(self.lang)}"
            unit = str(parameter.unit) if keys[-1] == "value" and parameter.unit else None
            return what, self._shown(change.before, unit), self._shown(change.after, unit)
        old, new = (self._texts(side) for side in (change.before, change.after))
        if keys[0] == "conditions" and (old or new):
            dropped = "; ".join(t for t in old if t not in new)
            added = "; ".join(t for t in new if t not in old)
            return (self.say("Vilkår", "Conditions"), dropped or "–",
                    added or self.say("faller bort", "falls away"))  # fmt: skip
        return change.key, self._shown(change.before), self._shown(change.after)

    def _texts(self, part: Any) -> list[str]:
        """The texts of the conditions in a part of a file, however deep."""
        if isinstance(part, Mapping):
            own = part.get("text")
            found = [str(own[self.lang])] if isinstance(own, Mapping) else []
            for key, value in part.items():
                if key == "not":
                    found += [self.say("Ikke: ", "Not: ") + t for t in self._texts(value)]
                elif key != "text":
                    found += self._texts(value)
            return found
        if isinstance(part, list | tuple):
            return [t for value in part for t in self._texts(value)]
        return []

    def _shown(self, value: Any, unit: str | None = None) -> str:
        if value is None:
            return "–"
        if isinstance(value, Mapping) and set(value) == {"nb", "en"}:
            value = value[self.lang]
        if isinstance(value, int | float) and not isinstance(value, bool):
            is_share = unit == "1" and value < 1
            if unit is not None:
                return number_words(float(value), unit, self.lang, is_share=is_share)
            return f"{value:g}"
        text = str(value)
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

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
