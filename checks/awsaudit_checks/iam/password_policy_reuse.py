from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.iam import PasswordPolicy
from awsaudit_checks.iam.password import UPDATE, changed


@check(
    "iam-password-policy-reuse",
    title="Password policy prevents reuse of the last 24 passwords",
    severity=Severity.LOW,
    equivalents=("prowler:iam_password_policy_reuse_24",),
    remediation=Remediation(
        text="Let AWS remember 24 passwords, as many as it can. The command repeats every other setting, because AWS puts back "
        "what a change leaves out.",
        cli=UPDATE,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
    ),
)
def password_policy_reuse(policy: PasswordPolicy, *, minimum: int = 24) -> Iterator[Problem]:
    """
    A password is changed because somebody else may know it. Who may go back to the old one will. Without a policy of the
    account's own, or without this setting, AWS remembers none.
    """
    if (policy.remembered or 0) < minimum:
        yield Problem(
            f"users may go back to {'any password' if not policy.remembered else 'a password'} they had before"
            + (f", after {policy.remembered} others" if policy.remembered else ""),
            expected=f"the last {minimum} passwords remembered",
            found=f"{policy.remembered or 'none'} remembered",
            fill=changed(policy, "PasswordReusePrevention", minimum),
        )
