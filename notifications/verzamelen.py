"""What one person hears in one mail, and how that mail is made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from dossiers import adressen, outbox
from dossiers.adressen import Adresregel
from dossiers.outbox import Bericht, Key
from dossiers.teksten import read_teksten
from notifications.render import VERZAMELD, Rendered, named_teksten, render, render_deel, render_together, template_set
from statemachines.berichten import Tempo, known_kinds
from statemachines.stelsel import Stelsel


@dataclass(frozen=True)
class Mail:
    """What travels as one mail: a message, or several for one person."""

    berichten: tuple[Bericht, ...]

    @property
    def eerste(self) -> Bericht:
        """The message to whose recipient it goes."""
        return self.berichten[0]

    @property
    def naam(self) -> str | None:
        """The name that makes its Message-ID; None for a message that always travels alone."""
        return self.eerste.mail

    @property
    def keys(self) -> list[Key]:
        """The keys of its messages."""
        return [bericht.key for bericht in self.berichten]

    @property
    def envelope(self) -> Bericht:
        """The message in whose name the mail goes: the only one, or one of no kind of its own, made when the last of them was."""
        if len(self.berichten) == 1:
            return self.eerste
        slugs = {bericht.key.slug for bericht in self.berichten}
        key = Key(slugs.pop() if len(slugs) == 1 else VERZAMELD, VERZAMELD, self.eerste.key.ontvanger, 0)
        unsubscribe = [bericht.context["afmelden"] for bericht in self.berichten if bericht.context.get("afmelden")]
        context = {**self.eerste.context, "afmelden": unsubscribe[0] if unsubscribe else None}
        return replace(self.eerste, key=key, context=context, aangemaakt=max(bericht.aangemaakt for bericht in self.berichten))


def joined_kinds(stelsel: Stelsel) -> frozenset[str]:
    """The kinds that travel together."""
    return frozenset(soort.slug for soort in known_kinds(stelsel) if soort.tempo is Tempo.VERZAMELD)


def personen(connection: Connection, stelsel: str, kanalen: Mapping[str, str]) -> dict[str, str]:
    """By recipient which person it is: whoever reads at the same address is one. Who is told elsewhere than by mail is one alone."""
    used = (regel for regel in adressen.everyone(connection, stelsel) if regel.ontvanger not in kanalen)
    return {regel.ontvanger: regel.adres.lower() for regel in used if regel.adres is not None and regel.in_use}


def same_person(berichten: Sequence[Bericht], regels: Mapping[str, Adresregel | None]) -> tuple[list[Bericht], list[Bericht]]:
    """The messages that go to the address of the first, and those that meanwhile go elsewhere."""
    places = [None if (regel := regels[b.key.ontvanger]) is None or regel.adres is None else regel.adres.lower() for b in berichten]
    stays = [
        b.key.ontvanger == berichten[0].key.ontvanger or (place is not None and place == places[0])
        for b, place in zip(berichten, places, strict=True)
    ]
    return [b for b, here in zip(berichten, stays, strict=True) if here], [b for b, here in zip(berichten, stays, strict=True) if not here]


class NotMade(Exception):
    """A mail that cannot be made; ``fout`` names the kind of failure."""

    def __init__(self, fout: str) -> None:
        super().__init__(f"Het bericht is niet te maken ({fout}).")
        self.fout = fout


def made(connection: Connection, stelsel: str, mail: Mail) -> Rendered:
    """A mail as its recipient will read it; raises NotMade for one that cannot be made, so that it stops no other."""
    try:
        return preview_mail(connection, stelsel, mail)
    except SQLAlchemyError:
        raise
    except Exception as error:
        # A template of a stelsel is somebody else's program, and may raise anything.
        raise NotMade(type(error).__name__) from error


def preview(connection: Connection, stelsel: str, bericht: Bericht) -> Rendered:
    """A message of the outbox as its recipient will read it."""
    teksten = read_teksten(connection, stelsel, named_teksten(bericht.context))
    return render(outbox.read_sjablonen(connection, stelsel, bericht.sjablonen), bericht.key.soort, bericht.context, teksten)


def preview_mail(connection: Connection, stelsel: str, mail: Mail) -> Rendered:
    """A mail as its recipient will read it."""
    if len(mail.berichten) == 1:
        return preview(connection, stelsel, mail.eerste)
    sets = {b.sjablonen: outbox.read_sjablonen(connection, stelsel, b.sjablonen) for b in mail.berichten}
    delen = []
    for bericht in mail.berichten:
        teksten = read_teksten(connection, stelsel, named_teksten(bericht.context))
        delen.append(render_deel(sets[bericht.sjablonen], bericht.key.soort, bericht.context, teksten))
    around = next((bronnen for bronnen in sets.values() if f"{VERZAMELD}.html.j2" in json.loads(bronnen)), template_set().bronnen)
    said = ("aanhef", "ontvanger_naam", "afzender_naam", "antwoord_aan")
    voorbeeld = any(bericht.context["voorbeeld"] for bericht in mail.berichten)
    return render_together(around, delen, {**{name: mail.eerste.context[name] for name in said}, "voorbeeld": voorbeeld})
