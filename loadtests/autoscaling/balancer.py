"""nginx before the pods of `check`, choosing blindly as a Service does."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from pathlib import Path

from tests.servers import PATIENCE

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_timeout 0;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream pods {{
    random;
    {servers}
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://pods;
      proxy_next_upstream off;
      proxy_read_timeout 120;
    }}
  }}
}}
"""


class Balancer:
    """nginx, choosing blindly among the pods that it is told of, as a Service does."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
        if program is None:
            raise SystemExit("this needs nginx; Debian's package `nginx-light` has it")
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None

    def route(self, urls: list[str]) -> None:
        """From now on new requests go to these."""
        servers = " ".join(f"server {url.removeprefix('http://')} max_fails=0;" for url in urls)
        config = self._folder / "nginx.conf"
        config.write_text(NGINX.format(folder=self._folder, servers=servers, port=self._port))
        if self._process is None:
            self._process = subprocess.Popen([self._program, "-c", str(config)])
        else:
            self._process.send_signal(signal.SIGHUP)

    def close(self) -> None:
        """Stops it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
