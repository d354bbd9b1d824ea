from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, check
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.cloudtrail import OwnTrail, Trail
from awsaudit.resources.iam import Account
from awsaudit_checks.cloudtrail.record import RECORDED, is_logging, takes, trails_of


_ONE: Final = "records one region only"
_STOPPED: Final = "does not record at present"
_PART: Final = "leaves out reads, writes or both"
_REPAIRS: Final[Mapping[str, str]] = {
    _ONE: "aws cloudtrail update-trail --region {home} --name {trail} --is-multi-region-trail",
    _STOPPED: "aws cloudtrail start-logging --region {home} --name {trail}",
}
# Of no service in particular.
_EVENTS: Final = tuple({"eventCategory": "Management", "readOnly": reading} for reading in (True, False))


@check(
    "cloudtrail-multi-region",
    title="A multi-region trail logs all management events",
    severity=Severity.HIGH,
    uses=RECORDED,
    equivalents=(
        "prowler:cloudtrail_multi_region_enabled",
        "prowler:cloudtrail_multi_region_enabled_logging_management_events",
    ),
    remediation=Remediation(
        text="Make a trail of all regions that records all management events, reads and writes, and start it.",
        cli=None,
        url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-a-trail.html",
    ),
)
def multi_region(_: Account, account: Inventory) -> Iterator[Problem]:
    """
    What no trail records, nobody can look up after 90 days, and intruders work in regions that nobody looks at. A trail of
    all regions passes that records at present, reads and writes alike, whether it is the account's or its organization's.
    Services that it leaves out are another check's, cloudtrail-kms-events-not-excluded.
    """
    faults: list[tuple[Trail, str]] = []
    unknown: EvidenceMissing | None = None
    for trail in trails_of(account):
        try:
            fault = _fault(trail, account)
        except EvidenceMissing as hidden:
            unknown = unknown or hidden
            continue
        if fault is None:
            return
        faults.append((trail, fault))
    if unknown:
        raise unknown
    _refuse_unseen(account)
    yield _problem(faults, account)


def _fault(trail: Trail, account: Inventory) -> str | None:
    if not trail.multi_region:
        return _ONE
    if not all(takes(trail, event, account) for event in _EVENTS):
        return _PART

    return None if is_logging(trail, account) else _STOPPED


def _refuse_unseen(account: Inventory) -> None:
    """Raise EvidenceMissing where no region could be asked: a trail of all regions shows in each of them."""
    hidden: EvidenceMissing | None = None
    for region in account.regions:
        try:
            account.every(Trail, region)
        except EvidenceMissing as missing:
            hidden = missing
        else:
            return
    if hidden:
        raise hidden


def _problem(faults: list[tuple[Trail, str]], account: Inventory) -> Problem:
    if not faults:
        return Problem("no trail records anything", expected="a trail of all regions", found="none")
    order = (_ONE, _PART, _STOPPED)
    nearest, what = max(faults, key=lambda fault: order.index(fault[1]))
    own = nearest.arn.split(":")[4] == account.account

    return Problem(
        f"no trail records all management events of all regions: {nearest.name} {what}",
        expected="a trail of all regions",
        found=f"{nearest.name} {what}",
        fill={"home": nearest.home_region, "trail": nearest.arn},
        cli=_REPAIRS.get(what) if own else None,
        path=(Hop(nearest.arn, OwnTrail.type, f"it {what}", holds=False),),
    )
