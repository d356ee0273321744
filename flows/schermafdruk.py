"""A picture of a page, made by a browser that is on this machine; nothing is fetched from elsewhere."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path

from statemachines.errors import Refused

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
WIDTH = 600
"""Pixels: as wide as a mail is read on a desk."""
_HIGHEST = 20_000
_START = 1_000
_SECONDS = 60
_MEASURE = "<script>document.title='kader '+innerHeight+' '+document.documentElement.scrollHeight</script>"


def browser() -> str | None:
    """The browser that makes pictures; None when there is none."""
    found = (shutil.which(name) for name in BROWSERS)
    return next(filter(None, found), None) or next((place for place in PLACES if Path(place).exists()), None)


def picture(html: str, width: int = WIDTH, donker: bool = False) -> bytes:
    """A PNG of a whole page, ``width`` pixels wide and as high as it is; with ``donker`` as it looks in dark mode.

    Raises Refused without a browser, or when the browser fails.
    """
    program = browser()
    if program is None:
        raise Refused(f"Voor een plaatje is een browser nodig, en die is er niet; installeer {' of '.join(BROWSERS[:3:2])}, of kies html.")
    if donker:
        html = re.sub(r"@media\s*\(prefers-color-scheme:\s*dark\)", "@media all", html)
    with tempfile.TemporaryDirectory(prefix="kader-") as name:
        folder = Path(name)
        page, measured, target = folder / "mail.html", folder / "maat.html", folder / "mail.png"
        page.write_text(html, encoding="utf-8")
        measured.write_text(html + _MEASURE, encoding="utf-8")
        sizes = re.search(r"<title>kader (\d+) (\d+)</title>", _run(program, folder, width, _START, "--dump-dom", measured))
        if sizes is None:
            raise Refused(f"De browser {Path(program).name} kan deze pagina niet tonen; kies html.")
        # A headless browser keeps part of its window for itself, and leaves that part of the picture empty.
        inner, high = int(sizes[1]), min(int(sizes[2]), _HIGHEST)
        _run(program, folder, width, high + _START - inner, f"--screenshot={target}", page)
        if not target.exists():
            raise Refused(f"De browser {Path(program).name} maakte geen plaatje; kies html.")
        return cropped(target.read_bytes(), high)


def _run(program: str, folder: Path, width: int, height: int, what: str, page: Path) -> str:
    command = [
        program,
        "--headless",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        "--disable-extensions",
        "--disable-background-networking",
        f"--user-data-dir={folder / 'profiel'}",
        f"--window-size={width},{height}",
        # No sandbox of a browser works for root; what it shows is our own page without scripts.
        *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        what,
        page.as_uri(),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False, cwd=folder)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise Refused(f"De browser {Path(program).name} antwoordt niet; kies html.") from error
    return done.stdout.decode("utf-8", errors="replace")


def cropped(png: bytes, height: int) -> bytes:
    """The upper ``height`` rows of a picture as a browser writes it: 8 bits a colour, not interlaced."""
    parts, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        parts.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    width, high, depth, colours, *rest = struct.unpack(">IIBBBBB", parts[0][1])
    channels = {2: 3, 6: 4}.get(colours)
    if channels is None or depth != 8 or rest[2] or high <= height:
        return png
    rows = zlib.decompress(b"".join(data for kind, data in parts if kind == b"IDAT"))[: height * (1 + channels * width)]
    head = struct.pack(">IIBBBBB", width, height, depth, colours, *rest)
    return png[:8] + _part(b"IHDR", head) + _part(b"IDAT", zlib.compress(rows)) + _part(b"IEND", b"")


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
