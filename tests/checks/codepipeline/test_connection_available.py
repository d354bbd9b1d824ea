import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codeconnections import Connection
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codepipeline.connection_available import connection_available
from tests.checks.codepipeline.lines import CONNECTION, connection, pipeline, source, stage
from tests.estate import FOREIGN, OWN


def line(arn=CONNECTION):
    forge = source("CodeStarSourceConnection", ConnectionArn=arn, FullRepositoryId="northlight/app", BranchName="main")
    return pipeline(stage("Source", forge))


@pytest.mark.parametrize("arn", [CONNECTION, CONNECTION.replace("codeconnections", "codestar-connections")])
def test_accepts_an_available_connection(arn):
    """
    Under either name of the service.
    """
    assert [Status.PASS] == statuses(run_check(connection_available, line(arn), connection()))


@pytest.mark.parametrize("status", ["PENDING", "ERROR"])
def test_flags_a_connection_that_does_not_work(status):
    """
    No command completes it.
    """
    [finding] = run_check(connection_available, line(), connection(status))

    assert (Status.FAIL, Severity.HIGH, None) == (finding.status, finding.severity, finding.fix)
    assert f"has a connection that is {status}" in finding.message
    assert [True, True, False] == [hop.holds for hop in finding.path]


def test_flags_a_connection_that_is_gone():
    """
    All of its region were seen, and it is not among them.
    """
    [finding] = run_check(connection_available, line(), connection(arn=f"{CONNECTION}9"))

    assert ("gone", "Source.app") == (finding.found, finding.sub_key)


def test_does_not_apply_without_a_connection():
    """
    CodeCommit needs none.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(connection_available, pipeline()))


@pytest.mark.parametrize("arn", [CONNECTION.replace(OWN, FOREIGN), CONNECTION.replace("eu-west-1", "us-east-1")])
def test_connections_elsewhere_are_unknown(arn):
    """
    Another account's, or in a region that is not scanned; one that is shared and seen is judged.
    """
    [finding] = run_check(connection_available, line(arn))

    assert Status.UNKNOWN is finding.status
    assert arn in finding.message
    assert [Status.PASS] == statuses(run_check(connection_available, line(arn), connection(arn=arn)))


def test_unlisted_connections_are_unknown():
    """
    It may be among them.
    """
    assert [Status.UNKNOWN] == statuses(run_check(connection_available, line(), unlisted=[Connection]))
