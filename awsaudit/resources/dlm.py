"""
Amazon Data Lifecycle Manager: policies that take snapshots of volumes and images of instances.

https://docs.aws.amazon.com/dlm/latest/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import flag, optional_text, text, texts


def _pairs(value: Any) -> frozenset[tuple[str, str]]:
    """Parse tags of which a key may stand there with several values."""
    return frozenset((str(tag["Key"]), str(tag.get("Value") or "")) for tag in value or ())


POLICIES = Call("GetLifecyclePolicies", result="Policies[]")
POLICY = Call(
    "GetLifecyclePolicy",
    result="Policy.PolicyDetails",
    params={"PolicyId": "$PolicyId"},
    when="$State == 'ENABLED'",
    gone=("ResourceNotFoundException",),
)


class LifecyclePolicy(Resource):
    """A policy by which snapshots or images are taken; its details are read where it is on."""

    service: ClassVar[str] = "dlm"
    type: ClassVar[str] = "AWS::DLM::LifecyclePolicy"
    listing: ClassVar[Call] = POLICIES
    label: ClassVar[str] = "id"

    id = Fact(POLICIES, "PolicyId", text, "The policy's id.")
    state = Fact(POLICIES, "State", text, "``ENABLED``, ``DISABLED`` or ``ERROR``.")
    kind = Fact(
        POLICIES,
        "PolicyType",
        optional_text,
        "``EBS_SNAPSHOT_MANAGEMENT``, ``IMAGE_MANAGEMENT`` or ``EVENT_BASED_POLICY``, which takes none of its own.",
    )
    is_default = Fact(POLICIES, "DefaultPolicy", flag, "It is about everything in the region, save what it leaves out.")
    resources = Fact(
        POLICY, "[ResourceType, ResourceTypes[]][]", texts, "``VOLUME`` or ``INSTANCE``: what it takes copies of."
    )
    target_tags = Fact(POLICY, "TargetTags", _pairs, "One of these tags is enough for it to be about a resource.")
    without_boot = Fact(
        POLICY,
        "Parameters.ExcludeBootVolume || Exclusions.ExcludeBootVolumes",
        flag,
        "It leaves out the volumes that instances are started from.",
    )
    without_tags = Fact(
        POLICY,
        "[Parameters.ExcludeDataVolumeTags[], Exclusions.ExcludeTags[]][]",
        _pairs,
        "Volumes, or hosts, with one of these tags are left out.",
    )
    without_kinds = Fact(POLICY, "Exclusions.ExcludeVolumeTypes", texts, "Types of volumes that are left out.")

    @property
    def arn(self) -> str:
        """The policy's ARN."""
        return f"arn:{self.partition}:dlm:{self.region}:{self.account}:policy/{self.id}"
