"""The message as it travels: the same row of the outbox always gives the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from dossiers.outbox import Bericht
from notifications.render import Rendered

# At 78 the stdlib folds and encodes long addresses in List-* headers, which breaks them.
_POLICY = SMTP.clone(max_line_length=998)


def message_id(stelsel: str, bericht: Bericht) -> str:
    """The Message-ID of this message; a retry is the same mail."""
    return f"<{_digest(stelsel, str(bericht.key))}@{_domain(bericht)}>"


def build(stelsel: str, bericht: Bericht, rendered: Rendered, adres: str) -> bytes:
    """RFC 5322 bytes, ASCII only, for one recipient. Raises ValueError for an address that is none."""
    context = bericht.context
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_literal(str(context["afzender_naam"])), addr_spec=str(context["afzender"]))
    mail["To"] = _recipient(str(context["ontvanger_naam"]), adres)
    mail["Reply-To"] = str(context["antwoord_aan"])
    mail["Subject"] = _literal(rendered.onderwerp)
    mail["Date"] = datetime.fromisoformat(bericht.aangemaakt)
    mail["Message-ID"] = message_id(stelsel, bericht)
    mail["References"] = f"<{_digest(stelsel, bericht.key.slug, bericht.key.ontvanger)}@{_domain(bericht)}>"
    mail["List-Id"] = _literal(f"{context['afzender_naam']} <{context['lijst_id']}>")
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Kader-Dossier"] = bericht.key.slug
    mail["X-Kader-Soort"] = bericht.key.soort
    mail.set_content(rendered.tekst, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = "nl"
    mail.set_boundary(f"=_{_digest(stelsel, str(bericht.key), 'deel')[:40]}")
    return mail.as_bytes(policy=_POLICY)


def _recipient(naam: str, adres: str) -> Address:
    if not re.fullmatch(r"[!-~]+@[!-~]+", adres):
        raise ValueError("no address, or one outside ASCII that needs SMTPUTF8")
    try:
        return Address(_literal(naam), addr_spec=adres)
    except MessageError as error:
        raise ValueError(str(error)) from error


def _literal(text: str) -> str:
    # The stdlib decodes what looks like an encoded word in a new header, and a line end in there begins a header of its own.
    return text.replace("=?", "= ?")


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:48]


def _domain(bericht: Bericht) -> str:
    return str(bericht.context["afzender"]).rpartition("@")[2]
