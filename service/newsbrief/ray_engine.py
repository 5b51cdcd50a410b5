"""A backfill on a Ray cluster, which needs the `ray` extra: Ray Data hands shards to actors.

Only shard numbers and commits travel: each actor reads the input and writes the output itself. A
shard whose worker died is done again by Ray, and twice the same shard is the same bytes.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from newsbrief import errors
from newsbrief.backfill import do_shard
from newsbrief.errors import ConfigurationError, InputError, NewsbriefError
from newsbrief.local_worker import SIDE_BY_SIDE, LocalWorker, open_local
from newsbrief.planned import Plan
from newsbrief.planning import Options
from newsbrief.rows import Fields
from newsbrief.settings import Settings
from newsbrief.shards import Commit, Format, open_output

if TYPE_CHECKING:
    import ray.data

CONNECT_SECONDS = 10.0  # Ray itself tries for minutes, and then ends the process
LOOK = 0.2  # seconds between two looks at whether to stop
MOST_BLOCKS = 20_000  # Ray Data keeps an account of each; beyond it, a block is several shards
LOCAL_STORE = 100_000_000  # bytes of shared memory of a cluster of our own: numbers need no more


@dataclass(frozen=True, slots=True)
class Task:
    """What every actor is told once; all of it can be pickled."""

    output: str
    form: Format
    generation: int
    settings: Settings
    options: Options
    fields: Fields


class Actor:
    """One process of the cluster: opens the pack for its first shard, then does any number."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._output = open_output(task.output, task.form)
        self._opening = threading.Lock()
        self._opened: tuple[Plan, LocalWorker] | None = None

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, list[str]]:
        """Does the shards of these numbers. Ray calls it from `SIDE_BY_SIDE` threads.

        Our own errors come back as data: the driver raises them, and Ray need not know them.
        """
        try:
            return {"commit": [self._do(int(number)) for number in batch["item"]], "error": [""]}
        except NewsbriefError as error:
            told = {"kind": type(error).__name__, "message": str(error)}
            return {"commit": [""], "error": [json.dumps(told)]}

    def _do(self, number: int) -> str:
        task = self._task
        plan, worker = self._open()
        shard = plan.shards[number]
        limit = task.settings.max_body_chars
        return json.dumps(asdict(do_shard(plan, shard, self._output, worker, task.fields, limit)))

    def _open(self) -> tuple[Plan, LocalWorker]:
        with self._opening:
            if self._opened is None:
                task = self._task
                plan = next(p for p in self._output.plans() if p.generation == task.generation)
                self._opened = plan, open_local(task.settings, task.options)
            return self._opened


def run_on_ray(
    plan: Plan,
    task: Task,
    *,
    workers: tuple[int, int],
    stop: threading.Event,
    part: int = 0,
    parts: int = 1,
    committed: Callable[[Commit], None] = lambda _: None,
) -> None:
    """Does on a Ray cluster what `backfill.run` does in one process.

    `workers` is the least and the most actors; Ray starts more while shards wait. Each takes the
    CPUs of its runners (`NEWSBRIEF_RUNNERS`, 1 where not set). The cluster is that of
    `RAY_ADDRESS`, or one on this machine for the length of the run. Raises `ConfigurationError`
    when Ray is not installed, nothing answers there or this machine is too small, and what
    `backfill.do_shard` raises.
    """
    left = open_output(task.output, task.form).left(plan, part, parts)
    waiting = [shard.number for shard in left]
    if not waiting:
        return
    runners = task.settings.runners or 1
    task = replace(task, settings=task.settings.model_copy(update={"runners": runners}))
    cpus = runners * task.settings.threads_per_runner
    with _cluster(cpus * workers[0]) as data:
        shards = data.from_items(waiting, override_num_blocks=min(MOST_BLOCKS, len(waiting)))
        results = shards.map_batches(
            Actor,
            fn_constructor_args=[task],
            batch_size=1,
            num_cpus=cpus,
            compute=data.ActorPoolStrategy(
                min_size=workers[0],
                max_size=workers[1],
                max_tasks_in_flight_per_actor=SIDE_BY_SIDE,
                max_concurrent_calls_per_actor=SIDE_BY_SIDE,
                enable_true_multi_threading=True,
            ),
        )
        for row in _rows(results, stop):
            if row["error"]:
                raise _read_error(row["error"])
            committed(Commit(**json.loads(row["commit"])))


def _rows(results: ray.data.Dataset, stop: threading.Event) -> Iterator[dict[str, str]]:
    """Results as they come, until `stop` is set: in a thread, since Ray waits without an end."""
    arrived: queue.SimpleQueue[dict[str, str] | Exception | None] = queue.SimpleQueue()

    def fetch() -> None:
        try:
            for row in results.iter_rows():
                arrived.put(row)
        except Exception as error:
            arrived.put(error)
        else:
            arrived.put(None)

    threading.Thread(target=fetch, name="ray-results", daemon=True).start()
    while not stop.is_set():
        try:
            row = arrived.get(timeout=LOOK)
        except queue.Empty:
            continue
        if row is None:
            return
        if isinstance(row, Exception):
            raise row
        yield row


def _read_error(data: str) -> NewsbriefError:
    told = json.loads(data)
    kind, message = getattr(errors, told["kind"], NewsbriefError), told["message"]
    if issubclass(kind, InputError):
        return InputError("input", message.removeprefix("input: "))
    found: NewsbriefError = kind(message)
    return found


def _check_reachable(address: str) -> None:
    """Raises `OSError` unless something listens there; `auto` and `local` name no place."""
    named = re.fullmatch(r"(?:ray://)?\[?(.+?)\]?:(\d+)", address)
    if named:
        socket.create_connection((named[1], int(named[2])), CONNECT_SECONDS).close()


@contextmanager
def _cluster(cpus: int) -> Iterator[Any]:
    """Ray Data, connected; what was connected here is left again, which ends the actors."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # Ray reports home unless told not to
    try:
        import ray
        import ray.data as data
    except ImportError as error:
        raise ConfigurationError("--engine ray needs the extra 'ray' of Newsbrief") from error
    own = not ray.is_initialized()
    if own:
        options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
        address = os.environ.get("RAY_ADDRESS")
        if not address:
            options |= {"include_dashboard": False, "object_store_memory": LOCAL_STORE}
        try:
            _check_reachable(address or "local")
            ray.init(address=address or "local", **options)
        except (OSError, ValueError) as error:  # ValueError: a kind of address that it can't use
            raise ConfigurationError(f"RAY_ADDRESS: no cluster at {address}: {error}") from error
    try:
        if not os.environ.get("RAY_ADDRESS") and ray.cluster_resources().get("CPU", 0) < cpus:
            raise ConfigurationError(
                f"--workers: the least workers need {cpus} CPUs and this machine has "
                f"{ray.cluster_resources().get('CPU', 0):g}; set RAY_ADDRESS to use a cluster"
            )
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context = data.DataContext.get_current()
        context.enable_progress_bars = False
        context.print_on_execution_start = False
        context.enable_auto_log_stats = False
        context.execution_no_progress_timeout_s = -1  # a shard may take hours
        context.max_consecutive_actor_init_deaths = 10
        yield data
    finally:
        if own:
            ray.shutdown()
