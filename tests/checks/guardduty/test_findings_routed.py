import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.events import BUSES, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.guardduty.findings_routed import findings_routed


ARN = "arn:aws:events:eu-west-1:111122223333"
BUS = fake(EventBus, {BUSES: {"Name": "default", "Arn": f"{ARN}:event-bus/default"}})


def rule(pattern, state="ENABLED", **more):
    listed = {"Name": "alerts", "Arn": f"{ARN}:rule/alerts", "EventBusName": "default", "State": state}
    return fake(Rule, {RULES: {**listed, "EventPattern": json.dumps(pattern), **more}}, parent=BUS)


def target(of):
    arn = "arn:aws:sns:eu-west-1:111122223333:alerts"
    return fake(Target, {TARGETS: {"Id": "topic", "Arn": arn}}, parent=of)


ALL = {"source": ["aws.guardduty"]}


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (rule(ALL, "DISABLED"),),
        (rule({"source": ["aws.health"]}),),
        (rule({**ALL, "detail": {"severity": [{"numeric": ["<", 4]}]}}),),
        (rule(ALL, ManagedBy="securityhub.amazonaws.com"),),
    ],
)
def test_flags_findings_that_no_rule_takes(detector, rules):
    """
    No rule, a disabled one, one for something else, for mild findings alone, or one of a service.
    """
    (finding,) = run_check(findings_routed, detector(), *rules, *map(target, rules))

    assert Status.FAIL is finding.status
    assert {"source": ["aws.guardduty"], "detail-type": ["GuardDuty Finding"]} == json.loads(
        shlex.split(finding.fix)[-1]
    )
    assert finding.path[-1].holds is False


def test_flags_a_rule_without_a_target(detector):
    """
    It takes findings, and hands them to nobody. An export to S3 does not help.
    """
    (finding,) = run_check(findings_routed, detector(destinations=("S3",)), rule(ALL))

    assert "the rule alerts takes findings and has no target" == finding.message


@pytest.mark.parametrize(
    "pattern",
    [ALL, {"source": [{"prefix": "aws."}]}, {**ALL, "detail": {"severity": [{"numeric": [">=", 7]}]}}],
)
def test_passes_a_rule_with_a_target(detector, pattern):
    """
    However it lets a severe finding through.
    """
    taking = rule(pattern)

    assert [Status.PASS] == statuses(run_check(findings_routed, detector(), taking, target(taking)))


def test_passes_user_notifications(detector):
    """
    Their rules have targets that the account does not see.
    """
    managed = rule(ALL, ManagedBy="notifications.amazonaws.com")

    assert [Status.PASS] == statuses(run_check(findings_routed, detector(), managed))


def test_is_unknown_where_another_account_manages_it(detector):
    """
    Findings may be routed there; hidden rules are unknown as well.
    """
    assert [Status.UNKNOWN] == statuses(run_check(findings_routed, detector(administrator="444455556666")))
    assert [Status.UNKNOWN] == statuses(run_check(findings_routed, detector(), unlisted=[Rule]))


def test_needs_a_detector(detector):
    """
    Where GuardDuty is off there are no findings.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(findings_routed, detector(id_=None)))
