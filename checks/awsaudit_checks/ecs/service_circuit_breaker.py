import json

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ecs import Service


@check(
    "ecs-service-circuit-breaker",
    title="Services roll back failed deployments",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Switch the deployment circuit breaker on, with rollback. Other settings of the deployment stay as they are.",
        cli="aws ecs update-service --region {region} --cluster {cluster} --service {arn} "
        "--deployment-configuration {deployment}",
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
    ),
)
def service_circuit_breaker(service: Service) -> Iterator[Problem]:
    """
    Without it ECS starts the tasks of a broken release again and again, for hours, until somebody puts the old one back.
    Services pass whose circuit breaker gives a deployment up and goes back to the last one that worked. It is for rolling
    updates by ECS itself: CodeDeploy, external controllers and the strategies that shift traffic have ways of their own.
    """
    found = service.rollout
    if found.controller != "ECS":
        raise NotApplicable(f"{found.controller} deploys it, and the circuit breaker is ECS's own")
    if found.strategy != "ROLLING":
        raise NotApplicable(
            f"it deploys by the strategy {found.strategy}, and the circuit breaker is for rolling updates"
        )
    if found.stops and found.rolls_back:
        return
    breaker = {**(found.settings.get("deploymentCircuitBreaker") or {}), "enable": True, "rollback": True}
    wanted = {**found.settings, "deploymentCircuitBreaker": breaker}
    # What the hooks are given is not read, and a command without them would take them away.
    fill = {} if found.hooks else {"deployment": json.dumps(wanted, separators=(",", ":"))}
    cluster = service.parent_resource
    yield Problem(
        "a deployment that fails is given up, and not rolled back"
        if found.stops
        else "a deployment whose tasks do not start goes on for ever",
        expected="circuit breaker with rollback",
        found="circuit breaker without rollback" if found.stops else "no circuit breaker",
        fill={**fill, "cluster": str(cluster.know("arn"))} if cluster else {},
    )
