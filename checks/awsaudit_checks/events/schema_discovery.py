import fnmatch

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import EventBus
from awsaudit.resources.schemas import Discoverer


_START: Final = "aws schemas start-discoverer --region {region} --discoverer-id {discoverer}"


@check(
    "events-schema-discovery",
    title="Schema discovery runs on custom buses, or is deliberately off",
    severity=Severity.INFO,
    uses=(Discoverer,),
    remediation=Remediation(
        text="Let EventBridge discover the schemas of the bus, or name the bus in *without*. Events beyond the free five "
        "million a month cost something.",
        cli="aws schemas create-discoverer --region {region} --source-arn {arn}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schemas-infer.html",
    ),
)
def schema_discovery(bus: EventBus, account: Inventory, *, without: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Who writes a rule for events that nobody described guesses their form, and a rule that guesses wrong matches nothing and
    says nothing. A discoverer that runs passes. The default bus, those of partners and AWS services, and buses under a
    customer managed key, on which AWS discovers nothing, are not judged; nor are those that *without* names, with wildcards.
    """
    if bus.name == "default" or bus.name.startswith("aws.partner/") or bus.managed_by:
        raise NotApplicable("it is no custom bus")
    if any(fnmatch.fnmatchcase(bus.name, pattern) for pattern in without):
        raise NotApplicable("it is deliberately off, says without")
    if bus.kms_key_id:
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
        raise NotApplicable("its events are under a customer managed key, and AWS discovers none of these")
    own = [each for each in account.seen(Discoverer, bus.region) if each.source_arn == bus.arn]
    if any(each.state == "STARTED" for each in own):
        return
    account.every(Discoverer, bus.region)
    if own:
        yield Problem(
            f"its discoverer {own[0].id} is stopped",
            expected="STARTED",
            found=own[0].state or "not told",
            fill={"discoverer": own[0].id},
            cli=_START,
        )
    else:
        yield Problem("no discoverer looks at its events", expected="a discoverer", found="none")
