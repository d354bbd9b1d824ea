from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import RIGHTS, Decision, is_administrator, may, settled, unread_controls
from awsaudit.resources.iam import Role, User
from awsaudit.resources.secretsmanager import Secret


_READ: Final = "secretsmanager:GetSecretValue"
# Conditions on these say which secrets; all others say where from, when or how.
_WHICH: Final = ("aws:resourcetag/", "secretsmanager:resourcetag/", "secretsmanager:secretid", "secretsmanager:name")
_DETACH: Final = {
    Role: "aws iam detach-role-policy --role-name {name} --policy-arn {policy}",
    User: "aws iam detach-user-policy --user-name {name} --policy-arn {policy}",
}


@check(
    "secretsmanager-wildcard-iam",
    title="Only administrators can read every secret",
    severity=Severity.HIGH,
    uses=RIGHTS,
    remediation=Remediation(
        text="Name the secrets that it needs, by ARN or by tag: arn:aws:secretsmanager:REGION:ACCOUNT:secret:app/env/*. The "
        "command takes a policy of AWS's away that allows every secret; attach one of your own first.",
        cli=None,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html",
    ),
)
def wildcard_iam(holder: Role | User, account: Inventory) -> Iterator[Problem]:
    """
    Whoever may read every secret reads those that are made tomorrow, too, and one stolen credential opens everything. Asked
    is what is left after boundaries and denials. ARNs that name an application, and conditions on tags of secrets, pass;
    conditions on the network only say where from, and are low.
    """
    if isinstance(holder, Role) and holder.path.startswith("/aws-service-role/"):
        raise NotApplicable("it is a service-linked role")
    if is_administrator(holder, account):
        raise NotApplicable("it may do everything; administrators are other checks' matter")
    for region in account.regions:
        everything = f"arn:{holder.partition}:secretsmanager:{region}:{holder.account}:secret:*"
        decision = may(holder, _READ, account, everything)
        if settled(decision, conditional=_says_where(decision)):
            yield _problem(holder, region, everything, decision, account)
            return


def _says_where(decision: Decision) -> bool:
    return not any(key.startswith(_WHICH) or " " in key for key in decision.keys)


def _problem(holder: Role | User, region: str, everything: str, decision: Decision, account: Inventory) -> Problem:
    policy = next((p.arn for p in holder.attached if _is_of(p.arn, decision)), None)
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    only = f", if {', '.join(decision.keys)} allows it" if decision.keys else ""
    return Problem(
        f"it may read every secret of {region} by {decision.allowed_by[0]}{only}{hidden}",
        expected="secrets by name or tag",
        found="secret:*",
        severity=None if decision.allowed else Severity.LOW,
        path=(Hop(holder.arn, type(holder).type), Hop(everything, Secret.type, str(decision.allowed_by[0]))),
        cli=_DETACH[type(holder)] if policy else None,
        fill={"policy": policy} if policy else {},
    )


def _is_of(arn: str, decision: Decision) -> bool:
    """Tell whether *arn* is a policy of AWS's that allows it; one's own is mended, not taken away."""
    return ":iam::aws:policy/" in arn and any(
        reason.policy == f"the policy {arn.rpartition('/')[2]}" for reason in decision.allowed_by
    )
