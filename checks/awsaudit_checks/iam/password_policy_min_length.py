from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.declare import first_known
from awsaudit.resources.iam import AccountCredentials, PasswordPolicy
from awsaudit_checks.iam.credential import people_of
from awsaudit_checks.iam.password import UPDATE, changed, length_of


@check(
    "iam-password-policy-min-length",
    title="Password policy requires at least 14 characters",
    severity=Severity.MEDIUM,
    uses=(AccountCredentials.rows,),
    equivalents=("prowler:iam_password_policy_minimum_length_14",),
    remediation=Remediation(
        text="Ask for 14 characters. The command repeats every other setting, because AWS puts back what a change leaves out.",
        cli=UPDATE,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
    ),
)
def password_policy_min_length(policy: PasswordPolicy, account: Inventory, *, minimum: int = 14) -> Iterator[Problem]:
    """
    Short passwords are guessed, and the sign-in page is open to everybody. Without a policy of the account's own AWS asks
    for eight characters. Where no user has a password it matters less, for the next one will get what the policy allows.
    """
    length = length_of(policy)
    if length >= minimum:
        return
    people = first_known(lambda: len(people_of(account)), lambda: None)
    who = "" if people is None else f"; {people} {'user has one' if people == 1 else 'users have one'}"
    default = "" if policy.settings else ", AWS's default"
    yield Problem(
        f"a password may be as short as {length} characters{default}{who}",
        expected=f"{minimum} characters or more",
        found=str(length),
        severity=Severity.LOW if people == 0 else None,
        fill=changed(policy, "MinimumPasswordLength", minimum),
    )
