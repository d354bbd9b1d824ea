"""Load balancers with listeners, rules and target groups for tests."""

from awsaudit.resources.elbv2 import LISTENERS, RULES, TARGET_GROUPS, TARGETS, Listener, TargetGroup
from awsaudit.testing import fake
from tests.net import ELB


def group(*targets, name="nodes", kind="instance", port=None):
    """Return a target group with targets as pairs of id and port."""
    described = {
        "TargetGroupArn": group_arn(name),
        "TargetGroupName": name,
        "TargetType": kind,
        "Port": port,
        "LoadBalancerArns": ["arn"],
    }
    health = [{"Target": {"Id": id_, "Port": at}} for id_, at in targets]
    return fake(TargetGroup, {TARGET_GROUPS: described, TARGETS: health})


def group_arn(name="nodes"):
    return f"{ELB}:targetgroup/{name}/50dc6c495c0c9188"


def forward(name="nodes"):
    return {"Type": "forward", "TargetGroupArn": group_arn(name)}


def redirect(protocol="HTTPS"):
    return {"Type": "redirect", "RedirectConfig": {"Protocol": protocol, "Port": "443", "StatusCode": "HTTP_301"}}


def sign_in(strangers="authenticate"):
    return {"Type": "authenticate-oidc", "AuthenticateOidcConfig": {"OnUnauthenticatedRequest": strangers}}


def rule(*actions, id_="r1", **conditions):
    """Return a rule; conditions are ``sources`` and ``paths``."""
    told = [
        *(
            [{"Field": "source-ip", "SourceIpConfig": {"Values": conditions["sources"]}}]
            if "sources" in conditions
            else []
        ),
        *([{"Field": "path-pattern", "Values": conditions["paths"]}] if "paths" in conditions else []),
    ]
    return {"RuleArn": f"{ELB}:listener-rule/app/edge/1/2/{id_}", "Actions": list(actions), "Conditions": told}


def listens(balancer, port, protocol, *actions, rules=(), **more):
    """Return a listener that forwards to the group of nodes unless told otherwise; *rules* may be a gap."""
    described = {
        "ListenerArn": f"{balancer.arn.replace(':loadbalancer/', ':listener/')}/{port}",
        "LoadBalancerArn": balancer.arn,
        "Port": port,
        "Protocol": protocol,
        "DefaultActions": list(actions or (forward(),)),
        **more,
    }
    default = {"RuleArn": "default", "IsDefault": True, "Actions": described["DefaultActions"]}
    told = [*rules, default] if isinstance(rules, list | tuple) else rules
    read = None if balancer.kind == "network" else told
    return fake(Listener, {LISTENERS: described, RULES: read}, parent=balancer)
