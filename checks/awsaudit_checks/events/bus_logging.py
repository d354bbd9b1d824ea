from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import EventBus


@check(
    "events-bus-logging",
    title="Event bus logging is on",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Log errors at least, then deliver the logs to CloudWatch Logs, S3 or Firehose; the console does both at once.",
        cli="aws events update-event-bus --region {region} --name {name} --log-config Level=ERROR,IncludeDetail=NONE",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-logs.html",
    ),
)
def bus_logging(bus: EventBus) -> Iterator[Problem]:
    """
    An event that matches no rule, or whose target refuses it, leaves no trace: without the bus's log nobody can tell
    afterwards what came in and where it went. Any level passes; INFO and TRACE also tell of what went well. The default
    bus, which AWS's own events go over, is not judged, nor are those of partners.
    """
    if bus.name == "default" or bus.name.startswith("aws.partner/"):
        raise NotApplicable("not a bus of the account's own")
    if bus.log_level in {None, "OFF"}:
        yield Problem("it logs nothing", expected="ERROR, INFO or TRACE", found=bus.log_level or "OFF")
