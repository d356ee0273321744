"""A PostgreSQL of our own for one test run: started from the programs on the machine, reached over a unix socket, gone afterwards."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin", "/usr/pgsql-*/bin")


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, newest version first; None without them."""
    found = [Path(path) for pattern in PLACES for path in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)]
    on_path = shutil.which("initdb")
    return next((folder for folder in [*found, *([Path(on_path).parent] if on_path else [])] if (folder / "initdb").exists()), None)


@contextmanager
def running_cluster(bin_folder: Path) -> Iterator[str]:
    """A cluster in a folder of its own; yields the socket folder. As root it runs as ``postgres``, which root may not be."""
    folder = Path(tempfile.mkdtemp(prefix="kader-pg-", dir="/tmp"))
    as_root = os.getuid() == 0
    if as_root:
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)

    def run(*command: str) -> None:
        drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if as_root else []
        done = subprocess.run([*drop, *command], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")

    data = folder / "data"
    try:
        run(str(bin_folder / "initdb"), "-D", str(data), "-U", "kader", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=200"
        run(str(bin_folder / "pg_ctl"), "-D", str(data), "-o", settings, "-l", str(folder / "log"), "-w", "-t", "60", "start")
        yield str(folder)
    finally:
        if (data / "postmaster.pid").exists():
            run(str(bin_folder / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def url_of(socket_folder: str, database: str) -> str:
    """The address of a database in that cluster."""
    return f"postgresql+psycopg://kader@/{database}?host={socket_folder}"


def why_not() -> str | None:
    """Why PostgreSQL cannot be tested here, or None."""
    if programs() is None:
        return "PostgreSQL is not tested: no initdb and pg_ctl on this machine"
    if os.getuid() == 0 and shutil.which("setpriv") is None:
        return f"PostgreSQL is not tested: {getpass.getuser()} cannot become postgres without setpriv"
    return None
