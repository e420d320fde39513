"""Two runs of a study side by side, and two alternatives of a run explained."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from virkestoff.errors import InputError
from virkestoff.language import Lang, Text
from virkestoff_hub.engine import bench, language
from virkestoff_hub.studies.held import places_of, result_of, results_of, study_of
from virkestoff_hub.studies.views import shown_result

__all__ = ["compare", "explain"]


@require_GET
def compare(request: HttpRequest, study: str) -> HttpResponse:
    """Inputs that changed, outcomes that moved beyond noise, and whether the advice changed."""
    lang = language(get_language())
    definition, _ = study_of(study)
    offered = results_of(request.user, study)
    keys = [r.key for r in offered]
    before = request.GET.get("before", "") or (keys[0] if keys else "")
    after = request.GET.get("after", "") or (keys[1] if len(keys) > 1 else "")
    given: dict[str, Any] = {
        "study": study, "title": definition.title.in_(lang), "before": before, "after": after,
        "offered": [(r.key, r.title(lang), bool(r.changes)) for r in offered],
    }  # fmt: skip
    if before and after and before != after:
        a = result_of(request.user, study, before)
        b = result_of(request.user, study, after)
        if a.is_current and b.is_current:
            context = bench().study_context(*b.origin, b.results, lang)
            found, sections = bench().difference_sections(a.results, b.results, context)
            places = places_of(study, b.key, b.origin[1], b.results, lang)
            given |= {"body": bench().fragment(sections, lang, places),
                      "said": _said(found, context, lang)}  # fmt: skip
        else:
            given["is_old"] = True
    return render(request, "hub/studies/compare.html", given)


def _said(found: dict[str, Any], context: Any, lang: Lang) -> list[str]:
    """What changed, in sentences."""
    nb = lang == "nb"
    n_inputs = len(found["facts"]["changed"]) + len(found["levers"])
    n_far = sum(o["beyond_noise"] for o in found["outcomes"])
    n = found["n_compared"]
    said = [
        f"Endrede inndata: {n_inputs}. Utfall som flyttet seg utover støy: {n_far} av {n}." if nb
        else f"Changed inputs: {n_inputs}. Outcomes that moved beyond noise: {n_far} of {n}."
    ]  # fmt: skip
    advised = found["recommendation"]
    if advised["after"]["alternative"] is None:
        is_other = found["ranking"]["changed"]
        said.append(Text(
            nb="Studien anbefaler ikke noe alternativ. Rekkefølgen etter kostnad er "
            + ("endret." if is_other else "uendret."),
            en="The study recommends no alternative. The order by cost "
            + ("changed." if is_other else "did not change."),
        ).in_(lang))  # fmt: skip
        return said
    name = context.alternative_name(advised["after"]["alternative"])
    if advised["after"]["contradicts"]:
        said.append(Text(
            nb=f"Anbefalingen ({name}) følger ikke lenger av sin egen regel med de nye inndataene."
            if not advised["before"]["contradicts"] else
            f"Anbefalingen ({name}) følger i ingen av kjøringene av sin egen regel.",
            en=f"The recommendation ({name}) no longer follows from its own rule."
            if not advised["before"]["contradicts"] else
            f"The recommendation ({name}) follows from its own rule in neither run.",
        ).in_(lang))  # fmt: skip
    else:
        said.append(Text(nb=f"Anbefalingen er uendret: {name}.",
                         en=f"The recommendation is unchanged: {name}.").in_(lang))  # fmt: skip
    if advised["picks_changed"]:
        said.append(Text(nb="Minst én regel velger et annet alternativ; se tabellen.",
                         en="At least one rule picks another alternative; see the table."
                         ).in_(lang))  # fmt: skip
    return said


@require_GET
def explain(request: HttpRequest, study: str, run: str) -> HttpResponse:
    """Why two alternatives differ in net present cost: parts that sum."""
    lang = language(get_language())
    result = result_of(request.user, study, run)
    here = Text(nb="Forklaring", en="Explanation").in_(lang)
    given = {**shown_result(result, lang), "here_words": here}
    if not result.is_current:
        return render(request, "hub/studies/explain.html", given)
    definition, library = result.origin
    names = list(result.results["effects"])
    a = request.GET.get("a", "") or next((n for n in names if n != definition.baseline), names[0])
    b = request.GET.get("b", "") or definition.baseline
    context = bench().study_context(definition, library, result.results, lang)
    given |= {"a": a, "b": b, "names": [(n, context.alternative_name(n)) for n in names],
              "is_same": a == b}  # fmt: skip
    if a != b:
        try:
            sections = bench().explanation_sections(context, a, b)
        except InputError:
            raise Http404 from None
        places = places_of(study, run, library, result.results, lang)
        given["body"] = bench().fragment(sections, lang, places)
    return render(request, "hub/studies/explain.html", given)
