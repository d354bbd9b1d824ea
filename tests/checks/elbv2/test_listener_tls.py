import pytest

from awsaudit import Status
from awsaudit.resources.elbv2 import RULES, Listener, TargetGroup
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.elbv2.listener_tls import listener_tls
from tests.checks.elbv2.balancers import forward, group, listens, redirect, rule
from tests.net import load_balancer


EDGE = load_balancer()
SITE = load_balancer("site", kind="application")
SECURE = listens(SITE, 8443, "HTTPS")
NODES = group(("i-1", 8080))


def test_flags_http_that_is_passed_on():
    """
    The command redirects to the port of the HTTPS listener that is there; without one it is not printed.
    """
    plain = listens(SITE, 80, "HTTP")
    (finding,) = run_check(listener_tls, plain, SECURE)
    (without,) = run_check(listener_tls, plain)

    assert Status.FAIL is finding.status
    assert f"modify-listener --region eu-west-1 --listener-arn {plain.arn} --default-actions " in finding.fix
    assert '"Protocol": "HTTPS", "Port": "8443"' in finding.fix
    assert (Status.FAIL, None) == (without.status, without.fix)


def test_flags_each_rule_that_passes_http_on():
    """
    The default may redirect; each has a command of its own.
    """
    rules = (rule(forward(), paths=["/api/*"]), rule(redirect(), id_="r2"), rule(redirect("HTTP"), id_="r3"))
    first, third = run_check(listener_tls, listens(SITE, 80, "HTTP", redirect(), rules=rules), SECURE)

    assert ("r1", "r3") == (first.sub_key, third.sub_key)
    assert "aws elbv2 modify-rule --region eu-west-1 --rule-arn " in first.fix


@pytest.mark.parametrize(
    "listener",
    [
        SECURE,
        listens(EDGE, 443, "TLS"),
        listens(SITE, 80, "HTTP", redirect()),
        listens(SITE, 80, "HTTP", {"Type": "fixed-response"}),
        listens(SITE, 80, "HTTP", redirect(), rules=(rule(forward(), paths=["/.well-known/acme-challenge/*"]),)),
    ],
)
def test_passes_tls_and_what_leads_there(listener):
    """
    HTTP that is redirected or answered at once, and the path that certificates are issued by.
    """
    assert [Status.PASS] == statuses(run_check(listener_tls, listener))


@pytest.mark.parametrize(
    ("port", "target", "status"),
    [
        (80, 8080, Status.FAIL),
        (443, 80, Status.FAIL),
        (8545, 8545, Status.FAIL),
        (443, 443, Status.PASS),
        (443, 8443, Status.PASS),
        (443, 31443, Status.UNKNOWN),
        (80, 31080, Status.UNKNOWN),
        (30303, 30303, Status.NOT_APPLICABLE),
    ],
)
def test_judges_tcp_by_the_ports_of_the_targets(port, target, status):
    """
    What is spoken on ports that clusters choose cannot be told, and peers have ways of their own.
    """
    at = listens(EDGE, port, "TCP")

    assert [status] == statuses(run_check(listener_tls, at, group(("i-1", target))))
    assert [status] == statuses(run_check(listener_tls, at, group(port=target)))


def test_follows_a_load_balancer_behind():
    """
    What that makes of it counts.
    """
    inner = load_balancer("inner", scheme="internal", kind="application")
    front, to = listens(EDGE, 80, "TCP", forward("front")), group((inner.arn, 81), name="front", kind="alb")

    for behind, status in (
        (listens(inner, 81, "HTTP"), Status.FAIL),
        (listens(inner, 81, "HTTP", redirect()), Status.PASS),
        (listens(inner, 81, "HTTPS"), Status.PASS),
    ):
        assert [status] == statuses(run_check(listener_tls, front, to, behind, NODES, inner))


def test_judges_what_faces_the_internet():
    """
    Not internal load balancers, and not datagrams.
    """
    for other in (listens(load_balancer(scheme="internal"), 80, "TCP"), listens(EDGE, 443, "UDP")):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(listener_tls, other))


def test_is_unknown_where_rules_or_targets_cannot_be_seen():
    """
    Unless the default is enough.
    """
    closed = refused(Listener, RULES)

    assert [Status.UNKNOWN] == statuses(run_check(listener_tls, listens(SITE, 80, "HTTP", redirect(), rules=closed)))
    assert [Status.FAIL] == statuses(run_check(listener_tls, listens(SITE, 80, "HTTP", rules=closed)))
    assert [Status.UNKNOWN] == statuses(run_check(listener_tls, listens(EDGE, 80, "TCP"), unlisted=[TargetGroup]))
