"""
Sets up structlog; the only place that does.
"""

from __future__ import annotations

import os
import sys

from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

from awsaudit.cli.terminal import plain
from awsaudit.config import Config


_LEVELS: Final = {0: "warning", 1: "info", 2: "debug"}

# A machine reads the log of what Kubernetes, ECS or Lambda runs.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
_MACHINES: Final = ("KUBERNETES_SERVICE_HOST", "ECS_CONTAINER_METADATA_URI_V4", "AWS_LAMBDA_FUNCTION_NAME")


def configure(config: Config) -> None:
    """Send events to standard error: warnings, with -v what is done, with -vv every failed call, with -q only errors."""
    level = "error" if config.quiet else _LEVELS[min(config.verbose, 2)]
    render = structlog.processors.JSONRenderer() if as_json(config.log_format) else _text
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Lines,
        cache_logger_on_first_use=False,
    )


def as_json(choice: str, environ: Mapping[str, str] | None = None) -> bool:
    """Tell whether to log JSON."""
    environ = os.environ if environ is None else environ
    return choice == "json" or (choice == "auto" and any(environ.get(name) for name in _MACHINES))


class _Lines:
    """Writes lines to what standard error is at the moment: a live bar puts itself in its place."""

    def __init__(self, *_: Any) -> None:
        pass

    def msg(self, message: str) -> None:
        """Write a line."""
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()

    debug = info = warning = error = msg


def _text(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    """Return *event* as a line for people: time, level, name, fields."""
    moment = str(event.pop("timestamp"))[11:19]
    level, name = event.pop("level"), event.pop("event")
    trace = event.pop("exception", None)
    fields = " ".join(f"{key}={plain(value)}" for key, value in event.items() if value is not None)
    line = f"{moment} {level} {name} {fields}".rstrip()

    return line if trace is None else f"{line}\n{trace}".rstrip()
