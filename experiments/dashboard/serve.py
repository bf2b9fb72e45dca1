"""The server of the page: on this machine alone, with nothing fetched from or reported to any other."""

from __future__ import annotations

import logging
import os
import socket
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"
DEFAULT_PORT = 8765
TRIED = 20
"""Ports after a busy one that are tried for the hint."""
NOWHERE = "http://127.0.0.1:9/"
"""Stands for Solara's content network: a file that solara-assets lacks is an error, never a request to another machine."""
NEEDED = ("requirejs@2.3.6/require.js", "@widgetti/vue-grid-layout@2.3.13-alpha.2/dist/vue-grid-layout.umd.js")
"""Scripts of the page that must lie on this machine."""
FONT = "/fangpin/font.otf"
"""Where the page finds Chinese characters on a machine without a Chinese font."""
NAMES = ("127.0.0.1", "localhost")
"""Names by which a browser may ask for the page: others come from pages that want to reach it behind the user's back."""

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]]


class Busy(Exception):
    """The port is taken.

    Attributes:
        free: a port near it that is free; 0 when none was found.
    """

    def __init__(self, free: int) -> None:
        """Keep the free port."""
        super().__init__(free)
        self.free = free


class NoAssets(Exception):
    """The page's scripts are not on this machine."""


def open_port(port: int) -> socket.socket:
    """Return a socket that holds a port of this machine's own address.

    Args:
        port: the port; 0 takes any free one.

    Raises:
        Busy: if it is taken.
    """
    try:
        return _bound(port)
    except OSError:
        raise Busy(next((near for near in range(port + 1, min(port + TRIED, 65535)) if _is_free(near)), 0)) from None


def _bound(port: int) -> socket.socket:
    """Return a socket bound to a port."""
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # a port that a closed server leaves waiting is free
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((HOST, port))
    except OSError:
        held.close()
        raise
    return held


def _is_free(port: int) -> bool:
    """Return whether a port can be taken."""
    try:
        _bound(port).close()
    except OSError:
        return False
    return True


def keep_to_this_machine() -> None:
    """Set Solara so that neither the page nor its server asks another machine for anything. Before Solara is imported.

    Raises:
        NoAssets: if the page's scripts are missing.
    """
    os.environ |= {
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_ASSETS_CDN": NOWHERE,
        "SOLARA_ASSETS_PROXY": "true",
        "SOLARA_MODE": "production",
        "SOLARA_APP": "experiments.dashboard.page:Page",
        "SOLARA_THEME_SHOW_BANNER": "false",
        "SOLARA_THEME_TITLE": "fangpin 防贫",
        "SOLARA_CHECK_HOOKS": "off",
    }
    from solara import settings as shared
    from solara.server import settings

    folder = Path(settings.assets.proxy_cache_dir)
    # a program that imported Solara before has read its settings already
    settings.telemetry.mixpanel_enable, shared.assets.cdn, settings.theme.show_banner = False, NOWHERE, False
    if not shared.assets.proxy or any(not (folder / name).is_file() for name in NEEDED):
        raise NoAssets(str(folder))


def only_from_here(app: App) -> App:
    """Return an application that answers only requests made to and by a page of this machine.

    A page of another site may let its name point to this machine, or open a socket to it: both name themselves.
    """

    async def guarded(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
        if scope["type"] in ("http", "websocket") and not is_from_here(dict(scope["headers"])):
            if scope["type"] == "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            else:
                await send({"type": "http.response.start", "status": 403, "headers": []})
                await send({"type": "http.response.body", "body": b"only from this machine"})
            return
        await app(scope, receive, send)

    return guarded


def is_from_here(headers: dict[bytes, bytes]) -> bool:
    """Return whether a request names this machine as its host and, where it names one, as its origin."""
    from urllib.parse import urlsplit

    host = urlsplit(f"//{headers.get(b'host', b'').decode('latin-1')}").hostname
    origin = headers.get(b"origin")
    return host in NAMES and (origin is None or urlsplit(origin.decode("latin-1")).hostname in NAMES)


def serve(held: socket.socket, ready: Callable[[str], None]) -> None:
    """Answer browsers until interrupted.

    Args:
        held: the port, from `open_port`; `keep_to_this_machine` must have been called.
        ready: is told the page's address once it can be opened.

    Raises:
        KeyboardInterrupt: when interrupted, after everything has been closed.
    """
    import uvicorn
    from solara.server.starlette import app
    from starlette.responses import FileResponse
    from starlette.routing import Route

    from experiments.charts.fonts import packaged_font

    # a warning about pages inside pages of other sites, which this one refuses to be
    warnings.filterwarnings("ignore", message="Cookies with samesite")
    font = packaged_font()
    app.router.routes.insert(0, Route(FONT, lambda request: FileResponse(font, headers={"Cache-Control": "max-age=86400"})))

    class Server(uvicorn.Server):
        """A server that says when it is ready, and ends quietly."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Start, then say the address."""
            await super().startup(sockets=sockets)
            ready(f"http://{HOST}:{held.getsockname()[1]}")

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            """Close the pages; what they were drawing or living ends in the middle, which is no error to be told."""
            logging.disable(logging.CRITICAL)
            await super().shutdown(sockets=sockets)

    config = uvicorn.Config(only_from_here(app), log_level="error", timeout_graceful_shutdown=1, ws_max_size=64 * 2**20,
        # a county that is being lived leaves the server no turn: a page that waits must not be given up, and lies on this machine
        ws_ping_interval=None, ws_ping_timeout=None,
    )  # fmt: skip
    try:
        Server(config).run(sockets=[held])
    finally:
        logging.disable(logging.NOTSET)
