"""Addresses of accounts."""

from __future__ import annotations

from django.urls import path

from virkestoff_hub.accounts import administration, views

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("second-factor/", views.second_factor, name="second-factor"),
    path("second-factor/picture.svg", views.picture, name="second-factor-picture"),
    path("password/", views.password, name="password"),
    path("data.json", views.export, name="export"),
    path("delete/", views.delete, name="delete"),
    path("users/", administration.users, name="users"),
    path("users/add/", administration.add_user, name="add-user"),
    path("users/<int:pk>/", administration.user, name="user"),
    path("trail/", administration.trail, name="trail"),
]
