from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import Account, AccountCredentials, Role, SamlProvider
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.credential import people_of


IDENTITY_CENTER: Final = "/aws-reserved/sso.amazonaws.com/"


@check(
    "iam-saml-or-identity-center",
    title="Human access is federated",
    severity=Severity.LOW,
    uses=(AccountCredentials.rows, SamlProvider.arn, Role.path),
    equivalents=("prowler:iam_check_saml_providers_sts",),
    remediation=Remediation(
        text="Turn on IAM Identity Center in the organization and assign the account to people and groups, or register "
        "your identity provider with SAML. Then delete the users' passwords.",
        cli=None,
        url="https://docs.aws.amazon.com/singlesignon/latest/userguide/what-is.html",
    ),
)
def saml_or_identity_center(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    A password in the account outlives the person's leaving: nobody tells IAM, and its second factor is whatever each user
    set up. With a federation the company's directory decides who signs in. A SAML provider passes, and so do roles of IAM
    Identity Center. An account without users with passwords has nothing to federate.
    """
    people = people_of(account)
    if not people:
        raise NotApplicable("no user has a password")
    if not _federated(account):
        names = ", ".join(people[:3]) + (f" and {len(people) - 3} more" if len(people) > 3 else "")  # noqa: PLR2004 - enough
        yield Problem(
            f"{names} {'signs' if len(people) == 1 else 'sign'} in with passwords of the account, which has neither a SAML "
            "provider nor roles of IAM Identity Center",
            expected="a SAML provider or IAM Identity Center",
            found=f"{len(people)} {'user' if len(people) == 1 else 'users'} with a password",
        )


def _federated(account: Inventory) -> bool:
    return bool(certain((_provider, _center), lambda look: look(account), most=1))


def _provider(account: Inventory) -> SamlProvider | None:
    return account.first(SamlProvider, lambda provider: bool(provider.arn))


def _center(account: Inventory) -> Role | None:
    return account.first(Role, lambda role: role.path.startswith(IDENTITY_CENTER))
