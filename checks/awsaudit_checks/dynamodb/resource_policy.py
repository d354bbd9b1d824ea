from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Opening
from awsaudit.resources.dynamodb import Table
from awsaudit_checks.exposed import Mend, Shared, exposure_of, public_problems, stranger_problems


_PUT: Final = "aws dynamodb put-resource-policy --region {region} --resource-arn {resource} --policy {new_policy}"
_DELETE: Final = "aws dynamodb delete-resource-policy --region {region} --resource-arn {resource}"


@check(
    "dynamodb-resource-policy",
    title="Table policies admit only known accounts",
    severity=Severity.HIGH,
    uses=ZONE,
    equivalents=("prowler:dynamodb_table_cross_account_access",),
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli=_PUT,
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html",
    ),
)
def resource_policy(table: Table, account: Inventory) -> Iterator[Problem | Note]:
    """
    A table's policy shares every item, that of its stream every change, with whom it names: no role has to be assumed for it.
    Everybody is critical, an account that nobody knows high. Tables without a policy pass, and so do the account itself, its
    organization and accounts under ``[trust]``.
    """
    yield from _judged(table.policy, table.arn, "its policy", table, account)
    if table.stream_arn:
        yield from _judged(table.stream_policy, table.stream_arn, "the policy of its stream", table, account)


def _judged(
    document: Mapping[str, Any] | None, arn: str, whose: str, table: Table, account: Inventory
) -> Iterator[Problem | Note]:
    asked = Shared(document, f"the table {table.name}", arn, Table.type, whose=whose)
    mend = Mend(partial(_fill, arn), emptied=_DELETE)
    found = exposure_of(asked, account)
    yield from public_problems(asked, found, account, mend, severity=_critical)
    yield from stranger_problems(asked, found, account, mend, beside=bool(found and found.public))


def _fill(arn: str, policy: str | None) -> Mapping[str, str]:
    return {"resource": arn, "new_policy": policy} if policy else {"resource": arn}


def _critical(_: Opening) -> Severity:
    return Severity.CRITICAL
