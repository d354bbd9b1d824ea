from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.account import AlternateContacts


@check(
    "account-security-contact",
    title="A security contact is registered",
    severity=Severity.MEDIUM,
    equivalents=("prowler:account_security_contact_information_is_registered",),
    remediation=Remediation(
        text="Register a security contact on the Account page of the console, or with aws account put-alternate-contact: a "
        "shared mailbox that somebody reads on holidays too. In an organization the management account can set it for all "
        "accounts.",
        cli=None,
        url="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html",
    ),
)
def security_contact(contacts: AlternateContacts) -> Iterator[Problem]:
    """
    AWS writes about abuse, leaked keys and vulnerabilities to the address of the root user, which often nobody reads; the
    account may be restricted before anybody answers. With a security contact the mail goes there as well. Whose address it
    is, is not kept.
    """
    if not contacts.security:
        yield Problem("there is no security contact", expected="an alternate contact for security", found="none")
