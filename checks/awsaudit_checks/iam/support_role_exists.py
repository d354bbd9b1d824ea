import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, is_administrator, may, settled
from awsaudit.resources.iam import Account, Role
from awsaudit_checks.iam.certain import certain


SUPPORT: Final = ("support:CreateCase", "support:DescribeCases", "support:AddCommunicationToCase")
_LINKED: Final = "/aws-service-role/"


@check(
    "iam-support-role-exists",
    title="A role can open AWS Support cases",
    severity=Severity.LOW,
    uses=RIGHTS,
    equivalents=("prowler:iam_support_role_created",),
    remediation=Remediation(
        text="Make a role with AWSSupportAccess for those who handle incidents. The command lets every principal of the "
        "account assume it whose own policies allow that.",
        cli="aws iam create-role --role-name aws-support --assume-role-policy-document {trust} && "
        "aws iam attach-role-policy --role-name aws-support --policy-arn {policy}",
        url="https://docs.aws.amazon.com/awssupport/latest/user/accessing-support.html",
    ),
)
def support_role_exists(itself: Account, account: Inventory) -> Iterator[Problem | Note]:
    """
    In an incident somebody has to open a case with AWS, and should not have to be an administrator for it, nor wait for
    one. A role passes that may open, read and answer cases, by AWSSupportAccess or another policy. Administrators and
    service-linked roles do not count.
    """
    found = certain(account.every(Role), lambda role: _supporter(role, account), most=1)
    for name in found:
        yield Note(f"{name} may open cases")
    if not found:
        yield Problem(
            "no role but administrators may open and answer support cases",
            expected="a role with AWSSupportAccess",
            found="none",
            fill={
                "trust": json.dumps(_by_itself(itself)),
                "policy": f"arn:{itself.partition}:iam::aws:policy/AWSSupportAccess",
            },
        )


def _supporter(role: Role, account: Inventory) -> str | None:
    """Return the name of *role* if it may handle cases; None if not."""
    if role.path.startswith(_LINKED):
        return None
    able = all(settled(may(role, action, account), conditional=True) for action in SUPPORT)

    return role.name if able and not is_administrator(role, account) else None


def _by_itself(itself: Account) -> dict[str, object]:
    own = {"Effect": "Allow", "Principal": {"AWS": itself.arn}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [own]}
