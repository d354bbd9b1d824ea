from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.guardduty import Detector
from awsaudit_checks.health.place import FOOTPRINT, is_used


@check(
    "guardduty-enabled",
    title="GuardDuty is on in every used region",
    severity=Severity.HIGH,
    equivalents=("prowler:guardduty_is_enabled",),
    uses=FOOTPRINT,
    remediation=Remediation(
        text="Switch GuardDuty on, in an organization from its delegated administrator for all accounts at once.",
        cli="aws guardduty create-detector --region {region} --enable",
        terraform='resource "aws_guardduty_detector" "this" {\n  enable = true\n}',
        url="https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html",
    ),
)
def enabled(detector: Detector, account: Inventory) -> Iterator[Problem]:
    """
    Stolen credentials, miners and calls to known command servers are seen in logs that nobody reads; GuardDuty reads them.
    Judged in regions where the account has instances, databases, clusters, functions, images, topics or queues.
    """
    if detector.id is not None and detector.status == "ENABLED":
        return
    if not is_used(detector.region, account):
        raise NotApplicable("nothing of the account was found in the region")
    if detector.id is None:
        yield Problem("GuardDuty was never switched on", expected="ENABLED", found="no detector")
        return
    yield Problem(
        "GuardDuty is suspended",
        expected="ENABLED",
        found=detector.status or "DISABLED",
        fill={"detector": detector.id},
        cli="aws guardduty update-detector --region {region} --detector-id {detector} --enable",
    )
