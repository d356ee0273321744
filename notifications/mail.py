"""The message as it travels: the same row of the outbox always gives the same bytes.

The bytes are assembled here, because building them with `EmailMessage` takes longer than all the rest of sending. A test builds every
message both ways and finds the same headers and bodies.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from collections.abc import Mapping
from datetime import datetime
from email.charset import SHORTEST, Charset
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime
from functools import lru_cache
from hashlib import sha256
from textwrap import wrap
from typing import Any

from dossiers.outbox import Bericht
from notifications.render import Rendered

WIDTH = 76
"""The length of a line in a header or body; only what cannot be broken is longer, to 998 (RFC 5322, 2.1.1)."""
LONGEST_ADDRESS = 254
ITEM = "inbrengmoment.ics"
# One of our own: Apprise changes the encoding of all headers in a process once its e-mail plugin is there.
_UTF8 = Charset("utf-8")
_UTF8.header_encoding = SHORTEST


def message_id(stelsel: str, bericht: Bericht, mail_id: str | None = None) -> str:
    """The Message-ID of this message; a retry is the same mail. ``mail_id`` names the mail in which several messages travel."""
    return f"<{_digest(stelsel, mail_id or str(bericht.key))}@{_domain(bericht)}>"


def build(stelsel: str, bericht: Bericht, rendered: Rendered, adres: str, mail_id: str | None = None) -> bytes:
    """RFC 5322 bytes, ASCII only, for one recipient; ``mail_id`` as in `message_id`.

    With an agenda in ``rendered`` its calendar item is attached; ``afmelden`` in the context (mailto, and https or None) becomes
    List-Unsubscribe. Raises ValueError for an address that is none and for a value that no header can hold.
    """
    context = bericht.context
    naam, key = str(context["afzender_naam"]), mail_id or str(bericht.key)
    thread = f"<{_digest(stelsel, bericht.key.slug, bericht.key.ontvanger)}@{_domain(bericht)}>"
    headers = [
        _mailbox("From", naam, str(context["afzender"])),
        _mailbox("To", str(context["ontvanger_naam"]), adres),
        f"Reply-To: {_addr_spec(str(context['antwoord_aan']))}",
        _words("Subject", rendered.onderwerp),
        f"Date: {format_datetime(datetime.fromisoformat(bericht.aangemaakt))}",
        f"Message-ID: {message_id(stelsel, bericht, mail_id)}",
        f"References: {thread}",
        _after(_words("List-Id", naam), f"<{_token(context['lijst_id'])}>"),
        *_unsubscribe(context.get("afmelden")),
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        f"X-Kader-Dossier: {_token(bericht.key.slug)}",
        f"X-Kader-Soort: {_token(bericht.key.soort)}",
        "MIME-Version: 1.0",
    ]
    body = _multipart("alternative", _digest(stelsel, key, "deel"), _text("plain", rendered.tekst), _text("html", rendered.html))
    if rendered.agenda is not None:
        item = _item(stelsel, bericht, rendered.agenda)
        body = _multipart("mixed", _digest(stelsel, key, "geheel"), b"\r\n\r\n".join(body), item)
    return b"\r\n".join(["\r\n".join(headers).encode("ascii"), body[0], b"Content-Language: nl", b"", body[1]])


def _text(subtype: str, text: str) -> bytes:
    lines = b"\r\n".join(text.encode().splitlines())
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode("ascii") + b2a_qp(lines + b"\r\n", istext=True)


def _item(stelsel: str, bericht: Bericht, agenda: Mapping[str, Any]) -> bytes:
    from notifications.kalenderitem import kalenderitem  # icalendar is slow to import and most commands never need it

    context, dossier = bericht.context, bericht.key.slug
    item = kalenderitem(
        agenda,
        stelsel=stelsel,
        dossier=dossier,
        url=f"{context['website']}/dossier/{dossier}",
        afzender=str(context["afzender"]),
        antwoord_aan=_addr_spec(str(context["antwoord_aan"])),
    )
    lines = [b2a_base64(item[start : start + 57], newline=False) for start in range(0, len(item), 57)]
    head = (
        f'Content-Type: text/calendar; charset="utf-8"; method="PUBLISH";\r\n name="{ITEM}"\r\n'
        f'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="{ITEM}"\r\n\r\n'
    )
    return head.encode("ascii") + b"\r\n".join(lines) + b"\r\n"


def _multipart(subtype: str, digest: str, *parts: bytes) -> tuple[bytes, bytes]:
    """The header and the body. No encoded line can hold the boundary: quoted-printable writes = as =3D, base64 has no _."""
    boundary = f"=_{digest[:40]}"
    edge = f"--{boundary}".encode("ascii")
    body = b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"
    return f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"'.encode("ascii"), body


@lru_cache(maxsize=4096)
def _words(header: str, text: str) -> str:
    """A header of plain words, encoded where ASCII or the length of a line does not allow them."""
    text = _literal(text)
    if len(text.splitlines()) > 1:
        raise ValueError("a line end in a header")
    return _folded(f"{header}: {text}") if _is_plain(text) else f"{header}: {_encoded(header, text)}"


@lru_cache(maxsize=4096)
def _mailbox(header: str, naam: str, adres: str) -> str:
    """A header of one name and its address."""
    naam, adres = _literal(naam), _addr_spec(adres)
    if len(naam.splitlines()) > 1:
        raise ValueError("a line end in a name")
    if not naam:
        return f"{header}: {adres}"
    if not _is_plain(naam):
        phrase = f"{header}: {_encoded(header, naam)}"
    elif re.fullmatch(r"[A-Za-z0-9'/+ -]+", naam):
        phrase = _folded(f"{header}: {naam}")
    else:
        phrase = _folded(f'{header}: "' + re.sub(r'(["\\])', r"\\\1", naam) + '"')
    return _after(phrase, f"<{adres}>")


def _is_plain(text: str) -> bool:
    words = text.split(" ")
    return re.fullmatch(r"[ -~]+", text) is not None and all(words) and max(map(len, words)) <= WIDTH // 2


def _folded(line: str) -> str:
    return "\r\n ".join(wrap(line, WIDTH - 1, break_long_words=False, break_on_hyphens=False))


def _encoded(header: str, text: str) -> str:
    return Header(text, _UTF8, maxlinelen=WIDTH, header_name=header).encode(linesep="\r\n")


def _after(line: str, last: str) -> str:
    fits = len(line.rpartition("\r\n")[2]) + 1 + len(last) <= WIDTH
    return f"{line} {last}" if fits else f"{line}\r\n {last}"


def _unsubscribe(afmelden: object) -> list[str]:
    """Where to unsubscribe (RFC 2369), and that a mail program may do so at one press (RFC 8058)."""
    if not isinstance(afmelden, Mapping):
        return []
    mailto, https = str(afmelden["mailto"]), afmelden.get("https")
    urls = [mailto if mailto.startswith("mailto:") else f"mailto:{mailto}", *([str(https)] if https else [])]
    if not all(re.fullmatch(r"[!#-;=?-~]{1,990}", url) for url in urls):
        raise ValueError("no address to unsubscribe at that a header can hold")
    one_click = urls[-1].startswith("https://")
    # Each whole, on a line of its own: a mail program that finds an address folded or encoded cannot follow it.
    lines = ["List-Unsubscribe: " + ",\r\n ".join(f"<{url}>" for url in urls)]
    return [*lines, "List-Unsubscribe-Post: List-Unsubscribe=One-Click"] if one_click else lines


@lru_cache(maxsize=4096)
def _addr_spec(adres: str) -> str:
    if len(adres) > LONGEST_ADDRESS or not re.fullmatch(r"[!-~]+@[!-~]+", adres):
        raise ValueError("no address, or one outside ASCII that needs SMTPUTF8")
    if re.fullmatch(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", adres):
        return adres
    try:
        return Address(addr_spec=adres).addr_spec
    except MessageError as error:
        raise ValueError(str(error)) from error


def _token(value: object) -> str:
    if not re.fullmatch(r"[!-~]{1,900}", str(value)):
        raise ValueError("a name in a header that is no plain word")
    return str(value)


def _literal(text: str) -> str:
    # The stdlib decodes what looks like an encoded word in a new header, and a line end in there begins a header of its own.
    return text.replace("=?", "= ?")


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:48]


def _domain(bericht: Bericht) -> str:
    return str(bericht.context["afzender"]).rpartition("@")[2]
