"""Every way in which Newsbrief gives no answer.

    NewsbriefError
    ├── InputError               the caller can mend it: names field, limit and value
    │   └── TooLargeError        an article that is longer than is ever taken
    ├── ConfigurationError       a setting, or a combination of settings, makes no sense
    ├── PackError                a pack that is absent, malformed, corrupt or not licensed
    │   ├── PackNotFoundError
    │   ├── PackCorruptError     a checksum, a lock or a description does not hold
    │   └── LicenceError         the licence was not accepted, or forbids this use
    ├── PullError                a download or conversion that could not be finished
    │   ├── NetworkError
    │   ├── DiskError
    │   └── GatedError           the hub wants an account or an accepted agreement
    ├── RefusedError             the service could, but not now
    │   ├── OverloadedError      says after how many seconds to come back
    │   ├── DeadlineError        it can't be (or was not) answered in the time allowed
    │   ├── DrainingError        the process is about to stop
    │   └── UnreachableError     the running service or the storage that was named does not answer
    └── EngineError              the model failed on an input that was right

A failed *check* is not here: it is a `Finding` on the answer.
"""

from __future__ import annotations


class NewsbriefError(Exception):
    """Base of all errors that Newsbrief raises on purpose; `str()` of it is fit to show."""


class InputError(NewsbriefError):
    """Bad input: which field, which limit, which value. The value is never article text."""

    def __init__(
        self,
        field: str,
        message: str,
        *,
        limit: int | str | None = None,
        value: int | str | None = None,
    ) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
        self.limit = limit
        self.value = value


class TooLargeError(InputError):
    """An article that no amount of waiting would let through."""


class ConfigurationError(NewsbriefError):
    """A setting that can't be used; the message names it and what it takes."""


class PackError(NewsbriefError):
    """A pack can't be used as it is."""


class PackNotFoundError(PackError):
    """No pack of that name is here; the message says which are, and how to get it."""


class PackCorruptError(PackError):
    """What lies on disk is not what its description or lock says."""


class LicenceError(PackError):
    """The licence of a model was not accepted, or does not permit commercial use."""


class PullError(NewsbriefError):
    """A pack could not be fetched or converted; nothing half-made is left installed."""


class NetworkError(PullError):
    """The hub can't be reached, or the transfer broke and could not be resumed."""


class DiskError(PullError):
    """Not enough room, or no right to write, where packs are kept."""


class GatedError(PullError):
    """The hub refuses without an account that has accepted the model's terms."""


class RefusedError(NewsbriefError):
    """Not now: nothing was computed, and trying again later is right."""


class OverloadedError(RefusedError):
    """The queue is full; `retry_after` is in seconds, from the measured drain rate."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class DeadlineError(RefusedError):
    """The answer would come, or came, after the caller's deadline."""


class DrainingError(RefusedError):
    """The process is stopping and takes no new work."""


class UnreachableError(RefusedError):
    """A running service, or a storage, gave no answer for longer than the caller would wait."""


class EngineError(NewsbriefError):
    """The model or its runtime failed; the fault is ours."""


def as_our_error(error: Exception) -> NewsbriefError:
    """What an engine raised, if it is not an error of ours already, as an `EngineError`."""
    if isinstance(error, NewsbriefError):
        return error
    ours = EngineError(f"the engine failed: {type(error).__name__}")
    ours.__cause__ = error
    return ours
