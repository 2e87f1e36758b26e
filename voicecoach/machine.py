"""What the machine can do, and what it has run out of."""

import errno
import os

_LACKS = {
    errno.ENOMEM: "memory",
    errno.EAGAIN: "memory or processes",
    errno.EMFILE: "open files",
    errno.ENFILE: "open files",
}


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def lack(error: BaseException) -> str:
    """What there was too little of, where ``error`` says so; else empty."""
    match error:
        case MemoryError():
            return "memory"
        case RuntimeError() if "start new thread" in str(error):
            return "memory or processes"
        case ImportError() if "memory" in str(error) or "map segment" in str(error):
            return "memory"  # a library could not be loaded
        case OSError(errno=int(number)):
            return _LACKS.get(number, "")
    return ""
