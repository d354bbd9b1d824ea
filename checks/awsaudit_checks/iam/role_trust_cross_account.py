from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.iam import Role
from awsaudit_checks.exposed import exposure_of, stranger_problems
from awsaudit_checks.iam.trust import ASSUMING, MEND, UPDATE, shared


@check(
    "iam-role-trust-cross-account",
    title="Roles trust only known accounts",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Take the principal out of the trust policy, or name its account under [trust]: accounts if it is yours, "
        "vendors if it is a supplier's. Where nobody is left, the command closes the role and keeps its rights.",
        cli=UPDATE,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_manage_modify.html",
    ),
    equivalents=("prowler:iam_role_cross_account_readonlyaccess_policy",),
)
def role_trust_cross_account(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever runs the other account decides who becomes the role, today and after it was sold or broken into. Your own
    account, those of your organization and those under ``[trust]`` pass. A principal that was deleted is low: it lets nobody
    in, and tells that nobody looks after the policy.
    """
    asked = shared(role)
    yield from stranger_problems(asked, exposure_of(asked, account, actions=ASSUMING), account, MEND)
