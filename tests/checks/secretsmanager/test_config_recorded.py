import json

import jmespath
import pytest

from awsaudit import Status
from awsaudit.resources.config import RECORDER, RECORDING, Recording
from awsaudit.resources.secretsmanager import Secret
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.secretsmanager.config_recorded import config_recorded


SECRET = "AWS::SecretsManager::Secret"
BUCKET = "AWS::S3::Bucket"
BY_NAME = {"useOnly": "INCLUSION_BY_RESOURCE_TYPES"}
EXCEPT = {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"}


def recording(*, running=True, name="default", **group):
    return fake(
        Recording,
        {RECORDER: {"name": name, "recordingGroup": group} if name else None, RECORDING: {"recording": running}},
    )


def without(*kinds):
    return {"recordingStrategy": EXCEPT, "exclusionByResourceTypes": {"resourceTypes": [*kinds]}}


@pytest.mark.parametrize(
    ("group", "status"),
    [
        ({"allSupported": True}, Status.PASS),
        ({"recordingStrategy": {"useOnly": "ALL_SUPPORTED_RESOURCE_TYPES"}}, Status.PASS),
        ({"recordingStrategy": BY_NAME, "resourceTypes": [SECRET]}, Status.PASS),
        ({"resourceTypes": [SECRET, BUCKET]}, Status.PASS),
        (without(BUCKET), Status.PASS),
        (without(BUCKET, SECRET), Status.FAIL),
        ({"recordingStrategy": BY_NAME, "resourceTypes": [BUCKET]}, Status.FAIL),
        ({"resourceTypes": [BUCKET]}, Status.FAIL),
    ],
)
def test_secrets_have_to_be_recorded(secret, group, status):
    """
    With everything, by name, or by not being left out.
    """
    assert [status] == statuses(run_check(config_recorded, recording(**group), secret()))


@pytest.mark.parametrize(
    ("group", "wanted"),
    [
        (
            {"resourceTypes": [BUCKET]},
            {
                "allSupported": False,
                "includeGlobalResourceTypes": False,
                "resourceTypes": [BUCKET, SECRET],
                "recordingStrategy": BY_NAME,
            },
        ),
        (
            without(BUCKET, SECRET),
            {"allSupported": False, "includeGlobalResourceTypes": False, **without(BUCKET)},
        ),
        (without(SECRET), {"allSupported": True, "includeGlobalResourceTypes": False}),
    ],
)
def test_the_command_adds_secrets(secret, group, wanted):
    """
    What else is recorded, the role and the mode stay.
    """
    [finding] = run_check(config_recorded, recording(**group), secret())
    query = finding.fix.partition("--query '")[2].partition("' --output")[0]
    described = {
        "name": "default",
        "roleARN": "arn",
        "recordingGroup": group,
        "recordingMode": {"recordingFrequency": "DAILY"},
    }

    assert {**described, "recordingGroup": wanted} == json.loads(
        json.dumps(jmespath.search(query, {"ConfigurationRecorders": [described]}))
    )


def test_does_not_apply(secret):
    """
    No secrets, no recorder, or one that is stopped.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(config_recorded, recording(resourceTypes=[BUCKET])))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(config_recorded, recording(name=None), secret()))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(config_recorded, recording(running=False), secret()))


def test_refused_evidence_is_unknown(secret):
    """
    Secrets that could not be listed, and a recorder that could not be read.
    """
    blind = fake(Recording, {RECORDER: refused(Recording, RECORDER), RECORDING: None})

    assert [Status.UNKNOWN] == statuses(run_check(config_recorded, recording(), unlisted=[Secret]))
    assert [Status.UNKNOWN] == statuses(run_check(config_recorded, blind, secret()))
