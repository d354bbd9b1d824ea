from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.events import ApiDestination, Connection


@check(
    "events-api-destination-https",
    title="API destinations are active",
    severity=Severity.MEDIUM,
    uses=(Connection.arn, Connection.state),
    remediation=Remediation(
        text="Authorize the destination's connection, then attach it again; let the endpoint be HTTPS.",
        cli="aws events update-api-destination --region {region} --name {name} --connection-arn {connection_arn}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html",
    ),
)
def api_destination_https(destination: ApiDestination, account: Inventory) -> Iterator[Problem]:
    """
    An API destination whose connection is not authorized is inactive: its events go to dead-letter queues or are dropped.
    ACTIVE passes. The endpoint must be HTTPS, or events and credentials travel in the clear.
    """
    if destination.state == "INACTIVE":
        seen = account.seen(Connection, destination.region)
        states = [connection.state for connection in seen if connection.arn == destination.connection_arn]
        is_in = f", which is {states[0]}" if states else ""
        yield Problem(
            f"inactive; it sends with the connection {destination.connection_arn}{is_in}",
            expected="ACTIVE",
            found="INACTIVE",
            sub_key="state",
        )
    if not destination.url.lower().startswith("https://"):
        yield Problem(
            f"sends to {destination.url} without TLS",
            expected="https://",
            found=destination.url,
            sub_key="https",
            fill={"https_url": f"https://{destination.url.partition('://')[2] or destination.url}"},
            cli="aws events update-api-destination --region {region} --name {name} --invocation-endpoint {https_url}",
        )
