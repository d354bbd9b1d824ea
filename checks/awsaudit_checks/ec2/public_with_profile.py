from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import is_administrator, unread_controls
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.iam import Role
from awsaudit_checks.denial import denial
from awsaudit_checks.ec2.facing import FACING, facing
from awsaudit_checks.ec2.power import POWER, escalation, prizes, told


_DETACH: Final = (
    'aws ec2 disassociate-iam-instance-profile --region {region} --association-id "$('
    "aws ec2 describe-iam-instance-profile-associations --region {region} --filters Name=instance-id,Values={id} "
    "--query 'IamInstanceProfileAssociations[0].AssociationId' --output text)\""
)


@check(
    "ec2-public-with-profile",
    title="Internet-facing instances carry no powerful role",
    severity=Severity.HIGH,
    equivalents=("prowler:ec2_instance_internet_facing_with_instance_profile",),
    uses=(*FACING, *POWER),
    remediation=Remediation(
        text="Move the work that needs the rights to a host that the internet does not reach, and take them from this role. "
        "Until then the command denies them to the role, or takes a role from the host that may do everything.",
        cli="aws iam put-role-policy --region {region} --role-name {role} --policy-name deny-internet-facing "
        "--policy-document {document}",
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
    ),
)
def public_with_profile(instance: Instance, account: Inventory) -> Iterator[Problem]:
    """
    One flaw in what listens on the open port hands over the credentials of the host's role, and with them what the role
    reads. Critical for an administrator; high for a role that can make itself more, reads secrets or Terraform state, or
    signs with keys. The way from the internet is followed: address or load balancer, route, network ACL, security group.
    A role that reads none of these passes; hosts that the internet does not reach are not judged.
    """
    if instance.state != "running":
        raise NotApplicable(f"it is {instance.state}")
    if instance.profile_arn is None:
        raise NotApplicable("it has no instance profile")
    reached = facing(instance, account)
    if reached is None:
        raise NotApplicable("nobody on the internet reaches it")
    role = account.holding(Role.instance_profile_arns, instance.profile_arn)
    if not isinstance(role, Role):
        raise NotApplicable(f"its instance profile {instance.profile_arn} holds no role")
    path = (
        *reached.way.path,
        Hop(instance.arn, Instance.type, "has the interface"),
        Hop(role.arn, Role.type, "is its role, by its instance profile"),
    )
    start = f"the internet reaches it on port {reached.port}, as it {reached.way.words}; its role {role.name}"
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    if is_administrator(role, account):
        yield Problem(
            f"{start} may do everything in the account{hidden}",
            expected="a role without such rights",
            found="administrator",
            severity=Severity.CRITICAL,
            cli=_DETACH,
            path=path,
        )
        return
    found = prizes(role, account)
    if found:
        document = denial("InternetFacing", sorted({p.action for p in found}), sorted({p.resource for p in found}))
        yield Problem(
            f"{start} {told(found)}{hidden}",
            expected="a role without such rights",
            found=f"{len(found)} {'resource' if len(found) == 1 else 'resources'}",
            fill={"role": role.name, "document": document},
            path=(*path, found[0].hop),
        )
        return
    more = escalation(role, account)
    if more:
        yield Problem(
            f"{start} can give itself more rights, with {more.by}{hidden}",
            expected="a role without such rights",
            found="a way to more rights",
            cli=_DETACH,
            path=(*path, more),
        )
