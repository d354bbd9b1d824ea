from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.securityhub import Hub
from awsaudit_checks.health.place import FOOTPRINT, is_used


@check(
    "securityhub-enabled",
    title="Security Hub is on with standards",
    severity=Severity.LOW,
    equivalents=("prowler:securityhub_enabled",),
    uses=FOOTPRINT,
    remediation=Remediation(
        text="Switch Security Hub on with its default standards, in an organization from its delegated administrator.",
        cli="aws securityhub enable-security-hub --region {region} --enable-default-standards",
        url="https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-settingup.html",
    ),
)
def enabled(hub: Hub, account: Inventory) -> Iterator[Problem]:
    """
    Findings of GuardDuty, Inspector and Access Analyzer lie in as many consoles, in each region; Security Hub puts them in
    one place and checks standards besides. The hub with one standard passes. Judged in regions that the account uses.
    """
    if hub.hub_arn and hub.standards:
        return
    if not is_used(hub.region, account):
        raise NotApplicable("nothing of the account was found in the region")
    if hub.hub_arn and hub.pending:
        raise NotApplicable("its standards are being switched on")
    if hub.hub_arn:
        yield Problem(
            "Security Hub is on and checks no standard",
            expected="a standard",
            found="none",
            fill={"standard": f"arn:{hub.partition}:securityhub:{hub.region}::standards/aws-foundational-security-best-"
                  "practices/v/1.0.0"},
            cli="aws securityhub batch-enable-standards --region {region} "
            "--standards-subscription-requests StandardsArn={standard}",
        )  # fmt: skip
    else:
        yield Problem("Security Hub is off", expected="on, with a standard", found="off")
