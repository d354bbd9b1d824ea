import json

import pytest

from awsaudit import Status
from awsaudit.resources.organizations import (
    CONTENT,
    ORGANIZATION,
    PLACE,
    SERVICE_CONTROL,
    TARGETS,
    Organization,
    OrganizationPlace,
    ServiceControlPolicy,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.organizations.scp_protects_logging import scp_protects_logging
from tests.estate import OWN, deny, document


MANAGER = "777788889999"
EVERY = (
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "config:*",
    "guardduty:DeleteDetector",
    "events:DeleteRule",
    "events:DisableRule",
    "events:RemoveTargets",
)
SPARED = {"Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/landing-zone"}}}


def organization(manager=MANAGER):
    return fake(Organization, {ORGANIZATION: {"Id": "o-exampleorgid", "MasterAccountId": manager}})


PLACED = fake(OrganizationPlace, {PLACE: {"Id": OWN, "Paths": [f"o-exampleorgid/r-1/ou-1-work/{OWN}/"]}})


def policy(*statements, target="r-1"):
    arn = f"arn:aws:organizations::{MANAGER}:policy/o-exampleorgid/service_control_policy/p-1"
    return fake(
        ServiceControlPolicy,
        {
            SERVICE_CONTROL: {"Id": "p-1", "Arn": arn, "Name": "logging"},
            CONTENT: json.dumps(document(*statements)),
            TARGETS: [{"TargetId": target}],
        },
    )


def judge(*policies, **more):
    return run_check(scp_protects_logging, organization(), PLACED, *policies, **more)


@pytest.mark.parametrize("statement", [deny(*EVERY), deny(*EVERY, **SPARED), deny("*", resource="*", **SPARED)])
def test_passes_where_all_are_denied(statement):
    """
    To everybody, or to all but those whom a condition spares.
    """
    assert [Status.PASS] == statuses(judge(policy(statement)))


def test_flags_what_no_policy_denies():
    """
    It is listed; a Deny that holds at times does not count.
    """
    at_times = deny(*EVERY[3:], Condition={"Bool": {"aws:MultiFactorAuthPresent": "false"}})
    (finding,) = judge(policy(deny(*EVERY[:3]), at_times), policy(deny(*EVERY), target="ou-1-other"))

    assert Status.FAIL is finding.status
    assert "no service control policy denies config:StopConfigurationRecorder, config:DeleteConfigurationRecorder" in (
        finding.message
    )
    assert "cloudtrail" not in finding.message


def test_who_is_not_bound_is_not_judged():
    """
    An account by itself, and the management account.
    """
    alone = fake(Organization, {ORGANIZATION: None})

    for each in (alone, organization(OWN)):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(scp_protects_logging, each, PLACED))


def test_is_unknown_where_policies_cannot_be_seen():
    """
    As in most members.
    """
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[ServiceControlPolicy]))
