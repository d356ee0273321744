"""Fan-out of ready-made messages through Apprise with our plugin, against the same bytes without Apprise and against `mailto://`."""

from __future__ import annotations

import re
import smtplib
import socketserver
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from socket import IPPROTO_TCP, TCP_NODELAY

from apprise import Apprise

from benchmarks.timing import in_turns, report, seconds
from notifications.channels.smtp import KaderSMTP

AFZENDER, MESSAGES, ROUNDS = "route@kaderroute.example", 200, 9
SLOW, UNTHROTTLED = 2, 20
"""Messages that `mailto://` sends as it comes (5.5 seconds apart), and with its throttle taken off."""


class Sink(socketserver.StreamRequestHandler):
    """Takes every message and keeps none; offers PIPELINING."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        """One connection."""
        self.wfile.write(b"220 put\r\n")
        for line in self.rfile:
            match line[:4].upper():
                case b"EHLO":
                    answer = b"250-put\r\n250 PIPELINING\r\n"
                case b"DATA":
                    self.wfile.write(b"354 toe maar\r\n")
                    while self.rfile.readline() != b".\r\n":
                        pass
                    answer = b"250 2.0.0 weg\r\n"
                case b"QUIT":
                    self.wfile.write(b"221 dag\r\n")
                    return
                case _:
                    answer = b"250 goed\r\n"
            self.wfile.write(answer)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def _running_sink() -> Iterator[int]:
    """In a process of its own, as a mail server is; gives its port."""
    with subprocess.Popen([sys.executable, "-m", "benchmarks.bezorging"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _messages() -> list[tuple[str, str]]:
    """Address and whole message, as large as a mail to a griffie: text, HTML and a calendar item."""
    made = []
    for n in range(MESSAGES):
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = AFZENDER, f"griffie-{n}@post.example", "Reageer tot en met dinsdag 26 mei 2026"
        mail.set_content("Geachte griffier, u kunt reageren tot en met dinsdag 26 mei 2026.\n" * 25, cte="quoted-printable")
        row = '<tr><td style="padding:4px 8px;color:#1a1a1a">Reactietermijn</td><td>dinsdag 26 mei 2026</td></tr>\n'
        mail.add_alternative(f"<table>{row * 120}</table>", subtype="html", cte="quoted-printable")
        mail.add_attachment("BEGIN:VCALENDAR\r\n" * 60, subtype="calendar", filename="inbrengmoment.ics")
        made.append((f"griffie-{n}@post.example", mail.as_bytes().decode("ascii")))
    return made


def _bare(port: int, messages: list[tuple[str, str]]) -> None:
    """The least that a pipelined sender does: one connection, two writes and four answers for each message."""
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.ehlo()
        assert server.sock is not None
        server.sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        for adres, text in messages:
            server.send(f"MAIL FROM:<{AFZENDER}>\r\nRCPT TO:<{adres}>\r\nDATA\r\n".encode())
            codes = [server.getreply()[0] for _ in range(3)]
            server.send(re.sub(rb"(?m)^\.", b"..", text.encode("ascii")) + b".\r\n")
            assert [*codes, server.getreply()[0]] == [250, 250, 354, 250]


def _ours(port: int, messages: list[tuple[str, str]]) -> None:
    plugin = KaderSMTP(afzender=AFZENDER, host="127.0.0.1", port=port)
    channel = Apprise()
    channel.add(plugin)
    for adres, text in messages:
        assert channel.notify(title=adres, body=text)
    plugin.close()


def _mailto(port: int, messages: list[tuple[str, str]], throttled: bool) -> None:
    """Apprise's own e-mail in its fairest form: one object, plain text, no TLS; it makes the message itself from title and body."""
    channel = Apprise()
    assert channel.add(f"mailto://127.0.0.1:{port}/?from={AFZENDER}&to=griffie@post.example&mode=insecure&format=text")
    if not throttled:
        channel.servers[0].request_rate_per_sec = 0
    for _, text in messages:
        assert channel.notify(title="Reageer tot en met dinsdag 26 mei 2026", body=text)


def run() -> None:
    """Ours and the bare sender in turns; `mailto://` over few messages, counted per message."""
    messages = _messages()
    with _running_sink() as port:
        ours, bare = in_turns(lambda: _ours(port, messages), lambda: _bare(port, messages), ROUNDS)
        report(
            "bezorging door Apprise",
            ">= 0,5 x dezelfde bytes, gebundeld, zonder Apprise",
            bare / ours >= 0.5,
            verhouding=bare / ours,
            ons_per_s=MESSAGES / ours,
            kaal_per_s=MESSAGES / bare,
            bytes_per_bericht=sum(len(text) for _, text in messages) // MESSAGES,
        )
        again, free = in_turns(lambda: _ours(port, messages), lambda: _mailto(port, messages[:UNTHROTTLED], throttled=False), 3)
        slow = seconds(lambda: _mailto(port, messages[:SLOW], throttled=True)) / SLOW
        ratio, free_ratio = slow / (again / MESSAGES), free / UNTHROTTLED / (again / MESSAGES)
        report(
            "bezorging door Apprise tegen mailto://",
            ">= 10 x mailto://, zoals het komt en ook zonder zijn rem",
            min(ratio, free_ratio) >= 10,
            verhouding=ratio,
            zonder_rem=free_ratio,
            mailto_per_s=1 / slow,
            mailto_zonder_rem_per_s=UNTHROTTLED / free,
        )


if __name__ == "__main__":
    with _Server(("127.0.0.1", 0), Sink) as sink:
        print(sink.server_address[1], flush=True)
        sink.serve_forever()
