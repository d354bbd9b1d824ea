from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.ssm import ManagedInstance
from awsaudit_checks.ec2.host import refuse_idle, refuse_managed, refuse_named


@check(
    "ec2-instance-profile",
    title="Instances that call AWS use a role",
    severity=Severity.LOW,
    equivalents=("prowler:ec2_instance_profile_attached",),
    uses=(ManagedInstance.id, ManagedInstance.ping),
    remediation=Remediation(
        text="Make a role with what the host needs, Session Manager at least, and associate its instance profile; name hosts "
        "that need nothing of AWS in `without_access`.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
    ),
)
def instance_profile(
    instance: Instance, account: Inventory, *, without_access: tuple[str, ...] = ()
) -> Iterator[Problem | Note]:
    """
    A host without a role that calls AWS does so with somebody's access key, which is stolen with the disk and rotated by
    nobody. Whether a host calls AWS cannot be seen, so the finding is low. A role passes, as does Default Host Management
    of Systems Manager, which hosts without a role report by. Hosts in ``without_access``, by id or name, are not judged.
    """
    refuse_managed(instance)
    refuse_idle(instance)
    refuse_named(instance, without_access, "the configuration says that it needs nothing of AWS")
    if instance.profile_arn:
        return
    seen = account.seen(ManagedInstance, instance.region)
    online = account.once(
        ("hosts online", instance.region), lambda: frozenset(each.id for each in seen if each.ping == "Online")
    )
    if instance.id in online:
        yield Note("it reports to Systems Manager by Default Host Management")
        return
    account.every(ManagedInstance, instance.region)
    yield Problem("it has no role", expected="an instance profile", found="none")
