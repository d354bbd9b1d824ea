from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Archive, EventBus


_LONGEST_NAME = 48


@check(
    "events-archive-exists",
    title="Custom buses have an archive for replay",
    severity=Severity.LOW,
    uses=(Archive.bus_arn, Archive.state),
    remediation=Remediation(
        text="Keep the events of the bus for as long as a mistake may stay unnoticed.",
        cli="aws events create-archive --region {region} --archive-name {archive} --event-source-arn {arn} "
        "--retention-days 30",
        terraform='resource "aws_cloudwatch_event_archive" "this" {\n  name             = {archive}\n'
        "  event_source_arn = {arn}\n  retention_days   = 30\n}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html",
    ),
)
def archive_exists(bus: EventBus, account: Inventory) -> Iterator[Problem]:
    """
    When a consumer was broken for a day, its events can be sent again only if something kept them. One enabled archive of
    the bus passes, whatever its pattern and time. The default bus and those of partners are not judged.
    """
    if bus.name == "default" or bus.name.startswith("aws.partner/"):
        raise NotApplicable("not a bus of the account's own")
    working = {"ENABLED", "CREATING", "UPDATING"}
    if account.first(Archive, lambda a: a.bus_arn == bus.arn and a.state in working, bus.region) is None:
        yield Problem(
            "no archive keeps its events",
            expected="an enabled archive",
            found="none",
            fill={"archive": f"{bus.name.replace('/', '-')[: _LONGEST_NAME - 8]}-archive"},
        )
