"""A PostgreSQL of our own for one test run: started from the programs on the machine, reached over a unix socket, gone afterwards."""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres")
PLACES = (
    "usr/lib/postgresql/*/bin",
    "usr/pgsql-*/bin",
    "opt/homebrew/opt/postgresql*/bin",
    "usr/local/opt/postgresql*/bin",
    "Applications/Postgres.app/Contents/Versions/*/bin",
)
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}

SWEEP = """
cat >/dev/null
pid="$1/postgresql/postmaster.pid"
if [ -e "$pid" ]; then kill -QUIT "$(head -n 1 "$pid")"; fi
for _ in $(seq 100); do [ -e "$pid" ] || break; sleep 0.1; done
rm -rf "$1"
"""
"""Waits until nobody holds the other end of standard input any more, then stops the PostgreSQL in folder $1 and removes the folder."""


@contextmanager
def run_folder() -> Iterator[Path]:
    """A folder for one test run. It goes when the run ends, and its PostgreSQL with it, also when the run is killed."""
    folder = Path(tempfile.mkdtemp(prefix="kadertest-", dir="/tmp"))  # short, for the path of a socket has at most 103 bytes
    folder.chmod(0o711)  # the user postgres passes through
    sweep = subprocess.Popen(
        ["sh", "-c", SWEEP, "sh", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the tests
    )
    try:
        yield folder
    finally:
        sweep.communicate()


def socket_of(folder: Path) -> Path:
    """The socket folder of the one PostgreSQL of this run; the first who asks, of all processes, starts it."""
    home = folder / "postgresql"
    with (folder / "postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / f".s.PGSQL.{SETTINGS['port']}").exists():
            shutil.rmtree(home, ignore_errors=True)
            _start(home)
    return home


def _start(home: Path) -> None:
    """Makes a cluster in ``home`` and starts it. As root it runs as ``postgres``, for PostgreSQL refuses root."""
    programs = find_programs()
    assert programs is not None
    home.mkdir(mode=0o700)
    drop: list[str] = []
    if os.getuid() == 0:
        user = _user_postgres()
        assert user is not None
        os.chown(home, user.pw_uid, user.pw_gid)
        drop = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def run(program: str, *arguments: str) -> None:
        command = [*drop, str(programs / program), "-D", str(home), *arguments]
        done = subprocess.run(command, cwd=home, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    run("initdb", "-U", "kader", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
    settings = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "unix_socket_directories": home}.items())
    run("pg_ctl", "-o", settings, "-l", str(home / "log"), "-w", "-t", "60", "start")


def url_of(socket: Path, database: str) -> str:
    """The address of a database in that cluster."""
    return f"postgresql+psycopg://kader@/{database}?host={socket}&port={SETTINGS['port']}"


def find_programs() -> Path | None:
    """The folder with PostgreSQL's programs: the one on PATH, else the newest that is installed, else None."""
    found = [Path(path).resolve().parent for path in [shutil.which("postgres")] if path]
    if shutil.which("pg_config"):
        found.append(Path(subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip()))
    installed = [folder for place in PLACES for folder in Path("/").glob(place)]
    found += sorted(installed, key=lambda folder: [int(number) for number in re.findall(r"\d+", str(folder))], reverse=True)
    return next((folder for folder in found if all(os.access(folder / program, os.X_OK) for program in PROGRAMS)), None)


def why_not() -> str | None:
    """Why PostgreSQL cannot be tested here, or None."""
    if find_programs() is None:
        return f"PostgreSQL is not tested: {', '.join(PROGRAMS)} are not on this machine"
    if os.getuid() == 0 and (_user_postgres() is None or shutil.which("setpriv") is None):
        return "PostgreSQL is not tested: root needs a user postgres and the program setpriv to start it"
    return None


def _user_postgres() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


if __name__ == "__main__":
    sys.exit(why_not())
