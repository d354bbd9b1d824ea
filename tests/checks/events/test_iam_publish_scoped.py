import pytest

from awsaudit import Status
from awsaudit.resources.iam import USERS, Group, User
from awsaudit.resources.organizations import Organization
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.events.iam_publish_scoped import iam_publish_scoped


BUS = "arn:aws:events:eu-west-1:111122223333:event-bus"
RULE = "arn:aws:events:eu-west-1:111122223333:rule"


def may(actions, on="*", **condition):
    statement = {"Effect": "Allow", "Action": actions, "Resource": on}
    return {**statement, "Condition": condition} if condition else statement


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (may("events:PutEvents"), "may do events:PutEvents on any bus"),
        (may("events:PutEvents", f"{BUS}/*"), "may do events:PutEvents on any bus"),
        (may("events:PutEvents", "arn:aws:events:*:*:event-bus/*"), "may do events:PutEvents on any bus"),
        (may("events:PutEvents", Bool={"aws:MultiFactorAuthPresent": "true"}), "may do events:PutEvents on any bus"),
        (may("events:PutEvents", StringNotLike={"events:source": "aws.*"}), "may do events:PutEvents on any bus"),
        (may("events:DeleteRule"), "may do events:DeleteRule on any rule"),
        (may("events:PutRule", f"{RULE}/*"), "may do events:PutRule on any rule"),
        (
            may("events:Put*", StringEqualsIfExists={"events:creatorAccount": "${aws:PrincipalAccount}"}),
            "may do events:PutEvents, events:PutRule, events:PutTargets on any bus and rule",
        ),
    ],
)
def test_flags_rights_on_any_bus_or_rule(role, statement, said):
    """
    Also by conditions that leave the bus and the events open; the path names the statement.
    """
    (finding,) = run_check(iam_publish_scoped, role(statement))

    assert f"{said}: the inline policy send of sender, statement 1" == finding.message
    assert ["AWS::IAM::Role"] == [hop.type for hop in finding.path[:1]]


@pytest.mark.parametrize(
    "statement",
    [
        may("events:PutEvents", f"{BUS}/orders"),
        may("events:PutEvents", f"{BUS}/app-*"),
        may("events:PutEvents", StringEquals={"events:source": "northlight.orders"}),
        may("events:PutEvents", StringEquals={"events:detail-type": ["paid", "shipped"]}),
        may(["events:PutRule", "events:PutTargets"], f"{RULE}/beacon/*"),
        may("events:PutTargets", ArnLike={"events:TargetArn": "arn:aws:sqs:*:111122223333:beacon-*"}),
    ],
)
def test_accepts_names_prefixes_and_conditions_on_events(role, statement):
    """
    What they leave is known.
    """
    assert [Status.PASS] == statuses(run_check(iam_publish_scoped, role(statement)))


def test_one_wide_statement_is_not_hidden_by_a_narrow_one(role):
    """
    Each statement counts by itself.
    """
    narrow = may("events:PutEvents", StringEquals={"events:source": "northlight.orders"})
    wide = may("events:PutEvents", Bool={"aws:MultiFactorAuthPresent": "true"})

    assert [Status.FAIL] == statuses(run_check(iam_publish_scoped, role(narrow, wide)))


@pytest.mark.parametrize("statement", [may("s3:GetObject"), may("events:ListRules"), may("*")])
def test_does_not_judge_who_may_do_nothing_here_or_everything(role, statement):
    """
    Administrators are other checks' matter.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(iam_publish_scoped, role(statement)))


def test_does_not_judge_whom_the_configuration_names(role):
    """
    Roles that deploy, administrators by name, the option; and service-linked roles.
    """
    wide = role(may("events:*"))
    arn = "arn:aws:iam::*:role/sender"

    for trust in (Trust(ci_roles=(arn,)), Trust(administrators=(arn,))):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(iam_publish_scoped, wide, trust=trust))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(iam_publish_scoped, wide, allowed=(arn,)))
    linked = role(may("events:*"), Path="/aws-service-role/events.amazonaws.com/")
    assert [Status.NOT_APPLICABLE] == statuses(run_check(iam_publish_scoped, linked))


def test_judges_users(role):
    """
    By their groups, too, which have to be seen.
    """
    listed = {"Arn": "arn:aws:iam::111122223333:user/ada", "UserName": "ada", "GroupList": ["operators"]}
    document = {"Version": "2012-10-17", "Statement": [may("events:PutEvents")]}
    inline = [{"PolicyName": "own", "PolicyDocument": document}]

    assert [Status.UNKNOWN] == statuses(run_check(iam_publish_scoped, fake(User, {USERS: listed}), unlisted=[Group]))
    user = fake(User, {USERS: {**listed, "GroupList": [], "UserPolicyList": inline}})
    assert [Status.FAIL] == statuses(run_check(iam_publish_scoped, user))


def test_does_not_know_a_policy_that_was_refused(role):
    """
    An attached policy that AWS does not list.
    """
    attached = [{"PolicyName": "broad", "PolicyArn": "arn:aws:iam::111122223333:policy/broad"}]

    assert [Status.UNKNOWN] == statuses(run_check(iam_publish_scoped, role(AttachedManagedPolicies=attached)))


def test_says_so_where_the_organizations_policies_were_refused(role):
    """
    They can only take rights away, and few members may read them.
    """
    (finding,) = run_check(iam_publish_scoped, role(may("events:PutEvents")), unlisted=[Organization])

    assert Status.FAIL is finding.status
    assert finding.message.endswith("; the organization's service control policies could not be read")
