"""The mailbox of proof mode: takes every message on this machine and shows it on one page."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default as policy
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route
from uvicorn import Config, Server

from notifications.ports import free_port
from statemachines.kalender import written

HOST = "127.0.0.1"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
PER_PAGE = 50
LARGEST = 30_000_000
"""Bytes of one message; a larger one is refused while it comes in."""
SHOWN = 200_000
"""Characters of a text or HTML part on the page; the source always holds everything."""
HEAD_BYTES = 65_536
START_SECONDS = 20
UNREADABLE = "[onleesbaar]"
# What the stdlib raises on headers and parts of broken mails; RecursionError for parts nested a thousand deep.
_BROKEN = (ValueError, LookupError, ArithmeticError, AttributeError, TypeError, AssertionError, MessageError, RecursionError)
_LABELS = {"van": "From", "aan": "To", "onderwerp": "Subject", "dossier": "X-Kader-Dossier", "soort": "X-Kader-Soort"}
_SAFE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates" / "postvak"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Inbox:
    """Where the mailbox listens, where its page is, and where it keeps what arrived."""

    smtp_host: str
    smtp_port: int
    url: str
    folder: Path

    @property
    def smtp(self) -> str:
        """Host and port for a sender."""
        return f"{self.smtp_host}:{self.smtp_port}"

    def count(self) -> int:
        """How many messages arrived."""
        return len(_numbers(self.folder))

    def raw(self) -> list[bytes]:
        """Every message as it arrived, oldest first."""
        return [_file(self.folder, nr).read_bytes() for nr in _numbers(self.folder)]


class _Keeper:
    """Writes each message to a file of its own before it is accepted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last = int(max(_numbers(folder), default="0"))

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self._last += 1
        file = _file(self._folder, f"{self._last:08d}")
        part = file.with_suffix(".part")
        part.write_bytes(envelope.content)
        part.rename(file)
        return "250 Bewaard"


@contextmanager
def running_inbox(folder: Path, smtp_port: int = 0, http_port: int = 0) -> Iterator[Inbox]:
    """A mailbox on this machine that keeps messages in ``folder``; a port that is taken, or 0, becomes any free one."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Keeper(folder), hostname=HOST, port=free_port(smtp_port), data_size_limit=LARGEST, enable_SMTPUTF8=True)
    controller.start()
    try:
        with _page_served(application(folder), free_port(http_port)) as url:
            yield Inbox(HOST, controller.port, url, folder)
    finally:
        controller.stop()


@contextmanager
def _page_served(app: Starlette, port: int) -> Iterator[str]:
    page = Server(Config(app, host=HOST, port=port, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=page.run, name="postvak", daemon=True)
    thread.start()
    try:
        end = time.monotonic() + START_SECONDS
        while not page.started:
            thread.join(0.02)
            if not thread.is_alive() or time.monotonic() > end:
                raise OSError(f"De pagina van het postvak kan niet luisteren op {HOST}:{port}.")
        yield f"http://{HOST}:{port}"
    finally:
        page.should_exit = True
        thread.join(10)


def application(folder: Path) -> Starlette:
    """The page: a list with a search box, and each message with its text, its HTML in a closed frame and its source."""
    return Starlette(
        routes=[
            Route("/", partial(_list, folder)),
            Route("/bericht/{nr}", partial(_message, folder)),
            Route("/bron/{nr}", partial(_source, folder)),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
        exception_handlers={404: _absent},
    )


def _list(folder: Path, request: Request) -> Response:
    zoek = request.query_params.get("zoek", "").strip()
    asked = request.query_params.get("pagina", "1")
    pagina = max(1, int(asked)) if re.fullmatch(r"[0-9]{1,6}", asked) else 1
    numbers = _numbers(folder)[::-1]
    words = zoek.casefold().split()
    found = (mail for nr in numbers if _holds(mail := _summary(_file(folder, nr)), words))
    rows = list(islice(found, (pagina - 1) * PER_PAGE, pagina * PER_PAGE + 1))
    return _page("lijst.html.j2", mails=rows[:PER_PAGE], zoek=zoek, pagina=pagina, meer=len(rows) > PER_PAGE, aantal=len(numbers))


def _message(folder: Path, request: Request) -> Response:
    file = _asked(folder, request)
    try:
        mail = message_from_bytes(file.read_bytes(), policy=policy)
    except _BROKEN:
        mail = EmailMessage()
        mail.set_content(UNREADABLE)
    parts = {kind: _or_unreadable(partial(_content, mail, kind)) or "" for kind in ("plain", "html")}
    return _page(
        "bericht.html.j2",
        mail=_summary(file),
        tekst=parts["plain"][:SHOWN],
        html=parts["html"][:SHOWN],
        ingekort=any(len(part) > SHOWN for part in parts.values()),
        bijlagen=_or_unreadable(partial(_attachments, mail)),
    )


def _source(folder: Path, request: Request) -> Response:
    return FileResponse(_asked(folder, request), media_type="text/plain; charset=utf-8", headers=_SAFE)


def _absent(_request: Request, _error: Exception) -> Response:
    return _page("weg.html.j2", 404)


def _asked(folder: Path, request: Request) -> Path:
    nr = str(request.path_params["nr"])
    if not re.fullmatch(r"[0-9]{8}", nr) or not _file(folder, nr).exists():
        raise HTTPException(404)
    return _file(folder, nr)


def _page(template: str, status: int = 200, **values: object) -> Response:
    text = _TEMPLATES.get_template(template).render(values)
    return HTMLResponse(text.encode("utf-8", "replace"), status, headers=_SAFE)


def _numbers(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("[0-9]*.eml"))


def _file(folder: Path, nr: str) -> Path:
    return folder / f"{nr}.eml"


@lru_cache(maxsize=20_000)
def _summary(file: Path) -> Mapping[str, str]:
    """The headers that people look for; a message never changes once it is there, so that each is read once."""
    with file.open("rb") as stream:
        head = re.split(rb"\r?\n\r?\n", stream.read(HEAD_BYTES), maxsplit=1)[0]
    mail = message_from_bytes(head, policy=policy)
    shown = {label: _or_unreadable(partial(_header, mail, name)) for label, name in _LABELS.items()}
    return {"nr": file.stem, "datum": _or_unreadable(partial(_day_and_time, mail)), **shown}


def _holds(mail: Mapping[str, str], words: list[str]) -> bool:
    text = " ".join(mail[label] for label in _LABELS).casefold()
    return all(word in text for word in words)


def _header(mail: EmailMessage, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())


def _day_and_time(mail: EmailMessage) -> str:
    date = mail["Date"]
    if date is None or date.datetime is None:
        return _header(mail, "Date") or "zonder datum"
    local = date.datetime.astimezone(AMSTERDAM)
    return f"{written(local.date())}, {local:%H:%M} uur"


def _content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content())


def _attachments(mail: EmailMessage) -> str:
    attached = mail.iter_attachments() if mail.is_multipart() else ()
    return ", ".join(part.get_filename() or part.get_content_type() for part in attached)


def _or_unreadable(read: Callable[[], str]) -> str:
    """What stands there; a part that the stdlib cannot read is shown as broken instead of breaking the page."""
    try:
        return read()
    except _BROKEN:
        return UNREADABLE
