"""A connection with a mail server that is as private as it was asked to be, or no connection at all."""

from __future__ import annotations

import ipaddress
import re
import smtplib
import socket
import ssl
from contextlib import ExitStack
from dataclasses import dataclass, field

from config.settings import Beveiliging

HOST_MISMATCH, IP_MISMATCH, EXPIRED = 62, 64, 10
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\S)")
"""The status of RFC 3463 with which an answer may begin."""


class NoConnection(Exception):
    """There is no connection, for the reason in Dutch; ``lasting`` when only the operator can change that.

    The reason never repeats what the server said to a login: some servers answer with the command that held the password.
    """

    def __init__(self, melding: str, lasting: bool = False) -> None:
        super().__init__(melding)
        self.melding = melding
        self.lasting = lasting


@dataclass(frozen=True)
class Mailserver:
    """Where the mail server is, how the connection is kept private, and who we are there (nobody when ``gebruiker`` is empty)."""

    host: str
    port: int
    beveiliging: Beveiliging = Beveiliging.GEEN
    gebruiker: str = ""
    wachtwoord: str = field(default="", repr=False)


def strict_context() -> ssl.SSLContext:
    """Certificate and host name are verified against the authorities of this machine; TLS 1.2 at least."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def connect(server: Mailserver, context: ssl.SSLContext | None, seconds: float) -> smtplib.SMTP:
    """Greeted, private and logged in; each answer may take ``seconds``. Raises NoConnection, and then nothing stays open."""
    if context is None and server.beveiliging is not Beveiliging.GEEN:
        context = strict_context()  # without one smtplib would verify nothing
    smtp = _reached(server, context, seconds)
    with ExitStack() as failed:
        failed.callback(smtp.close)
        try:
            if smtp.sock is not None:  # else the end of a message waits for the acknowledgement of its beginning
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if server.beveiliging is Beveiliging.STARTTLS:
                _make_private(smtp, context)
            smtp.ehlo_or_helo_if_needed()
            if server.gebruiker:
                _log_in(smtp, server)
        except (OSError, smtplib.SMTPException) as error:
            raise _unreachable(error) from error
        failed.pop_all()
    return smtp


def enhanced_status(text: str) -> str | None:
    """The status with which an answer begins, such as 5.1.1."""
    found = ENHANCED.match(text)
    return found[0] if found else None


def _reached(server: Mailserver, context: ssl.SSLContext | None, seconds: float) -> smtplib.SMTP:
    try:
        if server.beveiliging is Beveiliging.TLS:
            return smtplib.SMTP_SSL(server.host, server.port, timeout=seconds, context=context)
        return smtplib.SMTP(server.host, server.port, timeout=seconds)
    except ssl.SSLError as error:
        raise _not_private(error) from error
    except (OSError, smtplib.SMTPException) as error:
        raise _unreachable(error) from error


def _make_private(smtp: smtplib.SMTP, context: ssl.SSLContext | None) -> None:
    try:
        smtp.starttls(context=context)
    except smtplib.SMTPNotSupportedError as error:
        raise NoConnection("De mailserver biedt geen STARTTLS aan; zonder beveiliging is er niets verstuurd.", lasting=True) from error
    except smtplib.SMTPResponseException as error:
        raise NoConnection(f"De mailserver weigert STARTTLS ({error.smtp_code}); zonder beveiliging is er niets verstuurd.") from error
    except ssl.SSLError as error:
        raise _not_private(error) from error


def _log_in(smtp: smtplib.SMTP, server: Mailserver) -> None:
    if server.beveiliging is Beveiliging.GEEN and not _on_this_machine(smtp):
        raise NoConnection(
            "Zonder beveiliging gaat het wachtwoord niet naar de mailserver; zet KADER_SMTP_BEVEILIGING op starttls of tls.", lasting=True
        )
    try:
        smtp.login(server.gebruiker, server.wachtwoord)
    except smtplib.SMTPAuthenticationError as error:
        said = error.smtp_error.decode("ascii", "replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
        code = " ".join(filter(None, (str(error.smtp_code), enhanced_status(said))))
        if error.smtp_code < 500:
            raise NoConnection(f"De mailserver kan de aanmelding nu niet behandelen ({code}).") from None
        raise NoConnection(
            f"De mailserver weigert de gebruikersnaam of het wachtwoord ({code}); de beheerder moet dat herstellen.", lasting=True
        ) from None
    except UnicodeEncodeError:
        raise NoConnection("De gebruikersnaam en het wachtwoord van de mailserver mogen alleen ASCII bevatten.", lasting=True) from None
    except smtplib.SMTPNotSupportedError as error:
        raise NoConnection("De mailserver biedt geen aanmelding aan; de beheerder moet de instelling herstellen.", lasting=True) from error
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:
        raise NoConnection("De mailserver biedt geen manier van aanmelden aan die wij kennen (PLAIN of LOGIN).", lasting=True) from error


def _on_this_machine(smtp: smtplib.SMTP) -> bool:
    assert smtp.sock is not None
    return ipaddress.ip_address(str(smtp.sock.getpeername()[0])).is_loopback


def _not_private(error: ssl.SSLError) -> NoConnection:
    if not isinstance(error, ssl.SSLCertVerificationError):
        return NoConnection(f"De beveiligde verbinding met de mailserver komt niet tot stand ({error.reason}); er is niets verstuurd.")
    match error.verify_code:
        case code if code in (HOST_MISMATCH, IP_MISMATCH):
            why = "het is van een andere naam dan KADER_SMTP noemt"
        case code if code == EXPIRED:
            why = "het is verlopen"
        case _:
            why = f"niemand die wij kennen staat ervoor in: {error.verify_message}"
    return NoConnection(f"Het certificaat van de mailserver klopt niet ({why}); er is niets verstuurd.", lasting=True)


def _unreachable(error: Exception) -> NoConnection:
    if isinstance(error, smtplib.SMTPResponseException):
        return NoConnection(f"De mailserver neemt nu geen post aan ({error.smtp_code}).")
    return NoConnection(f"De mailserver is niet bereikbaar ({type(error).__name__}).")
