"""Addresses of requests."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.requests import broker_views, link_views, part_views, views

app_name = "requests"
urlpatterns = [
    path("", views.requests, name="list"),
    path("new/", part_views.new, name="new"),
    path("answer/<str:token>/", link_views.answer, name="answer"),
    path("broker/", broker_views.every, name="every"),
    path("broker/contacts/", broker_views.contacts, name="contacts"),
    path("broker/contacts/<int:pk>/remove/", broker_views.remove_contact, name="remove-contact"),
    path("unmet/", broker_views.unmet_need, name="unmet"),
    path("unmet/<int:year>.yaml", broker_views.unmet_download, name="unmet-file"),
    path("<str:reference>/", views.request, name="request"),
    path("<str:reference>/write/<str:part>/", part_views.part, name="part"),
    path("<str:reference>/review/", part_views.review, name="review"),
    path("<str:reference>/delete/", views.delete, name="delete"),
    path("<str:reference>/forward/", views.forward, name="forward"),
    path("<str:reference>/take-over/", broker_views.take_over, name="take-over"),
    path("<str:reference>/close/", views.close, name="close"),
    path("<str:reference>/<int:inquiry>/reply/", views.reply, name="reply"),
    path("<str:reference>/<int:inquiry>/sign/", views.sign, name="sign"),
    path("<str:reference>/<int:inquiry>/revoke/", views.revoke, name="revoke"),
]
