"""Where web and bot listen: the address to ask them at, and who holds one that is taken."""

import errno
import shlex
import shutil
import socket
import subprocess
from pathlib import Path

LISTENS = "0A"  # the state in /proc/net/tcp
HIGHEST = 65535
ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where one listens → where one asks


class Address:
    """Where a child listens. variable, host_variable: the settings that decide it."""

    def __init__(self, host, port, variable, host_variable="XIAOHU_HOST"):
        self.host = host
        self.asked = ANY.get(host, host)
        self.port = port
        self.variable = variable
        self.host_variable = host_variable

    @property
    def url(self):
        """The address as a browser takes it."""
        host = f"[{self.asked}]" if ":" in self.asked else self.asked
        return f"http://{host}:{self.port}/"

    def error(self):
        """Return why nothing new can listen here, an OSError, or None."""
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
            family, kind, protocol, _, where = found[0]
            with socket.socket(family, kind, protocol) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(where)
        except OSError as error:
            return error
        return None


def read(env, host_variable, variable, default):
    """Read an address from the environment; raises ValueError, which says what is wrong."""
    raw = (env.get(variable) or "").strip() or str(default)
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= HIGHEST:
        raise ValueError(f"{variable}={raw} is no port: set it to a number from 1 to {HIGHEST}")
    host = (env.get(host_variable) or "").strip() if host_variable else ""
    return Address(host or "127.0.0.1", int(raw), variable, host_variable)


def trouble(addresses):
    """Say in one line what keeps these addresses from being listened at, or return None."""
    taken = []
    for address in addresses:
        error = address.error()
        if error is None:
            continue
        if error.errno == errno.EADDRINUSE:
            taken.append(address)
        elif error.errno in (errno.EACCES, errno.EPERM):
            return f"port {address.port} is the system's: set {address.variable} to one above 1023"
        else:
            name = address.host_variable
            return f"{name}={address.host} is no address of this machine ({error.strerror})"
    return _taken(taken) if taken else None


def _taken(addresses):
    holders = []
    parts = []
    for address in addresses:
        found = holder(address.port)
        holders.append(found)
        who = f" (process {found[0]}: {found[1]})" if found else ""
        parts.append(f"port {address.port} is taken{who}")
    pids = sorted({found[0] for found in holders if found})
    end = f"end it (kill {' '.join(map(str, pids))})" if pids else "end what holds it"
    others = {}
    for address in addresses:
        others[address.variable] = _free_after(address, others.values())
    choice = " ".join(f"{variable}={port}" for variable, port in others.items())
    return f"{', '.join(parts)}: {end} or choose another: {choice} make run"


def _free_after(address, but):
    for port in range(address.port + 1, min(address.port + 100, HIGHEST + 1)):
        if port not in but and Address(address.host, port, address.variable).error() is None:
            return port
    return "…"


def holder(port):
    """Return who listens at a port: (process id, command), or None where that can't be seen.

    For a child of a supervisor it is the supervisor: it would start the child again.
    """
    pids = _listeners(port)
    parents = {pid: _process(pid) for pid in pids}
    top = next((pid for pid in sorted(pids) if parents[pid][0] not in pids), None)
    if top is None:
        return None
    parent, command = parents[top]
    above = _process(parent)[1]
    # The words as a whole: `-m start.suite`, which runs the tests, is no supervisor.
    return (parent, above) if "-m start " in f"{above} " else (top, command)


def _listeners(port):
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    if not tables[0].exists():
        return _listeners_by_lsof(port)
    sockets = set()
    for table in filter(Path.exists, tables):
        for row in table.read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == LISTENS and int(fields[1].rpartition(":")[2], 16) == port:
                sockets.add(f"socket:[{fields[9]}]")
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(fd.readlink()) in sockets for fd in (process / "fd").iterdir()):
                found.add(int(process.name))
        except OSError:
            continue  # another user's, or gone meanwhile
    return found


def _listeners_by_lsof(port):
    if not shutil.which("lsof"):
        return set()
    command = ["lsof", "-nP", "-t", f"-iTCP:{port}", "-sTCP:LISTEN"]
    told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return {int(pid) for pid in told.stdout.split()}


def _process(pid):
    """Return a process' parent and command; (0, "") when it is gone."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        return int(stat.rpartition(")")[2].split()[1]), shlex.join(filter(None, words))[:100]
    except OSError:
        if Path("/proc/self/stat").exists() or not shutil.which("ps"):
            return 0, ""
    command = ["ps", "-ww", "-o", "ppid=,args=", "-p", str(pid)]
    told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    parent, _, command = told.stdout.strip().partition(" ")
    return (int(parent), command.strip()[:100]) if parent else (0, "")
