from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.events import EventBus
from awsaudit_checks.events.share import MEND, PUT, shared
from awsaudit_checks.exposed import exposure_of, public_problems


@check(
    "events-bus-policy-public",
    title="Event bus policies admit no anonymous publishers",
    severity=Severity.CRITICAL,
    uses=ZONE,
    remediation=Remediation(
        text="Name the accounts that may put events, or bind the statement to your organization by aws:PrincipalOrgID.",
        cli=PUT,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html",
    ),
    equivalents=("prowler:eventbridge_bus_exposed",),
)
def bus_policy_public(bus: EventBus, account: Inventory) -> Iterator[Problem]:
    """
    Anybody with an AWS account can then put events that your rules take for real, or change the rules. Conditions on what
    the event says, such as ``events:source``, bind nobody: the publisher writes it. Conditions, or a Deny, that leave your
    account or organization pass.
    """
    asked = shared(bus)
    yield from public_problems(asked, exposure_of(asked, account), account, MEND)
