import gzip

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import INSTANCES, USER_DATA, Instance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.userdata_secrets import userdata_secrets
from tests.launch import CLEAN, GUESS, LEAK, host, started_from, template, version


@pytest.mark.parametrize("script", [LEAK, gzip.compress(LEAK.encode())], ids=("plain", "packed"))
def test_flags_credentials(script):
    """
    Packed or not; the value is not told.
    """
    (finding,) = run_check(userdata_secrets, host(script))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "its user data, in API_TOKEN, holds a github-token: ghp_" in finding.message
    assert "a1B2" not in str(finding)


def test_flags_guesses_with_less():
    """
    A random look under a telling name.
    """
    (finding,) = run_check(userdata_secrets, host(GUESS))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_passes_references():
    """
    The host fetches what it needs.
    """
    assert [Status.PASS] == statuses(run_check(userdata_secrets, host(CLEAN)))


@pytest.mark.parametrize("instance", [host(), host("  \n"), host(LEAK, Operator={"Managed": True})])
def test_needs_user_data(instance):
    """
    None, a blank one, and that of hosts that AWS runs.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(userdata_secrets, instance))


def test_leaves_groups_to_their_templates():
    """
    Unless the version is gone.
    """
    (of_group,) = run_check(
        userdata_secrets, host(LEAK, started_from(by_group=True)), parent := template(), version(parent)
    )
    (gone,) = run_check(userdata_secrets, host(LEAK, started_from(2, by_group=True)), parent, version(parent))

    assert (Status.NOT_APPLICABLE, Status.UNKNOWN) == (of_group.status, gone.status)


def test_judges_what_somebody_started_from_a_template():
    """
    Its user data may be another one.
    """
    assert [Status.FAIL] == statuses(run_check(userdata_secrets, host(LEAK, started_from())))


def test_does_not_guess():
    """
    Refused, and packed in a way that cannot be read.
    """
    refused = fake(Instance, {INSTANCES: {"InstanceId": "i-1", "State": {"Name": "running"}}})
    unreadable = fake(
        Instance, {INSTANCES: {"InstanceId": "i-1", "State": {"Name": "running"}}, USER_DATA: {"Value": "//4AgP/+AIA="}}
    )

    assert [Status.UNKNOWN] == statuses(run_check(userdata_secrets, refused))
    assert [Status.UNKNOWN] == statuses(run_check(userdata_secrets, unreadable))
