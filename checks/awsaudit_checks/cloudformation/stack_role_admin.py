from __future__ import annotations

import re

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, holders, is_administrator, unread_controls
from awsaudit.access.way import by_what
from awsaudit.resources.cloudformation import Stack
from awsaudit.resources.iam import Role, User
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.somewhere import speaks_of
from awsaudit_checks.iam.strength import ask, holds


# Each set is a way to have the role do something; what it may do then is for whoever writes the template to say.
_WAYS: Final = (
    ("cloudformation:UpdateStack",),
    ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
    ("cloudformation:DeleteStack",),
)
# https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
_CDK: Final = re.compile(r"cdk-[a-z0-9]+-cfn-exec-role-\d{12}-[a-z0-9-]+")
_SHOWN: Final = 3


@check(
    "cloudformation-stack-role-admin",
    title="Stack roles are not escalation paths",
    severity=Severity.MEDIUM,
    uses=RIGHTS,
    remediation=Remediation(
        text="Give the stack a role with the rights of what it makes, by update-stack with --role-arn; bootstrap CDK with "
        "--cloudformation-execution-policies. Or leave updating such stacks to administrators.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html",
    ),
)
def stack_role_admin(stack: Stack, account: Inventory) -> Iterator[Problem]:
    """
    A stack keeps the role that it was made with, and whoever may update the stack acts with it, without the right to pass
    it. Where that role may do everything, so may they: a template with a user in it is enough. Roles that may not do
    everything pass, and stacks that administrators alone may update or delete.
    """
    if stack.role_arn is None:
        raise NotApplicable("it works with the rights of whoever updates it")
    if stack.parent_id:
        raise NotApplicable("it is nested, and judged with the stack that it is part of")
    role = account.by_arn(Role, stack.role_arn)
    if role is None:
        raise NotApplicable(f"its role {stack.role_arn} does not exist")
    if not is_administrator(role, account):
        return
    found = certain(_others(account), lambda holder: _changing(holder, stack, account))
    if not found:
        return
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    default = ", which cdk bootstrap makes unless it is told otherwise," if _CDK.fullmatch(role.name) else ""
    first = found[0]
    yield Problem(
        f"its role {role.name}{default} may do everything, and {_some(found)} may {first.verb} the stack{hidden}",
        expected="a role with the rights of what the stack makes",
        found=f"{len(found)} who may change it",
        path=(
            Hop(first.holder.arn, type(first.holder).type),
            Hop(stack.arn, Stack.type, f"{' and '.join(first.actions)}: {first.by}"),
            Hop(role.arn, Role.type, "the stack works with the role, which may do everything"),
        ),
    )


@frozen
class _Changing:
    """
    Who may change a stack.

    Args:
        holder: The user or role.

        actions: By which actions.

        by: The statements that allow them.
    """

    holder: Role | User
    actions: tuple[str, ...]
    by: str

    @property
    def verb(self) -> str:
        """What they may do to it."""
        return "delete" if self.actions == _WAYS[-1] else "update"


def _some(found: tuple[_Changing, ...]) -> str:
    names = [f"the {'role' if isinstance(f.holder, Role) else 'user'} {f.holder.name}" for f in found]
    rest = len(names) - _SHOWN

    return ", ".join(names[:_SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def _others(account: Inventory) -> tuple[Role | User, ...]:
    """Return who might change some stack, by their own policies."""
    return account.once(
        "cloudformation.others", lambda: tuple(h for h in holders(account) if _speaks_of_stacks(h, account))
    )


def _speaks_of_stacks(holder: Role | User, account: Inventory) -> bool:
    if isinstance(holder, Role) and holder.path.startswith("/aws-service-role/"):
        return False

    return any(speaks_of(holder, action, account) for way in _WAYS for action in way)


def _changing(holder: Role | User, stack: Stack, account: Inventory) -> _Changing | None:
    if is_administrator(holder, account):
        return None
    # The request names no role: the stack has its own.
    known: dict[str, str | None] = {f"aws:ResourceTag/{key}": value for key, value in stack.tags.items()}
    known["cloudformation:RoleArn"] = None
    for actions in _WAYS:
        decisions = [ask(holder, action, stack.arn, account, known, tagged=True) for action in actions]
        if all(map(holds, decisions)):
            return _Changing(holder, actions, "; ".join(dict.fromkeys(map(by_what, decisions))))

    return None
