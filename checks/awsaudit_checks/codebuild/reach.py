"""What builds reach with the rights of their role, and what they are given."""

from __future__ import annotations

import re

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

from attrs import evolve, frozen

from awsaudit import Hop, Inventory
from awsaudit.access import (
    BUCKETS,
    DIRECT,
    REPOSITORIES,
    RIGHTS,
    SECRETS,
    PolicyKind,
    Question,
    Unread,
    answer,
    is_administrator,
    key_named,
    key_question,
    may,
    question,
    raise_unread,
    settled,
)
from awsaudit.access.way import by_what
from awsaudit.declare import Resource
from awsaudit.resources.codebuild import Project, Variable
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.ecr import Repository
from awsaudit.resources.iam import Role
from awsaudit.resources.s3 import Bucket
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.ssm import Parameter
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.somewhere import patterns_of, somewhere, speaks_of


REACH: Final = (
    *RIGHTS, *SECRETS, *BUCKETS, *REPOSITORIES, Secret.deleted, Bucket.tags, Parameter.name, Parameter.kind,
    Parameter.key_id, Project.name, Project.artifacts, Project.variables, Pipeline.stores,
)  # fmt: skip
"""What `reached` and `given` look at."""


@frozen
class Reached:
    """
    Something that a build comes by.

    Args:
        verb: How, such as ``reads the``.

        noun: What kind of thing it is, such as ``secret``.

        name: What people call it.

        hops: The steps to it: from the build's role, or from the project that is given it.
    """

    verb: str
    noun: str
    name: str
    hops: tuple[Hop, ...]

    @property
    def is_given(self) -> bool:
        """Whether it comes without any rights of the role."""
        return self.verb == _IS_GIVEN


_IS_GIVEN: Final = "is given the"
_Thing = Secret | Parameter | Repository | Bucket
_Try = Callable[[], "Reached | None"]
_Hops = tuple[Hop, ...]
_WANTED: Final[tuple[tuple[type[_Thing], str, str], ...]] = (
    (Secret, "reads the", "secret"),
    (Parameter, "reads the", "parameter"),
    (Repository, "pushes to the", "repository"),
    (Bucket, "writes to the", "bucket"),
)


def reached(project: Project, role: Role, account: Inventory) -> tuple[Reached, ...]:
    """
    Return what builds of *project* reach as *role*, and as roles that they may assume with it.

    That is secrets and secure parameters to read, images to push, buckets of state, artifacts or production to write, roles
    of other accounts to assume, and roles to pass.

    Raises:
        EvidenceMissing: Nothing was found, and not everything could be seen.
        Undecided: Nothing was found, and a policy cannot be read.
    """
    return certain(_tries(project, role, account), lambda attempt: attempt())


def given(project: Project, account: Inventory) -> tuple[Reached, ...]:
    """
    Return what builds of *project* have in environment variables out of Secrets Manager and the Parameter Store.

    Raises:
        EvidenceMissing: Nothing was found, and whether a parameter is a secure one could not be seen.
    """
    return certain(project.variables, lambda variable: _given(variable, project, account))


def _given(variable: Variable, project: Project, account: Inventory) -> Reached | None:
    reference = variable.reference or variable.name
    by = f"its environment variable {variable.name} has the value"
    if variable.kind == "SECRETS_MANAGER":
        return Reached(_IS_GIVEN, "secret", reference, (Hop(reference, Secret.type, by),))
    if variable.kind != "PARAMETER_STORE":
        return None
    name = (reference.partition(":parameter")[2] or reference).strip("/")
    found = account.first(Parameter, lambda p: p.name.strip("/") == name, project.region)
    if found is not None and found.kind != _SECURE:
        return None

    return Reached(_IS_GIVEN, "parameter", reference, (Hop(found.arn if found else reference, Parameter.type, by),))


_SECURE: Final = "SecureString"


def _tries(project: Project, role: Role, account: Inventory) -> Iterator[_Try]:
    """Yield what might be reached, each as something that tells whether it is."""
    shipping = _shipping(project, account)
    for holder, hops in _become(role, account):
        if isinstance(holder, Unread):
            yield partial(raise_unread, holder)
        elif hops and is_administrator(holder, account):
            yield partial(Reached, "becomes the", "administrator", holder.name, hops)
        else:
            yield from _tries_of(holder, hops, shipping, account)


def _tries_of(holder: Role, hops: _Hops, shipping: frozenset[str], account: Inventory) -> Iterator[_Try]:
    for kind, verb, noun in _WANTED:
        for thing in account.seen(kind):
            yield partial(_of_thing, holder, thing, Reached(verb, noun, "", hops), shipping, account)
        yield partial(_see_all, kind, account)
    for arn in _foreign_roles(holder, account):
        yield partial(_elsewhere, holder, arn, hops, account)
    yield partial(_passing, holder, hops, account)


def _see_all(kind: type[Resource], account: Inventory) -> None:
    account.every(kind)


def _become(role: Role, account: Inventory) -> Iterator[tuple[Role | Unread, _Hops]]:
    """Yield *role* and the roles of the account that it may assume, with the way to them; and what hides others."""
    pending: list[tuple[Role, _Hops]] = [(role, ())]
    seen = {role.arn}
    while pending:
        holder, hops = pending.pop(0)
        yield holder, hops
        for other in account.seen(Role):
            if other.arn not in seen and not other.path.startswith("/aws-service-role/"):
                decision = answer(question("sts:AssumeRole", other, account), holder, account)
                if decision.allowed:
                    seen.add(other.arn)
                    pending.append((other, (*hops, Hop(other.arn, Role.type, f"assumes it: {by_what(decision)}"))))
                elif decision.unread:
                    yield decision.unread[0], hops


def _of_thing(
    holder: Role, thing: _Thing, found: Reached, shipping: frozenset[str], account: Inventory
) -> Reached | None:
    if not _is_worth(thing, shipping, account):
        return None
    asked = account.once(("codebuild.reach", thing.arn), lambda: _question(thing, account))
    decision = answer(asked, holder, account)
    if not settled(decision):
        return None
    end = Hop(thing.arn, type(thing).type, f"{asked.action}: {by_what(decision)}")

    return evolve(found, name=thing.name, hops=(*found.hops, end))


def _question(thing: _Thing, account: Inventory) -> Question:
    if isinstance(thing, Secret):
        return question("secretsmanager:GetSecretValue", thing, account)
    if isinstance(thing, Repository):
        return question("ecr:PutImage", thing, account)
    if isinstance(thing, Bucket):
        return question("s3:PutObject", thing, account, below="/*")

    return _parameter_question(thing, account)


def _parameter_question(parameter: Parameter, account: Inventory) -> Question:
    """
    Return the question about a secure parameter; the key that AWS manages lets in whoever Systems Manager lets in.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    """
    asked = Question("ssm:GetParameter", parameter.arn, parameter.account)
    reference = parameter.key_id or _MANAGED
    if reference.rpartition(":")[2] == _MANAGED:
        return asked
    key = key_named(reference, parameter.region, account)
    if key is None:
        own = Unread(f"the key {reference}", PolicyKind.KEY, reason="the account has no such key")
        return evolve(asked, also=(Question("kms:Decrypt", reference, parameter.account, own=own),))
    via = f"ssm.{parameter.region}.amazonaws.com{'.cn' if parameter.partition == 'aws-cn' else ''}"

    return evolve(asked, also=(key_question("kms:Decrypt", key, DIRECT.with_({"kms:ViaService": via})),))


_MANAGED: Final = "alias/aws/ssm"


def _is_worth(thing: _Thing, shipping: frozenset[str], account: Inventory) -> bool:
    if isinstance(thing, Secret):
        return not thing.deleted
    if isinstance(thing, Parameter):
        return thing.kind == _SECURE
    if isinstance(thing, Bucket):
        texts = (thing.name, *(text for pair in thing.tags.items() for text in pair))
        kept = thing.name in shipping or any(map(_STATE.search, texts))
        return kept or account.target.trust.is_production(thing.name, thing.tags)

    return True


_STATE: Final = re.compile(r"tf-?state|terraform-?state|terragrunt", re.IGNORECASE)


def _shipping(project: Project, account: Inventory) -> frozenset[str]:
    """Return the buckets out of which pipelines deploy, and where projects other than *project* leave what they build."""
    account.every(Pipeline)
    left = [p.artifacts for p in account.every(Project) if p.arn != project.arn]
    built = {a.location for a in left if a and a.type == "S3" and a.location}

    return frozenset(built | {store.location for pipeline in account.seen(Pipeline) for store in pipeline.stores})


def _foreign_roles(holder: Role, account: Inventory) -> Iterator[str]:
    """Yield roles of other accounts, as policies of *holder* name them."""
    for pattern in patterns_of(holder, "sts:AssumeRole", account):
        parts = pattern.split(":")
        if pattern == "*" or (len(parts) > 5 and "$" not in pattern and parts[4] != account.account):  # noqa: PLR2004 - an ARN
            yield pattern


def _elsewhere(holder: Role, arn: str, hops: _Hops, account: Inventory) -> Reached | None:
    decision = may(holder, "sts:AssumeRole", account, resource=arn)
    if not settled(decision):
        return None
    end = Hop(arn, Role.type, f"sts:AssumeRole: {by_what(decision)}")

    return Reached("assumes the", "role of another account", arn, (*hops, end))


def _passing(holder: Role, hops: _Hops, account: Inventory) -> Reached | None:
    decision = somewhere(holder, "iam:PassRole", account) if speaks_of(holder, "iam:PassRole", account) else None
    if decision is None:
        return None
    named = ", ".join(patterns_of(holder, "iam:PassRole", account))

    return Reached("passes the", "role", named, (*hops, Hop(named, Role.type, f"iam:PassRole: {by_what(decision)}")))


def told(things: Iterable[Reached]) -> str:
    """Return *things* as a phrase, those of one sort together: reads the secrets a, b and 3 more."""
    sorts: dict[tuple[str, str], dict[str, None]] = {}
    for thing in things:
        sorts.setdefault((thing.verb, thing.noun), {})[thing.name] = None

    return "; ".join(f"{verb} {_plural(noun, names)} {_some(names)}" for (verb, noun), names in sorts.items())


_SHOWN: Final = 3
_PLURALS: Final[Mapping[str, str]] = {
    "repository": "repositories",
    "role of another account": "roles of other accounts",
}


def _plural(noun: str, names: Iterable[str]) -> str:
    return noun if len(tuple(names)) == 1 else _PLURALS.get(noun, f"{noun}s")


def _some(names: Iterable[str]) -> str:
    every = tuple(names)
    rest = len(every) - _SHOWN

    return ", ".join(every[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
