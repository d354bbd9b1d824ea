import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.logs import POLICIES, LogResourcePolicy
from awsaudit.resources.organizations import OrganizationAccount
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.logs.resource_policy_public import resource_policy_public
from tests.estate import allow, alone, deny, document


GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/health:*"
WRITE = ("logs:CreateLogStream", "logs:PutLogEvents")
DELIVERY = {"Service": "delivery.logs.amazonaws.com"}
EVENTS = {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]}
OWN = {"StringEquals": {"aws:SourceAccount": "111122223333"}}


def write(principal, **more):
    return allow(*WRITE, resource=GROUP, Principal=principal, **more)


def policy(*statements, text=None):
    told = json.dumps(document(*statements)) if text is None else text
    return fake(LogResourcePolicy, {POLICIES: {"policyName": "writers", "policyDocument": told}})


def judge(*statements, **more):
    return run_check(resource_policy_public, policy(*statements), *alone(), **more)


@pytest.mark.parametrize(
    "statement",
    [
        write(DELIVERY, Condition=OWN),
        write(DELIVERY, Condition={"ArnLike": {"aws:SourceArn": "arn:aws:logs:eu-west-1:111122223333:*"}}),
        write("*", Condition=OWN),
        write({"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalAccount": "111122223333"}}),
        write({"AWS": "arn:aws:iam::111122223333:root"}),
        deny(*WRITE, Principal="*"),
    ],
)
def test_accepts_what_is_bound(statement):
    """
    By the source, the account, or the principal itself.
    """
    (finding,) = judge(statement)

    assert Status.PASS is finding.status
    assert () == finding.notes


@pytest.mark.parametrize(
    "statement",
    [
        write("*"),
        write({"AWS": "*"}),
        allow("logs:PutSubscriptionFilter", Principal="*"),
        allow("logs:*", resource=GROUP, Principal="*"),
        write("*", Condition={"Bool": {"aws:SecureTransport": "true"}}),
        write("*", Condition={"StringLike": {"aws:SourceAccount": "*"}}),
    ],
)
def test_flags_statements_for_everybody(statement):
    """
    Conditions that bind nobody make no difference; the command leaves the account.
    """
    (finding,) = judge(statement, write(DELIVERY, Condition=OWN))
    words = shlex.split(finding.fix)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert finding.fix.startswith("aws logs put-resource-policy --region eu-west-1 --policy-name writers ")
    assert [Status.PASS] == statuses(judge(*json.loads(words[-1])["Statement"]))


def test_a_service_that_is_not_bound_is_a_lesser_problem():
    """
    The command binds it to the account, and mends what else is wrong.
    """
    lesser, worse = sorted(judge(write("*"), write(DELIVERY)), key=lambda finding: finding.severity)
    words = shlex.split(lesser.fix)

    assert (Severity.LOW, Severity.HIGH) == (lesser.severity, worse.severity)
    assert lesser.fix == worse.fix
    assert [Status.PASS] == statuses(judge(*json.loads(words[-1])["Statement"]))


def test_remarks_on_services_that_may_not_say_for_whom_they_write():
    """
    The statement that AWS's pages give for EventBridge is bound to nothing.
    """
    (finding,) = judge(write(EVENTS))

    assert Status.PASS is finding.status
    assert any("events.amazonaws.com" in note for note in finding.notes)


def test_a_denial_counts():
    """
    What one statement allows to everybody another may deny to strangers.
    """
    foreign = {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}

    assert [Status.PASS] == statuses(judge(write("*"), deny("logs:*", Principal="*", Condition=foreign)))


def test_does_not_know_what_it_cannot_read():
    """
    A document that is no policy, one that was refused; whether the account has an organization does not matter here.
    """
    broken = policy(text='{"Statement": [{"Effect": "Perhaps"}]}')

    assert [Status.UNKNOWN] == statuses(run_check(resource_policy_public, broken, *alone()))
    assert [Status.UNKNOWN] == statuses(run_check(resource_policy_public, fake(LogResourcePolicy), *alone()))
    assert [Status.FAIL] == statuses(
        run_check(resource_policy_public, policy(write("*")), unlisted=[OrganizationAccount])
    )
