import pytest

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codepipeline.webhook_auth import webhook_auth
from tests.checks.codepipeline.lines import webhook


def test_flags_a_webhook_that_anybody_may_call():
    """
    And start the pipeline.
    """
    [finding] = run_check(webhook_auth, webhook("UNAUTHENTICATED"))

    assert (Status.FAIL, Severity.HIGH, None) == (finding.status, finding.severity, finding.fix)
    assert "anybody may call it and start release" == finding.message


@pytest.mark.parametrize("network", ["0.0.0.0/0", "203.0.112.0/23", "2001:db8::/32"])
def test_flags_a_wide_network(network):
    """
    Too many are in it.
    """
    [finding] = run_check(webhook_auth, webhook("IP", network))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert network in finding.message


@pytest.mark.parametrize(
    "hook",
    [webhook(), webhook("IP", "203.0.113.7/32"), webhook("IP", "203.0.113.0/24"), webhook("IP", "2001:db8::/64")],
)
def test_accepts_a_secret_or_a_narrow_network(hook):
    """
    Each call is signed, or comes from few.
    """
    assert [Status.PASS] == statuses(run_check(webhook_auth, hook))


def test_how_narrow_is_an_option():
    """
    In bits of IPv4.
    """
    assert [Status.FAIL] == statuses(run_check(webhook_auth, webhook("IP", "203.0.113.0/24"), smallest_prefix=28))
    assert [Status.PASS] == statuses(run_check(webhook_auth, webhook("IP", "203.0.0.0/16"), smallest_prefix=16))


@pytest.mark.parametrize("hook", [webhook("IP"), webhook("IP", "github.com"), webhook("OTHER")])
def test_what_is_no_network_is_unknown(hook):
    """
    AWS takes no such thing today.
    """
    assert [Status.UNKNOWN] == statuses(run_check(webhook_auth, hook))
