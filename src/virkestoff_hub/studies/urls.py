"""Addresses of studies; ``results/published/`` is the run that everybody may read."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.studies import change_views, compare_views, views

app_name = "studies"
_RUN = "<slug:study>/results/<str:run>/"
urlpatterns = [
    path("", views.studies, name="list"),
    path("<slug:study>/", views.study, name="study"),
    path("<slug:study>/change/", change_views.change, name="change"),
    path("<slug:study>/compare/", compare_views.compare, name="compare"),
    path(_RUN, views.chapter, name="result"),
    path(f"{_RUN}chapters/<slug:chapter>/", views.chapter, name="chapter"),
    path(f"{_RUN}numbers/<str:name>/", views.number, name="number"),
    path(f"{_RUN}facts/<str:fact>/", views.fact, name="fact"),
    path(f"{_RUN}explain/", compare_views.explain, name="explain"),
    path(f"{_RUN}files/<str:name>", views.file, name="file"),
]
