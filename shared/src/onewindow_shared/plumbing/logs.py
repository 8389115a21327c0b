"""Structured logs, one JSON object a line; no personal data is ever handed to them.

Services log on standard output, commands on standard error: their standard output is what was asked for.

An exception is logged by its type and its place. Its message is left out: databases and parsers quote the
values that they refuse.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import orjson
import structlog

_Event = MutableMapping[str, Any]


def configure(service: str, level: str, *, command: bool = False) -> None:
    """Set up logging of this process, a service or a `command`."""

    def of_service(_logger: object, _method: str, event: _Event) -> _Event:
        event["service"] = service
        return event

    structlog.configure(
        processors=[
            of_service,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _failure,
            structlog.processors.JSONRenderer(orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=_standard_error if command else structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=not command,
    )
    handler = logging.StreamHandler(sys.stderr if command else sys.stdout)
    handler.setFormatter(_Lines(service))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def _standard_error(*_: object) -> structlog.BytesLogger:
    return structlog.BytesLogger(sys.stderr.buffer)


def describe(error: BaseException) -> list[dict[str, Any]]:
    """Return type and place of an exception and of what it came from, the latest first."""
    return [
        {
            "type": f"{type(one).__module__}.{type(one).__qualname__}",
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in _frames(one)],
        }
        for one in _chain(error)
    ]


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    return traceback.extract_tb(error.__traceback__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                yield from _chain(inner)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _failure(_logger: object, _method: str, event: _Event) -> _Event:
    told = event.pop("exc_info", None)
    error = told if isinstance(told, BaseException) else sys.exc_info()[1] if told else None
    if error is not None:
        event["exception"] = describe(error)
    return event


class _Lines(logging.Formatter):
    """What libraries log, in the same form: the first line of the message, and an exception's place."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "event": record.getMessage().partition("\n")[0],
            "logger": record.name,
            "level": record.levelname.lower(),
            "service": self._service,
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)
