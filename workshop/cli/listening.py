"""A port is taken before anything slow begins, so that a wrong one is told at once."""

from __future__ import annotations

import contextlib
import socket
import sys
from typing import Any

from workshop.cli.session import Refused

BACKLOG = 1024
EVERYWHERE = ("0.0.0.0", "::")
HERE = ("127.0.0.1", "localhost", "::1")


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; Refused where the port or the address is not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise Refused(
            f"Port {port} of {host} cannot be used ({error.strerror}). Another program "
            f"may be there already; choose another with --port {min(port + 1, 65535)}."
        ) from None


def shown(host: str) -> str:
    """Return a host that a browser can go to."""
    if host not in EVERYWHERE:
        return f"[{host}]" if ":" in host else host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: a datagram has no greeting
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def open_files(wanted: int) -> None:
    """Let this process have so many files and connections open, if the system does."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def serve(
    app: Any, sock: socket.socket, log_level: str = "warning", **settings: Any
) -> None:
    """Serve until Ctrl-C; requests in progress are answered first."""
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level=log_level,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
        server_header=False,
        ws="none",
        **settings,
    )
    try:
        uvicorn.Server(config).run(sockets=[sock])
    except KeyboardInterrupt:
        pass
