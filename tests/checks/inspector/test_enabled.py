import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.resources.ecr import LIST, Repository
from awsaudit.resources.inspector import STATUS, Scanning
from awsaudit.resources.lambda_ import FUNCTIONS, Function
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.inspector.enabled import enabled


def scanning(failed=(), **states):
    told = {"resourceState": {kind: {"status": state} for kind, state in states.items()}}
    return fake(Scanning, {STATUS: {"accounts": [] if failed else [told], "failedAccounts": list(failed)}})


def instance(state="running"):
    return fake(Instance, {INSTANCES: {"InstanceId": "i-1", "State": {"Name": state}}})


ECR = "arn:aws:ecr:eu-west-1:111122223333:repository/geth"
REPOSITORY = fake(Repository, {LIST: {"repositoryArn": ECR, "repositoryName": "geth"}})
FUNCTION = fake(Function, {FUNCTIONS: {"FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:book"}})


def test_everything_that_is_there_has_to_be_scanned():
    """
    One finding for each kind of scan.
    """
    found = run_check(enabled, scanning(ec2="DISABLED", ecr="SUSPENDED"), instance(), REPOSITORY, FUNCTION)

    assert {"EC2", "ECR", "LAMBDA", "LAMBDA_CODE"} == {finding.sub_key for finding in found}
    assert {Status.FAIL} == set(statuses(found))
    fixes = {finding.sub_key: finding.fix for finding in found}
    enable = "aws inspector2 enable --region eu-west-1 --account-ids 111122223333 --resource-types"
    assert f"{enable} EC2" == fixes["EC2"]
    assert f"{enable} LAMBDA LAMBDA_CODE" == fixes["LAMBDA_CODE"]


@pytest.mark.parametrize("state", ["ENABLED", "ENABLING"])
def test_scans_that_are_on_or_coming_pass(state):
    """
    All four of them.
    """
    states = dict.fromkeys(("ec2", "ecr", "lambda", "lambdaCode"), state)

    assert [Status.PASS] == statuses(run_check(enabled, scanning(**states), instance(), REPOSITORY, FUNCTION))


def test_what_is_not_there_need_not_be_scanned():
    """
    A region with images alone; without anything, none is judged. A terminated instance is nothing.
    """
    assert [Status.PASS] == statuses(run_check(enabled, scanning(ec2="DISABLED", ecr="ENABLED"), REPOSITORY))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(enabled, scanning(), instance("terminated")))


def test_what_aws_does_not_tell_is_unknown():
    """
    An account that Inspector failed on, a call that was refused, and resources that could not be listed.
    """
    failed = scanning(failed=[{"accountId": "111122223333", "errorCode": "ACCESS_DENIED"}])
    blind = fake(Scanning, {STATUS: refused(Scanning, STATUS)})

    assert [Status.UNKNOWN] == statuses(run_check(enabled, failed, REPOSITORY))
    assert [Status.UNKNOWN] == statuses(run_check(enabled, blind, REPOSITORY))
    assert [Status.UNKNOWN] == statuses(run_check(enabled, scanning(ecr="ENABLED"), REPOSITORY, unlisted=[Instance]))
