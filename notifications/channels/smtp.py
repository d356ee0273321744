"""E-mail as an Apprise plugin of our own: it carries ready-made bytes over one connection and knows what became of each."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from apprise import NotifyType
from apprise.plugins import NotifyBase

SCHEME = "kadersmtp"
CLOSING = 421
"""The server ends the connection and has not taken the message (RFC 5321, 3.8)."""
CONNECT_SECONDS = 30
DATA_SECONDS = 600
"""How long a server may think about a message (RFC 5321, 4.5.3.2.6)."""


class Afloop(Enum):
    """What became of a message."""

    VERZONDEN = "verzonden"
    LATER = "later"
    GEWEIGERD = "geweigerd"
    ONBEKEND = "onbekend"


@dataclass(frozen=True)
class Outcome:
    """What the mail server said, in Dutch with its own code."""

    afloop: Afloop
    melding: str


NOT_TRIED = Outcome(Afloop.LATER, "Het versturen is niet begonnen.")


class KaderSMTP(NotifyBase):  # type: ignore[no-untyped-call]
    """``kadersmtp://host:port/?van=afzender``; the title is the address of the recipient, the body the whole message."""

    service_name = "Kaderroute e-mail"  # type: ignore[assignment]
    protocol = SCHEME  # type: ignore[assignment]
    request_rate_per_sec = 0
    title_maxlen = 998
    body_maxlen = 50_000_000
    templates = ("{schema}://{host}:{port}",)  # type: ignore[assignment]

    def __init__(self, afzender: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        self.afzender = afzender
        self.outcome = NOT_TRIED
        self._server: smtplib.SMTP | None = None

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The address of this channel; it holds no secret."""
        return f"{SCHEME}://{self.host}:{self.port}/"

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_: Any) -> bool:
        """Hands one message to the mail server; ``outcome`` says what came of it."""
        self.outcome = NOT_TRIED  # Apprise swallows what is raised below; the outcome of the message before must not stand for this one
        self.outcome = self._deliver(title, body.rstrip("\r\n").encode("ascii") + b"\r\n")
        return self.outcome.afloop is Afloop.VERZONDEN

    def close(self) -> None:
        """Says goodbye to the mail server."""
        if self._server is not None:
            try:
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._server.close()
            self._server = None

    def _deliver(self, adres: str, message: bytes) -> Outcome:
        reused = self._server is not None
        try:
            server = self._connected()
            for command in (partial(server.mail, self.afzender), partial(server.rcpt, adres), partial(server.docmd, "DATA")):
                code, answer = command()
                if code == CLOSING and reused:
                    self._drop()
                    return self._deliver(adres, message)
                if code not in (250, 251, 354):
                    self._start_over(server)
                    return _refused(code, answer, adres)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if reused:  # servers hang up after some messages or seconds; this message was not given to them yet
                return self._deliver(adres, message)
            return Outcome(Afloop.LATER, f"De mailserver is niet bereikbaar ({type(error).__name__}).")
        try:
            server.send(re.sub(rb"(?m)^\.", b"..", message) + b".\r\n")
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome(Afloop.ONBEKEND, f"De mailserver gaf geen antwoord na het versturen ({type(error).__name__}).")
        return Outcome(Afloop.VERZONDEN, _said(code, answer, adres)) if code == 250 else _refused(code, answer, adres)

    def _start_over(self, server: smtplib.SMTP) -> None:
        """Ready for the next message after a refusal; a server that hangs up then has still refused."""
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = smtplib.SMTP(self.host or "", int(self.port or 25), timeout=CONNECT_SECONDS)
            self._server.ehlo_or_helo_if_needed()
            if self._server.sock is not None:
                self._server.sock.settimeout(DATA_SECONDS)
        return self._server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _refused(code: int, answer: bytes, adres: str) -> Outcome:
    return Outcome(Afloop.GEWEIGERD if 500 <= code < 600 else Afloop.LATER, _said(code, answer, adres))


def _said(code: int, answer: bytes, adres: str) -> str:
    """Without the address that many servers repeat: the outbox keeps no address."""
    text = re.sub(re.escape(adres), "het adres", answer.decode("utf-8", "replace"), flags=re.IGNORECASE)
    return f"{code} {text[:200]}"
