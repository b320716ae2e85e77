"""nginx in front of a server, with the configuration that is shipped in api/nginx.conf."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.driving import ROOT
from tests.campaigns.serving import Connection
from tests.campaigns.shipped import free_port

_MAIN = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/onrecord.conf;
}}
"""


@contextmanager
def front(folder: Path, upstream: int) -> Iterator[int]:
    """Nginx before the server at a port of loopback; its own port."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    shipped = (ROOT / "api" / "nginx.conf").read_text("utf-8")
    ours = shipped.replace("listen 8080 ", f"listen 127.0.0.1:{port} ")
    ours = ours.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{upstream};")
    (folder / "onrecord.conf").write_text(ours, "utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder), "utf-8")
    process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        _wait_until_it_listens(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(100):
        if process.poll() is not None:
            break
        try:
            Connection(port).call("GET", "/healthz")
        except (OSError, RuntimeError):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("nginx did not start; its error.log says why")
