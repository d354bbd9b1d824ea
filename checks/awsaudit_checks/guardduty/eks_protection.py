from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.eks import Cluster
from awsaudit.resources.guardduty import Detector
from awsaudit_checks.guardduty.detector import refuse_off


_FEATURE = "EKS_AUDIT_LOGS"


@check(
    "guardduty-eks-protection",
    title="GuardDuty watches EKS audit logs where clusters exist",
    severity=Severity.MEDIUM,
    equivalents=("prowler:guardduty_eks_audit_log_enabled",),
    uses=(Cluster.name,),
    remediation=Remediation(
        text="Let GuardDuty read the audit logs of clusters; nothing has to be set up in them.",
        cli="aws guardduty update-detector --region {region} --detector-id {detector} "
        "--features Name=EKS_AUDIT_LOGS,Status=ENABLED",
        url="https://docs.aws.amazon.com/guardduty/latest/ug/kubernetes-protection.html",
    ),
)
def eks_protection(detector: Detector, account: Inventory) -> Iterator[Problem]:
    """
    Anonymous calls, privileged pods and stolen service account tokens show in the audit log of the API server, and nowhere
    in the account's own logs. Regions without clusters, and without GuardDuty, are not judged.
    """
    refuse_off(detector)
    if not account.every(Cluster, detector.region):
        raise NotApplicable("the region has no cluster")
    if _FEATURE not in detector.features:
        yield Problem(
            "the audit logs of clusters are not watched",
            expected=_FEATURE,
            found="off",
            fill={"detector": detector.id or ""},
        )
