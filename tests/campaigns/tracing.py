"""Every state-changing system call of a process, counted, stopped at or failed, thread by thread.

strace counts the calls of each thread, but hits whichever thread first gets to the number, so it
never reaches what the engine's own threads do later than the main one. Here a point is a thread,
named by its descent, and the number of its call: each can be hit. Linux on x86-64.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

# Names are in the table of system calls of the kernel, arch/x86/entry/syscalls/syscall_64.tbl.
CALLS = {
    1: "write",
    18: "pwrite64",
    20: "writev",
    74: "fsync",
    75: "fdatasync",
    76: "truncate",
    77: "ftruncate",
    82: "rename",
    83: "mkdir",
    84: "rmdir",
    85: "creat",
    86: "link",
    87: "unlink",
    88: "symlink",
    90: "chmod",
    91: "fchmod",
    257: "openat",
    258: "mkdirat",
    263: "unlinkat",
    264: "renameat",
    265: "linkat",
    277: "sync_file_range",
    285: "fallocate",
    296: "pwritev",
    316: "renameat2",
}
_ON_A_FILE = {"write", "writev", "pwrite64"}

# Requests, options and stops of <sys/ptrace.h>.
_SEIZE, _INTERRUPT, _TO_NEXT_CALL, _POKE = 0x4206, 0x4207, 24, 6
_MESSAGE, _CALL_INFO, _ENTERS, _RETURNS = 0x4201, 0x420E, 1, 2
_OPTIONS = 0x1 | 0x8 | 0x100000  # mark calls; follow new threads; nothing outlives the tracer
_AT_CALL, _CLONED, _ALL = signal.SIGTRAP | 0x80, 3 << 8 | signal.SIGTRAP, 0x40000000
_NUMBER, _RESULT = 15 * 8, 10 * 8  # where a thread's registers for them are kept

Thread = tuple[int, ...]


@dataclass(frozen=True, order=True)
class Point:
    """A state-changing call: the thread that makes it, and which of its calls it is, from 1.

    A thread is named by its descent: () is the first of the process, (3, 1) is the first that the
    third one of the first has started.
    """

    thread: Thread
    number: int


@dataclass(frozen=True)
class Trace:
    """What was seen until the process ended: its points with their calls, and how it ended.

    `code` is the exit code, negative for a signal; `hit` says whether the point was reached.
    """

    points: dict[Point, str]
    code: int
    hit: bool

    def name(self, point: Point | None) -> str:
        """The call at a point, to be read."""
        if point is None:
            return "nothing"
        thread = ".".join(map(str, (0, *point.thread)))
        return f"{self.points.get(point, 'a call')} (number {point.number} of thread {thread})"


class _CallInfo(ctypes.Structure):
    """struct ptrace_syscall_info of <linux/ptrace.h>."""

    _fields_ = (
        ("op", ctypes.c_uint8),
        ("arch", ctypes.c_uint32),
        ("instruction", ctypes.c_uint64),
        ("stack", ctypes.c_uint64),
        ("number", ctypes.c_uint64),
        ("args", ctypes.c_uint64 * 8),
    )


def why_not() -> str | None:
    """Why calls cannot be traced on this machine; None when they can."""
    system = os.uname()
    if (system.sysname, system.machine) == ("Linux", "x86_64"):
        return None
    return f"calls are traced on Linux on x86-64, not on {system.sysname} on {system.machine}"


def follow(pid: int, at: Point | None = None, error: int | None = None) -> Follower:
    """Stop a child of this process, which waits for its word to start, and trace it from here.

    At the point `at` the process is killed before the call is made or, with an `error` number,
    the call fails without being made.
    """
    return Follower(pid, at, error)


class Follower:
    """Follows a process and its threads; all of it is to be called from one thread."""

    def __init__(self, pid: int, at: Point | None, error: int | None) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._libc.ptrace.restype = ctypes.c_long
        whole, place = ctypes.c_long, ctypes.c_void_p
        self._libc.ptrace.argtypes = (whole, whole, place, place)
        self._pid, self._at, self._error = pid, at, error
        self._names: dict[int, Thread] = {pid: ()}
        self._children: Counter[Thread] = Counter()
        self._calls: Counter[Thread] = Counter()
        self._failing: set[int] = set()
        self._points: dict[Point, str] = {}
        self._ptrace(_SEIZE, pid, 0, _OPTIONS)
        self._ptrace(_INTERRUPT, pid)
        for task in sorted(int(path.name) for path in Path(f"/proc/{pid}/task").iterdir()):
            if task != pid:
                self._names[task] = self._next_child(())
                self._ptrace(_SEIZE, task, 0, _OPTIONS)
                self._ptrace(_INTERRUPT, task)

    def until_the_end(self, patience: float = 120.0) -> Trace:
        """What the process did until it ended; it is killed when that takes more seconds.

        Other children of the caller must not end meanwhile.
        """
        watch = threading.Timer(patience, os.kill, (self._pid, signal.SIGKILL))
        watch.start()
        try:
            return self._follow()
        finally:
            watch.cancel()

    def _follow(self) -> Trace:
        early: set[int] = set()
        while True:
            task, status = os.waitpid(-1, _ALL)
            if not os.WIFSTOPPED(status):
                if task == self._pid:
                    hit = self._at in self._points
                    return Trace(self._points, os.waitstatus_to_exitcode(status), hit)
            elif task not in self._names:
                early.add(task)  # it stopped before its parent's word of it came
            elif status >> 8 == _CLONED:
                child = self._message(task)
                self._names[child] = self._next_child(self._names[task])
                if child in early:
                    self._resume(child)
                self._resume(task)
            elif os.WSTOPSIG(status) == _AT_CALL:
                self._at_call(task)
                self._resume(task)
            else:
                self._resume(task, 0 if status >> 16 else os.WSTOPSIG(status))

    def _at_call(self, task: int) -> None:
        """A thread is about to make a call, or has made one."""
        info = _CallInfo()
        size = ctypes.sizeof(info)
        self._ptrace(_CALL_INFO, task, size, ctypes.addressof(info))
        if info.op == _RETURNS and task in self._failing:
            self._failing.discard(task)
            self._ptrace(_POKE, task, _RESULT, -(self._error or 0))
        if info.op != _ENTERS or not _changes_state(info):
            return
        thread = self._names[task]
        self._calls[thread] += 1
        point = Point(thread, self._calls[thread])
        self._points[point] = CALLS[info.number]
        if point == self._at and self._error is None:
            os.kill(self._pid, signal.SIGKILL)
        elif point == self._at:
            self._failing.add(task)
            self._ptrace(_POKE, task, _NUMBER, -1)

    def _next_child(self, parent: Thread) -> Thread:
        self._children[parent] += 1
        return (*parent, self._children[parent])

    def _message(self, task: int) -> int:
        message = ctypes.c_ulong()
        self._ptrace(_MESSAGE, task, 0, ctypes.addressof(message))
        return message.value

    def _resume(self, task: int, with_signal: int = 0) -> None:
        self._ptrace(_TO_NEXT_CALL, task, 0, with_signal)

    def _ptrace(self, request: int, task: int, address: int = 0, data: int = 0) -> None:
        if self._libc.ptrace(request, task, address, data) < 0:
            code = ctypes.get_errno()
            if code != errno.ESRCH:  # it has just been killed
                raise OSError(code, f"process {task} cannot be traced: {os.strerror(code)}")


def _changes_state(info: _CallInfo) -> bool:
    """Whether the call can change what a disk holds; what is said on the first three files not."""
    name = CALLS.get(info.number)
    if name == "openat":
        return bool(info.args[2] & (os.O_CREAT | os.O_TRUNC))
    return name is not None and not (name in _ON_A_FILE and info.args[0] <= 2)
