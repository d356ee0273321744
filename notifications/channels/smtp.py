"""E-mail as an Apprise plugin of our own: it carries ready-made bytes over one connection and knows what became of each."""

from __future__ import annotations

import smtplib
import ssl
from typing import Any

from apprise import NotifyType
from apprise.plugins import NotifyBase

from config.settings import Beveiliging
from notifications.channels.connection import Mailserver, NoConnection, connect, strict_context
from notifications.channels.handover import Afloop, NotGiven, Outcome, Patience, hand_over

__all__ = ["SCHEME", "Afloop", "KaderSMTP", "Outcome", "Patience"]

SCHEME = "kadersmtp"
NOT_TRIED = Outcome(Afloop.LATER, "Het versturen is niet begonnen.")
GOODBYE_SECONDS = 5


class KaderSMTP(NotifyBase):  # type: ignore[no-untyped-call]
    """``kadersmtp://host:port/``; the title is the address of the recipient, the body the whole message in ASCII.

    One object holds one connection, for one thread. ``user`` and ``password`` are taken literally (not unquoted as in an Apprise
    address) and stand in no address, message or log. ``context`` replaces the authorities of this machine. What only the operator
    can mend (a certificate, a refused login) is asked of the server once and then holds until ``close``: asking again for every
    message would lock the account.
    """

    service_name = "Kaderroute e-mail"  # type: ignore[assignment]
    protocol = SCHEME  # type: ignore[assignment]
    request_rate_per_sec = 0
    title_maxlen = 998
    body_maxlen = 50_000_000
    templates = ("{schema}://{host}:{port}",)  # type: ignore[assignment]

    def __init__(
        self,
        afzender: str,
        *,
        beveiliging: Beveiliging = Beveiliging.GEEN,
        user: str = "",
        password: str = "",
        context: ssl.SSLContext | None = None,
        patience: Patience | None = None,
        **kwargs: Any,
    ) -> None:
        # A retry is the outbox's to decide: Apprise would also send again what may have arrived.
        super().__init__(**{**kwargs, "retry": 0})  # type: ignore[no-untyped-call]
        self.afzender = afzender
        self.outcome = NOT_TRIED
        self._mailserver = Mailserver(self.host or "", int(self.port or 25), beveiliging, user, password)
        self._context = context
        self._patience = patience or Patience()
        self._server: smtplib.SMTP | None = None
        self._lasting: NoConnection | None = None

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The address of this channel; it holds no secret."""
        return f"{SCHEME}://{self.host}:{self.port}/"

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **_: Any) -> bool:
        """Hands one message to the mail server; ``outcome`` says what came of it."""
        self.outcome = NOT_TRIED  # Apprise swallows what is raised below; the outcome of the message before must not stand for this one
        self.outcome = self._deliver(title, body.encode("ascii"))
        return self.outcome.afloop is Afloop.VERZONDEN

    def close(self) -> None:
        """Says goodbye to the mail server, and does not wait long for the answer."""
        self._lasting = None
        if self._server is not None:
            try:
                if self._server.sock is not None:
                    self._server.sock.settimeout(GOODBYE_SECONDS)
                self._server.quit()
            except (OSError, smtplib.SMTPException):
                self._drop()
            self._server = None

    def _deliver(self, adres: str, message: bytes) -> Outcome:
        if not _sayable(adres) or not _sayable(self.afzender):
            return Outcome(Afloop.GEWEIGERD, "Het adres is geen e-mailadres.")
        reused = self._server is not None
        try:
            outcome, usable = hand_over(self._connected(), self.afzender, adres, message, self._patience)
        except NoConnection as error:
            self._lasting = error if error.lasting else None
            return Outcome(Afloop.LATER, error.melding)
        except NotGiven as error:
            self._drop()
            if reused and not error.slow:  # servers hang up after some messages or seconds
                return self._deliver(adres, message)
            return error.outcome
        except BaseException:
            self._drop()  # halfway a message: nothing more may be said on this connection
            raise
        if not usable:
            self._drop()
        return outcome

    def _connected(self) -> smtplib.SMTP:
        if self._lasting is not None:
            raise self._lasting
        if self._server is None:
            if self._context is None and self._mailserver.beveiliging is not Beveiliging.GEEN:
                self._context = strict_context()
            self._server = connect(self._mailserver, self._context, self._patience.connect)
        return self._server

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _sayable(adres: str) -> bool:
    """Whether it stands on one line of ASCII, as a command must."""
    return adres.isascii() and adres.isprintable()
