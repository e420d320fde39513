"""Addresses of runs."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.runs import views

app_name = "runs"
urlpatterns = [
    path("", views.runs, name="list"),
    path("coverage-report/", views.start_coverage_report, name="start-coverage-report"),
    path("<uuid:run>/", views.run, name="run"),
    path("<uuid:run>/cancel/", views.cancel, name="cancel"),
    path("<uuid:run>/<str:name>", views.file, name="file"),
]
