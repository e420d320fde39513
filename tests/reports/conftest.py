"""A synthetic report in both languages. Every figure in it is made up, and it says so."""

from __future__ import annotations

from datetime import date

import pytest

from virkestoff.language import Lang, format_number
from virkestoff.reports import figures as f
from virkestoff.reports.document import (
    Bullets,
    Callout,
    Citation,
    Column,
    CrossReference,
    Document,
    Figure,
    FrontPage,
    KeyNumber,
    Link,
    Number,
    Paragraph,
    Reference,
    Section,
    Table,
    Words,
)

NAMES = {
    "nb": (
        "I dag: import med vedtatte lagerplikter",
        "Ferdigvare på lager i tillegg til vedtatte plikter",
        "Virkestoff på lager med stående avtale om ferdigproduksjon",
        "Inntektsgaranti i anbud med sikkerhetskrav og flere vinnere",
        "Kapasitetsavtale med europeisk produsent",
        "Ferdigproduksjon i Norge av importert virkestoff, nytt anlegg",
        "Ferdigproduksjon i beredskap ved eksisterende anlegg",
        "Virkestoff og ferdigvare i Norge, norsk marked",
        "Virkestoff og ferdigvare i Norge, nordisk marked",
        "Virkestoff og ferdigvare i Norge, EØS-markedet",
    ),
    "en": (
        "Today: import with the adopted stock duties",
        "Finished product in stock in addition to adopted duties",
        "Active substance in stock with a standing finishing contract",
        "Income guarantee by tender with security criteria and several winners",
        "Capacity contract with a European manufacturer",
        "Finished forms in Norway from imported substance, greenfield",
        "Finished forms on standby at an existing site",
        "Substance and finished forms in Norway, Norwegian market",
        "Substance and finished forms in Norway, Nordic market",
        "Substance and finished forms in Norway, EEA market",
    ),
}
MID = (0.0, 41.0, 63.0, 118.0, 205.0, 640.0, 390.0, 2350.0, 3120.0, 4870.0)


def _say(lang: Lang, nb: str, en: str) -> str:
    return nb if lang == "nb" else en


def _figures(lang: Lang) -> tuple[Figure, ...]:
    def say(nb: str, en: str) -> str:
        return _say(lang, nb, en)

    names = NAMES[lang]
    money = say("millioner kroner (2025)", "NOK million (2025)")
    source = say("Syntetiske tall laget for prøving", "Synthetic figures made for testing")
    three = (Column("P10", "", "right"), Column("P50", "", "right"), Column("P90", "", "right"))
    intervals = [
        f.Interval(n, m * 0.6, m, m * 1.7, i == 0)
        for i, (n, m) in enumerate(zip(names, MID, strict=True))
    ]
    cost_rows = tuple((i.label, i.low, i.mid, i.high) for i in intervals)
    parts = (
        say("Investering", "Investment"),
        say("Råvarer og energi", "Materials and energy"),
        say("Bemanning", "Staff"),
        say("Kvalitet og regulatorisk arbeid", "Quality and regulatory work"),
        say("Lager", "Stock"),
    )
    stacks = [
        f.Parts(n, {p: m * s for p, s in zip(parts, (0.4, 0.2, 0.2, 0.15, 0.05), strict=True)})
        for n, m in zip(names[1:], MID[1:], strict=True)
    ]
    xs = (5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 400.0)
    one = tuple(4000 * (x / 5) ** -0.55 + 300 for x in xs)
    two = tuple(5200 * (x / 5) ** -0.62 + 260 for x in xs)
    curves = [
        f.Line(say("Eksisterende anlegg", "Existing site"), xs, one,
               tuple(v * 0.7 for v in one), tuple(v * 1.4 for v in one)),
        f.Line(say("Nytt anlegg", "Greenfield"), xs, two,
               tuple(v * 0.7 for v in two), tuple(v * 1.5 for v in two)),
        f.Line(say("Importpris", "Import price"), xs, (250.0,) * 7, is_reference=True),
    ]  # fmt: skip
    swings = [
        f.Swing(say("Titer ved høsting", "Titre at harvest"), 2900, 1500),
        f.Swing(say("Andel av markedet som vinnes", "Share of the market won"), 3400, 1650),
        f.Swing(say("Investering per kubikkmeter fermentor", "Investment per m3"), 1700, 2700),
        f.Swing(say("Batcher som slår feil", "Batches that fail"), 2050, 2300),
        f.Swing(say("Strømpris", "Electricity price"), 2100, 2200),
    ]
    steps = [
        f.Step(say("Arealplan og utslippstillatelse", "Zoning and discharge permit"),
               0, 18, 12, 30),
        f.Step(say("Prosjektering og bygging", "Engineering and construction"), 12, 42, 36, 54),
        f.Step(say("Kvalifisering og tre valideringsbatcher",
                   "Qualification and three validation batches"), 40, 54, 48, 70),
        f.Step(say("Stabilitetsdata og endringssøknad", "Stability data and variation"),
               50, 64, 58, 84),
        f.Step(say("Første salgbare pakning", "First saleable pack"), 66, 66, 60, 88, True),
    ]  # fmt: skip
    price = tuple(float(v) for v in range(0, 401, 50))
    gain = tuple(v * 0.9 - 140 for v in price)
    threshold = f.threshold_chart(
        [f.Line(say("Netto nytte", "Net benefit"), price, gain,
                tuple(v - 60 for v in gain), tuple(v + 50 for v in gain))],
        [(140 / 0.9, say("Lønner seg over 156 kr per pakning", "Pays above NOK 156 per pack"))],
        say("Kroner per pakning (2025)", "NOK per pack (2025)"), money)  # fmt: skip
    label = (Column(say("Alternativ", "Alternative")),)
    return (
        Figure(
            "net-cost",
            say("Lager er det rimeligste, egen virkestoffproduksjon koster mest",
                "Stock is cheapest, own substance production costs most"),
            say("Netto nåverdi av kostnad, ", "Net present cost, ") + money,
            say("Stolper fra P10 til P90 for ti alternativer; kostnaden stiger nedover.",
                "Bars from P10 to P90 for ten alternatives; cost rises downwards."),
            f.interval_chart(intervals, money, lang),
            (*label, *three), cost_rows, source),
        Figure(
            "parts", say("Investeringen utgjør to femdeler", "Investment is two fifths"), money,
            say("Stablede stolper for ni alternativer.", "Stacked bars for nine alternatives."),
            f.parts_chart(stacks, money, lang),
            (*label, *(Column(p, "", "right") for p in parts)),
            tuple((s.label, *s.amounts.values()) for s in stacks), source),
        Figure(
            "scale",
            say("Enhetskostnaden faller med volumet, men når ikke importprisen",
                "Unit cost falls with volume and does not reach the import price"),
            say("Kroner per kilo (2025), bånd P10–P90", "NOK per kg (2025), band P10–P90"),
            say("To fallende kurver over en vannrett importpris.",
                "Two falling curves above a level import price."),
            f.line_band_chart(
                curves, say("Tonn per år", "Tonnes per year"),
                say("Kroner per kilo", "NOK per kg"), log_x=True, log_y=True,
                marks=((13, say("Norge", "Norway")), (62, say("Norden", "Nordic")),
                       (175, say("EU og EØS", "EU and EEA")))),
            (Column(say("Tonn per år", "Tonnes per year"), "", "right"),
             *(Column(c.label, "", "right") for c in curves)),
            tuple(zip(xs, one, two, curves[2].mid, strict=True)), source),
        Figure(
            "ranking",
            say("Markedsandelen avgjør mest, deretter titeren",
                "The share won decides most, then titre"),
            say("Enhetskostnad, kroner per kilo (2025)", "Unit cost, NOK per kg (2025)"),
            say("Fem usikre forhold rangert etter utslag.", "Five uncertainties ranked by swing."),
            f.ranking_chart(swings, 2150, say("Kroner per kilo", "NOK per kg"), lang,
                            low_high=(say("ved lav verdi", "at the low value"),
                                      say("ved høy verdi", "at the high value"))),
            (Column(say("Forhold", "Input")), Column(say("Lav", "Low"), "", "right"),
             Column(say("Høy", "High"), "", "right")),
            tuple((s.label, s.at_low, s.at_high) for s in swings), source),
        Figure(
            "timeline",
            say("Første salgbare pakning kommer etter fem til sju år",
                "The first saleable pack comes after five to seven years"),
            say("Måneder fra vedtak, spenn P10–P90", "Months from decision, span P10–P90"),
            say("Fem steg langs en tidsakse.", "Five steps along a time axis."),
            f.timeline_chart(steps, say("Måneder", "Months"), lang),
            (Column(say("Steg", "Step")), Column(say("Start", "Start"), "", "right"),
             Column(say("Slutt", "End"), "", "right")),
            tuple((s.label, s.start, s.end) for s in steps), source),
        Figure(
            "threshold",
            say("Egen ferdigproduksjon lønner seg bare over 156 kr per pakning",
                "Own finishing pays only above NOK 156 per pack"), money,
            say("En stigende kurve krysser null.", "A rising curve crosses zero."),
            threshold,
            (Column(say("Kroner per pakning", "NOK per pack"), "", "right"),
             Column(say("Netto nytte", "Net benefit"), "", "right")),
            tuple(zip(price, gain, strict=True)), source),
    )  # fmt: skip


def _front(lang: Lang) -> FrontPage:
    def say(nb: str, en: str) -> str:
        return _say(lang, nb, en)

    cost = Number("buffer.net_cost", format_number(41, lang), "assumption",
                  say("Utfall av studien", "Outcome of the study"))  # fmt: skip
    return FrontPage(
        question=say(
            "Hvordan kan Norge sikre smalspektret antibiotika, i hvilken skala og til hvilken "
            "kostnad? (Syntetisk prøvedokument)",
            "How can Norway secure narrow-spectrum antibiotics, at which scale and at what cost? "
            "(Synthetic test document)",
        ),
        answer=(
            Words(say("Et lager av ferdigvare er rimeligst, om lag ",
                      "A stock of finished product is cheapest, about ")),
            cost,
            Words(say(" millioner kroner. Egen virkestoffproduksjon når ikke importprisen i noe "
                      "marked vi har regnet på.",
                      " NOK million. Own substance production does not reach the import price in "
                      "any market studied.")),
        ),
        key_numbers=(
            KeyNumber(say("41 mill. kr", "NOK 41 million"),
                      say("netto nåverdi av kostnad ved ferdigvarelager",
                          "net present cost of a finished stock"),
                      say("trolig mellom 25 og 70", "likely between 25 and 70"), "assumption"),
            KeyNumber(say("2,4 mrd. kr", "NOK 2.4 billion"),
                      say("investering i virkestoffanlegg for Norge",
                          "investment in a substance plant for Norway"),
                      say("trolig mellom 1,4 og 4,0", "likely between 1.4 and 4.0")),
            KeyNumber(say("66 måneder", "66 months"),
                      say("til første salgbare pakning", "to the first saleable pack"),
                      say("trolig mellom 60 og 88", "likely between 60 and 88"), "unverified"),
        ),
        who_pays=(Words(say("Staten bærer om lag to tredeler gjennom helseforetakene.",
                            "The state carries about two thirds through the hospitals.")),),
        not_known=(
            (Words(say("Ingen innkjøpspris er lest; vi oppgir terskler og ikke lønnsomhet.",
                       "No purchase price has been read; thresholds are given, not profit.")),),
            (Words(say("Industrielle titere er forretningshemmeligheter.",
                       "Industrial titres are trade secrets.")),),
        ),
    )  # fmt: skip


def _tables(lang: Lang) -> tuple[Table, Table]:
    def say(nb: str, en: str) -> str:
        return _say(lang, nb, en)

    money = say("mill. kr (2025)", "NOK million (2025)")
    wide = Table(
        "alternatives",
        say("Ti alternativer side om side", "Ten alternatives side by side"),
        (
            Column(say("Alternativ", "Alternative")),
            Column(say("Investering", "Investment"), money, "right"),
            Column(say("Enhetskostnad", "Unit cost"), say("kr per kg", "NOK per kg"), "right"),
            Column(say("Netto kostnad for staten", "Net cost to the state"), money, "right"),
            Column(say("Årsverk", "Staff"), say("årsverk", "person-years"), "right"),
            Column(say("Tid til første pakning", "Time to first pack"), say("mnd.", "months"),
                   "right"),
        ),
        tuple(
            (n, m * 0.4, None if i == 0 else 2200 + m, m * 1.2345, i * 12, 60 + i)
            for i, (n, m) in enumerate(zip(NAMES[lang], MID, strict=True))
        ),
        (say("Medianer. Strek betyr at utfallet ikke er definert.",
             "Medians. A dash means that the outcome is not defined."),),
        say("Syntetiske tall laget for prøving", "Synthetic figures made for testing"),
    )  # fmt: skip
    demands = Table(
        "demands",
        say("Oppdragets krav og hvor de er besvart", "Demands of the commission, and the answers"),
        (Column(say("Krav", "Demand")), Column(say("Sted", "Place")),
         Column(say("Besvart i", "Answered in"))),
        (
            (say("Kostnad ved tre skalaer", "Cost at three scales"), "s. 4",
             (CrossReference("scale"),)),
            (say("Bærekraftig produksjon", "Sustainable production"), "s. 5",
             say("Åpent: ikke besvart", "Open: not answered")),
        ),
    )  # fmt: skip
    return wide, demands


def synthetic_document(lang: Lang) -> Document:
    """The synthetic report in ``lang``: ten alternatives, six figures, long labels."""

    def say(nb: str, en: str) -> str:
        return _say(lang, nb, en)

    cost, parts, scale, ranking, timeline, threshold = _figures(lang)
    wide, demands = _tables(lang)
    titre = Number("fact:production.penicillin.titre", format_number(45, lang), "read",
                   "Elander 2003, abstract")  # fmt: skip
    text = Paragraph((
        Words(say("Kostnadene står i ", "The costs stand in ")), CrossReference("net-cost"),
        Words(say(" og ", " and ")), CrossReference("alternatives"),
        Words(say(". Titeren er satt til ", ". Titre is set to ")), titre,
        Words(" g/L "), Citation("elander_2003", say("sammendraget", "abstract")),
        Words(say(". Se også ", ". See also ")), Link("example.org", "https://example.org/a?b=1&c=2"),
        Words(". "), Words(say("Dette er viktig.", "This matters."), strong=True),
    ))  # fmt: skip
    bullets = Bullets((
        (Words(say("Faste kostnader forsvinner ikke med skala",
                   "Scale does not remove fixed costs")),),
        (Words(say("En batch gir om lag tre tonn", "One batch gives about three tonnes")),
         Words(say(" (syntetisk)", " (synthetic)"), emphasis=True)),
    ))  # fmt: skip
    warning = Callout(
        say("Beredskapsverdien er ikke med", "Preparedness is not valued"),
        (Words(say("Resultatet er netto kostnad og er ikke rangert.",
                   "The result is a net cost and is not ranked.")),),
        "warning",
    )  # fmt: skip
    return Document(
        title=say("Smalspektret antibiotika: hva koster egen produksjon?",
                  "Narrow-spectrum antibiotics: what does own production cost?"),
        subtitle=say("Syntetisk prøvedokument", "Synthetic test document"),
        lang=lang,
        as_of=date(2026, 11, 1),
        front=_front(lang),
        sections=(
            Section("problem", say("Hva er problemet, og hva vil vi oppnå?",
                                   "What is the problem, and what is the aim?"), (text, bullets)),
            Section("costs", say("Kostnader og virkninger", "Costs and effects"),
                    (warning, cost, wide)),
            Section("cost-parts", say("Hva kostnaden består av", "What the cost consists of"),
                    (parts, scale), level=2),
            Section("uncertainty", say("Usikkerhet", "Uncertainty"),
                    (ranking, timeline, threshold)),
            Section("demands-met", say("Oppdragets krav", "Demands of the commission"),
                    (demands,)),
        ),
        references=(
            Reference("elander_2003", "Industrial production of beta-lactam antibiotics",
                      "Applied Microbiology and Biotechnology", 2003,
                      "https://doi.org/10.1007/s00253-003-1274-y"),
        ),
    )  # fmt: skip


@pytest.fixture(scope="session", params=["nb", "en"])
def document(request: pytest.FixtureRequest) -> Document:
    """The synthetic report, once in each language."""
    return synthetic_document(request.param)


@pytest.fixture(scope="session")
def norwegian() -> Document:
    """The synthetic report in Norwegian."""
    return synthetic_document("nb")
