from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.events import EventBus
from awsaudit_checks.events.share import MEND, PUT, shared
from awsaudit_checks.exposed import exposure_of, stranger_problems


@check(
    "events-bus-policy-cross-account",
    title="Cross-account publishers are known",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Remove the account's permission, or name it under [trust] accounts if it is yours.",
        cli=PUT,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html",
    ),
    equivalents=("prowler:eventbridge_bus_cross_account_access",),
)
def bus_policy_cross_account(bus: EventBus, account: Inventory) -> Iterator[Problem | Note]:
    """
    An account that nobody knows puts events on the bus, and your rules act on them as on your own. Your own account, those of
    your organization and those under ``[trust]`` pass, named as principals or by the conditions of a statement for everybody.
    """
    asked = shared(bus)
    yield from stranger_problems(asked, exposure_of(asked, account), account, MEND)
