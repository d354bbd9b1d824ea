from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Opening
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.exposed import exposure_of, stranger_problems
from awsaudit_checks.secretsmanager.policy import MEND, PUT, shared
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_replica


_HARMLESS: Final = ("describe", "list", "getresourcepolicy")


@check(
    "secretsmanager-policy-cross-account",
    title="Secrets are shared only with known accounts",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli=PUT,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html",
    ),
    equivalents=("prowler:secretsmanager_has_restrictive_resource_policy",),
)
def policy_cross_account(secret: Secret, account: Inventory) -> Iterator[Problem | Note]:
    """
    An account that you do not control reads the secret, or changes what your systems log in with. Your own account, those of
    your organization and those under ``[trust]`` pass; AWS services are not judged. It is low where an account may only
    describe the secret.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    asked = shared(secret)
    yield from stranger_problems(asked, exposure_of(asked, account), account, MEND, severity=_severity)


def _severity(opening: Opening) -> Severity | None:
    names = (action.partition(":")[2].lower() for action in opening.actions)
    return Severity.LOW if all(name.startswith(_HARMLESS) for name in names) else None
