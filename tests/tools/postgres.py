"""Find PostgreSQL's server programs, or install them, and run a private cluster for tests."""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MEMORY, ROOMY = "/dev/shm", 2 * 1024**3  # noqa: S108 - a folder of ours is made in it
WANTED = "initdb", "pg_ctl", "postgres"
ADVICE = "The tests need PostgreSQL's server programs: apt-get install --no-install-recommends postgresql"


def find() -> Path | None:
    """The folder of the newest server programs on this machine."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0),
    )
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).parent)
    return next(
        (folder for folder in reversed(found) if all((folder / name).exists() for name in WANTED)), None
    )


def install(*packages: str) -> bool:
    """Install system packages when this is root on a Debian-like machine; True when that went well."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "PATH": os.environ["PATH"]}
    base = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    for command in ([*base, "update"], [*base, "install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            command,
            env=os.environ | quiet,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if done.returncode:
            print(done.stderr.strip(), file=sys.stderr)
            return False
    return True


def find_or_install() -> Path:
    """The programs' folder; ends the process with one clear line when there is no way to have them."""
    folder = find()
    if folder is None and install("postgresql"):
        folder = find()
    if folder is None:
        raise SystemExit(ADVICE)
    return folder


def _runner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: the account to use instead, None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit(ADVICE)


def _place() -> str:
    """Memory where there is enough of it: a world is some three hundred files."""
    with suppress(OSError):
        if shutil.disk_usage(MEMORY).free >= ROOMY and os.access(MEMORY, os.W_OK):
            return MEMORY
    return tempfile.gettempdir()


@contextmanager
def cluster() -> Iterator[Path]:
    """A private cluster that listens on a Unix socket only; yields the socket's folder."""
    programs = find_or_install()
    runner = _runner()
    home = Path(tempfile.mkdtemp(prefix="august-pg-", dir=_place()))
    if runner:
        os.chown(home, runner.pw_uid, runner.pw_gid)

    def call(*command: str) -> None:
        with (home / "tools.log").open("ab") as log_file:
            done = subprocess.run(
                [str(programs / command[0]), *command[1:]],
                cwd=home,
                user=runner.pw_uid if runner else None,
                group=runner.pw_gid if runner else None,
                extra_groups=[] if runner else None,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=log_file,
                stderr=subprocess.STDOUT,
            )
        if done.returncode:
            log = (home / "tools.log").read_text() + "".join(p.read_text() for p in home.glob("server.log"))
            message = f"{command[0]} failed:\n{log}"
            raise RuntimeError(message)

    data = str(home / "data")
    try:
        call("initdb", "-D", data, "-U", "august", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        quick = (
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 "
            "-c max_wal_size=128MB -c dynamic_shared_memory_type=mmap"
        )
        call(
            "pg_ctl", "start", "-w", "-s", "-D", data, "-l", str(home / "server.log"),
            "-o", f"-c listen_addresses='' -k {home} {quick}",
        )  # fmt: skip
        try:
            yield home
        finally:
            call("pg_ctl", "stop", "-w", "-s", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    find_or_install()
