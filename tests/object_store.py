"""An S3 server for tests (moto's): it can be told to refuse, and says what it was asked."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from unittest import mock

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

BUCKET = "archive"
REGION = "eu-central-1"
REFUSALS = {
    "SlowDown": "503 Slow Down",
    "AccessDenied": "403 Forbidden",
    "InvalidAccessKeyId": "403 Forbidden",
}


@dataclass(frozen=True)
class Request:
    """One request; `key` is bucket and key, `sent` how many bytes the answer had."""

    method: str
    key: str
    status: int
    sent: int


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        """Nothing."""


class ObjectStore:
    """Buckets behind HTTP. One request is answered at a time: moto's conditional puts need it."""

    def __init__(self) -> None:
        self._buckets = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.requests: list[Request] = []
        self.watch()

    def watch(
        self,
        before: Callable[[str, str], str | None] = lambda *_: None,
        after: Callable[[str, str], None] = lambda *_: None,
        *,
        conditional: bool = True,
    ) -> None:
        """Calls `before` and `after` with method and key of each request from now on.

        Where `before` gives one of `REFUSALS`, that is answered and nothing done. A store that is
        not `conditional` takes no notice of `If-None-Match`.
        """
        self.requests.clear()
        self._before, self._after, self._conditional = before, after, conditional

    @property
    def environment(self) -> dict[str, str]:
        """What a user sets to reach it."""
        return {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.server_port}",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    @cached_property
    def client(self) -> Any:
        """Another client than the one under test."""
        return boto3.client("s3")

    def make_bucket(self) -> None:
        """An empty bucket, in place of the one that was there."""
        client = self.client
        found = [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]
        if BUCKET not in found:
            place = {"LocationConstraint": REGION}
            client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        self.empty()

    def empty(self, prefix: str = "") -> None:
        """Removes all objects under a prefix."""
        if keys := self._keys(prefix):
            listed = {"Objects": [{"Key": key} for key in keys]}
            self.client.delete_objects(Bucket=BUCKET, Delete=listed)

    def put(self, key: str, data: bytes | str) -> None:
        """Puts an object."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=data)

    def contents(self, prefix: str = "") -> dict[str, bytes]:
        """All objects under a prefix, by what follows it in their keys."""
        return {
            key.removeprefix(prefix): self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
            for key in self._keys(prefix)
        }

    def close(self) -> None:
        """Stops the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _keys(self, prefix: str) -> list[str]:
        """All keys under a prefix, of a thousand at most."""
        found = self.client.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [each["Key"] for each in found.get("Contents", ())]

    def _answer(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        with self._lock:
            method, key = environ["REQUEST_METHOD"], environ["PATH_INFO"].strip("/")
            status = ""

            def began(line: str, headers: Any, error: Any = None) -> Any:
                nonlocal status
                status = line
                return start(line, headers, error)

            if not self._conditional:
                environ.pop("HTTP_IF_NONE_MATCH", None)
            if refusal := self._before(method, key):
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                told = f"<Error><Code>{refusal}</Code><Message>No.</Message></Error>".encode()
                began(REFUSALS[refusal], [("Content-Length", str(len(told)))])
                answer = [] if method == "HEAD" else [told]
            else:
                answer = list(self._buckets(environ, began))
                self._after(method, key)
            sent = sum(map(len, answer))
            self.requests.append(Request(method, key, int(status.split()[0]), sent))
            return answer


@contextmanager
def serving() -> Iterator[ObjectStore]:
    """A store with an empty bucket; this process and its children have its address and keys."""
    store = ObjectStore()
    try:
        with mock.patch.dict(os.environ, store.environment):
            store.make_bucket()
            yield store
    finally:
        store.close()
