"""A mail server that says what a test wants it to say, over a real socket."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

DROP = "hang up"
"""Instead of an answer: the connection ends without one."""


@dataclass
class PostOffice:
    """``answers`` per command: ``rcpt`` by address, ``data`` and ``dot`` for everyone. What it took is in ``taken``."""

    smtp: str = ""
    rcpt: dict[str, str] = field(default_factory=dict)
    data: str = "354 Ga uw gang"
    dot: str = "250 Bewaard"
    said: list[str] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)


@contextmanager
def running_post_office() -> Iterator[PostOffice]:
    office = PostOffice()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 postkantoor\r\n")
            adres = ""
            while line := self.rfile.readline().decode().strip():
                office.said.append(line)
                match line.split(":")[0].upper().split()[0]:
                    case "RCPT":
                        adres = line.partition("<")[2].partition(">")[0]
                        answer = office.rcpt.get(adres, "250 Goed")
                    case "DATA":
                        answer = self.take(adres) if office.data.startswith("354") else office.data
                    case "QUIT":
                        answer = "221 Dag"
                    case _:
                        answer = "250 Goed"
                if answer == DROP:
                    return
                self.wfile.write(f"{answer}\r\n".encode())

        def take(self, adres: str) -> str:
            self.wfile.write(f"{office.data}\r\n".encode())
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line)
            office.taken.append((adres, b"".join(lines)))
            return office.dot

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        office.smtp = f"127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield office
        finally:
            server.shutdown()
            thread.join()
