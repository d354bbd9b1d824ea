"""
What a check is, and what it says.

A check is a function from one resource to the problems it has. The decorator wraps it in a `Check` and registers
nothing: packs are found by `awsaudit.plugins`.
"""

from __future__ import annotations

import datetime
import enum
import functools
import inspect
import re
import types
import typing

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from attrs import Factory, evolve, field, frozen

from awsaudit import log
from awsaudit.declare import Fact, Kind, Resource
from awsaudit.errors import DeclarationError, EvidenceMissing, NotApplicable, Undecided
from awsaudit.gap import Gap
from awsaudit.needs import Needs, needs_of
from awsaudit.remediation import Remediation, fill_terraform, filled, placeholders


R = TypeVar("R", bound=Resource)


class Severity(enum.IntEnum):
    """How bad a problem is; comparable."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    def __str__(self) -> str:
        """Return the word that users read and write."""
        return self.name.lower()

    @classmethod
    def parse(cls, word: str) -> Severity:
        """
        Return the severity called *word*.

        Raises:
            ValueError: There is none.
        """
        try:
            return cls[word.upper()]
        except KeyError:
            raise ValueError(f"{word!r} is no severity; one of {', '.join(map(str, cls))}") from None


class Status(enum.Enum):
    """The outcome of one check on one resource."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


@frozen
class Hop:
    """
    One step of the path that leads to a verdict.

    Args:
        resource: What the path has arrived at: an ARN, or a name.

        type: CloudFormation's name of its type, or a plain word such as ``internet``.

        by: How it was reached, or what decides here, with the policy and its statement; empty for the first step.

        holds: Whether this step works: false where the path breaks, None where that cannot be told.
    """

    resource: str
    type: str
    by: str = ""
    holds: bool | None = field(default=True, kw_only=True)


@frozen
class Problem:
    """
    Something that is wrong with a resource.

    Args:
        message: What was found, naming it; without the resource's own name, which stands beside it.

        expected: What should be there.

        found: What is there.

        sub_key: Tells two problems of one resource apart, for good: an id, never a position.

        severity: How bad it is, where it is graded; unset means the check's own severity.

        fill: More values for the remediation's placeholders.

        cli: The command for this problem, where it is not the check's.

        path: The steps that lead to the problem, the first one first.
    """

    message: str
    expected: str | None = field(default=None, kw_only=True)
    found: str | None = field(default=None, kw_only=True)
    sub_key: str = field(default="", kw_only=True)
    severity: Severity | None = field(default=None, kw_only=True)
    fill: Mapping[str, str] = field(factory=dict, kw_only=True)
    cli: str | None = field(default=None, kw_only=True)
    path: tuple[Hop, ...] = field(default=(), kw_only=True)


@frozen
class Note:
    """Something worth saying of a resource without failing it."""

    message: str


@frozen
class Subject:
    """
    The resource that a finding is about.

    Args:
        arn: Its ARN; where that could not be read, what else names it.

        type: CloudFormation's name of its type.

        name: What people call it.

        tags: Its tags, where the calls of the plan tell them.
    """

    arn: str
    type: str
    name: str
    tags: Mapping[str, str] = Factory(dict)


@frozen
class Suppression:
    """
    Why a failure is accepted for a while.

    Args:
        reason: The owner's words.

        expires: The last day on which it holds.

        owner: Who answers for it; None if nobody is named.
    """

    reason: str
    expires: datetime.date
    owner: str | None = None


@frozen
class Finding:
    """
    One check's verdict on one resource.

    Args:
        check_id: The check.

        status: The verdict.

        severity: How bad a failure is; for other verdicts the check's severity.

        account: The account's id.

        region: The region; ``global`` for services without regions.

        resource: What the verdict is about.

        message: One sentence: what was found, what could not be seen, or why the check does not apply.

        expected: What should be there.

        found: What is there.

        sub_key: Tells two problems of one resource apart.

        notes: Remarks that do not change the verdict.

        fix: A shell command that repairs a failure, with the resource's own identifiers, quoted.

        terraform: The Terraform form of the fix.

        gaps: The calls that were not answered, for an unknown verdict.

        crashed: Whether the verdict is unknown because the check itself failed.

        first_seen: When a scan first found it, ISO 8601 in UTC; None until a baseline says.

        path: The steps that lead to a failure, or as far as they were seen; left out if there are none.

        suppression: Why the failure is accepted for a while; left out if it is not.
    """

    check_id: str
    status: Status
    severity: Severity
    account: str
    region: str
    resource: Subject
    message: str
    expected: str | None = None
    found: str | None = None
    sub_key: str = ""
    notes: tuple[str, ...] = ()
    fix: str | None = None
    terraform: str | None = None
    gaps: tuple[Gap, ...] = ()
    crashed: bool = False
    first_seen: str | None = None
    path: tuple[Hop, ...] = ()
    suppression: Suppression | None = None

    @property
    def fingerprint(self) -> str:
        """What stays the same of a finding from one scan to the next: sha256 as hexadecimal digits."""
        import hashlib  # noqa: PLC0415 - it loads OpenSSL, and `--help` does without

        parts = (self.check_id, self.account, self.region, self.resource.arn, self.sub_key)
        return hashlib.sha256("|".join(("v1", *map(_escaped, parts))).encode("utf-8", "surrogatepass")).hexdigest()


def _escaped(part: str) -> str:
    # A bar inside a part must not let two different findings read alike.
    return part.replace("\\", "\\\\").replace("|", "\\|")


@frozen
class Option:
    """
    A setting of a check.

    Args:
        name: The keyword argument.

        type: bool, int, float, str, or tuple for a list of strings.

        default: What holds if nothing is set.
    """

    name: str
    type: type
    default: Any


@frozen(eq=False)
class Check(Generic[R]):
    """
    A check function with what is to be said about it.

    Args:
        id: service-noun-property; it names the good state and never changes.

        title: The good state in a short sentence.

        severity: How bad its absence is, unless a problem says otherwise.

        remediation: How to put it right.

        resources: The types of resource it judges.

        uses: Other types, or single facts of them, that it looks up in the inventory.

        equivalents: Checks of other tools on the same subject, as ``tool:id``.

        function: From the resource (and the inventory, with *uses*) to problems and notes.
    """

    id: str
    title: str
    severity: Severity
    remediation: Remediation
    resources: tuple[type[R], ...]
    uses: tuple[Kind | Fact[Any], ...]
    equivalents: tuple[str, ...]
    function: Callable[..., Iterable[Problem | Note]]

    @property
    def resource(self) -> type[R]:
        """The type of resource it judges, the first of them where there are several."""
        return self.resources[0]

    @property
    def service(self) -> str:
        """The first word of the id."""
        return self.id.partition("-")[0]

    @property
    def rationale(self) -> str:
        """What goes wrong, for whom, and what passes: the function's docstring."""
        return inspect.getdoc(self.function) or ""

    @functools.cached_property
    def needs(self) -> Needs:
        """The facts that the check may read, by resource type."""
        return needs_of(self.function, self.resources, self.uses, placeholders(self.remediation))

    @property
    def options(self) -> tuple[Option, ...]:
        """The settings that the check takes."""
        hints = typing.get_type_hints(self.function, localns=_NAMES)
        parameters = inspect.signature(self.function).parameters.values()
        return tuple(
            Option(p.name, typing.get_origin(hints[p.name]) or hints[p.name], p.default)
            for p in parameters
            if p.kind is p.KEYWORD_ONLY
        )

    def __call__(self, resource: R, *inventory: Any, **options: Any) -> list[Problem | Note]:
        """
        Return what the check says of *resource*; an empty list is a pass.

        Raises:
            EvidenceMissing: A call that the check depends on was not answered.
            NotApplicable: The check does not concern *resource*.
            Undecided: AWS answered, and the answer does not settle it.
        """
        return list(self.function(resource, *inventory, **options))

    def run(self, resource: R, inventory: Any = None, options: Mapping[str, Any] | None = None) -> Iterator[Finding]:
        """
        Yield at least one finding; never raise for missing evidence or a check that crashes.

        Args:
            resource: What to judge.

            inventory: Where a check with `uses` looks up other resources.

            options: The check's settings; unset ones keep their defaults.
        """
        arguments = (inventory,) if self.uses_inventory else ()
        try:
            said = self(resource, *arguments, **(options or {}))
        except EvidenceMissing as missing:
            yield self._finding(resource, Status.UNKNOWN, str(missing), gaps=(missing.gap,))
        except NotApplicable as reason:
            yield self._finding(resource, Status.NOT_APPLICABLE, str(reason))
        except Undecided as reason:
            yield self._finding(resource, Status.UNKNOWN, str(reason), path=reason.path)
        except Exception as error:  # noqa: BLE001 - a check is a plugin, and one that crashes must not stop the scan
            message = f"the check itself failed: {type(error).__name__}: {error}"
            log.error("check.crashed", check=self.id, error=type(error).__name__, at=_place(error))
            yield self._finding(resource, Status.UNKNOWN, message, crashed=True)
        else:
            yield from self._verdicts(resource, said)

    @property
    def uses_inventory(self) -> bool:
        """Whether the function takes the inventory as its second argument."""
        kinds = [p.kind for p in inspect.signature(self.function).parameters.values()]
        return sum(k in {inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY} for k in kinds) > 1

    def unlisted(self, kind: Kind, gap: Gap, partition: str, parent: Resource | None = None) -> Finding:
        """Return the finding for resources of *kind* that could not be listed, because of *gap*."""
        if parent is None:
            region = "" if gap.region == "global" else gap.region
            arn, name = f"arn:{partition}:{kind.service}:{region}:{gap.account}:*", "*"
        else:
            above = subject(parent)
            arn, name = f"{above.arn}/*", f"{above.name}/*"
        return Finding(
            check_id=self.id,
            status=Status.UNKNOWN,
            severity=self.severity,
            account=gap.account,
            region=gap.region,
            resource=Subject(arn, kind.type, name),
            message=f"the resources could not be listed: {gap}",
            sub_key=kind.type if len(self.resources) > 1 else "",
            gaps=(gap,),
        )

    def _verdicts(self, resource: R, said: Iterable[Problem | Note]) -> Iterator[Finding]:
        notes = tuple(s.message for s in said if isinstance(s, Note))
        seen: dict[str, int] = {}
        for problem in (s for s in said if isinstance(s, Problem)):
            seen[problem.sub_key] = seen.get(problem.sub_key, 0) + 1
            if seen[problem.sub_key] > 1:
                problem = evolve(problem, sub_key=f"{problem.sub_key}~{seen[problem.sub_key]}")  # noqa: PLW2901
            yield self._failure(resource, problem, notes)
        if not seen:
            yield self._finding(resource, Status.PASS, "; ".join(notes) or self.title, notes=notes)

    def _failure(self, resource: R, problem: Problem, notes: tuple[str, ...]) -> Finding:
        values = _Values(resource, problem.fill)
        return evolve(
            self._finding(resource, Status.FAIL, problem.message, notes=notes),
            severity=self.severity if problem.severity is None else problem.severity,
            expected=problem.expected,
            found=problem.found,
            sub_key=problem.sub_key,
            fix=filled(problem.cli or self.remediation.cli, values),
            terraform=fill_terraform(self.remediation.terraform, values),
            path=problem.path,
        )

    def _finding(self, resource: R, status: Status, message: str, **more: Any) -> Finding:
        return Finding(
            check_id=self.id,
            status=status,
            severity=self.severity,
            account=resource.account,
            region=resource.region,
            resource=subject(resource),
            message=message,
            **more,
        )


def _place(error: BaseException) -> str:
    """Return where *error* was raised, as ``file:line``."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next

    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"


class _Values(Mapping[str, str]):
    """What remediation placeholders stand for: the problem's own values, then the resource's facts."""

    def __init__(self, resource: Resource, fill: Mapping[str, str]) -> None:
        self._resource = resource
        self._fill = fill

    def __getitem__(self, name: str) -> str:
        value = self._fill[name] if name in self._fill else self._resource.know(name)
        # A document is no word of a command: where one is meant, the problem gives it as text.
        if value is None or isinstance(value, Mapping):
            raise KeyError(name)

        return str(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._fill)

    def __len__(self) -> int:
        return len(self._fill)


def subject(resource: Resource) -> Subject:
    """Return what names *resource* in a finding."""
    arn = resource.know("arn") or resource.know(resource.label) or type(resource).type
    name = resource.know("name") or str(arn).rpartition(":")[2].rpartition("/")[2]
    return Subject(str(arn), type(resource).type, str(name), resource.know("tags") or {})


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_NAMES = {"Inventory": Any, "Iterator": Iterator, "Problem": Problem, "Note": Note}


def check(  # noqa: PLR0913 - what is to be said of a check
    id: str,  # noqa: A002 - it is the check's id
    *,
    title: str,
    severity: Severity,
    remediation: Remediation,
    uses: Iterable[Kind | Fact[Any]] = (),
    equivalents: Iterable[str] = (),
) -> Callable[[Callable[..., Iterable[Any]]], Check[Any]]:
    """
    Make a check of a function from a resource to its problems.

    The function's first annotation names the resource type, or several as a union, each of which is judged; its docstring
    is the rationale and becomes the check's page in the docs. Keyword-only arguments with defaults are its options. With
    *uses* the second argument is the inventory.

    Raises:
        DeclarationError: No docstring, no resource type, or a bad id.
    """
    if not _ID.fullmatch(id):
        raise DeclarationError(f"not a check id: {id!r}; write service-noun-property in lower case")

    def wrap(function: Callable[..., Iterable[Any]]) -> Check[Any]:
        if not inspect.getdoc(function):
            raise DeclarationError(f"{id}: the rationale (docstring) is missing")
        return Check(
            id=id,
            title=title,
            severity=severity,
            remediation=remediation,
            resources=_judged(id, function),
            uses=tuple(uses),
            equivalents=tuple(equivalents),
            function=function,
        )

    return wrap


def _judged(id: str, function: Callable[..., Any]) -> tuple[Kind, ...]:  # noqa: A002 - it is the check's id
    hints = typing.get_type_hints(function, localns=_NAMES)
    first = next(iter(inspect.signature(function).parameters), "")
    judged = hints.get(first)
    kinds = typing.get_args(judged) if typing.get_origin(judged) in {types.UnionType, typing.Union} else (judged,)
    if not all(isinstance(kind, type) and issubclass(kind, Resource) for kind in kinds):
        raise DeclarationError(f"{id}: annotate the first argument with the resource type")

    return kinds
