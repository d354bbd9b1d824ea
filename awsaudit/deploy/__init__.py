"""
What runs awsaudit regularly: templates, filled with what is to be scanned.

The templates lie beside this file. The IAM statements in them are what `awsaudit policy` prints for the selected checks.
"""

from __future__ import annotations

import json
import re
import shlex

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from awsaudit.errors import ConfigError
from awsaudit.partition import home_region, partition_of
from awsaudit.plan import Plan
from awsaudit.policy import policies
from awsaudit.storage import SCHEME


if TYPE_CHECKING:
    from jinja2 import Environment


TEMPLATES: Final = Path(__file__).parent / "templates"

_QUIET_HOURS: Final = 26
"""After how many hours without a finished run somebody is told: a day, and what a slow run and a late start take."""

_HOME: Final = "/var/lib/awsaudit"


@frozen
class File:
    """
    A file that is ready to use.

    Args:
        name: Its name.

        content: What stands in it.
    """

    name: str
    content: str


@frozen
class Order:
    """
    What is to be run.

    Args:
        plan: The calls of the selected checks.

        flags: What selects them on the command line of `awsaudit scan`.

        variables: What selects them in the environment.

        version: The version of awsaudit.

        command_line: How the files were asked for.

        at: When to scan, ``HH:MM`` in UTC; cron takes the machine's time.

        outputs: Where reports go.

        command: How awsaudit is started on the machine.

        image: A container image; empty if there is none.

        role: The ARN of the role whose credentials a job is given; empty if there is none.

        region: Where a job asks for credentials.
    """

    plan: Plan = field(repr=False)
    flags: tuple[str, ...]
    variables: Mapping[str, str]
    version: str
    command_line: str
    at: str = "03:00"
    outputs: tuple[str, ...] = ()
    command: str = "awsaudit"
    image: str = ""
    role: str = ""
    region: str = ""

    def scan(self, *more: str) -> tuple[str, ...]:
        """Return the words of the command that scans; *more* stand before the outputs."""
        where = (word for output in self.outputs for word in ("-o", output))
        return (self.command, "scan", *self.flags, *more, *where)


@frozen
class Kind:
    """
    One way to run awsaudit.

    Args:
        help: What it is.

        render: Makes the files.

        takes: Which fields of an `Order` besides the selection it uses.

        needs: Which of them it cannot do without.
    """

    help: str
    render: Callable[[Order], tuple[File, ...]]
    takes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


def render(name: str, order: Order) -> tuple[File, ...]:
    """
    Return the files of a way to run awsaudit.

    Args:
        name: One of `KINDS`.

        order: What is to be run.

    Raises:
        ConfigError: Something is missing, or not of the form that is needed.
    """
    kind = KINDS[name]
    for need in kind.needs:
        if not getattr(order, need):
            raise ConfigError(f"`awsaudit deploy {name}` needs --{_FLAGS[need]}")
    _check(order)

    return kind.render(order)


_FLAGS: Final = {"at": "at", "outputs": "output", "image": "image", "role": "role", "region": "region"}


def _check(order: Order) -> None:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", order.at):
        raise ConfigError(f"--at: a time such as 03:00 is needed, not {order.at!r}")
    if order.role and not re.fullmatch(r"arn:[a-z-]+:iam::\d{12}:role/[\w+=,.@/-]+", order.role, re.ASCII):
        raise ConfigError(f"--role: not the ARN of a role: {order.role!r}")
    if order.image and not re.fullmatch(r"[\w.:/-]+@sha256:[0-9a-f]{64}", order.image, re.ASCII):
        raise ConfigError(f"--image: name an image by its digest, as name@sha256:…, not {order.image!r}")


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - slow to import

    made = Environment(  # noqa: S701 - these are no pages; what is filled in is quoted for where it stands
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        variable_start_string="@{",
        variable_end_string="}",
        line_statement_prefix="#%",
        block_start_string="@%",
        block_end_string="%@",
        comment_start_string="@#",
        comment_end_string="#@",
        keep_trailing_newline=True,
    )
    made.filters["quoted"] = json.dumps

    return made


def _filled(template: str, order: Order, **more: Any) -> str:
    hour, minute = order.at.split(":")
    known = {
        "version": order.version,
        "command_line": order.command_line,
        "at": order.at,
        "hour": int(hour),
        "minute": int(minute),
        "schedule": f"cron({int(minute)} {int(hour)} * * ? *)",
        "policies": policies(order.plan),
        "variables": order.variables,
        "image": order.image,
        "role": order.role,
        "region": order.region or home_region(partition_of(""), "sts"),
        "hours": _QUIET_HOURS,
    }

    return _environment().get_template(template).render(**{**known, **more})


def _lambda(order: Order) -> tuple[File, ...]:
    content = _filled(
        "lambda.yaml",
        order,
        scope="!Ref AWS::AccountId",
        start="lambda:InvokeFunction",
        target="!GetAtt Function.Arn",
    )

    return (File("lambda.yaml", content),)


def _organization(order: Order) -> tuple[File, ...]:
    parts = {name: _filled(f"{name}.json", order).strip() for name in ("retry", "network")}
    machine = _filled("organization.json", order, **parts)
    content = _filled(
        "organization.yaml",
        order,
        machine=_indented(machine, 10),
        scope="organization",
        start="states:StartExecution",
        target="!Ref Machine",
    )

    return (File("organization.yaml", content),)


def _member_role(order: Order) -> tuple[File, ...]:
    return (File("member-role.yaml", _filled("member-role.yaml", order)),)


def _terraform(order: Order) -> tuple[File, ...]:
    inner = {
        "organization": _organization(order)[0].content,
        "member_role": _member_role(order)[0].content,
    }
    # In a heredoc of Terraform ${ and %{ would be read.
    escaped = {name: _indented(re.sub(r"([$%])\{", r"\1\1{", text), 4) for name, text in inner.items()}

    return (File("main.tf", _filled("terraform.tf", order, **escaped)),)


def _fargate(order: Order) -> tuple[File, ...]:
    return (
        File(
            "fargate.yaml",
            _filled("fargate.yaml", order, repository=_repository(order.image), architecture="X86_64"),
        ),
    )


def _repository(image: str) -> str:
    """Return the ARN of the repository in ECR that *image* is in; empty if it is elsewhere."""
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
    found = re.match(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^@:]+)", image)
    if found is None:
        return ""
    account, region, name = found.groups()

    return f"arn:{partition_of(region)}:ecr:{region}:{account}:repository/{name}"


def _cron(order: Order) -> tuple[File, ...]:
    words = _with_home(order).scan("--quiet", "--history", f"{_HOME}/history.sqlite")
    # cron takes a bare % for the end of the line.
    return (File("awsaudit.cron", _filled("cron", order, scan=shlex.join(words).replace("%", r"\%"))),)


def _systemd(order: Order) -> tuple[File, ...]:
    words = _with_home(order).scan("--no-progress", "--history", f"{_HOME}/history.sqlite")
    service = _filled("awsaudit.service", order, scan=" ".join(map(_unit_word, words)))

    return (File("awsaudit.service", service), File("awsaudit.timer", _filled("awsaudit.timer", order)))


def _with_home(order: Order) -> Order:
    from attrs import evolve  # noqa: PLC0415 - reads better beside its one use

    return order if order.outputs else evolve(order, outputs=(f"{_HOME}/report.html", f"{_HOME}/report.json"))


def _unit_word(word: str) -> str:
    """Return *word* as it stands in a unit; https://www.freedesktop.org/software/systemd/man/systemd.service.html."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return escaped if re.fullmatch(r"[\w@%$+=:,./-]+", escaped, re.ASCII) else f'"{escaped}"'


def _kubernetes(order: Order) -> tuple[File, ...]:
    for output in order.outputs:
        if not output.startswith(SCHEME):
            raise ConfigError(f"-o {output}: a job's own files go with it; name an object, as s3://bucket/report.html")

    return (
        File("kubernetes.yaml", _filled("kubernetes.yaml", order, words=map(json.dumps, order.scan("--no-progress")))),
    )


def _bitbucket(order: Order) -> tuple[File, ...]:
    files = _files(order)
    scan = json.dumps(shlex.join(order.scan("--no-progress", "--fail-on", "high")))

    return (File("bitbucket-pipelines.yml", _filled("bitbucket.yml", order, scan=scan, artifacts=files)),)


def _github(order: Order) -> tuple[File, ...]:
    scan = shlex.join(order.scan("--no-progress", "--fail-on", "high"))
    if _files(order):
        raise ConfigError(
            f"-o {_files(order)[0]}: a job's own files go with it; name an object, as s3://bucket/report.html"
        )

    return (File("awsaudit.yml", _filled("github.yml", order, scan=scan)),)


def _files(order: Order) -> tuple[str, ...]:
    return tuple(output for output in order.outputs if not output.startswith(SCHEME) and output != "-")


def _indented(text: str, columns: int) -> str:
    return "\n".join(f"{' ' * columns}{line}" if line else "" for line in text.rstrip("\n").split("\n"))


KINDS: Final[Mapping[str, Kind]] = {
    "lambda": Kind("One account: CloudFormation, Lambda started by EventBridge Scheduler.", _lambda, ("at",)),
    "organization": Kind(
        "An organization: CloudFormation, a Distributed Map of Step Functions over its accounts.",
        _organization,
        ("at",),
    ),
    "member-role": Kind("The role in each account that organization assumes, for a StackSet.", _member_role),
    "terraform": Kind("Both of these as one Terraform module.", _terraform, ("at",)),
    "fargate": Kind("A cluster and task for shards past fifteen minutes.", _fargate, ("image",), ("image",)),
    "cron": Kind("A file for /etc/cron.d.", _cron, ("at", "outputs")),
    "systemd": Kind("A service and its timer.", _systemd, ("at", "outputs")),
    "kubernetes": Kind(
        "A CronJob and its service account.", _kubernetes, ("at", "outputs", "image", "role"), ("image", "outputs")
    ),
    "bitbucket": Kind(
        "A pipeline with credentials by OpenID Connect.",
        _bitbucket,
        ("outputs", "image", "role", "region"),
        ("image", "role"),
    ),
    "github": Kind(
        "A workflow with credentials by OpenID Connect.", _github, ("at", "outputs", "role", "region"), ("role",)
    ),
}
"""The ways to run awsaudit, in the order of help."""


def names(kinds: Iterable[str] = KINDS) -> str:
    """Return what *kinds* are, a line each."""
    wide = max(map(len, KINDS))
    return "\n".join(f"  {name:<{wide}}  {KINDS[name].help}" for name in kinds)
