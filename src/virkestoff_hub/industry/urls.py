"""Addresses of the industry's figures."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.industry import views

app_name = "industry"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("published/<str:subject>.<str:kind>", views.published_file, name="published-file"),
    path("statistics/", views.statistics, name="statistics"),
    path("statistics.<str:kind>", views.statistics_file, name="statistics-file"),
    path("projections/", views.projections, name="projections"),
    path("projections.<str:kind>", views.projections_file, name="projections-file"),
]
