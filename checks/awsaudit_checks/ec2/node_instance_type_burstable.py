import re

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.ec2.host import node_role, refuse_managed
from awsaudit_checks.ec2.role import NodeRole


_ON_DUTY: Final = frozenset({NodeRole.VALIDATOR, NodeRole.SIGNER, NodeRole.EXECUTION, NodeRole.CONSENSUS})
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances.html
_BURSTABLE: Final = re.compile(r"t\d\w*\.")


@check(
    "ec2-node-instance-type-burstable",
    title="Validator hosts are not burstable or spot",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Stop the host when no duty is near, and change it to a type with steady processors (m, c or r), on demand.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/change-instance-type-of-ebs-backed-instance.html",
    ),
)
def node_instance_type_burstable(instance: Instance) -> Iterator[Problem]:
    """
    Duties come every few minutes, day and night. A burstable host is slow, or costs extra, once its credits are used up, and
    a spot instance is taken back with two minutes' notice. Validators, signers, execution and consensus nodes are judged, by
    the tags role, node-role or blockchain:role, or by their name.
    """
    role = node_role(instance)
    refuse_managed(instance)
    if role not in _ON_DUTY:
        raise NotApplicable(f"an {role.value} has no duties to miss")
    if instance.size is None:
        raise Undecided("AWS does not tell its type")
    if _BURSTABLE.match(instance.size):
        yield Problem(
            f"the {role.value} runs on the burstable type {instance.size}", found=instance.size, sub_key="type"
        )
    if instance.lifecycle == "spot":
        yield Problem(f"the {role.value} is a spot instance", expected="on demand", found="spot", sub_key="spot")
