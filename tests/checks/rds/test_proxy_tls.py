import pytest

from awsaudit import Status
from awsaudit.resources.rds import PROXIES, DBProxy
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.proxy_tls import proxy_tls


def proxy(*, tls, status="available"):
    arn = "arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-1"
    return fake(DBProxy, {PROXIES: {"DBProxyName": "rewards", "DBProxyArn": arn, "RequireTLS": tls, "Status": status}})


@pytest.mark.parametrize("status", ["available", "modifying", "insufficient-resource-limits"])
def test_flags_a_proxy_that_accepts_connections_without_tls(status):
    """
    Optional TLS is a problem, and the command requires it.
    """
    (finding,) = run_check(proxy_tls, proxy(tls=False, status=status))

    assert Status.FAIL is finding.status
    assert "aws rds modify-db-proxy --region eu-west-1 --db-proxy-name rewards --require-tls" == finding.fix


def test_accepts_a_proxy_that_requires_tls():
    """
    Required TLS passes.
    """
    assert [Status.PASS] == statuses(run_check(proxy_tls, proxy(tls=True)))


@pytest.mark.parametrize("status", ["creating", "deleting"])
def test_leaves_out_proxies_that_come_or_go(status):
    """
    A proxy that is being created or deleted is not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(proxy_tls, proxy(tls=False, status=status)))
