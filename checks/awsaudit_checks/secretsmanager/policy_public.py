from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.exposed import exposure_of, public_problems
from awsaudit_checks.secretsmanager.policy import MEND, PUT, shared
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_replica


@check(
    "secretsmanager-policy-public",
    title="Secret policies are not public",
    severity=Severity.CRITICAL,
    uses=ZONE,
    remediation=Remediation(
        text="Name who may read the secret, and put policies with --block-public-policy, which refuses public ones.",
        cli=PUT,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html",
    ),
    equivalents=("prowler:secretsmanager_not_publicly_accessible",),
)
def policy_public(secret: Secret, account: Inventory) -> Iterator[Problem]:
    """
    Anybody with an AWS account can then ask for the value, change it, or delete the secret. Tags, stages and ids of secrets
    bind nobody. A statement for everybody passes where its conditions, or a Deny, leave only your account, your organization
    or a private network.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    asked = shared(secret)
    yield from public_problems(asked, exposure_of(asked, account), account, MEND)
