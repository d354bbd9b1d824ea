import re
import shlex

import jmespath
import pytest

from awsaudit import Status
from awsaudit.resources.config import RECORDER, RECORDING, Recording
from awsaudit.resources.sns import Topic
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.config.recorder import recorder
from tests.alerts import topic


ALL = {"allSupported": True, "includeGlobalResourceTypes": True}
EXCEPT = {"allSupported": False, "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}}


def made(group=ALL, *, on=True, region="eu-west-1"):
    told = {"name": "default", "recordingGroup": group} if group is not None else None
    return fake(Recording, {RECORDER: told, RECORDING: {"recording": on} if told else None}, region=region)


def without(*kinds):
    return {**EXCEPT, "exclusionByResourceTypes": {"resourceTypes": list(kinds)}}


def judge(recording, *others, used=("eu-west-1",), **more):
    return run_check(recorder, recording, *others, *(thing for region in used for thing in topic(region)[:1]), **more)


@pytest.mark.parametrize(
    ("recording", "keys"),
    [
        (made(), []),
        (made({"recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}, **ALL}), []),
        (made(without("AWS::CloudFormation::Stack", "AWS::EC2::Volume")), []),
        (made(None), [""]),
        (made(on=False), [""]),
        (made({"resourceTypes": ["AWS::S3::Bucket"]}), ["types"]),
        (made({"recordingStrategy": {"useOnly": "INCLUSION_BY_RESOURCE_TYPES"}}), ["types"]),
        (made(without("AWS::EC2::SecurityGroup", "AWS::EC2::Volume")), ["types"]),
        (made({"allSupported": True}), ["identities"]),
    ],
)
def test_wants_everything_recorded(recording, keys):
    """
    Types may be left out that matter little.
    """
    findings = judge(recording)

    assert keys == [finding.sub_key for finding in findings if finding.status is Status.FAIL]
    assert keys or [Status.PASS] == statuses(findings)


def test_identities_are_needed_once():
    """
    From one region; that there is none is said in one, the home of services without regions before others.
    """
    plain, other = made({"allSupported": True}), made({"allSupported": True}, region="us-east-1")
    both = ("eu-west-1", "us-east-1")

    assert [Status.PASS] == statuses(judge(plain, made(region="us-east-1"), used=both))
    assert [Status.PASS] == statuses(judge(plain, other, used=both))
    (finding,) = judge(other, plain, used=both)
    assert "identities" == finding.sub_key
    assert [Status.FAIL] == statuses(judge(plain, other))
    assert [Status.FAIL] == statuses(judge(plain, made(on=False, region="us-east-1")))


def test_does_not_judge_a_region_without_anything():
    """
    A topic shows that a region is used.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(made(None), used=()))
    assert [Status.UNKNOWN] == statuses(judge(made(None), used=(), unlisted=[Topic]))


def test_does_not_know_what_is_refused():
    """
    The recorder, or what it does.
    """
    told = {RECORDER: {"name": "default", "recordingGroup": ALL}, RECORDING: {"recording": True}}
    for call in told:
        hidden = fake(Recording, {**told, call: refused(Recording, call)})
        assert [Status.UNKNOWN] == statuses(judge(hidden))


def test_the_command_keeps_the_rest_of_the_recorder():
    """
    Its role, and how often it records.
    """
    group = {"allSupported": False, "resourceTypes": ["AWS::S3::Bucket"]}
    (finding,) = judge(made(group))
    words = shlex.split(re.search(r"\$\((.*)\)", finding.fix)[1])
    listed = {"name": "default", "roleARN": "arn", "recordingGroup": group, "arn": "a", "recordingScope": "PAID"}
    query = words[words.index("--query") + 1]
    mode = {"recordingMode": {"recordingFrequency": "DAILY"}}

    put = {"name": "default", "roleARN": "arn", "recordingGroup": {**ALL, "includeGlobalResourceTypes": False}}
    assert put == jmespath.search(query, {"ConfigurationRecorders": [listed]})
    assert {**put, **mode} == jmespath.search(query, {"ConfigurationRecorders": [{**listed, **mode}]})
