from awsaudit import Status
from awsaudit_checks.cloudwatch.monitor_security_group_changes import monitor_security_group_changes
from tests.alerts import assert_watches, counted, named


CALLS = (
    "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress "
    "CreateSecurityGroup DeleteSecurityGroup"
)


def test_wants_every_call():
    """
    By one filter or several, by a rule of EventBridge, however they are written.
    """
    assert_watches(monitor_security_group_changes, "ec2", CALLS)


def test_remarks_on_a_call_that_came_later():
    """
    Standards do not name it, and a filter with their names alone passes.
    """
    without = counted(monitor_security_group_changes, named("ec2", *CALLS.split()))
    with_it = counted(monitor_security_group_changes, named("ec2", *CALLS.split(), "ModifySecurityGroupRules"))

    assert ("nobody is told of ModifySecurityGroupRules, which came after the standards",) == without.notes
    assert Status.PASS is without.status
    assert () == with_it.notes


def test_remarks_on_nothing_that_is_not_known():
    """
    A filter that does not settle it for the later call alone.
    """
    names = " || ".join(f"($.eventName = {call})" for call in CALLS.split())
    unclear = f"{{ ({names}) || ($.eventName = ModifySecurityGroupRules && $.nothing != 1) }}"
    finding = counted(monitor_security_group_changes, unclear)

    assert (Status.PASS, ()) == (finding.status, finding.notes)
