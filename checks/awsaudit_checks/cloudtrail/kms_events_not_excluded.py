from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.cloudtrail import Trail
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudtrail.record import RECORDED, is_logging, takes, trails_of


_WRITE: Final = {"eventCategory": "Management", "readOnly": False}
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
_SOURCES: Final = {"kms.amazonaws.com": "KMS", "rdsdata.amazonaws.com": "the RDS Data API"}
_PUT: Final = (
    'aws cloudtrail put-event-selectors --region {home} --trail-name {trail} %s "$(aws cloudtrail get-event-selectors '
    '--region {home} --trail-name {trail} --query {kept} --output json)"'
)
_BASIC: Final = (_PUT % "--event-selectors", "EventSelectors[].merge(@, {ExcludeManagementEventSources: `[]`})")
_ADVANCED: Final = (
    _PUT % "--advanced-event-selectors",
    "AdvancedEventSelectors[].merge(@, {FieldSelectors: FieldSelectors[?Field != 'eventSource' || Equals]})",
)


@check(
    "cloudtrail-kms-events-not-excluded",
    title="KMS and RDS Data API events are not excluded",
    severity=Severity.LOW,
    uses=RECORDED,
    remediation=Remediation(
        text="Let one trail record the events of all services; leave out those of KMS in a second copy at most.",
        cli=_BASIC[0],
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
    ),
)
def kms_events_not_excluded(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    To save money trails leave out the events of KMS, and with them who decrypts secrets, gives away keys or deletes them; the
    RDS Data API, likewise, is how a database is asked without its password. It passes if one trail that records has them, be
    it the organization's. Without a trail that records management events there is nothing to leave them out of.
    """
    recording, unknown = _recording(account)
    lacking = [source for source in _SOURCES if not any(_has(trail, source, account) for trail in recording)]
    if not recording or lacking:
        if unknown:
            raise unknown
        account.every(Trail)
    if not recording:
        raise NotApplicable("no trail records management events: cloudtrail-multi-region judges that")
    if lacking:
        yield _problem(recording, lacking, account)


def _recording(account: Inventory) -> tuple[list[Trail], EvidenceMissing | None]:
    """Return the trails that record management events of most services, and why that is not known of some."""
    found: list[Trail] = []
    unknown: EvidenceMissing | None = None
    for trail in trails_of(account):
        try:
            found += [trail] if is_logging(trail, account) and takes(trail, _WRITE, account) else []
        except EvidenceMissing as hidden:
            unknown = unknown or hidden

    return found, unknown


def _has(trail: Trail, source: str, account: Inventory) -> bool:
    return takes(trail, {**_WRITE, "eventSource": source}, account)


def _problem(recording: list[Trail], lacking: list[str], account: Inventory) -> Problem:
    own = next((trail for trail in recording if trail.arn.split(":")[4] == account.account), None)
    command, kept = _ADVANCED if own and own.advanced_selectors else _BASIC
    names = ", ".join(trail.name for trail in recording)

    return Problem(
        f"no trail records the events of {' and '.join(_SOURCES[source] for source in lacking)}: left out by {names}",
        expected="one trail that records them",
        found=f"left out by {names}",
        fill={"home": own.home_region, "trail": own.arn, "kept": kept} if own else {},
        cli=command,
    )
