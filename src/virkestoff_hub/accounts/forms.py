"""Forms of accounts, with words in the reader's language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import get_language

from virkestoff.language import Text
from virkestoff_hub.accounts.models import User
from virkestoff_hub.accounts.permissions import ROLES
from virkestoff_hub.engine import language

__all__ = ["ROLE_WORDS", "CodeForm", "NewUserForm", "SignInForm", "UserForm"]

ROLE_WORDS: dict[str, Text] = {
    "company": Text(nb="bruker i et foretak", en="company user"),
    "provider": Text(nb="eier av utstyr eller anlegg", en="provider of facilities"),
    "broker": Text(nb="megler", en="broker"),
    "analyst": Text(nb="analytiker", en="analyst"),
    "editor": Text(nb="redaktør", en="editor"),
    "administrator": Text(nb="administrator", en="administrator"),
}
_LABELS: dict[str, Text] = {
    "username": Text(nb="Brukernavn", en="User name"),
    "password": Text(nb="Passord", en="Password"),
    "code": Text(nb="Kode", en="Code"),
    "email": Text(nb="E-post", en="E-mail"),
    "role": Text(nb="Rolle", en="Role"),
    "is_active": Text(nb="Kan logge inn", en="May sign in"),
}
_WRONG = Text(
    nb="Brukernavn og passord passer ikke sammen.",
    en="User name and password do not belong together.",
)


def _label(form: Any) -> None:
    lang = language(get_language())
    for name, field in form.fields.items():
        if name in _LABELS:
            field.label = _LABELS[name].in_(lang)


class SignInForm(AuthenticationForm):
    """Name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self)
        wrong = _WRONG.in_(language(get_language()))
        self.error_messages = {"invalid_login": wrong, "inactive": wrong}


class CodeForm(forms.Form):
    """A code of six digits, or one on paper."""

    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self)


def _roles() -> list[tuple[str, str]]:
    lang = language(get_language())
    return [(r, ROLE_WORDS[r].in_(lang).capitalize()) for r in ROLES if r != "visitor"]


class UserForm(forms.ModelForm):
    """What an administrator may change of a user."""

    role = forms.ChoiceField(choices=_roles)

    class Meta:
        model = User
        fields = ("email", "role", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self)
        self.fields["is_active"].help_text = ""


class NewUserForm(forms.ModelForm):
    """A new user; the password is made by the site and shown once."""

    role = forms.ChoiceField(choices=_roles)

    class Meta:
        model = User
        fields = ("username", "email", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _label(self)
        self.fields["username"].help_text = ""

    def clean_username(self) -> str:
        """A name that nobody has, in whatever letters."""
        name = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exists():
            is_norwegian = language(get_language()) == "nb"
            raise forms.ValidationError(
                "Brukernavnet er tatt." if is_norwegian else "The user name is taken."
            )
        return name
