"""
AWS Config.

https://docs.aws.amazon.com/config/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import flag, optional_text, texts


# Without a name AWS answers about the recorder of the customer, of which a region has one at most; those that services make
# for themselves are left out all the same.
# https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorders.html
_NONE = ("NoSuchConfigurationRecorderException",)
RECORDER = Call(
    "DescribeConfigurationRecorders",
    result="ConfigurationRecorders[?!servicePrincipal && recordingScope != 'INTERNAL'] | [0]",
    absent=_NONE,
)
RECORDING = Call(
    "DescribeConfigurationRecorderStatus",
    result="ConfigurationRecordersStatus[?!servicePrincipal] | [0]",
    absent=_NONE,
)


class Recording(Resource):
    """What AWS Config records in a region for the account."""

    service: ClassVar[str] = "config"
    type: ClassVar[str] = "AWS::Config::ConfigurationRecorder"

    name = Fact(RECORDER, "name", optional_text, "The recorder's name; unset where there is none.")
    everything = Fact(RECORDER, "recordingGroup.allSupported", flag, "It records whatever AWS Config can record.")
    strategy = Fact(
        RECORDER,
        "recordingGroup.recordingStrategy.useOnly",
        optional_text,
        "``ALL_SUPPORTED_RESOURCE_TYPES``, ``INCLUSION_BY_RESOURCE_TYPES`` or ``EXCLUSION_BY_RESOURCE_TYPES``; unset at times.",
    )
    excluded = Fact(
        RECORDER, "recordingGroup.exclusionByResourceTypes.resourceTypes", texts, "The types that are left out by name."
    )
    included = Fact(RECORDER, "recordingGroup.resourceTypes", texts, "The types that are recorded by name.")
    identities = Fact(
        RECORDER,
        "recordingGroup.includeGlobalResourceTypes",
        flag,
        "It records users, groups, roles and policies of IAM, where it does not leave out single types.",
    )
    recording = Fact(RECORDING, "recording", flag, "It records at present.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return f"arn:{self.partition}:config:{self.region}:{self.account}:recorder"
