"""A model hub on 127.0.0.1: the part of its HTTP that a pull uses, and every way to misbehave.

It speaks to the real hub client. Faults are set by file; the requests and the bytes that were
sent for them are kept for the tests to look at.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"
PAGE = b"<html><body>Please log in to this network</body></html>"


@dataclass
class Fault:
    """What the server does wrong with one file, for its next `times` requests of it (-1: always).

    cut: sends this many bytes of the answer and closes the connection
    stall: sends this many bytes, sets `stalled`, and waits for `released`
    announced: says in GET that the answer has this many bytes, and sends no more
    commit: names this commit in X-Repo-Commit
    status, code: answers with this status and X-Error-Code
    page: answers 200 with an HTML page
    endless: gives no length, and goes on sending after the end
    whole: ignores Range and sends the whole file
    content: sends this in place of the file
    """

    times: int = -1
    cut: int | None = None
    stall: int | None = None
    announced: int | None = None
    commit: str | None = None
    status: int | None = None
    code: str | None = None
    page: bool = False
    endless: bool = False
    whole: bool = False
    content: bytes | None = None
    stalled: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)


@dataclass
class Request:
    """One request as the server saw it; `sent` counts the bytes of the answer's body."""

    method: str
    path: str
    range: str | None
    authorization: str | None
    sent: int = 0


class Hub:
    """Repositories by name, each with one commit; plain files under /files/ besides."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.repositories: dict[str, dict[str, bytes]] = {}
        self.plain: dict[str, bytes] = {}
        self.faults: dict[str, Fault] = {}
        self.requests: list[Request] = []
        self.commit = REVISION
        self.with_lfs = True
        self.elsewhere: dict[str, Hub] = {}  # files that a content network has under /files/
        self._lock = threading.Lock()

    def gets(self, name: str) -> list[Request]:
        """The GET requests of the file `name`, in order."""
        return [
            request
            for request in self.requests
            if request.method == "GET" and request.path.endswith(f"/{name}")
        ]

    def fault(self, key: str) -> Fault | None:
        with self._lock:
            fault = self.faults.get(key)
            if fault is None or fault.times == 0:
                return None
            fault.times -= 1
            return fault

    def info(self, repository: str) -> dict[str, Any]:
        siblings = []
        for name, content in self.repositories[repository].items():
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
            sibling: dict[str, Any] = {
                "rfilename": name,
                "size": len(content),
                "blobId": blob.hexdigest(),
            }
            if self.with_lfs and name.endswith(".safetensors"):
                sha256 = hashlib.sha256(content).hexdigest()
                sibling["lfs"] = {"size": len(content), "sha256": sha256, "pointerSize": 130}
            siblings.append(sibling)
        return {"id": repository, "sha": self.commit, "siblings": siblings, "tags": []}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        request = Request(
            self.command, path, self.headers.get("Range"), self.headers.get("Authorization")
        )
        self.hub.requests.append(request)
        key = "api" if path.startswith("/api/") else path.rsplit("/", 1)[-1]
        fault = self.hub.fault(f"{self.command} {key}") or self.hub.fault(key) or Fault()
        try:
            self._route(path, fault, request)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _route(self, path: str, fault: Fault, request: Request) -> None:
        if fault.status is not None:
            self._refuse(fault.status, fault.code)
        elif fault.page:
            self._send(PAGE, {"Content-Type": "text/html"}, Fault(), request)
        elif path.startswith("/api/models/"):
            self._send_info(path, fault, request)
        elif path.startswith("/files/"):
            self._send_file(self.hub.plain.get(path.removeprefix("/files/")), {}, fault, request)
        else:
            repository, _, rest = path.strip("/").partition("/resolve/")
            commit, _, name = rest.partition("/")
            content = self.hub.repositories.get(repository, {}).get(name)
            headers = {"X-Repo-Commit": fault.commit or commit}
            if content is not None and name in self.hub.elsewhere:
                self._redirect(name, content, headers)
            else:
                self._send_file(content, headers, fault, request)

    def _send_info(self, path: str, fault: Fault, request: Request) -> None:
        repository, _, revision = path.removeprefix("/api/models/").partition("/revision/")
        if repository not in self.hub.repositories:
            self._refuse(404, "RepoNotFound")
        elif revision != REVISION:
            self._refuse(404, "RevisionNotFound")
        else:
            body = fault.content or json.dumps(self.hub.info(repository)).encode()
            self._send(body, {"Content-Type": "application/json"}, Fault(), request)

    def _send_file(
        self, content: bytes | None, headers: dict[str, str], fault: Fault, request: Request
    ) -> None:
        if content is None:
            self._refuse(404, "EntryNotFound")
            return
        headers["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
        if self.command == "GET" and fault.content is not None:
            content = fault.content
        self._send(content, headers, fault, request)

    def _redirect(self, name: str, content: bytes, headers: dict[str, str]) -> None:
        """As the hub does with large files: where they are, and what they will be."""
        self.send_response(302)
        headers |= {
            "Location": f"{self.hub.elsewhere[name].address}/files/{name}?signature=abc",
            "X-Linked-Size": str(len(content)),
            "X-Linked-ETag": f'"{hashlib.sha256(content).hexdigest()}"',
            "Content-Length": "0",
        }
        for header, value in headers.items():
            self.send_header(header, value)
        self.end_headers()

    def _send(
        self, content: bytes, headers: dict[str, str], fault: Fault, request: Request
    ) -> None:
        start, total, status = 0, len(content), 200
        if request.range and not fault.whole:
            start, status = int(request.range.removeprefix("bytes=").rstrip("-")), 206
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        body = content[start:]
        announced = len(body)
        if self.command == "GET" and fault.announced is not None:
            announced = fault.announced
            body = body[:announced]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if fault.endless:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(announced))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault.endless:
            self._send_without_end(body, request)
            return
        until = next((each for each in (fault.cut, fault.stall) if each is not None), len(body))
        for part in (body[:until], body[until:]):
            self.wfile.write(part)
            self.wfile.flush()
            request.sent += len(part)
            if fault.cut is not None:
                self.close_connection = True
                return
            if fault.stall is not None:
                fault.stalled.set()
                fault.released.wait(60)

    def _send_without_end(self, body: bytes, request: Request) -> None:
        """Chunks until the client has had enough of it."""
        for _ in range(10_000):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))
            request.sent += len(body)

    def _refuse(self, status: int, code: str | None) -> None:
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub on a free port of 127.0.0.1, until the block ends."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub = Hub(f"http://127.0.0.1:{server.server_address[1]}")
    handler.hub = hub  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        for fault in hub.faults.values():
            fault.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
