import datetime

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Connection


_IN_USE = frozenset({"AUTHORIZED", "ACTIVE"})
_BROKEN = frozenset({"DEAUTHORIZED", "FAILED_CONNECTIVITY"})
_PATIENCE = datetime.timedelta(hours=1)


@check(
    "events-connection-authorized",
    title="API-destination connections are authorized",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Update the connection with credentials that the other side accepts (aws events update-connection with "
        "--authorization-type and --auth-parameters); for FAILED_CONNECTIVITY mend the network path to the private "
        "endpoint first.",
        cli=None,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection.html",
    ),
)
def connection_authorized(connection: Connection) -> Iterator[Problem]:
    """
    All API destinations of a connection stand still while it is not authorized, and their events go to dead-letter
    queues or are dropped. AUTHORIZED and ACTIVE pass. A state that should pass by itself is waited for an hour.
    """
    if connection.state in _IN_USE:
        return
    reason = f": {connection.state_reason}" if connection.state_reason else ""
    since = ""
    if connection.state not in _BROKEN:
        waited = connection.age(connection.modified)
        if waited < _PATIENCE:
            raise NotApplicable(f"the connection is {connection.state} since less than an hour")
        since = f" for {waited.total_seconds() // 3600:.0f} h"
    yield Problem(
        f"the connection is {connection.state}{since}{reason}", expected="AUTHORIZED or ACTIVE", found=connection.state
    )
