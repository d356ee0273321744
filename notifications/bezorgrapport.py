"""Delivery reports (RFC 3464): the mail in which a mail server says that a message could not be delivered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from statemachines.errors import Unusable

BIGGEST = 25_000_000
"""In bytes; a report carries the mail that it is about, and mail servers take no bigger one."""

_CODE = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_MEANING = {
    "5.1.1": "het adres bestaat niet",
    "5.1.2": "het domein bestaat niet",
    "5.1.3": "het adres is niet te lezen",
    "5.1.6": "het adres is verhuisd",
    "5.1.10": "het domein neemt geen mail aan",
    "5.2.1": "de mailbox neemt niets aan",
    "5.2.2": "de mailbox is vol",
    "5.7.1": "de mailserver laat het niet toe",
}
_NO_REPORT = "Dit bestand is geen bezorgrapport (RFC 3464); bewaar de mail waarin de mailserver het meldt zelf als .eml."


@dataclass(frozen=True)
class Bezorgmelding:
    """What a report says of one recipient; ``adressen`` as we wrote it and as the mail server knew it, in small letters."""

    adressen: tuple[str, ...]
    actie: str
    code: str

    @property
    def permanent(self) -> bool:
        """Whether trying again is of no use: failed, with a code 5.x.x."""
        return self.actie == "failed" and self.code.startswith("5.")

    @property
    def waarom(self) -> str:
        """What the mail server said, in Dutch and without an address."""
        meaning = _MEANING.get(self.code)
        return f"Bezorgrapport: {self.code or 'geen code'}" + (f", {meaning}." if meaning else ".")


def read_report(raw: bytes) -> tuple[Bezorgmelding, ...]:
    """What a delivery report says of each recipient, in its order. Raises Unusable for anything that is no such report."""
    if len(raw) > BIGGEST:
        raise Unusable(f"Dit bestand is groter dan {BIGGEST // 1_000_000} MB; zo groot is geen bezorgrapport.")
    try:
        status = _delivery_status(message_from_bytes(raw))
    except RecursionError:
        status = None
    if status is None:
        raise Unusable(_NO_REPORT)
    blocks = status.get_payload()
    found = tuple(melding for block in blocks if isinstance(block, Message) and (melding := _melding(block)) is not None)
    if not found:
        raise Unusable("Dit bezorgrapport noemt geen ontvanger met een adres; kijk zelf wat er in de mail staat.")
    return found


def _delivery_status(message: Message) -> Message | None:
    """The part that programs read; the mail that the report is about can hold one too, and does not count."""
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    parts = (part for part in message.get_payload() if isinstance(part, Message))
    return next((part for part in parts if part.get_content_type() == "message/delivery-status" and part.is_multipart()), None)


def _melding(block: Message) -> Bezorgmelding | None:
    adressen = tuple(dict.fromkeys(filter(None, (_adres(block.get(name)) for name in ("Original-Recipient", "Final-Recipient")))))
    if not adressen:
        return None
    code = _CODE.match(str(block.get("Status", "")))
    return Bezorgmelding(adressen, str(block.get("Action", "")).strip().lower(), code.group(1) if code else "")


def _adres(field: object) -> str:
    """The address in ``rfc822; someone@somewhere``; empty for another kind of address."""
    kind, _, adres = str(field or "").partition(";")
    return adres.strip().strip("<>").lower() if kind.strip().lower() in ("rfc822", "utf-8") else ""
