from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.autoscaling import LaunchConfiguration
from awsaudit.resources.ec2 import Subnet
from awsaudit_checks.autoscaling.configuration import USERS, graded, named, users_of


@check(
    "autoscaling-launch-config-public-ip",
    title="Launch configurations assign no public IP",
    severity=Severity.MEDIUM,
    equivalents=("prowler:autoscaling_group_launch_configuration_no_public_ip",),
    uses=(*USERS, Subnet.id, Subnet.public_ipv4),
    remediation=Remediation(
        text="A launch configuration cannot be changed: make a launch template of it that gives no public addresses, let the "
        "groups use that in private subnets, replace their instances, and delete it.",
        cli=None,
        url="https://docs.aws.amazon.com/autoscaling/ec2/userguide/migrate-to-launch-templates.html",
    ),
)
def launch_config_public_ip(configuration: LaunchConfiguration, account: Inventory) -> Iterator[Problem]:
    """
    Whatever its groups start is one mistake in a security group away from the internet. A configuration that says no passes;
    one that leaves it to the subnets passes where those of its groups give no public addresses. Low where no group uses it.
    """
    if configuration.public is False:
        return
    users = users_of(configuration, account)
    why = "it asks for them" if configuration.public else None
    if configuration.public is None:
        ids = dict.fromkeys(id_ for group in users for id_ in group.subnet_ids)
        giving = {each.id: each.public_ipv4 for each in account.every(Subnet, configuration.region)} if ids else {}
        why = next((f"it leaves them to the subnets, and {id_} gives them" for id_ in ids if giving.get(id_)), None)
        hidden = next((id_ for id_ in ids if id_ not in giving), None)
        if hidden and not why:
            raise Undecided(f"it leaves them to the subnets, and {hidden} cannot be seen from this account")
    if why:
        yield Problem(
            f"its instances get public addresses: {why}{named(users)}",
            expected="no public addresses",
            found=why,
            severity=graded(Severity.MEDIUM, users),
        )
