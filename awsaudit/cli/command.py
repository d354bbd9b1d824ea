"""
The command's frame: verbs that are imported when they are asked for, flags made of the settings, errors as one line.
"""

from __future__ import annotations

import importlib
import sys
import traceback

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import click

from attrs import define, field
from click.core import ParameterSource

from awsaudit import log
from awsaudit.cli import complete
from awsaudit.cli.gate import DONE, INCOMPLETE, INTERRUPTED, NOTHING_RAN, USAGE
from awsaudit.cli.terminal import plain, say
from awsaudit.config import GLOBAL, SECTIONS, SETTINGS, Config, Setting, load_config
from awsaudit.errors import AuditError, CredentialsError
from awsaudit.selection import nearest


VERBS: Final = {
    "scan": "Run checks on a live account or a snapshot, write reports.",
    "demo": "Run them on the built-in example account; no AWS needed.",
    "report": "Render a saved report again.",
    "merge": "Put saved reports of several accounts or regions together.",
    "diff": "Say what changed from one saved report to another.",
    "history": "Show how much failed from scan to scan.",
    "suppress": "Accept failures for a while, with a reason and an end.",
    "checks": "List the checks.",
    "explain": "Say of a check what it looks for, why, and how to mend it.",
    "policy": "Print the IAM policy that the selected checks need.",
    "who-can": "Say who may do an action to a resource, and by which path.",
    "reach": "Say what a principal may do, itself and through roles.",
    "policy-check": "Say whom a policy lets in, and what is odd about it.",
    "secrets": "Print the hash by which a harmless value is allowed.",
    "doctor": "Say what awsaudit finds: versions, packs, credentials, settings.",
    "schema": "Print the JSON Schema of the json format.",
    "config": "Show the settings that hold, or write a file to begin with.",
    "deploy": "Print what runs it regularly: Lambda, an organization, cron, systemd, Kubernetes.",
    "new-check": "Write a check and its test, ready to edit.",
    "completion": "Print the completion script for a shell.",
}
"""The verbs in the order of help; each lives in a module of its name and is imported only when it is asked for."""


@define
class Invocation:
    """
    What one run of the command knows.

    Args:
        flags: What was given before the verb.

        config: The settings, once they are read.
    """

    flags: dict[str, Any] = field(factory=dict)
    config: Config | None = None


class SettingOption(click.Option):
    """The flag of a setting."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        names = [f"-{setting.short}"] if setting.short else []
        counted = setting.name == "verbose"
        more: dict[str, Any] = {"is_flag": True} if setting.switch else {}
        if setting.choices:
            more = {"type": click.Choice(setting.choices)}
        elif counted:
            more = {"count": True}
        super().__init__(
            [*names, f"--{setting.name}"],
            multiple=setting.many,
            help=_help(setting),
            metavar=setting.metavar or None,
            shell_complete=complete.CANDIDATES.get(setting.name),
            **more,
        )


def _help(setting: Setting) -> str:
    if not setting.choices or not setting.metavar:
        return setting.help
    *most, last = setting.choices

    return f"{setting.help.removesuffix('.')}: {', '.join(most)} or {last}."


class Verb(click.Command):
    """A verb; help lists its flags by section."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the flags, the verb's own first, then section by section."""
        write_sections(self, ctx, formatter)


def write_sections(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write the flags of *command* to *formatter*, section by section."""
    records: dict[str, list[tuple[str, str]]] = {section: [] for section in ("Options", *SECTIONS)}
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if record is not None:
            own = GLOBAL if isinstance(param, click.Option) and param.is_eager else "Options"
            records[param.setting.section if isinstance(param, SettingOption) else own].append(record)
    for section, found in records.items():
        if found:
            with formatter.section(section):
                formatter.write_dl(found)


def verb(
    *params: click.Parameter,
    sections: Iterable[str] = (),
    settings: Iterable[str] = (),
    without: Iterable[str] = (),
    epilog: str | None = None,
) -> Callable[[Callable[..., int | None]], Verb]:
    """
    Make a verb of a function from the settings to an exit code.

    Args:
        params: Arguments and flags of its own; the function gets them by name.

        sections: Sections of settings that it takes; the global ones always.

        settings: More settings by name.

        without: Settings of those sections that it does not take.

        epilog: What help says last.
    """
    wanted = {GLOBAL, *sections}
    names = {s.name for s in SETTINGS if s.section in wanted or s.name in set(settings)} - set(without)
    options = [SettingOption(setting) for setting in SETTINGS if setting.name in names]

    def wrap(function: Callable[..., int | None]) -> Verb:
        def callback(**values: Any) -> int | None:
            context = click.get_current_context()
            own = {param.name: values[param.name] for param in params if param.name}
            invocation: Invocation = context.obj
            invocation.config = load_config(_with_flags(invocation.flags, context))
            return function(invocation.config, **own)

        return Verb(
            function.__name__.replace("_", "-"),
            callback=callback,
            params=[*params, *options],
            help=function.__doc__,
            epilog=epilog,
            context_settings=_CONTEXT,
        )

    return wrap


def _with_flags(before: dict[str, Any], context: click.Context) -> dict[str, Any]:
    """Return the settings that the command line sets, those given before the verb included."""
    flags = dict(before)
    for param in context.command.params:
        key = str(param.name)
        if isinstance(param, SettingOption) and context.get_parameter_source(key) is ParameterSource.COMMANDLINE:
            name, value = param.setting.name, context.params[key]
            flags[name] = flags.get(name, 0) + value if name == "verbose" else value

    return flags


_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Verbs(click.Group):
    """The verbs, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of help."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb."""
        del ctx
        if cmd_name not in VERBS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(importlib.import_module(f"awsaudit.cli.{name}"), name)

        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; name the nearest where there is none."""
        if args and not args[0].startswith("-") and args[0] not in VERBS and not ctx.resilient_parsing:
            raise click.UsageError(f"there is no command {args[0]!r}{nearest(args[0], VERBS)}", ctx)

        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs, then the flags that all of them take."""
        self.format_commands(ctx, formatter)
        write_sections(self, ctx, formatter)


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's form
    del param
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version  # noqa: PLC0415 - slow to import, and `--help` does without

        click.echo(f"awsaudit {version('awsaudit')}")
        ctx.exit()


def _take_flags(**_: Any) -> None:
    context = click.get_current_context()
    context.obj.flags = _with_flags({}, context)


awsaudit: Final = Verbs(
    "awsaudit",
    callback=_take_flags,
    help="""Audits live AWS accounts, read-only.

    Nothing is ever changed: every call is a declared read, and `awsaudit policy` prints the permissions for exactly these.
    """,
    params=[
        *(SettingOption(setting) for setting in SETTINGS if setting.section == GLOBAL),
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help="Show the version.",
        ),
    ],
    context_settings=_CONTEXT,
)


def run(arguments: Sequence[str]) -> int:
    """Return the exit code of the command with *arguments*; whatever goes wrong ends as one line on standard error."""
    invocation = Invocation()
    try:
        code = awsaudit.main(list(arguments), "awsaudit", standalone_mode=False, obj=invocation)
        return DONE if code is None else int(code)
    except click.ClickException as error:
        _fail(_usage(error))
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        say("interrupted; nothing was written")
        return INTERRUPTED
    except AuditError as error:
        _fail(str(error))
        return NOTHING_RAN if isinstance(error, CredentialsError) else USAGE
    except Exception as error:  # noqa: BLE001 - the last resort: no user ever sees a traceback
        return _crash(error, invocation)


def _fail(message: str) -> None:
    say("\n".join(map(plain, message.splitlines())), label="error: ", style="red")


def _usage(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".")
    message = f"{message[:1].lower()}{message[1:]}"
    if message.endswith("?"):
        return message.replace(". Did you mean", "; did you mean")
    context = error.ctx if isinstance(error, click.UsageError) else None

    return f"{message}; see `{context.command_path if context else 'awsaudit'} --help`"


def _crash(error: Exception, invocation: Invocation) -> int:
    """Say that awsaudit itself failed; the traceback goes into the log with -v, into a file without."""
    trace = "".join(traceback.format_exception(error))
    if invocation.config is not None and invocation.config.verbose:
        _log(trace, invocation.config)
        kept = "the traceback is in the log above"
    else:
        kept = f"the traceback is in {_saved(trace)}; -v prints it"
    _fail(
        f"awsaudit itself failed: {type(error).__name__}: {(str(error).splitlines() or [''])[0]}; please report it, {kept}"
    )

    return INCOMPLETE


def _log(trace: str, config: Config) -> None:
    from awsaudit.cli.log import configure  # noqa: PLC0415 - slow to import

    configure(config)
    log.error("awsaudit.crashed", exception=trace)


def _saved(trace: str) -> Path:
    import tempfile  # noqa: PLC0415 - only a crash needs it

    with tempfile.NamedTemporaryFile("w", prefix="awsaudit-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(f"awsaudit {' '.join(sys.argv[1:2])}\n{trace}")

    return Path(file.name)
