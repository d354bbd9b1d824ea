from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.account import AlternateContacts


@check(
    "health-alternate-contact-operations",
    title="An operations contact is set so that Health mails arrive",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Register an operations contact on the Account page of the console, or with aws account put-alternate-contact: "
        "a shared mailbox of whoever runs the workloads.",
        cli=None,
        url="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html",
    ),
)
def alternate_contact_operations(contacts: AlternateContacts) -> Iterator[Problem]:
    """
    What AWS Health announces of the account's own resources, an instance to be retired or a certificate to be renewed, is
    mailed to the address of the root user, and to the operations contact if there is one. It is the way that still works
    where a rule of EventBridge does not.
    """
    if not contacts.operations:
        yield Problem("there is no operations contact", expected="an alternate contact for operations", found="none")
