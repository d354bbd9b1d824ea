import datetime

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.ssm import ManagedInstance, PatchState


_SCAN: Final = (
    "aws ssm send-command --region {region} --document-name AWS-RunPatchBaseline --instance-ids {id} "
    "--parameters Operation=Scan"
)
_CLUSTERS: Final = ("eks:cluster-name", "aws:eks:cluster-name")


@check(
    "ssm-patch-compliance",
    title="Managed instances are patched",
    severity=Severity.HIGH,
    equivalents=("prowler:ssm_managed_compliant_patching",),
    uses=(Instance.id, Instance.tags),
    remediation=Remediation(
        text="Install what is missing in a maintenance window (AWS-RunPatchBaseline with Operation=Install, which restarts the "
        "host), and let a patch policy of Quick Setup do so from then on.",
        cli=None,
        url="https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager.html",
    ),
)
def patch_compliance(host: ManagedInstance, account: Inventory, *, max_age_days: int = 30) -> Iterator[Problem]:
    """
    Attackers use holes for which there are patches. A host passes that its patch baseline finds compliant, of late.
    Missing critical and security patches, and patches that failed, are high; others, those that wait for a restart, and
    an old scan are medium; a host that was never scanned is low. Bottlerocket and nodes of EKS, which are replaced with
    their AMI, are not judged.
    """
    if "bottlerocket" in (host.platform or "").lower():
        raise NotApplicable("Bottlerocket is updated as an image")
    if host.id.startswith("i-"):
        instance = account.first(Instance, lambda each: each.id == host.id, host.region)
        if instance and _in_cluster(instance):
            raise NotApplicable("it is a node of EKS, which is replaced with its AMI")
    state = host.patches
    if state is None:
        yield Problem(
            "it was never looked for missing patches",
            expected="a patch scan",
            found="none",
            sub_key="never",
            severity=Severity.LOW,
            cli=_SCAN,
        )
        return
    yield from _missing(state)
    if state.ended and host.age(state.ended) > datetime.timedelta(days=max_age_days):
        yield Problem(
            f"it was last looked for missing patches on {state.ended:%Y-%m-%d}",
            expected=f"a patch scan in the last {max_age_days} days",
            found=f"{state.ended:%Y-%m-%d}",
            sub_key="old",
            severity=Severity.MEDIUM,
            cli=_SCAN,
        )


def _in_cluster(instance: Instance) -> bool:
    tags = instance.tags
    return any(key in tags for key in _CLUSTERS) or any(key.startswith("kubernetes.io/cluster/") for key in tags)


def _missing(state: PatchState) -> Iterator[Problem]:
    for count, what, severity in (
        (state.critical, "critical", None),
        (state.security, "security", None),
        (state.failed, "failed", None),
        (state.other, "other", Severity.MEDIUM),
        (state.pending, "restart", Severity.MEDIUM),
    ):
        if count:
            yield Problem(_SAYS[what].format(count), expected="0", found=str(count), sub_key=what, severity=severity)


_SAYS: Final = {
    "critical": "patches that its baseline calls critical are not in place: {}",
    "security": "security patches are not in place: {}",
    "failed": "patches could not be installed: {}",
    "other": "other patches of its baseline are not in place: {}",
    "restart": "patches wait for a restart: {}",
}
