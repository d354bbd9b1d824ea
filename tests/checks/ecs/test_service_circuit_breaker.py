import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import DESCRIBE_SERVICES, LIST, SERVICES, Cluster, Service
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecs.service_circuit_breaker import service_circuit_breaker


ARN = "arn:aws:ecs:eu-west-1:111122223333:service/relay/api"


def service(breaker=None, arn=ARN, controller=None, **configuration):
    if breaker is not None:
        configuration["deploymentCircuitBreaker"] = breaker
    answer = {"serviceArn": arn, "deploymentConfiguration": configuration}
    if controller:
        answer["deploymentController"] = {"type": controller}
    cluster = fake(Cluster, {LIST: "arn:aws:ecs:eu-west-1:111122223333:cluster/relay"})
    return fake(Service, {SERVICES: arn, DESCRIBE_SERVICES: answer}, parent=cluster)


@pytest.mark.parametrize(
    ("breaker", "said"),
    [
        (None, "goes on for ever"),
        ({"enable": False, "rollback": False}, "goes on for ever"),
        ({"enable": False, "rollback": True}, "goes on for ever"),
        ({"enable": True, "rollback": False}, "not rolled back"),
    ],
)
def test_flags_services_that_do_not_go_back(breaker, said):
    """
    Giving up is not enough.
    """
    [finding] = run_check(service_circuit_breaker, service(breaker))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert said in finding.message


def test_the_fix_keeps_the_other_settings():
    """
    The printed configuration has them all, and passes.
    """
    threshold = {"type": "COUNT", "value": 5}
    settings = {
        "maximumPercent": 150,
        "minimumHealthyPercent": 50,
        "alarms": {"alarmNames": ["errors"], "enable": True},
    }
    judged = service({"enable": True, "rollback": False, "thresholdConfiguration": threshold}, **settings)
    [finding] = run_check(service_circuit_breaker, judged)
    words = shlex.split(finding.fix)
    fixed = json.loads(words[-1])

    assert ["--cluster", "arn:aws:ecs:eu-west-1:111122223333:cluster/relay", "--service", ARN] == words[5:9]
    assert settings.items() <= fixed.items()
    assert threshold == fixed["deploymentCircuitBreaker"]["thresholdConfiguration"]
    assert [Status.PASS] == statuses(run_check(service_circuit_breaker, service(**fixed)))


def test_a_service_with_hooks_gets_no_command():
    """
    What hooks are given is not read; a command without them would take them away.
    """
    hook = {
        "hookTargetArn": "arn:aws:lambda:eu-west-1:111122223333:function:smoke",
        "hookDetails": {"x": "in plain text"},
    }
    [finding] = run_check(service_circuit_breaker, service(lifecycleHooks=[hook]))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_a_circuit_breaker_with_rollback_passes():
    """
    By whichever name the controller goes.
    """
    on = {"enable": True, "rollback": True}

    assert [Status.PASS] == statuses(run_check(service_circuit_breaker, service(on)))
    assert [Status.PASS] == statuses(
        run_check(service_circuit_breaker, service(on, controller="ECS", strategy="ROLLING"))
    )


@pytest.mark.parametrize(
    "judged",
    [
        service(controller="CODE_DEPLOY"),
        service(controller="EXTERNAL"),
        service(strategy="BLUE_GREEN"),
        service(strategy="CANARY"),
    ],
)
def test_others_go_back_by_ways_of_their_own(judged):
    """
    The circuit breaker is for rolling updates by ECS itself.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(service_circuit_breaker, judged))
