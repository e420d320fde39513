"""Addresses of facilities."""

from __future__ import annotations

from functools import partial

from django.urls import path

from virkestoff_hub.facilities import matching, own, own_lines, public, statements, upkeep
from virkestoff_hub.facilities.public import quiet

_private = partial(quiet, is_private=True)
app_name = "facilities"
urlpatterns = [
    path("", quiet(public.providers), name="list"),
    path("map/", quiet(public.tiles), name="map"),
    path("vocabulary/", quiet(public.vocabulary), name="vocabulary"),
    path("provider/<slug:provider>/", quiet(public.provider), name="provider"),
    path("match/", _private(matching.ask), name="ask"),
    path("match/answer/", _private(matching.answer), name="answer"),
    path("mine/", _private(own.mine), name="mine"),
    path("mine/<slug:provider>/", _private(own.provider_page), name="own"),
    path("mine/<slug:provider>/confirm/", _private(own.confirm_all), name="confirm"),
    path("mine/<slug:provider>/statement/add/", _private(statements.add_statement),
         name="add-statement"),
    path("mine/<slug:provider>/statement/<slug:key>/", _private(statements.statement),
         name="statement"),
    path("mine/<slug:provider>/statement/<slug:key>/restore/", _private(statements.restore),
         name="restore"),
    path("mine/<slug:provider>/line/", _private(own_lines.add_line), name="add-line"),
    path("mine/<slug:provider>/line/<slug:line>/", _private(own_lines.change_line), name="line"),
    path("mine/<slug:provider>/line/<slug:line>/remove/", _private(own_lines.remove_line),
         name="remove-line"),
    path("mine/<slug:provider>/windows.xlsx", _private(own_lines.sheet), name="sheet"),
    path("mine/<slug:provider>/upload/", _private(own_lines.upload), name="upload"),
    path("upkeep/", _private(upkeep.due), name="upkeep"),
    path("links/", _private(upkeep.links), name="links"),
    path("still-correct/<str:token>/", _private(upkeep.still_correct), name="still-correct"),
]  # fmt: skip
