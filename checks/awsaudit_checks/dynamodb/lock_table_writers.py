from __future__ import annotations

import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access import (
    RIGHTS,
    ZONE,
    Question,
    answer,
    attached_to,
    holders,
    is_administrator,
    readable,
    settled,
    unread_controls,
)
from awsaudit.access.pattern import glob
from awsaudit.access.way import by_what
from awsaudit.resources.dynamodb import Table
from awsaudit.resources.iam import Role, User
from awsaudit_checks.dynamodb.lock import locks_state
from awsaudit_checks.exposed import Shared, certain, exposure_of, path_of
from awsaudit_checks.iam.certain import certain as what_is_certain
from awsaudit_checks.repair import statements_of


_WRITES: Final = ("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem")
_SID: Final = "LocksAreForDeployment"


@check(
    "dynamodb-lock-table-writers",
    title="Lock tables are writable only by deploy roles",
    severity=Severity.LOW,
    uses=(*RIGHTS, *ZONE, Table.policy, Table.key),
    remediation=Remediation(
        text="Take the right out of the policies, and name the roles that deploy under [trust] ci-roles. Where they are named, "
        "the command denies it to everybody else in the table's own policy.",
        cli="aws dynamodb put-resource-policy --region {region} --resource-arn {arn} --policy {new_policy}",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html",
    ),
)
def lock_table_writers(table: Table, account: Inventory) -> Iterator[Problem | Note]:
    """
    Who deletes a lock lets two deployments write the same state at once, and who sets one keeps every deployment waiting; the
    table also holds the checksum by which Terraform knows that state is its own. Asked are identity policies, boundaries
    and the table's policy. Roles under ``[trust] ci-roles`` pass, and administrators are counted.
    """
    if not locks_state(table):
        raise NotApplicable("it is no lock table of Terraform: its key is not LockID alone")
    own = attached_to(table.policy, f"the table {table.name}")
    readable(own)
    asked = tuple(Question(action, table.arn, table.account, own=own) for action in _WRITES)
    administrators: list[str] = []

    def writing(holder: Role | User) -> Problem | None:
        if _is_deployer(holder, account):
            return None
        for question in asked:
            decision = answer(question, holder, account)
            if not settled(decision, conditional=True):
                continue
            if is_administrator(holder, account):
                administrators.append(holder.arn)
                return None
            return _problem(table, holder, f"{question.action}: {by_what(decision)}", account)
        return None

    found = what_is_certain(holders(account), writing)
    yield from found
    yield from _from_outside(table, account, beside=bool(found))
    if administrators:
        yield Note(f"{len(administrators)} administrators may write to it, too")


def _is_deployer(holder: Role | User, account: Inventory) -> bool:
    if isinstance(holder, Role) and holder.path.startswith("/aws-service-role/"):
        return True

    return any(glob(role).matches(holder.arn) for role in account.target.trust.ci_roles)


def _problem(table: Table, holder: Role | User, by: str, account: Inventory) -> Problem:
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    word = "role" if isinstance(holder, Role) else "user"
    return Problem(
        f"the {word} {holder.name} may write to it, {by}{hidden}",
        expected="deploy roles only",
        found=holder.arn,
        sub_key=holder.arn,
        path=(Hop(holder.arn, type(holder).type), Hop(table.arn, Table.type, by)),
        fill={"new_policy": _closed(table, account)} if account.target.trust.ci_roles else {},
    )


def _from_outside(table: Table, account: Inventory, *, beside: bool) -> Iterator[Problem]:
    """Yield a problem for each way in for others, by the table's policy; which of them are known is another check's matter."""
    shared = Shared(table.policy, f"the table {table.name}", table.arn, Table.type)
    found = exposure_of(shared, account, actions=_WRITES)
    openings = [o for o in found.openings if not o.deputy] if found else []
    for opening in (o for o in openings if not o.depends_on) if beside else certain(openings):
        yield Problem(
            f"{opening.who} may write to it from outside: {opening.statement.label} of its policy",
            expected="deploy roles only",
            found=opening.who,
            sub_key=f"{opening.statement.sid} {opening.who}",
            path=path_of(opening, table.arn, Table.type),
            fill={"new_policy": _closed(table, account)} if account.target.trust.ci_roles else {},
        )


def _closed(table: Table, account: Inventory) -> str:
    """Return the table's policy with a statement that leaves the locks to the roles that deploy."""
    base = table.policy or {"Version": "2012-10-17"}
    statement = {
        "Sid": _SID,
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(_WRITES),
        "Resource": table.arn,
        "Condition": {
            "ArnNotLike": {"aws:PrincipalArn": [*account.target.trust.ci_roles, *account.target.trust.administrators]}
        },
    }
    kept = [s for s in statements_of(base) if s.get("Sid") != _SID]

    return json.dumps({**base, "Statement": [*kept, statement]}, separators=(",", ":"))
