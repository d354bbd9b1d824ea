from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Archive, EventBus


_LONGEST_NAME = 48


@check(
    "events-archive-healthy",
    title="Archives are in a working state",
    severity=Severity.MEDIUM,
    uses=(EventBus.arn,),
    remediation=Remediation(
        text="Read the reason, then let a second archive take over; give it the event pattern of the first if that had "
        "one. Delete the first when its events are no longer needed.",
        cli="aws events create-archive --region {region} --archive-name {new_name} --event-source-arn {bus_arn} "
        "--retention-days {retention_days}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive-event.html",
    ),
)
def archive_healthy(archive: Archive, account: Inventory) -> Iterator[Problem]:
    """
    An archive is what events are replayed from after an outage. One that failed, is disabled, or whose bus is gone keeps
    nothing, which shows only on the day of the replay. ENABLED with an existing bus passes; one that is being created or
    changed is not judged.
    """
    if archive.state in {"CREATING", "UPDATING"}:
        raise NotApplicable(f"the archive is {archive.state}")
    if archive.state != "ENABLED":
        reason = f": {archive.state_reason}" if archive.state_reason else ""
        yield Problem(
            f"the archive is {archive.state}{reason}",
            expected="ENABLED",
            found=archive.state,
            fill={"new_name": f"{archive.name[: _LONGEST_NAME - 2]}-2"},
        )
    elif account.by_arn(EventBus, archive.bus_arn) is None:
        yield Problem(
            f"the bus {archive.bus_arn} does not exist",
            found=archive.bus_arn,
            fill={"bus": archive.bus_arn.partition(":event-bus/")[2]},
            cli="aws events create-event-bus --region {region} --name {bus}",
        )
