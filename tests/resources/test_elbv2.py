"""What is read of listeners and their rules."""

from awsaudit.resources.elbv2 import LISTENERS, RULES, Action, Listener, LoadBalancer, TargetGroup
from awsaudit.testing import call_faults, fake
from tests.net import ELB, listener, load_balancer
from tests.test_collect import Session, collect


GROUP = f"{ELB}:targetgroup/nodes/1"
SIGN_IN = {
    "Type": "authenticate-oidc",
    "AuthenticateOidcConfig": {"ClientSecret": "x", "OnUnauthenticatedRequest": "deny"},
}
FORWARD = {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": GROUP, "Weight": 1}]}}
REDIRECT = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}}


def test_actions_are_read_in_order():
    """
    Where they lead, and what is done with somebody who has not signed in.
    """
    found = listener(load_balancer(), DefaultActions=[SIGN_IN, FORWARD, REDIRECT])

    assert (
        Action("authenticate-oidc", (), None, "deny"),
        Action("forward", (GROUP,), None, None),
        Action("redirect", (), "HTTPS", None),
    ) == found.steps


def test_conditions_of_rules_are_read():
    """
    Source addresses and paths, in the old and the new spelling; values of other conditions are not kept.
    """
    conditions = [
        {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}},
        {"Field": "path-pattern", "Values": ["/a"]},
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/b"]}},
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-key", "Values": ["kept out"]}},
        {"Field": "host-header", "Values": ["example.com"]},
    ]
    told = [{"RuleArn": "arn", "IsDefault": False, "Actions": [FORWARD], "Conditions": conditions}]
    (rule,) = fake(Listener, {LISTENERS: {}, RULES: told}, parent=load_balancer()).rules

    assert (("10.0.0.0/8",), ("/a", "/b"), False) == (rule.sources, rule.paths, rule.is_default)
    assert "kept out" not in repr(rule)


def test_rules_are_asked_for_at_application_load_balancers():
    """
    Others have none.
    """
    session = Session()
    stub = session.stub("elbv2")
    kinds = {"application": f"{ELB}:loadbalancer/app/a/1", "network": f"{ELB}:loadbalancer/net/b/1"}
    balancers = [{"LoadBalancerArn": arn, "Type": kind} for kind, arn in kinds.items()]
    stub.add_response("describe_load_balancers", {"LoadBalancers": balancers}, {})
    for arn in kinds.values():
        told = {"ListenerArn": f"{arn}/listener", "LoadBalancerArn": arn, "DefaultActions": [FORWARD]}
        stub.add_response("describe_listeners", {"Listeners": [told]}, {"LoadBalancerArn": arn})
    rules = {"Rules": [{"RuleArn": "arn", "IsDefault": True, "Actions": [FORWARD]}]}
    stub.add_response("describe_rules", rules, {"ListenerArn": f"{kinds['application']}/listener"})

    found = {each.balancer_arn: len(each.rules) for each in collect(session, LoadBalancer, Listener).every(Listener)}

    assert {kinds["application"]: 1, kinds["network"]: 0} == found


def test_the_calls_exist():
    """
    Operations, parameters and results, in botocore's service model.
    """
    for kind in (LoadBalancer, Listener, TargetGroup):
        assert [] == list(call_faults(kind))
