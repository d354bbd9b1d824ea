import fnmatch

from collections.abc import Iterable, Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.autoscaling import Group
from awsaudit.resources.ec2 import Subnet
from awsaudit.resources.eks import Nodegroup
from awsaudit.resources.launch_template import LaunchTemplate, LaunchTemplateVersion
from awsaudit_checks.ec2.role import NodeRole, role_told
from awsaudit_checks.ec2.template import LAUNCHERS, VERSION, found_in, refuse_managed_template, subnets_of, told


@check(
    "ec2-launch-template-public-ip",
    title="Launch templates assign no public IP",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_launch_template_no_public_ip",),
    uses=(
        *LAUNCHERS,
        *VERSION,
        Group.subnet_ids,
        Nodegroup.subnet_ids,
        LaunchTemplateVersion.interfaces,
        LaunchTemplateVersion.instance_tags,
        Subnet.id,
        Subnet.public_ipv4,
    ),
    remediation=Remediation(
        text="Make a version whose interfaces have AssociatePublicIpAddress set to false, the default of the template, and let "
        "groups that name another one use it. Put groups into private subnets, behind a NAT gateway for what they fetch.",
        cli=None,
        terraform='resource "aws_launch_template" "this" {\n  network_interfaces {\n    associate_public_ip_address = false\n'
        "  }\n}",
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-launch-template-versions.html",
    ),
)
def launch_template_public_ip(
    template: LaunchTemplate, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    Whatever is started from the template is one mistake in a security group away from the internet. The default version is
    judged, and those of groups and node groups. Where a version leaves it to the subnets, those of the groups decide; without
    a group it is unknown. Templates of execution and consensus nodes, whose peers come from the internet, are a remark;
    templates named in ``allowed``, by id or name, are to give addresses.
    """
    refuse_managed_template(template)
    if any(fnmatch.fnmatchcase(name, glob) for glob in allowed for name in (template.id, template.name)):
        raise NotApplicable("the configuration says that it is to give public addresses")
    found = found_in(template, account, lambda version: _public(template, version, account))
    if found:
        peers = all(_is_peer(template, version) for version, _, _ in found)
        yield Problem(
            f"{told(found)} gives public addresses: {found[0][2]}",
            expected="no public addresses",
            found=found[0][2],
            severity=Severity.INFO if peers else None,
        )


def _public(template: LaunchTemplate, version: LaunchTemplateVersion, account: Inventory) -> str | None:
    """Return how instances of *version* get public addresses; None if they do not."""
    # An interface that is there already has the address that it has.
    made = [interface for interface in version.interfaces if not interface.existing]
    if any(interface.public for interface in made):
        return "it asks for them"
    if version.interfaces and all(interface.public is False for interface in made):
        return None
    named = [interface.subnet_id for interface in made if interface.subnet_id]
    ids = named or subnets_of(template, version.number, account)
    if not ids:
        raise Undecided(f"version {version.number} leaves it to the subnet, and nothing tells which one that is")
    known = {subnet.id: subnet for subnet in account.every(Subnet, template.region)}
    giving = [id_ for id_ in ids if id_ in known and known[id_].public_ipv4]
    if giving:
        return f"it leaves them to the subnet, and {giving[0]} gives them"
    _refuse_hidden(ids, known)

    return None


def _refuse_hidden(ids: Iterable[str], known: Iterable[str]) -> None:
    hidden = next((id_ for id_ in ids if id_ not in set(known)), None)
    if hidden:
        raise Undecided(f"the subnet {hidden} cannot be seen from this account")


def _is_peer(template: LaunchTemplate, version: LaunchTemplateVersion) -> bool:
    tags = {**template.tags, **version.instance_tags}
    return role_told(tags, template.name) in {NodeRole.EXECUTION, NodeRole.CONSENSUS}
