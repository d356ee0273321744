"""A mail server that says what a test wants it to say, over a real socket, if need be with TLS."""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DROP = "hang up"
"""Instead of an answer: the connection ends without one."""
SILENCE = "say nothing"
"""Instead of an answer: nothing, until the other side gives up."""
LITTLE = 4096
"""Bytes of the receive buffer of a post office that stops reading; less would not be kept by every kernel."""


@dataclass
class PostOffice:
    """What it answers, offers and demands; what it heard is in ``said``, what it took in ``taken``.

    ``verbs`` goes before everything else, by verb; ``rcpt`` is by address; ``data`` and ``dot`` are for everyone. ``stops_at`` is
    how many bytes of a message it reads before it resets the connection (DROP) or reads no more (SILENCE), as ``then`` says.
    ``accounts`` are user names with passwords; ``logged_in`` says who tried, and whether the connection was private. ``early``
    counts commands that came before the answer to the one before.
    """

    smtp: str = ""
    rcpt: dict[str, str] = field(default_factory=dict)
    data: str = "354 Ga uw gang"
    dot: str = "250 Bewaard"
    said: list[str] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    greeting: str = "220 postkantoor"
    verbs: dict[str, str] = field(default_factory=dict)
    offers: list[str] = field(default_factory=list)
    asks_for_any_message: bool = False
    lone_dot: str = "554 Geen geldige ontvanger"
    lone_dots: int = 0
    hangs_up_after: int | None = None
    stops_at: int | None = None
    then: str = DROP
    tls: ssl.SSLContext | None = None
    accounts: dict[str, str] = field(default_factory=dict)
    methods: str = "PLAIN LOGIN"
    logged_in: list[tuple[str, bool]] = field(default_factory=list)
    connections: int = 0
    early: int = 0

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.smtp.rpartition(":")[2])


class _Ended(Exception):
    """The connection is over."""


class _Talk:
    """One connection: its lines, and what was agreed in it."""

    def __init__(self, office: PostOffice, sock: socket.socket, implicit: bool) -> None:
        self.office, self.sock, self.buffer = office, sock, b""
        self.adres, self.sent, self.known, self.private = "", 0, False, False
        office.connections += 1
        if implicit:
            self.wrap()

    def wrap(self) -> None:
        self.buffer = b""
        if self.office.tls is None:
            self.say("dit is geen TLS")
            raise _Ended
        try:
            self.sock = self.office.tls.wrap_socket(self.sock, server_side=True)
        except OSError:
            raise _Ended from None
        self.private = True

    def receive(self) -> None:
        try:
            more = self.sock.recv(65536)
        except OSError:
            more = b""
        if not more:
            raise _Ended
        self.buffer += more

    def line(self) -> bytes:
        while b"\n" not in self.buffer:
            self.receive()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line + b"\n"

    def say(self, answer: str) -> None:
        if answer == DROP:
            raise _Ended
        if answer == SILENCE:
            while True:
                self.receive()
        self.sock.sendall(f"{answer}\r\n".encode())

    def hold(self) -> None:
        office = self.office
        self.say(office.greeting)
        while True:
            line = self.line().decode().strip()
            office.said.append(line)
            verb = line.split(":")[0].upper().split()[0]
            office.early += bool(self.buffer)
            answer = office.verbs.get(verb) or self.answer(verb, line)
            if verb == "MAIL":
                self.known = answer.startswith("2")
            self.say(answer)
            if verb == "STARTTLS" and answer.startswith("220"):
                self.wrap()
            if verb == "QUIT":
                return

    def answer(self, verb: str, line: str) -> str:
        office = self.office
        match verb:
            case "EHLO":
                offers = [*office.offers, *([f"AUTH {office.methods}"] if office.accounts else [])]
                if self.private and "STARTTLS" in offers:
                    offers.remove("STARTTLS")
                return "\r\n".join(["250-postkantoor", *(f"250-{offer}" for offer in offers), "250 HELP"])
            case "STARTTLS":
                return "220 Begin maar" if office.tls is not None else "454 Nu niet"
            case "AUTH":
                return self.log_in(line)
            case "RCPT":
                adres = line.partition("<")[2].partition(">")[0]
                allowed = self.known or office.asks_for_any_message
                answer = office.rcpt.get(adres, "250 Goed") if allowed else "503 Eerst een afzender"
                self.adres = adres if answer.startswith("2") else ""
                return answer
            case "DATA":
                if not self.adres and not office.asks_for_any_message:
                    return "503 Eerst een ontvanger"
                return self.take() if office.data.startswith("354") else office.data
            case "QUIT":
                return "221 Dag"
            case _:
                return "250 Goed"

    def log_in(self, line: str) -> str:
        _, how, *rest = line.split()
        if how == "PLAIN":
            _, user, password = b64decode(rest[0]).decode().split("\0")
        else:
            user = b64decode(rest[0]).decode()
            self.say("334 UGFzc3dvcmQ6")
            password = b64decode(self.line()).decode()
        self.office.logged_in.append((user, self.private))
        return "235 Welkom" if self.office.accounts.get(user) == password else f"535 5.7.8 Nee, {line}"

    def take(self) -> str:
        office = self.office
        self.say(office.data)
        if office.stops_at is not None:
            self.stop(office.stops_at)
        lines = []
        while (line := self.line()) != b".\r\n":
            lines.append(line)
        if not self.adres:
            office.lone_dots += not lines
            return office.lone_dot
        office.taken.append((self.adres, b"".join(lines)))
        self.adres, self.sent = "", self.sent + 1
        if self.sent == office.hangs_up_after:
            self.say(office.dot)
            raise _Ended
        return office.dot

    def stop(self, at: int) -> None:
        while len(self.buffer) < at:
            self.receive()
        if self.office.then == SILENCE:
            self.sock.settimeout(30)
            while not _gone(self.sock):
                threading.Event().wait(0.01)
        else:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise _Ended


def _gone(sock: socket.socket) -> bool:
    """Whether the other side closed, seen without reading what it sent (TCP_INFO; 1 is ESTABLISHED)."""
    return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 1


@contextmanager
def running_post_office(implicit_tls: bool = False, stops_at: int | None = None) -> Iterator[PostOffice]:
    """A post office that runs for as long as the test."""
    office = PostOffice(stops_at=stops_at)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            talk: _Talk | None = None
            try:
                talk = _Talk(office, self.request, implicit_tls)
                talk.hold()
            except (_Ended, OSError):
                pass
            finally:
                if talk is not None:
                    talk.sock.close()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

        def server_bind(self) -> None:
            if stops_at is not None:
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, LITTLE)
            super().server_bind()

    with Server(("127.0.0.1", 0), Handler) as server:
        office.smtp = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Authority:
    """Who vouches for certificates in a test."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def trusted(self) -> ssl.SSLContext:
        """For a client that trusts this authority and no other."""
        return ssl.create_default_context(cadata=self.certificate.public_bytes(serialization.Encoding.PEM).decode())

    def server(self, folder: Path, naam: str = "localhost", days: int = 1) -> ssl.SSLContext:
        """For a server of that name; with negative ``days`` the certificate expired that long ago."""
        key, until = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC) + timedelta(days=days)
        certificate = (
            _unsigned(naam, key, until)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(naam)]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path = folder / f"{naam}.pem"
        path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(path)
        return context


def an_authority() -> Authority:
    """A new one, whom nobody knows yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _unsigned("Instantie van de test", key, datetime.now(UTC) + timedelta(days=1))
    certificate = (
        builder.issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Instantie van de test")]))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Authority(key, certificate)


def _unsigned(naam: str, key: ec.EllipticCurvePrivateKey, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, naam)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=10))
        .not_valid_after(until)
    )
