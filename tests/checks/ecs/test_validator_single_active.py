import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import DESCRIBE_SERVICES, SERVICES, Service
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecs.validator_single_active import validator_single_active
from tests.fleet import CLUSTER, ECS, container, definition, service


VALIDATOR = definition(container(image="sigp/lighthouse:v8", command=["lighthouse", "vc"]))
ONE_BY_ONE = {"maximumPercent": 100, "minimumHealthyPercent": 0, "strategy": "ROLLING"}


def look(configuration=ONE_BY_ONE, *, started=VALIDATOR, name="duties", guarded=(), **more):
    judged = service(started, name, deploymentConfiguration=configuration, **more)
    return run_check(validator_single_active, judged, guarded=guarded)


@pytest.mark.parametrize(
    ("configuration", "more", "said"),
    [
        ({}, {}, "a deployment starts the next validator before the last one ends: 200% may run"),
        ({**ONE_BY_ONE, "maximumPercent": 150}, {}, "150% may run"),
        (ONE_BY_ONE, {"desiredCount": 2}, "it is to run 2 tasks of a validator with the same keys"),
        (ONE_BY_ONE, {"schedulingStrategy": "DAEMON", "desiredCount": 1}, "it runs a validator on each instance"),
        ({**ONE_BY_ONE, "strategy": "BLUE_GREEN"}, {}, "the strategy BLUE_GREEN starts the next task"),
        (ONE_BY_ONE, {"deploymentController": {"type": "CODE_DEPLOY"}}, "CodeDeploy starts the next task"),
    ],
)
def test_flags_what_may_run_twice(configuration, more, said):
    """
    Side by side, or for the time of a deployment.
    """
    [finding] = look(configuration, **more)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert said in finding.message


@pytest.mark.parametrize(
    "more",
    [
        {"started": definition(container(image="chainsafe/lodestar:v1", command=["validator"]))},
        {"started": definition(container(image="gcr.io/prysmaticlabs/prysm/validator:v6"))},
        {"started": definition(container(image="consensys/web3signer:25"))},
        {"started": definition(container()), "tags": [{"key": "node-role", "value": "validator"}]},
        {"started": definition(container()), "name": "validator"},
    ],
)
def test_tells_validators_and_signers(more):
    """
    By image and command, by tag, by name.
    """
    assert [Status.FAIL] == statuses(look({}, **more))


def test_the_command_passes():
    """
    It keeps the circuit breaker and the alarms.
    """
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    [finding] = look({"strategy": "LINEAR", "bakeTimeInMinutes": 5, **breaker}, desiredCount=3)
    words = shlex.split(finding.fix)
    fixed = json.loads(words[-1])

    assert "1" == words[words.index("--desired-count") + 1]
    assert breaker.items() <= fixed.items()
    assert [Status.PASS] == statuses(look(fixed))


@pytest.mark.parametrize(
    "more",
    [
        {"schedulingStrategy": "DAEMON"},
        {"deploymentController": {"type": "CODE_DEPLOY"}},
    ],
)
def test_no_command_where_it_would_not_be_enough(more):
    """
    Strategy and controller are for life.
    """
    [finding] = look({}, **more)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize("count", [0, 1])
def test_one_task_that_ends_first_passes(count):
    """
    Or none.
    """
    assert [Status.PASS] == statuses(look(desiredCount=count))


def test_remarks_on_deployments_that_cannot_go_on():
    """
    They do no harm.
    """
    [finding] = look({"maximumPercent": 100, "minimumHealthyPercent": 100})

    assert Status.PASS is finding.status
    assert "no deployment can end its only task" in finding.message


def test_guarded_services_pass():
    """
    Doppelganger protection, or one database of signatures.
    """
    assert [Status.PASS] == statuses(look({}, guarded=("dut*",)))


@pytest.mark.parametrize(
    "more",
    [
        {"started": definition(container())},
        {"started": definition(container(image="sigp/lighthouse:v8", command=["lighthouse", "bn"]))},
        {"started": definition(container(image="ethereum/client-go:v1.16")), "name": "validator-rpc"},
        {"status": "DRAINING"},
    ],
)
def test_does_not_concern_others(more):
    """
    What is known to run outweighs the name.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look({}, **more))


def test_an_external_controller_is_unknown():
    """
    It says itself how many task sets run.
    """
    assert [Status.UNKNOWN] == statuses(look({}, deploymentController={"type": "EXTERNAL"}))


def test_a_definition_that_was_refused_is_unknown():
    """
    It may be a validator.
    """
    arn = f"{ECS}:service/main/duties"
    blind = fake(Service, {SERVICES: arn, DESCRIBE_SERVICES: {"serviceArn": arn, "status": "ACTIVE"}}, parent=CLUSTER)

    assert [Status.UNKNOWN] == statuses(run_check(validator_single_active, blind))
