import json

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ecs import Service
from awsaudit_checks.ec2.role import KEY_HOSTS, NodeRole
from awsaudit_checks.ecs.node import role_of_service


_DEFAULT = 200  # per cent
_WHOLE = 100


@check(
    "ecs-validator-single-active",
    title="A validator or signer task cannot run twice",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Let the service have one task, and end it before the next one starts. A missed duty costs little, two signatures "
        "cost the stake.",
        cli="aws ecs update-service --region {region} --cluster {cluster} --service {arn} --desired-count {count} "
        "--deployment-configuration {deployment}",
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html",
    ),
)
def validator_single_active(service: Service, *, guarded: tuple[str, ...] = ()) -> Iterator[Problem | Note]:
    """
    Tasks of one service start from one definition, and so with the same keys: two that run sign twice sooner or later, and
    the chain slashes the stake. By default ECS starts the next task before it ends the last one. One task at most that ends
    first (maximum 100 %, rolling) passes, and so do services named in ``guarded``, of which the owner says that something
    else keeps a second one from signing. Validators and signers are told by tags, by what their containers run, and by name.
    """
    if service.status != "ACTIVE":
        raise NotApplicable("it is being deleted")
    role = role_of_service(service)
    if role not in KEY_HOSTS:
        raise NotApplicable("nothing tells that its tasks are validators or signers")
    name = service.arn.rpartition("/")[2]
    if any(fnmatchcase(each, pattern) for pattern in guarded for each in (name, service.arn)):
        yield Note("the configuration says that a second task of it does not sign")
        return
    reasons = list(_reasons(service, role))
    if reasons:
        yield Problem(
            "; ".join(reasons),
            expected="one task at most, which ends before the next one starts",
            found="; ".join(reasons),
            fill=_fill(service),
        )
        return
    if service.rollout.controller == "EXTERNAL":
        raise Undecided("an external controller decides how many tasks run while it deploys")
    if service.rollout.settings.get("minimumHealthyPercent") != 0:
        yield Note("with a minimum of healthy tasks above 0 no deployment can end its only task")


def _reasons(service: Service, role: NodeRole) -> Iterator[str]:
    rollout = service.rollout
    if service.scheduling == "DAEMON":
        yield f"it runs a {role.value} on each instance, all with the same keys"
    elif service.desired > 1:
        yield f"it is to run {service.desired} tasks of a {role.value} with the same keys"
    if rollout.controller == "CODE_DEPLOY":
        yield "CodeDeploy starts the next task before the last one ends"
    elif rollout.controller == "EXTERNAL":
        return
    elif rollout.strategy != "ROLLING":
        yield f"the strategy {rollout.strategy} starts the next task before the last one ends"
    elif _maximum(service) > _WHOLE:
        yield f"a deployment starts the next {role.value} before the last one ends: {_maximum(service)}% may run"


def _maximum(service: Service) -> int:
    told = service.rollout.settings.get("maximumPercent")
    return _DEFAULT if told is None else int(told)


def _fill(service: Service) -> dict[str, str]:
    """Return what fills the command; nothing where that would not be enough, or would take settings away."""
    rollout, cluster = service.rollout, service.parent_resource
    # What hooks are given is not read, and a command without them would take them away.
    if rollout.controller != "ECS" or service.scheduling == "DAEMON" or rollout.hooks or cluster is None:
        return {}
    kept: dict[str, Any] = {name: rollout.settings[name] for name in _KEPT if name in rollout.settings}
    wanted = {**kept, "strategy": "ROLLING", "maximumPercent": _WHOLE, "minimumHealthyPercent": 0}

    return {
        "deployment": json.dumps(wanted, separators=(",", ":")),
        "count": str(min(service.desired, 1)),
        "cluster": str(cluster.know("arn")),
    }


# What else a rolling deployment is configured by.
_KEPT = ("deploymentCircuitBreaker", "alarms")
