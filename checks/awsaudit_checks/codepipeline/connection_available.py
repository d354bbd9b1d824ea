from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codeconnections import Connection
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.role import account_of
from awsaudit_checks.codepipeline.stage import Place, described, sources
from awsaudit_checks.iam.certain import certain


@check(
    "codepipeline-connection-available",
    title="Source connections are available",
    severity=Severity.HIGH,
    uses=(Connection.arn, Connection.status),
    remediation=Remediation(
        text="Complete the connection in the console, under Developer Tools, Settings, Connections: only somebody who signs in "
        "to the provider can. Where the connection is gone, make another one and name it in the source action.",
        cli=None,
        url="https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html",
    ),
)
def connection_available(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    A connection that was made by API or template is pending until somebody completes it by hand, and breaks when the
    provider's app is taken away: from then on no change is deployed, an urgent fix no more than any other. Available ones
    pass. A connection has one id under both names of the service.
    """
    connected = [p for p in sources(pipeline) if p.action.provider == "CodeStarSourceConnection"]
    if not connected:
        raise NotApplicable("no source of the pipeline is a connection")
    yield from certain(connected, lambda place: _broken(place, pipeline, account))


def _broken(place: Place, pipeline: Pipeline, account: Inventory) -> Problem | None:
    arn = place.action.configured("ConnectionArn") or ""
    id_ = arn.rpartition("/")[2]
    region = [*arn.split(":"), "", "", "", ""][3]
    found = next((c for c in account.seen(Connection) if c.id == id_), None)
    if found is None:
        if account_of(arn) != account.account:
            raise Undecided(f"the connection is the account {account_of(arn)}'s, which alone sees it: {arn}")
        if region not in account.regions:
            raise Undecided(f"the connection is in {region}, which is not scanned: {arn}")
        account.every(Connection, region)
    status = found.status if found else "gone"
    if status == "AVAILABLE":
        return None
    name = place.action.name

    return Problem(
        f"the source {name} has a connection that is {status}: {arn}",
        expected="AVAILABLE",
        found=status,
        sub_key=f"{place.stage.name}.{name}",
        path=(
            Hop(pipeline.arn, Pipeline.type),
            Hop(f"{place.stage.name}/{name}", "source", described(place.action)),
            Hop(arn, Connection.type, f"the connection is {status}", holds=False),
        ),
    )
