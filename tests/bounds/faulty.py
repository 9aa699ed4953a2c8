"""A child that misbehaves as it is told, for the tests of `Worker`. It runs as a script in an isolated interpreter."""

import os
import resource
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from monespace_cli.bounds.child import serve
from monespace_cli.errors import UnreadableInputError

LIMITS = ("RLIMIT_FSIZE", "RLIMIT_CORE", "RLIMIT_AS", "RLIMIT_NOFILE")


def handle(header: Mapping[str, Any], payload: bytes) -> tuple[Mapping[str, object], bytes]:
    match header["do"]:
        case "echo":
            return {"got": header["word"]}, payload
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(600)
        case "spin":
            resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(resource.RLIMIT_CPU)[1]))
            while True:
                pass
        case "allocate":
            kept = []
            while True:
                kept.append(bytearray(64 * 1024 * 1024))
        case "refuse":
            raise UnreadableInputError("not for you", code=header["code"])
        case "fail":
            raise RuntimeError("the content of the file")
        case "print":
            os.write(1, b"noise from a library\n" * 1000)
        case "answer too much":
            return {}, bytes(1000)
        case "write":
            return {"written": written_to(Path(header["path"]))}, b""
        case "state":
            return state(), b""
    return {}, b""


def written_to(path: Path) -> str:
    """Try to write a file; return what the system said, or how many bytes there are now."""
    try:
        path.write_bytes(b"health data")
    except OSError as error:
        return type(error).__name__ + str(error.errno)
    return str(path.stat().st_size)


def state() -> dict[str, object]:
    return {
        "directory": str(Path.cwd()),
        "environment": sorted(os.environ),
        "limits": [resource.getrlimit(getattr(resource, name))[1] for name in LIMITS],
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
    }


if __name__ == "__main__":
    serve(handle)
