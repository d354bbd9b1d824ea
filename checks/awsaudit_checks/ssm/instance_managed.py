import datetime

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.ssm import ManagedInstance
from awsaudit_checks.ec2.host import refuse_idle, refuse_managed, refuse_named


_SETTLED: Final = datetime.timedelta(minutes=30)


@check(
    "ssm-instance-managed",
    title="Running instances are managed by SSM",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_instance_managed_by_ssm",),
    uses=(ManagedInstance.id, ManagedInstance.ping),
    remediation=Remediation(
        text="Let the host's role have AmazonSSMManagedInstanceCore, or turn on Default Host Management, install the agent, "
        "and see that it reaches Systems Manager over the internet or endpoints. Name hosts that are left out on purpose, "
        "such as signers, under `unmanaged`.",
        cli=None,
        url="https://docs.aws.amazon.com/systems-manager/latest/userguide/troubleshooting-managed-nodes.html",
    ),
)
def instance_managed(instance: Instance, account: Inventory, *, unmanaged: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    A host that Systems Manager does not know is neither patched by it nor seen in its inventory, and people reach it
    with long-lived SSH keys. One whose agent reports passes; one whose agent was lost is low. Hosts that were started in
    the last 30 minutes, that AWS runs, and those in ``unmanaged``, by id or name, are not judged.
    """
    refuse_managed(instance)
    refuse_idle(instance)
    refuse_named(instance, unmanaged, "the configuration says that it is left out on purpose")
    if instance.age(instance.launched) < _SETTLED:
        raise NotApplicable("it was started in the last 30 minutes")
    seen = account.every(ManagedInstance, instance.region)
    pings = account.once(("pings", instance.region), lambda: {each.id: each.ping for each in seen})
    if instance.id not in pings:
        yield Problem("no agent of it reports to Systems Manager", expected="an agent that reports", found="none")
    elif pings[instance.id] != "Online":
        yield Problem(
            "its agent does not report any more",
            expected="Online",
            found=str(pings[instance.id]),
            severity=Severity.LOW,
        )
