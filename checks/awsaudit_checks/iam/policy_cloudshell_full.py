from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.iam import Group, Role, User
from awsaudit_checks.iam.held import DETACH


@check(
    "iam-policy-cloudshell-full",
    title="AWSCloudShellFullAccess is not attached",
    severity=Severity.LOW,
    equivalents=("prowler:iam_policy_cloudshell_admin_not_attached",),
    remediation=Remediation(
        text="Detach the policy. Who needs CloudShell gets one of your own without cloudshell:GetFileUploadUrls and "
        "cloudshell:GetFileDownloadUrls.",
        cli=DETACH[Role],
        url="https://docs.aws.amazon.com/cloudshell/latest/userguide/sec-auth-with-identities.html",
    ),
)
def policy_cloudshell_full(holder: Role | User | Group) -> Iterator[Problem]:
    """
    CloudShell has a way to the internet that no network of yours watches, and with this policy files go both ways through
    the browser: data leaves with the credentials of whoever opened it.
    """
    wanted = f"arn:{holder.partition}:iam::aws:policy/AWSCloudShellFullAccess"
    if any(policy.arn == wanted for policy in holder.attached):
        yield Problem(
            "AWSCloudShellFullAccess is attached, which lets files in and out",
            expected="a policy without file transfer",
            found="AWSCloudShellFullAccess",
            fill={"holder": holder.name, "policy": wanted},
            cli=DETACH[type(holder)],
        )
