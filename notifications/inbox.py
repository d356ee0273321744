"""The mailbox of proof mode: takes every message on this machine and shows it on one page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as policy
from itertools import islice
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn import Config, Server

from notifications.ports import free_port

PER_PAGE = 50
LARGEST = 30_000_000
_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'"
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

    def raw(self) -> list[bytes]:
        """Every message as it arrived, oldest first."""
        return [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]


class _Keeper:
    """Writes each message to a file of its own before it is accepted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._next = 1 + max((int(path.stem) for path in folder.glob("*.eml")), default=0)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        name = f"{self._next:08d}"
        self._next += 1
        part = self._folder / f"{name}.part"
        part.write_bytes(envelope.content)
        part.rename(self._folder / f"{name}.eml")
        return "250 Bewaard"


@contextmanager
def running_inbox(folder: Path, smtp_port: int = 0, http_port: int = 0) -> Iterator[Inbox]:
    """A mailbox on 127.0.0.1 that keeps messages in ``folder``; a port that is taken, or 0, becomes any free one."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(_Keeper(folder), hostname="127.0.0.1", port=free_port(smtp_port), data_size_limit=LARGEST, enable_SMTPUTF8=True)
    controller.start()
    page = Server(Config(application(folder), host="127.0.0.1", port=free_port(http_port), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=page.run, daemon=True)
    thread.start()
    try:
        while not page.started:
            thread.join(0.02)
            if not thread.is_alive():
                raise OSError("De pagina van het postvak kan niet luisteren.")
        port = page.servers[0].sockets[0].getsockname()[1]
        yield Inbox("127.0.0.1", controller.port, f"http://127.0.0.1:{port}", folder)
    finally:
        page.should_exit = True
        thread.join(10)
        controller.stop()


def application(folder: Path) -> Starlette:
    """The page: a list with a search box, and each message with its text, its HTML in a closed frame and its source."""

    async def index(request: Request) -> Response:
        zoek = request.query_params.get("zoek", "").strip().lower()
        page = max(1, int(text)) if (text := request.query_params.get("pagina", "1")).isdecimal() else 1
        names = sorted((path.stem for path in folder.glob("*.eml")), reverse=True)
        seen = (_summary(name, _read(folder, name)) for name in names)
        found = (mail for mail in seen if zoek in " ".join(mail.values()).lower())
        rows = list(islice(found, (page - 1) * PER_PAGE, page * PER_PAGE + 1))
        return _page("lijst.html.j2", mails=rows[:PER_PAGE], zoek=zoek, pagina=page, meer=len(rows) > PER_PAGE, aantal=len(names))

    async def show(request: Request) -> Response:
        mail = _read(folder, _known(folder, request))
        parts = {kind: _content(mail, kind) for kind in ("plain", "html")}
        bijlagen = [part.get_filename() or part.get_content_type() for part in mail.iter_attachments()] if mail.is_multipart() else []
        return _page(
            "bericht.html.j2", mail=_summary(request.path_params["nr"], mail), tekst=parts["plain"], html=parts["html"], bijlagen=bijlagen
        )

    async def source(request: Request) -> Response:
        return PlainTextResponse((folder / f"{_known(folder, request)}.eml").read_bytes().decode("utf-8", "replace"))

    return Starlette(routes=[Route("/", index), Route("/bericht/{nr}", show), Route("/bron/{nr}", source)])


def _known(folder: Path, request: Request) -> str:
    name = str(request.path_params["nr"])
    if not name.isdecimal() or not (folder / f"{name}.eml").exists():
        raise HTTPException(404, "Dit bericht is er niet.")
    return name


def _page(template: str, **values: object) -> Response:
    return HTMLResponse(_TEMPLATES.get_template(template).render(values), headers={"Content-Security-Policy": _CSP})


def _read(folder: Path, name: str) -> EmailMessage:
    return message_from_bytes((folder / f"{name}.eml").read_bytes(), policy=policy)


def _header(mail: EmailMessage, name: str) -> str:
    """A header as text; one that the stdlib cannot read is shown as broken instead of breaking the page."""
    try:
        return " ".join(str(mail.get(name, "")).split())
    except (ValueError, IndexError, AttributeError, TypeError):
        return "[onleesbaar]"


def _summary(nr: str, mail: EmailMessage) -> dict[str, str]:
    names = {"aan": "To", "onderwerp": "Subject", "datum": "Date", "van": "From", "dossier": "X-Kader-Dossier", "soort": "X-Kader-Soort"}
    return {"nr": nr} | {label: _header(mail, name) for label, name in names.items()}


def _content(mail: EmailMessage, kind: str) -> str:
    try:
        part = mail.get_body((kind,))
        return "" if part is None else str(part.get_content())
    except (LookupError, ValueError, AttributeError):
        return "[onleesbaar]"
