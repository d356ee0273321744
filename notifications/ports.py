"""Ports on this machine."""

from __future__ import annotations

import socket


def free_port(wanted: int) -> int:
    """``wanted`` if it is free on 127.0.0.1, otherwise any free port; 0 asks for any."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("Er is geen vrije poort op deze computer.")
