from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.ec2.host import node_role, refuse_managed, scaling_group


@check(
    "ec2-termination-protection",
    title="Node instances have termination protection",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Switch the protection on; whoever means to delete the node switches it off first.",
        cli="aws ec2 modify-instance-attribute --region {region} --instance-id {id} --disable-api-termination",
        terraform='resource "aws_instance" "this" {\n  disable_api_termination = true\n}',
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html",
    ),
)
def termination_protection(instance: Instance) -> Iterator[Problem]:
    """
    A node that is deleted by mistake takes days to catch up with the chain, and a validator's record of what it signed may
    go with it. Hosts are nodes by their tags role, node-role or blockchain:role, or by their name. Spot instances and
    members of Auto Scaling groups are not judged, as protection does not hold there.
    """
    node_role(instance)
    refuse_managed(instance)
    if instance.lifecycle == "spot":
        raise NotApplicable("a spot instance, which AWS takes back whatever is set")
    if scaling_group(instance):
        raise NotApplicable("in an Auto Scaling group, which ignores the protection when it scales in")
    if not instance.kept:
        yield Problem("anybody who may delete it can do so in one step", expected="protected", found="not protected")
