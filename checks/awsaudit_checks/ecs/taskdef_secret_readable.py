import json
import re

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from attrs import evolve, frozen

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import (
    DIRECT,
    KEYS,
    RIGHTS,
    SECRETS,
    Decision,
    Policy,
    PolicyKind,
    Question,
    answer,
    evaluate_all,
    key_named,
    key_question,
    parse_policy,
    policies_of,
    principal_of,
    question,
    settled,
)
from awsaudit.resources.ecs import TaskFamily
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.ssm import Parameter
from awsaudit.resources.task_definition import TaskDefinition
from awsaudit_checks.ecs.definition import DEFINITIONS, definition_of, judged
from awsaudit_checks.ecs.reference import (
    READ_PARAMETER,
    READ_SECRET,
    Reference,
    parameter_at,
    references_of,
    role_named,
    secret_at,
)
from awsaudit_checks.iam.certain import certain


_GRANT: Final = (
    "aws iam put-role-policy --region {region} --role-name {role} --policy-name {policy} --policy-document {document}"
)


@check(
    "ecs-taskdef-secret-readable",
    title="The execution role can read the secrets it references",
    severity=Severity.HIGH,
    uses=(
        *DEFINITIONS, *RIGHTS, *SECRETS, *KEYS, Secret.deleted, Secret.primary_region, Parameter.name,
        Parameter.kind, Parameter.key_id,
    ),
    remediation=Remediation(
        text="Let the execution role read what is named, by its ARN, and decrypt with its key; name another secret where it is "
        "gone. The path says where it breaks.",
        cli=_GRANT,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    ),
)  # fmt: skip
def taskdef_secret_readable(family: TaskFamily, account: Inventory) -> Iterator[Problem | Note]:
    """
    ECS reads secrets with the execution role before it starts the containers. One that is gone, or that the role may not
    read or decrypt, stops every new task; it shows only when a task has to be replaced. Followed are the secret or
    parameter, the role's rights with the secret's policy, and the key. Conditions that nobody can know from here are given
    the benefit.
    """
    yield from judged(family, account, definition_of, partial(_unreadable, account))


def _unreadable(account: Inventory, definition: TaskDefinition) -> Iterator[Problem]:
    references = tuple(references_of(definition))
    if not references:
        raise NotApplicable("it names no secret and no parameter")
    yield from certain(references, partial(_broken, account, definition))


@frozen
class _Named:
    """
    What a reference means.

    Args:
        arn: Its ARN.

        type: CloudFormation's name of its type.

        asked: What reading it takes; what its key takes is beside it.

        copy: Whether its policy is kept elsewhere.
    """

    arn: str
    type: str
    asked: Question
    copy: bool = False


def _broken(account: Inventory, definition: TaskDefinition, reference: Reference) -> Problem | None:
    """Return the first hop that breaks; None if ECS can read it."""
    start = (Hop(definition.arn, TaskFamily.type),)
    kind = Secret.type if reference.is_secret else Parameter.type
    named = _secret(reference, account) if reference.is_secret else _parameter(reference, account)
    if isinstance(named, str):
        return _problem(
            reference, f"which {named}", (*start, Hop(reference.arn, kind, f"is named; {named}", holds=False))
        )
    path = (*start, Hop(named.arn, named.type, "is named, and exists"))
    if definition.execution_role_arn is None:
        lost = Hop("no execution role", Role.type, "nobody reads it", holds=False)
        return _problem(reference, "and there is no execution role to read it", (*path, lost))
    role = role_named(definition.execution_role_arn, account)
    if role is None:
        lost = Hop(definition.execution_role_arn, Role.type, "does not exist", holds=False)
        return _problem(reference, f"and its execution role {_tail(lost.resource)} does not exist", (*path, lost))

    return _refused(reference, named, role, path, account)


def _refused(
    reference: Reference, named: _Named, role: Role, path: tuple[Hop, ...], account: Inventory
) -> Problem | None:
    alone = evolve(named.asked, also=())
    decision = answer(alone, role, account)
    if not settled(decision, conditional=True):
        if named.copy and not decision.explicit:
            raise Undecided(f"the policy of {_tail(named.arn)} is its primary's, and is not read here", path)
        stop = Hop(role.arn, Role.type, f"{alone.action}: {_why(decision)}", holds=False)
        words = f"and the execution role {role.name} may not {alone.action}: {_why(decision)}"
        return _problem(reference, words, (*path, stop), _granted(named, role, account))
    path = (*path, Hop(role.arn, Role.type, f"{alone.action}: {decision.allowed_by[0]}"))
    for asked in named.asked.also:
        decision = answer(asked, role, account)
        if not settled(decision, conditional=True):
            stop = Hop(asked.resource, Key.type, f"{asked.action}: {_why(decision)}", holds=False)
            words = f"and the execution role {role.name} may not {asked.action} with its key: {_why(decision)}"
            return _problem(reference, words, (*path, stop), _granted(named, role, account))

    return None


def _secret(reference: Reference, account: Inventory) -> _Named | str:
    """Return the secret; what is wrong with it where there is none."""
    secret = secret_at(reference, account)
    if secret is None:
        return "does not exist"
    if secret.deleted:
        return f"is to be deleted on {secret.deleted:%Y-%m-%d}, and answers nobody"

    return _Named(secret.arn, Secret.type, question(READ_SECRET, secret, account), copy=secret.is_replica)


def _parameter(reference: Reference, account: Inventory) -> _Named | str:
    parameter = parameter_at(reference, account)
    if parameter is None:
        return "does not exist"
    asked = Question(READ_PARAMETER, parameter.arn, parameter.account)

    return _Named(parameter.arn, Parameter.type, evolve(asked, also=tuple(_key(parameter, account))))


def _key(parameter: Parameter, account: Inventory) -> Iterator[Question]:
    """Yield what decrypting a parameter takes; with the key that AWS manages everybody who reads it may."""
    reference = parameter.key_id
    if parameter.kind != "SecureString" or reference is None or reference.rpartition(":")[2].startswith("alias/aws/"):
        return
    key = key_named(reference, parameter.region, account)
    if key is None:
        raise Undecided(f"the key {reference} of {parameter.name} could not be found")
    suffix = "amazonaws.com.cn" if parameter.partition == "aws-cn" else "amazonaws.com"
    known = {"kms:ViaService": f"ssm.{parameter.region}.{suffix}", "kms:encryptioncontext:PARAMETER_ARN": parameter.arn}
    if key.manager != "AWS":
        yield key_question("kms:Decrypt", key, DIRECT.with_(known))


def _granted(named: _Named, role: Role, account: Inventory) -> dict[str, str]:
    """Return what fills the command that grants what is missing; nothing where that would not be enough."""
    statements = [_allow(each.action, each.resource) for each in named.asked.every()]
    document = {"Version": "2012-10-17", "Statement": statements}
    more = parse_policy(document, PolicyKind.IDENTITY, "what the command grants")
    if not settled(_with(more, named.asked.every(), role, account), conditional=True):
        return {}
    name = re.sub(r"[^\w+=,.@-]+", "-", f"read-{_tail(named.arn)}")[:100]
    # A policy of that name would be replaced.
    while name in {policy.name for policy in role.inline}:
        name += "-too"

    return {"role": role.name, "policy": name, "document": json.dumps(document, separators=(",", ":"))}


def _allow(action: str, resource: str) -> dict[str, str]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _with(more: Policy, questions: Iterable[Question], role: Role, account: Inventory) -> Decision:
    """Return whether *role* may do all that, had it one policy *more*."""
    principal, held = principal_of(role, account), policies_of(role, account)
    grown = evolve(held, identity=(*held.identity, more))

    return evaluate_all(
        [(each.by(principal), evolve(grown, resource=each.own, grants=each.grants)) for each in questions]
    )


def _why(decision: Decision) -> str:
    return f"denied by {decision.denied_by[0]}" if decision.denied_by else decision.missing


def _tail(arn: str) -> str:
    return re.sub(r"^(?:secret:|parameter/|role/)", "", arn.split(":", 5)[-1])


def _problem(reference: Reference, words: str, path: tuple[Hop, ...], fill: dict[str, str] | None = None) -> Problem:
    return Problem(
        f"a container needs {reference.text}, {words}",
        expected="a secret that the execution role can read",
        found=words.removeprefix("and ").removeprefix("which "),
        sub_key=reference.text,
        path=path,
        fill=fill or {},
    )
