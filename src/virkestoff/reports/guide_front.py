"""Page 1 of an answer: what can be had now, what is near, what to find out, days to keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from virkestoff.instruments.guide import Answer, Entry
from virkestoff.instruments.wording import amount_words
from virkestoff.language import Lang, format_date
from virkestoff.reports.document import FrontPage, FrontPart, KeyNumber
from virkestoff.reports.guide_words import deadline_words, opening_words, say, way_words
from virkestoff.reports.runs import Runs, Words

__all__ = ["days_in_words", "guide_front"]

NAMED = 3
"""Schemes, questions and near misses named on page 1."""
SHOWN = 4
"""Schemes that fit, on page 1."""


def guide_front(answer: Answer, lang: Lang) -> FrontPage:
    """Page 1 of the answer."""
    return _Front(answer, lang).page()


def days_in_words(answer: Answer, lang: Lang) -> tuple[tuple[date, Runs], ...]:
    """The days to keep; schemes with one meaning on one day stand together."""
    groups = {e.id: e.group for e in answer.entries}
    together: dict[tuple[date, str], list[str]] = {}
    for d in answer.deadlines:
        what = deadline_words(d, lang, groups[d.scheme])
        name = answer.engine.library[d.scheme].name.in_(lang)
        together.setdefault((d.day, what), []).append(name)
    return tuple(
        (day, (Words(format_date(day, lang), strong=True), Words(f": {what}: {', '.join(names)}.")))
        for (day, what), names in together.items()
    )


class _Front:
    def __init__(self, answer: Answer, lang: Lang) -> None:
        self.answer, self.lang = answer, lang
        self.vocabulary = answer.engine.vocabulary

    def say(self, nb: str, en: str) -> str:
        return say(self.lang, nb, en)

    def names(self, entries: Sequence[Entry]) -> str:
        """The first names, and how many more there are."""
        shown = ", ".join(e.name.in_(self.lang) for e in entries[:NAMED])
        more = len(entries) - NAMED
        return shown + (self.say(f" og {more} til", f" and {more} more") if more > 0 else "")

    def more(self, n_all: int, n_shown: int) -> tuple[Runs, ...]:
        """That there are more than what page 1 shows."""
        n = n_all - n_shown
        if n <= 0:
            return ()
        return ((Words(self.say(f"{n} til står lenger bak.", f"{n} more stand further on.")),),)

    def page(self) -> FrontPage:
        group = self.answer.in_group
        fits = group("now", "person")
        undecided, near, asked = group("undecided"), group("near"), group("ask")
        day, n = format_date(self.answer.on, self.lang), len(self.answer.entries)
        keys = (
            KeyNumber(str(len(fits)), self.say("ordninger der vilkårene er oppfylt",
                                               "schemes whose conditions are met"),
                      self.say(f"{len(group('person'))} av dem må vurderes av forvalteren",
                               f"{len(group('person'))} of them need the provider's judgement")),
            KeyNumber(str(len(undecided)), self.say("ordninger som opplysninger avgjør",
                                                    "schemes that facts decide"),
                      self.say(f"og {len(asked)} der ordningens egne vilkår ikke er funnet",
                               f"and {len(asked)} where the scheme's own terms were not found")),
            KeyNumber(str(len(near)), self.say("ordninger som er nær", "schemes that are near"),
                      self.say("en endring eller to, eller tid, ville være nok",
                               "a change or two, or time, would do") if near
                      else self.say("ingen", "none")),
        )  # fmt: skip
        return FrontPage(
            question=self.say(
                f"Hvilke av {n} ordninger kan foretaket få {day}, hvor mye, og hvorfor ikke?",
                f"Which of {n} schemes can the enterprise get on {day}, how much, and why not?",
            ),
            answer=self.answer_runs(fits, undecided),
            key_numbers=keys, who_pays=(), not_known=self.not_known(asked),
            has_mark_note=False, parts=self.parts(fits, near),
        )  # fmt: skip

    def parts(self, fits: Sequence[Entry], near: Sequence[Entry]) -> tuple[FrontPart, ...]:
        """What can be had, what is near, what to find out, and days to keep, where there are."""
        fits = sorted(fits, key=lambda e: e.result.amount is None)  # money first
        questions = self.answer.questions[:NAMED]
        days = days_in_words(self.answer, self.lang)
        found = [
            FrontPart(self.say("Dette kan foretaket søke eller bruke nå",
                               "What the enterprise can apply for or use now"),
                      (*map(self.fit, fits[:SHOWN]), *self.more(len(fits), SHOWN))),
            FrontPart(self.say("Nesten: dette skal til", "Nearly: what it would take"),
                      (*map(self.near, near[:NAMED]), *self.more(len(near), NAMED))),
            FrontPart(self.say("Finn ut av dette først", "Find this out first"),
                      tuple((Words(f"{q.term.question.in_(self.lang)} "
                                   f"{self.say('Spør', 'Ask')} {q.term.ask.in_(self.lang)}. "),
                             Words(self.decides(len(q.schemes)), emphasis=True))
                            for q in questions), ordered=True),
            FrontPart(self.say("Dager å merke seg", "Days to keep"),
                      (*(runs for _, runs in days[:NAMED]), *self.more(len(days), NAMED))),
        ]  # fmt: skip
        return tuple(part for part in found if part.items)

    def decides(self, n: int) -> str:
        if n == 1:
            return self.say("Angår 1 uavklart ordning.", "Concerns 1 undecided scheme.")
        return self.say(f"Angår {n} uavklarte ordninger.", f"Concerns {n} undecided schemes.")

    def fit(self, entry: Entry) -> Runs:
        """Name, provider, what it gives, when, and whether somebody judges."""
        result = entry.result
        words = [result.scheme.provider.in_(self.lang), amount_words(result.amount, self.lang),
                 opening_words(entry, self.lang)]  # fmt: skip
        if entry.group == "person":
            words.append(self.say("forvalteren vurderer søknaden", "the provider judges"))
        return (Words(entry.name.in_(self.lang), strong=True),
                Words(f": {'; '.join(w for w in words if w)}."))  # fmt: skip

    def near(self, entry: Entry) -> Runs:
        """Name and the nearest way."""
        way = way_words(entry, self.vocabulary, self.lang)[0]
        return Words(entry.name.in_(self.lang), strong=True), Words(f": {way}.")

    def answer_runs(self, fits: Sequence[Entry], undecided: Sequence[Entry]) -> Runs:
        if fits:
            text = self.say("Vilkårene som er skrevet ned, er oppfylt for ",
                            "The conditions that are written down are met for ")  # fmt: skip
            runs: Runs = (Words(text), Words(self.names(fits), strong=True), Words("."))
        else:
            runs = (Words(self.say("Ingen ordning er avklart som oppfylt ennå.",
                                   "No scheme is settled as met so far.")),)  # fmt: skip
        if undecided:
            n = len(undecided)
            some = self.say("til" if fits else "ordninger", "more" if fits else "schemes")
            text = self.say(f" {n} {some} kan bli det når opplysninger kommer på plass",
                            f" {n} {some} may be, once facts are in place")  # fmt: skip
            if self.answer.questions:
                first = self.answer.questions[0]
                asked = first.term.question.in_(self.lang)
                text += self.say(f"; ett spørsmål, «{asked}», angår {len(first.schemes)} av dem",
                                 f"; one question, “{asked}”, concerns "
                                 f"{len(first.schemes)} of them")  # fmt: skip
            runs += (Words(text + "."),)
        return runs

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
