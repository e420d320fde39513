"""The register: vocabulary, providers, gaps and windows, read and checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from virkestoff.errors import Fault, InputError, suggest
from virkestoff.facilities.provider import Gap, Provider
from virkestoff.facilities.settings import Settings
from virkestoff.facilities.vocabulary import Vocabulary
from virkestoff.facilities.window import Viewer, Window

__all__ = ["Register"]


@dataclass(frozen=True)
class Register:
    """Everything that a request is matched against.

    Attributes
    ----------
    providers, windows : by id
    names : the name of each provider
    is_synthetic : whether windows of demonstration are among them
    """

    vocabulary: Vocabulary
    providers: Mapping[str, Provider]
    gaps: tuple[Gap, ...]
    settings: Settings
    windows: Mapping[str, Window] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    is_synthetic: bool = False

    @cached_property
    def _lines(self) -> dict[str, tuple[tuple[str, Window], ...]]:
        found: dict[str, list[tuple[str, Window]]] = {}
        for key, window in sorted(self.windows.items()):
            found.setdefault(window.provider, []).append((key, window))
        return {provider: tuple(lines) for provider, lines in found.items()}

    def windows_of(self, provider: str, viewer: Viewer) -> list[tuple[str, Window]]:
        """The lines of a provider that a viewer may see, by id, as the viewer may see them."""
        lines = self._lines.get(provider, ())
        return [(key, w.as_seen_by(viewer)) for key, w in lines if w.is_seen_by(viewer)]

    def provider(self, key: str) -> Provider:
        """The provider with this id.

        Raises
        ------
        InputError
            if there is none.
        """
        if key not in self.providers:
            step = suggest(key, self.providers) or "List them with: virkestoff facilities list"
            raise InputError(Fault(f"provider '{key[:60]}'", "is not in the register",
                                   next_step=step))  # fmt: skip
        return self.providers[key]

    def name(self, key: str) -> str:
        """The provider's name, or its id."""
        return self.names.get(key, key)

    def chosen(self, does: str = "", country: str = "", kind: str = "") -> dict[str, Provider]:
        """Providers with a capability, in a country, of a kind; an empty choice leaves all."""
        return {
            key: p
            for key, p in self.providers.items()
            if (not does or any(self.vocabulary.covers(c.does, does) for c in p.capabilities))
            and (not country or p.country == country)
            and (not kind or p.kind == kind)
        }
