import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.cloudformation import STACKS, Stack
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.cloudformation.stack_role_admin import stack_role_admin
from tests.estate import OWN, allow, alone, deny, managed, role, trusting, user


ARN = f"arn:aws:cloudformation:eu-west-1:{OWN}:stack/shop/0f1e2d3c-0000-1111-2222-333344445555"
STACK_ROLE = f"arn:aws:iam::{OWN}:role/shop-stack"
UPDATES = allow("cloudformation:UpdateStack")
WORKS = trusting("cloudformation.amazonaws.com")


def stack(role_arn=STACK_ROLE, **more):
    told = {"StackId": ARN, "StackName": "shop", "StackStatus": "UPDATE_COMPLETE"}
    return fake(Stack, {STACKS: {**told, **({"RoleARN": role_arn} if role_arn else {}), **more}})


ADMIN = allow("*")


def judge(*others, judged=None, rights=ADMIN, **more):
    return run_check(
        stack_role_admin, judged or stack(), role("shop-stack", rights, trust=WORKS), *others, *alone(), **more
    )


@pytest.mark.parametrize(
    ("statements", "verb", "actions"),
    [
        ([UPDATES], "update", "cloudformation:UpdateStack"),
        ([allow("cloudformation:*")], "update", "cloudformation:UpdateStack"),
        (
            [allow("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet")],
            "update",
            "cloudformation:CreateChangeSet and cloudformation:ExecuteChangeSet",
        ),
        ([allow("cloudformation:DeleteStack")], "delete", "cloudformation:DeleteStack"),
        ([allow("cloudformation:UpdateStack", resource="arn:aws:cloudformation:*:*:stack/sh*")], "update", "cloudf"),
        ([UPDATES, deny("iam:PassRole")], "update", "cloudf"),
    ],
)
def test_flags_who_may_have_an_administrators_role_work(statements, verb, actions):
    """
    Nobody need pass a role that is there already.
    """
    [finding] = judge(user("ada", *statements))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert f"its role shop-stack may do everything, and the user ada may {verb} the stack" == finding.message
    assert [f"arn:aws:iam::{OWN}:user/ada", ARN, STACK_ROLE] == [hop.resource for hop in finding.path]
    assert finding.path[1].by.startswith(actions)


def test_names_the_role_that_cdk_makes():
    """
    It is an administrator unless bootstrapping is told otherwise.
    """
    name = f"cdk-hnb659fds-cfn-exec-role-{OWN}-eu-west-1"
    made = role(name, attached=["arn:aws:iam::aws:policy/AdministratorAccess"], trust=WORKS)
    everything = managed("arn:aws:iam::aws:policy/AdministratorAccess", allow("*"))
    deploys = role("deploy", UPDATES)
    [finding] = judge(deploys, made, everything, judged=stack(made.arn))

    assert "which cdk bootstrap makes unless it is told otherwise" in finding.message


@pytest.mark.parametrize(
    "statements",
    [
        [allow("cloudformation:DescribeStacks")],
        [allow("cloudformation:CreateChangeSet")],
        [allow("cloudformation:UpdateStack", resource="arn:aws:cloudformation:*:*:stack/other/*")],
        [UPDATES, deny("cloudformation:*", resource=ARN)],
        [allow("cloudformation:UpdateStack", Condition={"StringEquals": {"aws:ResourceTag/team": "jobs"}})],
        [allow("*")],
    ],
)
def test_who_may_not_change_it_and_administrators_pass(statements):
    """
    A change set does nothing until it is executed; tags of the stack are known.
    """
    tagged = stack(Tags=[{"Key": "team", "Value": "shop"}])

    assert [Status.PASS] == statuses(judge(role("deploy", *statements), judged=tagged))


def test_service_linked_roles_pass():
    """
    Their services alone have them.
    """
    linked = role("AWSServiceRoleForStacks", UPDATES, path="/aws-service-role/stacks.amazonaws.com/")

    assert [Status.PASS] == statuses(judge(linked))


def test_a_scoped_role_passes():
    """
    Whoever updates the stack.
    """
    assert [Status.PASS] == statuses(judge(user("ada", UPDATES), rights=allow("sqs:*")))


def test_administrators_by_configuration_pass():
    """
    They are no way up.
    """
    named = Trust(administrators=("arn:aws:iam::*:role/deploy",))

    assert [Status.PASS] == statuses(judge(role("deploy", UPDATES), trust=named))


@pytest.mark.parametrize(
    "judged", [stack(None), stack(ParentId=ARN.replace("shop", "all")), stack(f"{STACK_ROLE}-gone")]
)
def test_does_not_apply_without_a_role_of_its_own(judged):
    """
    Or with one that is gone; nested stacks are judged with their roots.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(user("ada", UPDATES), judged=judged))


def test_unlisted_roles_are_unknown():
    """
    Whether it is an administrator's cannot be told.
    """
    assert [Status.UNKNOWN] == statuses(run_check(stack_role_admin, stack(), *alone(), unlisted=[Role]))
