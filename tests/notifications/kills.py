"""Deliverers that are killed while they work: real processes, a real database, a real mail server that counts.

`make faults` does this with 200 kills (`benchmarks.faults`), the tests with ten.
"""

from __future__ import annotations

import multiprocessing
import re
import socketserver
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from config import MRA
from config.settings import Post, Settings
from dossiers import outbox
from dossiers.database import connect, reading, writing
from dossiers.outbox import Klaar
from dossiers.tables import berichten
from flows.house import House, utc_now
from notifications.deliver import LEASE, deliver
from tests.notifications.telling import SLUG, an_opened, round_on

WORKERS = 2
LOOK_SECONDS = 0.005
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.notifications.kills", "apprise", "notifications.channels.smtp"])


@dataclass(frozen=True)
class Killed:
    """What came of it: ``copies`` arrived more than once, ``changed`` are messages of which not every copy was the same."""

    berichten: int
    kills: int
    arrived: int
    lost: int
    copies: int
    changed: int
    not_verzonden: int


def kill_deliverers(folder: Path, count: int, kills: int, seed: int = 5, tell: Callable[[str], None] = lambda _: None) -> Killed:
    """Sends ``count`` messages with ``WORKERS`` processes of one connection each, of which one is killed ``kills`` times.

    The kills are spread over the messages. Every process sees a clock that is beyond the leases of those that were killed in the
    round before, and never beyond the lease of one that lives.
    """
    url = f"sqlite:///{folder / 'kader.db'}"
    _fill(url, folder, count)
    moments = sorted(Random(seed).sample(range(count // 50, count - count // 50), kills))
    done = 0
    with _sink(folder) as (smtp, log):
        round_nr = 0
        while _waiting(url):
            workers = [_started(url, smtp, round_nr) for _ in range(WORKERS)]
            while any(worker.is_alive() for worker in workers):
                if done < kills and _taken(log) >= moments[done]:
                    living = [nr for nr, worker in enumerate(workers) if worker.is_alive()]
                    nr = living[done % len(living)] if living else 0
                    workers[nr].kill()
                    workers[nr].join()
                    if workers[nr].exitcode == -9:
                        done += 1
                        tell(f"{done} of {kills} killed, {_taken(log)} arrived")
                    workers[nr] = _started(url, smtp, round_nr)
                time.sleep(LOOK_SECONDS)
            round_nr += 1
        found = [line.split() for line in log.read_text().splitlines()]
    copies: dict[str, list[str]] = defaultdict(list)
    for name, digest in found:
        copies[name].append(digest)
    return Killed(
        berichten=count,
        kills=done,
        arrived=len(found),
        lost=count - len(copies),
        copies=len(found) - len(copies),
        changed=sum(len(set(digests)) > 1 for digests in copies.values()),
        not_verzonden=count - _verzonden(url),
    )


def _fill(url: str, folder: Path, count: int) -> None:
    """One real message, made once for each of a great number of dossiers."""
    house = House(Settings(map=folder, database=url, stelsel=MRA, post=Post("127.0.0.1:0")), connect(url))
    an_opened(house)
    round_on(house, "2026-03-03")
    with writing(house.engine) as connection:
        [made] = outbox.rows(connection, "mra", SLUG, "stukken-verwacht")
        connection.execute(berichten.delete())
        klaar = [Klaar(made.key.soort, made.key.ontvanger, 1, made.onderwerp, made.context, False)]
        for nr in range(count):
            outbox.put(connection, "mra", f"nota-{nr:06d}", klaar, made.sjablonen, house.moment())
    house.engine.dispose()


def _work(url: str, smtp: str, round_nr: int) -> None:
    engine = connect(url)
    post = Post(smtp, verbindingen=1)
    later = round_nr * (LEASE + timedelta(minutes=1))
    eigenaar = f"bezorger-{multiprocessing.current_process().pid}"
    for _ in deliver(engine, "mra", post, lambda: utc_now() + later, eigenaar):
        pass


def _started(url: str, smtp: str, round_nr: int) -> BaseProcess:
    worker = _PROCESSES.Process(target=_work, args=(url, smtp, round_nr), daemon=True)
    worker.start()
    return worker


def _waiting(url: str) -> bool:
    engine = connect(url)
    with reading(engine) as connection:
        open_ = berichten.c.status.in_(["vrijgegeven", "bezig"])
        found = connection.execute(select(func.count()).select_from(berichten).where(open_)).scalar_one()
    engine.dispose()
    return found > 0


def _verzonden(url: str) -> int:
    engine = connect(url)
    with reading(engine) as connection:
        found: int = connection.execute(select(func.count()).select_from(berichten).where(berichten.c.status == "verzonden")).scalar_one()
    engine.dispose()
    return found


NAME = re.compile(rb"^Message-ID: <([0-9a-f]{48})@", re.MULTILINE)
LINE = 48 + 1 + 64 + 1
"""Bytes of the mail server for each message: name, space, digest, line end."""


def _taken(log: Path) -> int:
    return log.stat().st_size // LINE


@contextmanager
def _sink(folder: Path) -> Iterator[tuple[str, Path]]:
    """A mail server in a process of its own that writes down what it has before it says so: name and digest of each message."""
    log, port = folder / "sink.log", folder / "sink.port"
    log.touch()
    server = _PROCESSES.Process(target=_serve, args=(str(log), str(port)), daemon=True)
    server.start()
    while not port.exists():
        time.sleep(LOOK_SECONDS)
    try:
        yield f"127.0.0.1:{port.read_text()}", log
    finally:
        server.kill()
        server.join()


def _serve(log: str, port: str) -> None:
    with Path(log).open("ab", buffering=0) as file:

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                with suppress(ConnectionError):  # who was killed says no goodbye
                    self.talk()

            def talk(self) -> None:
                self.wfile.write(b"220 zink\r\n")
                while line := self.rfile.readline():
                    match line[:4].upper():
                        case b"EHLO":
                            self.wfile.write(b"250-zink\r\n250 PIPELINING\r\n")
                        case b"DATA":
                            self.wfile.write(b"354 Ga uw gang\r\n")
                            mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                            name = NAME.search(mail)
                            assert name is not None
                            file.write(name[1] + b" " + sha256(mail).hexdigest().encode() + b"\n")
                            self.wfile.write(b"250 Bewaard\r\n")
                        case b"QUIT":
                            self.wfile.write(b"221 Dag\r\n")
                            return
                        case _:
                            self.wfile.write(b"250 Goed\r\n")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        with Server(("127.0.0.1", 0), Handler) as server:
            ready = Path(port + ".part")
            ready.write_text(str(server.server_address[1]))
            ready.rename(port)
            server.serve_forever()
