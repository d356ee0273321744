"""Handing one message over to a mail server, and knowing at every moment whether the server can have it.

The server has a message only when it has read the dot that ends it. Until it asked for the message (354) it was not given any;
while the bytes were not all handed to the network it cannot have the dot and must not deliver (RFC 5321, 4.1.1.4 and 4.2.5); from
then until its answer nobody knows.
"""

from __future__ import annotations

import re
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from notifications.channels.connection import enhanced_status

CLOSING = 421
"""The server ends the connection and has not taken the message (RFC 5321, 3.8)."""
START_INPUT = 354
DOT = b".\r\n"
NO_CODE = -1
"""What smtplib gives for an answer that begins with no number."""
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+")


class Afloop(Enum):
    """What became of a message."""

    VERZONDEN = "verzonden"
    LATER = "later"
    GEWEIGERD = "geweigerd"
    ONBEKEND = "onbekend"


@dataclass(frozen=True)
class Outcome:
    """What the mail server said about one recipient: in Dutch or in its own words, with its code and status (RFC 3463) apart."""

    afloop: Afloop
    melding: str
    code: int | None = None
    status: str | None = None


class NotGiven(Exception):
    """The connection ended before the server asked for the message; ``slow`` when it did not answer in time."""

    def __init__(self, outcome: Outcome, slow: bool = False) -> None:
        super().__init__(outcome.melding)
        self.outcome = outcome
        self.slow = slow


@dataclass(frozen=True)
class Patience:
    """Seconds that a mail server may take: over each answer while connecting, each command, and each message.

    A command gets less than RFC 5321 advises (5 minutes), so that one message never outlives the lease of its deliverer.
    """

    connect: float = 30
    command: float = 180
    data: float = 600


def hand_over(server: smtplib.SMTP, afzender: str, adres: str, message: bytes, patience: Patience) -> tuple[Outcome, bool]:
    """What became of the message, and whether the connection is fit for the next one. Raises NotGiven.

    ``message`` is the whole message. MAIL, RCPT and DATA go in one write to a server that offers PIPELINING (RFC 2920).
    """
    body = _as_data(message)
    assert server.sock is not None
    server.sock.settimeout(patience.command)
    size = f" SIZE={len(body) - len(DOT)}" if server.has_extn("size") else ""
    commands = (f"MAIL FROM:{smtplib.quoteaddr(afzender)}{size}", f"RCPT TO:{smtplib.quoteaddr(adres)}", "DATA")
    answers = _answers(server, commands)
    refusal = next((answer for answer, command in zip(answers, commands, strict=False) if not _agreed(answer, command)), None)
    if refusal is not None:
        outcome = _refused(*refusal, adres)
        if refusal[0] == CLOSING:
            raise NotGiven(outcome)
        return outcome, _back_to_start(server, answers)
    return _give(server, body, adres, patience)


def said(code: int, answer: bytes, adres: str) -> str:
    """One line without any address: the outbox keeps none, and many servers repeat it."""
    text = re.sub(re.escape(adres), "het adres", answer.decode("utf-8", "replace"), flags=re.IGNORECASE)
    text = " ".join(_ADDRESS.sub("een adres", text).split())
    return f"{code} {''.join(c for c in text if c.isprintable())[:200]}"


def _answers(server: smtplib.SMTP, commands: Sequence[str]) -> list[tuple[int, bytes]]:
    """The answers in order, not beyond the first refusal unless they were asked for already; raises NotGiven."""
    pipelined = server.has_extn("pipelining")
    answers: list[tuple[int, bytes]] = []
    try:
        if pipelined:
            server.send("\r\n".join(commands) + "\r\n")
        for command in commands:
            if not pipelined:
                server.send(f"{command}\r\n")
            answers.append(server.getreply())
            if answers[-1][0] in (CLOSING, NO_CODE) or not (pipelined or _agreed(answers[-1], command)):
                break
    except (OSError, smtplib.SMTPException) as error:
        if all(_agreed(answer, command) for answer, command in zip(answers, commands, strict=False)):
            slow = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
            name = "TimeoutError" if slow else type(error).__name__
            raise NotGiven(Outcome(Afloop.LATER, f"De mailserver is niet bereikbaar ({name})."), slow) from error
        server.close()  # a server that hangs up after it refused has still refused
    return answers


def _agreed(answer: tuple[int, bytes], command: str) -> bool:
    return answer[0] == START_INPUT if command == "DATA" else 200 <= answer[0] < 300


def _back_to_start(server: smtplib.SMTP, answers: Sequence[tuple[int, bytes]]) -> bool:
    """Ends what was begun for a refused message; whether the server is ready for the next.

    To a server that asked for the message all the same, a lone dot is said (RFC 2920, 3.1). Its answer says nothing of the recipient:
    with nobody to deliver to, also "250" delivers nothing. When it refused the sender only, it might deliver an empty message: we hang up.
    """
    codes = [code for code, _ in answers]
    if server.sock is None or NO_CODE in codes:
        return False
    asked = len(codes) == 3 and codes[2] == START_INPUT
    if asked and 200 <= codes[1] < 300:
        return False
    try:
        server.send(DOT if asked else b"RSET\r\n")
        code, _ = server.getreply()
    except (OSError, smtplib.SMTPException):
        return False
    return code not in (CLOSING, NO_CODE)


def _give(server: smtplib.SMTP, body: bytes, adres: str, patience: Patience) -> tuple[Outcome, bool]:
    assert server.sock is not None
    server.sock.settimeout(patience.command)
    try:
        # Raises only while the last byte, which ends the dot, is not yet with the network; over TLS, while its record is not.
        server.send(body)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(
            Afloop.LATER, f"De verbinding brak tijdens het versturen ({_name(error)}); de mailserver heeft het bericht niet."
        ), False
    try:
        server.sock.settimeout(patience.data)
        code, answer = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Afloop.ONBEKEND, f"De mailserver gaf geen antwoord na het versturen ({_name(error)})."), False
    if 200 <= code < 300:
        text = answer.decode("utf-8", "replace")
        return Outcome(Afloop.VERZONDEN, said(code, answer, adres), code, enhanced_status(text)), True
    if not 400 <= code < 600:
        return Outcome(Afloop.ONBEKEND, f"De mailserver gaf een onleesbaar antwoord na het versturen ({code})."), False
    return _refused(code, answer, adres), code != CLOSING


def _refused(code: int, answer: bytes, adres: str) -> Outcome:
    afloop = Afloop.GEWEIGERD if 500 <= code < 600 else Afloop.LATER
    if code == NO_CODE:
        return Outcome(afloop, "De mailserver gaf een onleesbaar antwoord.")
    return Outcome(afloop, said(code, answer, adres), code, enhanced_status(answer.decode("utf-8", "replace")))


def _name(error: Exception) -> str:
    return "TimeoutError" if isinstance(error.__context__, TimeoutError) else type(error).__name__


def _as_data(message: bytes) -> bytes:
    """With the dots doubled that begin a line, and the dot that ends it; a lone CR or LF could pass for an end elsewhere."""
    if not message.count(b"\n") == message.count(b"\r") == message.count(b"\r\n"):
        message = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    message = message.rstrip(b"\r\n").replace(b"\r\n.", b"\r\n..")
    return (b"." if message.startswith(b".") else b"") + message + b"\r\n" + DOT
