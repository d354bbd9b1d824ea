import json
import re
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.events import TASK_DEFINITION, Target
from awsaudit.resources.iam import POLICIES, ManagedPolicy, Role
from awsaudit.resources.organizations import Organization
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.target_role_scoped import target_role_scoped


MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:settle"
PIPELINE = "arn:aws:codepipeline:eu-west-1:111122223333:release"
CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/beacon"
TASK = "arn:aws:ecs:eu-west-1:111122223333:task-definition/settle"
PASSED = "arn:aws:iam::111122223333:role/settle"
SENDER = "arn:aws:iam::111122223333:role/sender"
BROAD = "arn:aws:iam::111122223333:policy/broad"


def may(actions, on, **condition):
    statement = {"Effect": "Allow", "Action": actions, "Resource": on}
    return {**statement, "Condition": condition} if condition else statement


def policy(*statements):
    version = {"IsDefaultVersion": True, "Document": {"Version": "2012-10-17", "Statement": list(statements)}}
    return fake(ManagedPolicy, {POLICIES: {"Arn": BROAD, "PolicyVersionList": [version], "AttachmentCount": 1}})


@pytest.fixture(name="judge")
def judge_fixture(rule, target):
    """Return a function that judges a rule whose target, of an ARN, has a role."""

    def judge(*others, arn=MACHINE, told=None, unlisted=(), **fields):
        judged = rule()
        one = target(judged, told=told or {TASK_DEFINITION: None}, Arn=arn, RoleArn=SENDER, **fields)
        return run_check(target_role_scoped, judged, one, *others, unlisted=unlisted)

    return judge


@pytest.mark.parametrize(
    "statement",
    [
        may("states:StartExecution", MACHINE),
        may("states:*", [MACHINE, f"{MACHINE}:*"]),
        may(["logs:CreateLogStream", "logs:PutLogEvents", "xray:PutTraceSegments"], "*"),
        may(["kms:Decrypt", "kms:GenerateDataKey"], "arn:aws:kms:eu-west-1:111122223333:key/k-1"),
        {**may("states:*", "*"), "Effect": "Deny"},
    ],
)
def test_accepts_what_the_target_takes(judge, role, statement):
    """
    On the target alone, with its versions; logs, traces and named keys do not matter.
    """
    assert [Status.PASS] == statuses(judge(role(statement)))


@pytest.mark.parametrize(
    "statement",
    [
        may("states:StartExecution", "*"),
        may("states:StartExecution", "arn:aws:states:eu-west-1:111122223333:stateMachine:*"),
        may("states:StartExecution", [MACHINE, f"{MACHINE}-other"]),
        may("*", "*"),
        may("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:111122223333:function:other"),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": "states:StartExecution", "NotResource": PIPELINE},
    ],
)
def test_flags_what_goes_beyond(judge, role, statement):
    """
    The command writes the policy again with the targets alone, and what was narrow enough stays.
    """
    kept = may("logs:PutLogEvents", "*")
    (finding,) = judge(role(kept, statement))

    assert finding.message.startswith("the role sender may do ")
    words = shlex.split(finding.fix)
    assert ["--role-name", "sender", "--policy-name", "send"] == words[5:9]
    mended = json.loads(words[-1])["Statement"]
    assert [kept, may(["states:StartExecution"], MACHINE)] == mended
    assert [Status.PASS] == statuses(judge(role(*mended)))
    assert finding.path[-1].holds is False


def test_a_managed_policy_is_taken_off(judge, role):
    """
    After an inline one took its place: others may have it attached.
    """
    attached = [{"PolicyName": "broad", "PolicyArn": BROAD}]
    broad = policy(may("states:*", "*"))
    (finding,) = judge(role(AttachedManagedPolicies=attached), broad)

    put, detached = finding.fix.split(" && ")
    assert put.startswith("aws iam put-role-policy --region eu-west-1 --role-name sender --policy-name invoke-targets ")
    assert f"aws iam detach-role-policy --region eu-west-1 --role-name sender --policy-arn {BROAD}" == detached
    assert [Status.PASS] == statuses(judge(role(*json.loads(shlex.split(put)[-1])["Statement"]), broad))


def test_a_boundary_and_a_denial_count(judge, role):
    """
    What they take away the role cannot do.
    """
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": BROAD}}
    starts = may("states:StartExecution", "*")
    others = {"Effect": "Deny", "Action": "states:*", "NotResource": MACHINE}

    assert [Status.PASS] == statuses(judge(role(starts, **boundary), policy(may("s3:GetObject", "*"))))
    assert [Status.FAIL] == statuses(judge(role(starts, **boundary), policy(may("states:*", "*"))))
    assert [Status.UNKNOWN] == statuses(judge(role(starts, others)))


def test_the_targets_of_all_rules_with_the_role_count(judge, rule, target, role):
    """
    A role may be shared.
    """
    other = rule("release")
    shared = target(other, told={TASK_DEFINITION: None}, Arn=PIPELINE, RoleArn=SENDER)
    both = role(may("states:StartExecution", MACHINE), may("codepipeline:StartPipelineExecution", PIPELINE))

    assert [Status.PASS] == statuses(judge(both, shared))
    assert [Status.FAIL] == statuses(judge(both))


def test_a_task_may_be_run_in_every_revision(judge, role):
    """
    And its roles be passed; passing any role is beyond.
    """
    told = {TASK_DEFINITION: {"taskDefinitionArn": f"{TASK}:7", "status": "ACTIVE", "taskRoleArn": PASSED}}
    fields = {"arn": CLUSTER, "told": told, "EcsParameters": {"TaskDefinitionArn": f"{TASK}:7"}}
    runs = may("ecs:RunTask", f"{TASK}:*")
    to_tasks = {"StringLike": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}

    assert [Status.PASS] == statuses(judge(role(runs, may("iam:PassRole", PASSED)), **fields))
    (finding,) = judge(role(runs, may("iam:PassRole", "*", **to_tasks)), **fields)
    assert finding.message.startswith("the role sender may do iam:PassRole on *: ")
    assert finding.fix is None


def test_a_role_that_others_assume_has_no_command(judge, role):
    """
    They may need the rest.
    """
    services = {"Service": ["events.amazonaws.com", "lambda.amazonaws.com"]}
    trust = [{"Effect": "Allow", "Principal": services, "Action": "sts:AssumeRole"}]
    (finding,) = judge(role(may("states:*", "*"), trust=trust))

    assert Status.FAIL is finding.status
    assert finding.fix is None


def test_does_not_judge_what_has_no_role(rule, target, role):
    """
    Nor service-linked roles, and rules of AWS services.
    """
    plain, managed = rule(), rule(ManagedBy="guardduty.amazonaws.com")
    linked = role(may("*", "*"), Path="/aws-service-role/events.amazonaws.com/")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_role_scoped, plain, target(plain)))
    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(target_role_scoped, plain, target(plain, RoleArn=SENDER), linked)
    )
    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_role_scoped, managed, target(managed, RoleArn=SENDER)))


def test_does_not_know_what_it_cannot_see(judge, role):
    """
    Roles, targets or a managed policy that were refused; conditions; targets of which it is not known what they take.
    """
    attached = [{"PolicyName": "broad", "PolicyArn": BROAD}]
    queue = "arn:aws:batch:eu-west-1:111122223333:job-queue/proofs"
    narrow = may("batch:SubmitJob", [queue, "arn:aws:batch:eu-west-1:111122223333:job-definition/prove"])

    assert [Status.UNKNOWN] == statuses(judge(unlisted=[Role]))
    assert [Status.UNKNOWN] == statuses(judge(role(), unlisted=[Target]))
    assert [Status.UNKNOWN] == statuses(judge(role(AttachedManagedPolicies=attached)))
    assert [Status.UNKNOWN] == statuses(
        judge(role(may("states:*", "*", StringEquals={"aws:ResourceTag/team": "beacon"})))
    )
    assert [Status.UNKNOWN] == statuses(judge(role(narrow), arn=queue))
    assert [Status.FAIL] == statuses(judge(role(may("batch:SubmitJob", "*")), arn=queue))
    elsewhere = may("states:StartExecution", re.sub("eu-west-1", "us-west-2", MACHINE))
    assert [Status.UNKNOWN] == statuses(judge(role(elsewhere)))


def test_says_so_where_the_organizations_policies_were_refused(judge, role):
    """
    They can only take rights away, and few members may read them.
    """
    (finding,) = judge(role(may("states:*", "*")), unlisted=[Organization])

    assert Status.FAIL is finding.status
    assert finding.message.endswith("; the organization's service control policies could not be read")
