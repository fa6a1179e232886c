"""codalink's processes without their start: forks of one process that has loaded everything already.

Starting Python and loading codalink takes several times as long as what most commands of a test do. A fork is a process all the same: with
arguments, environment, folder, streams and signals of its own. Where a test is about the start itself, or about what others see of a
process, it runs a real one (`CommandLine.start`). Systems that can't fork safely have real ones always.
"""

import array
import atexit
import importlib
import io
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

CAN_FORK = sys.platform == "linux"
_CHECKOUT = str(Path(__file__).parents[2])
_SET = {"PYTHONPATH": _CHECKOUT, "PYTHONUTF8": "1"}
"""What of Python's own settings the process that forks is started with; where a test sets others, the start is what it is about."""
_USUAL = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")} | _SET
_STREAMS = 3
_UNTOUCHED = {"codalink.__main__", "codalink.sandbox.__main__"}


def may_be_forked(program: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether a process that runs this program (`-m MODULE` or `-c CODE`) in this environment may be a fork."""
    settings = {name: value for name, value in environment.items() if name.startswith("PYTHON") and name != "PYTHON_KEYRING_BACKEND"}
    return CAN_FORK and program[0] in {"-m", "-c"} and all(_USUAL.get(name) == value for name, value in settings.items())


# --- where the tests are ---------------------------------------------------------------------------------------------------------------


class ForkedProcess:
    """A command that runs: what of `subprocess.Popen` one needs to wait for it."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._pipes = [os.pipe() for _ in range(_STREAMS)]  # as (end to read from, end to write to)
        (their_in, our_in), (our_out, their_out), (our_err, their_err) = self._pipes
        self._talk = _forker().ask(
            {"arguments": list(arguments), "environment": dict(environment), "folder": str(folder)}, [their_in, their_out, their_err]
        )
        for end in (their_in, their_out, their_err):
            os.close(end)
        self._ours = (our_in, our_out, our_err)
        self.pid = int(self._line())

    def communicate(self, stdin: str, timeout_s: float) -> tuple[str, str]:
        """Write, read to the end, and wait. Raises TimeoutExpired."""
        our_in, our_out, our_err = self._ours
        read = {our_out: io.BytesIO(), our_err: io.BytesIO()}
        readers = [threading.Thread(target=_copy, args=(end, into), daemon=True) for end, into in read.items()]
        readers.append(threading.Thread(target=_feed, args=(our_in, stdin.encode()), daemon=True))
        for reader in readers:
            reader.start()
        self._talk.settimeout(timeout_s)
        try:
            self.returncode = int(self._line())
        except TimeoutError:
            raise subprocess.TimeoutExpired("codalink", timeout_s) from None
        for reader in readers:
            reader.join(timeout_s)
        self._talk.close()
        stdout, stderr = (into.getvalue().decode().replace("\r\n", "\n") for into in read.values())
        return stdout, stderr

    def kill(self) -> None:
        """End it at once."""
        os.kill(self.pid, signal.SIGKILL)
        self._talk.close()

    def _line(self) -> bytes:
        with self._talk.makefile("rb", buffering=0) as lines:
            line = b""
            while not line.endswith(b"\n"):
                piece = lines.read(1)
                if not piece:
                    raise RuntimeError("the process that forks is gone")
                line += piece
            return line


def _copy(end: int, into: io.BytesIO) -> None:
    with open(end, "rb") as stream:  # a descriptor
        into.write(stream.read())


def _feed(end: int, content: bytes) -> None:
    try:
        with open(end, "wb") as stream:  # a descriptor
            stream.write(content)
    except BrokenPipeError:
        pass  # it didn't want to know


class _Forker:
    """The process that has loaded everything; it ends with this one."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="forker-")
        self._path = str(Path(self._folder.name) / "socket")
        environment = {**os.environ, **_SET}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.forked", self._path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        atexit.register(self.end)

    def ask(self, wanted: dict[str, Any], streams: list[int]) -> socket.socket:
        talk = socket.socket(socket.AF_UNIX)
        talk.connect(self._path)
        text = json.dumps(wanted).encode()
        talk.sendmsg([len(text).to_bytes(4)], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", streams))])
        talk.sendall(text)
        return talk

    def end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()


_running: dict[int, _Forker] = {}


def _forker() -> _Forker:
    """The one of this process, started when first needed."""
    if os.getpid() not in _running:
        _running[os.getpid()] = _Forker()
    return _running[os.getpid()]


# --- the process that forks --------------------------------------------------------------------------------------------------------------


def serve(path: str) -> None:
    """Load everything, then fork for whoever asks, until standard input ends."""
    _load_everything()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            talk, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _attend(talk)
            talk.close()


def _load_everything() -> None:
    """codalink, and the libraries that it loads when they are needed."""
    import codalink

    for module in pkgutil.walk_packages(codalink.__path__, "codalink."):
        if module.name not in _UNTOUCHED:
            importlib.import_module(module.name)
    for name in (
        *("babel.dates", "babel.numbers", "coda", "cryptography.fernet", "defusedxml.xmlrpc", "filelock", "httpx", "jinja2.sandbox"),
        *("keyring", "odoorpc", "openpyxl", "pathvalidate", "platformdirs", "rich.live", "rich.table", "sqlite3", "stdnum.be.vat"),
        *("stdnum.iban", "tomlkit", "truststore", "rich.progress", "h11", "httpcore", "anyio", "idna"),
    ):
        importlib.import_module(name)


def _attend(talk: socket.socket) -> NoReturn:
    """Fork once more for the command itself, and tell how it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    header, ancillary, _, _ = talk.recvmsg(4, socket.CMSG_SPACE(_STREAMS * array.array("i").itemsize), socket.MSG_WAITALL)
    streams = array.array("i")
    streams.frombytes(ancillary[0][2][: _STREAMS * streams.itemsize])
    wanted = json.loads(_received(talk, int.from_bytes(header)))
    pid = os.fork()
    if pid == 0:
        talk.close()
        _become(wanted, list(streams))
    for stream in streams:
        os.close(stream)
    talk.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    try:
        talk.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    finally:
        os._exit(0)


def _received(talk: socket.socket, length: int) -> bytes:
    text = b""
    while len(text) < length and (piece := talk.recv(length - len(text))):
        text += piece
    return text


def _become(wanted: dict[str, Any], streams: list[int]) -> NoReturn:
    """Be the command, as if Python had just been started with it."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), "utf-8", "surrogateescape")
    output = io.BufferedWriter(io.FileIO(1, "w", closefd=False))
    sys.stdout = io.TextIOWrapper(output, "utf-8", "surrogateescape", write_through="PYTHONUNBUFFERED" in wanted["environment"])
    sys.stderr = io.TextIOWrapper(io.BufferedWriter(io.FileIO(2, "w", closefd=False)), "utf-8", "backslashreplace", line_buffering=True)
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]  # as at a start
    os.environ.clear()
    os.environ.update(wanted["environment"])
    os.chdir(wanted["folder"])
    sys.path[0] = "" if wanted["arguments"][0] == "-c" else wanted["folder"]
    tempfile.tempdir = None
    code = _run(wanted["arguments"])
    try:
        threading._shutdown()  # type: ignore[attr-defined]  # the interpreter's own end, in its order
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except (BrokenPipeError, ValueError):
        code = code or 120
    os._exit(code)


def _run(arguments: list[str]) -> int:
    """Carry out `-m MODULE …` or `-c CODE …`; the exit code."""
    kind, what, *rest = arguments
    try:
        if kind == "-m":
            sys.argv = [what, *rest]
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        else:
            sys.argv = ["-c", *rest]
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102  # as `python -c` does
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return (leaving.code or 0) & 0xFF
        sys.stderr.write(f"{leaving.code}\n")
        return 1
    except BaseException:  # noqa: BLE001  # as the interpreter does at the end
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    serve(sys.argv[1])
