from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import User
from awsaudit_checks.iam.ci import builder_of
from awsaudit_checks.iam.credential import REPORT, key_id, key_words, passwordless, used_words


@check(
    "iam-user-long-lived-credentials",
    title="Machines use roles rather than IAM user keys",
    severity=Severity.MEDIUM,
    uses=REPORT,
    equivalents=("prowler:iam_user_with_temporary_credentials",),
    remediation=Remediation(
        text="Let the workload use a role in the key's place: an instance profile, a task or function role, IRSA or Pod "
        "Identity on EKS, OIDC federation, and IAM Roles Anywhere outside of AWS. Once the key is no longer used, make it "
        "inactive, then delete it.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    ),
)
def user_long_lived_credentials(user: User, account: Inventory) -> Iterator[Problem]:
    """
    An access key works from anywhere until somebody deletes it: it lies in configuration files, images and laptops, and
    whoever copies it is the workload. A role's credentials end by themselves. A user without a password whose active keys
    were used fails, whatever for. Keys never used, and keys of builds, are other checks' business.
    """
    found = passwordless(user, account)
    if builder_of(user):
        raise NotApplicable("builds sign in with it: iam-ci-user-keys judges it")
    used = [key for key in found.active_keys if key.used]
    if found.active_keys and not used:
        raise NotApplicable("its keys were never used: iam-user-credentials-unused judges them")
    for key in used:
        yield Problem(
            f"{key_words(key)} is active, {used_words(key)}",
            expected="a role, whose credentials end by themselves",
            found="an access key",
            sub_key=key_id(key),
        )
