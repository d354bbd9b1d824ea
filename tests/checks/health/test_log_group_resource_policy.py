import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.events import TARGETS, Target
from awsaudit.resources.logs import LOG_GROUPS, POLICIES, LogGroup, LogResourcePolicy
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.log_group_resource_policy import log_group_resource_policy


GROUP_ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/health"
GROUP = fake(LogGroup, {LOG_GROUPS: {"logGroupName": "/aws/events/health", "logGroupArn": GROUP_ARN}})


def statement(**changed):
    return {
        "Effect": "Allow",
        "Principal": {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/*:*",
        **changed,
    }


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def policy(*statements, name="events"):
    return fake(
        LogResourcePolicy, {POLICIES: {"policyName": name, "policyDocument": json.dumps(document(*statements))}}
    )


@pytest.fixture(name="judge")
def judge_fixture(rule, target):
    """Return a function that judges a rule with the log group as its target."""

    def judge(*others, destination=GROUP_ARN, own_policy=None, **more):
        judged = rule()
        return run_check(log_group_resource_policy, judged, target(judged, destination, own_policy), *others, **more)

    return judge


@pytest.mark.parametrize("destination", [GROUP_ARN, f"{GROUP_ARN}:*"])
@pytest.mark.parametrize(
    "allowed",
    [
        [statement()],
        [statement(Resource="*")],
        [statement(Resource=f"{GROUP_ARN}:*", Principal={"Service": "events.amazonaws.com"}, Action="logs:*")],
        [statement(Action="logs:CreateLogStream"), statement(Action="logs:PutLogEvents")],
    ],
)
def test_accepts_a_policy_of_the_account(judge, allowed, destination):
    """
    One that lets EventBridge create streams and put events, in one statement or two policies.
    """
    policies = [policy(each, name=str(number)) for number, each in enumerate(allowed)]

    assert [Status.PASS] == statuses(judge(GROUP, *policies, destination=destination))


def test_accepts_a_policy_of_the_log_group(judge):
    """
    A log group may have one of its own.
    """
    assert [Status.PASS] == statuses(judge(GROUP, own_policy=document(statement())))


@pytest.mark.parametrize(
    "policies",
    [
        [],
        [policy(statement(Principal={"Service": "delivery.logs.amazonaws.com"}))],
        [policy(statement(Action="logs:PutLogEvents"))],
        [policy(statement(Resource="arn:aws:logs:eu-west-1:111122223333:log-group:/aws/rds/*:*"))],
    ],
)
def test_flags_a_log_group_that_is_closed(judge, policies):
    """
    The command puts a policy beside those that there are.
    """
    (finding,) = judge(GROUP, *policies)

    assert "no resource policy lets EventBridge write to the log group /aws/events/health" == finding.message
    assert finding.fix.startswith("aws logs put-resource-policy --region eu-west-1 --policy-name AWSHealthEvents ")
    added = json.loads(shlex.split(finding.fix)[-1])["Statement"][0]
    assert [Status.PASS] == statuses(judge(GROUP, *policies, policy(added, name="AWSHealthEvents")))
    assert ["AWS Health", "AWS::Events::Rule", "AWS::Logs::LogGroup"] == [hop.type for hop in finding.path]


def test_a_denial_has_no_command(judge):
    """
    One more Allow would not help.
    """
    (finding,) = judge(GROUP, policy(statement(), statement(Effect="Deny", Principal="*")))

    assert Status.FAIL is finding.status
    assert finding.fix is None


def test_keeps_a_policy_of_the_same_name(judge):
    """
    Putting a policy replaces the one of that name.
    """
    (finding,) = judge(GROUP, policy(statement(Resource=GROUP_ARN.replace("health", "other")), name="AWSHealthEvents"))

    assert "--policy-name AWSHealthEvents-2 " in finding.fix


def test_flags_a_log_group_that_is_gone(judge):
    """
    The command creates it, and puts the policy where that is missing too.
    """
    (gone,) = judge(policy(statement()))
    (both,) = judge()

    assert "the log group /aws/events/health does not exist" == gone.message
    assert "aws logs create-log-group --region eu-west-1 --log-group-name /aws/events/health" == gone.fix
    assert both.fix.startswith(f"{gone.fix} && aws logs put-resource-policy ")


def test_does_not_judge_other_targets(judge):
    """
    A topic is another check's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(destination="arn:aws:sns:eu-west-1:111122223333:health"))


def test_does_not_know_what_it_cannot_see(judge, rule):
    """
    Policies and groups that could not be listed, another account's group, a policy of the group that was refused.
    """
    judged = rule()
    hidden = fake(Target, {TARGETS: {"Id": "log", "Arn": GROUP_ARN}}, parent=judged)

    assert [Status.UNKNOWN] == statuses(judge(GROUP, unlisted=[LogResourcePolicy]))
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[LogGroup]))
    assert [Status.UNKNOWN] == statuses(judge(GROUP, destination=f"{GROUP_ARN}:*"))
    assert [Status.UNKNOWN] == statuses(judge(destination=GROUP_ARN.replace("111122223333", "444455556666")))
    assert [Status.UNKNOWN] == statuses(run_check(log_group_resource_policy, judged, hidden, GROUP))
    assert [Status.UNKNOWN] == statuses(
        run_check(log_group_resource_policy, judged, hidden, GROUP, policy(statement()))
    )
