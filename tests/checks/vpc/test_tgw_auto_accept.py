from awsaudit import Status
from awsaudit.resources.ec2 import TRANSIT_GATEWAYS, TransitGateway
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.vpc.tgw_auto_accept import tgw_auto_accept
from tests.net import EC2, OWN


def gateway(accepts="enable", **more):
    listed = {
        "TransitGatewayId": "tgw-1",
        "TransitGatewayArn": f"{EC2}:transit-gateway/tgw-1",
        "State": "available",
        "OwnerId": OWN,
        "Options": {"AutoAcceptSharedAttachments": accepts},
    }
    return fake(TransitGateway, {TRANSIT_GATEWAYS: {**listed, **more}})


def test_flags_one_that_accepts_by_itself():
    """
    The command changes that alone.
    """
    (finding,) = run_check(tgw_auto_accept, gateway())

    assert Status.FAIL is finding.status
    assert finding.fix.endswith("--transit-gateway-id tgw-1 --options AutoAcceptSharedAttachments=disable")


def test_passes_one_that_asks():
    """
    As AWS makes them.
    """
    assert [Status.PASS] == statuses(run_check(tgw_auto_accept, gateway("disable")))


def test_judges_gateways_of_the_account_that_are_there():
    """
    Not one that is shared with it, and not one that is gone.
    """
    for other in (gateway(OwnerId="444455556666"), gateway(State="deleted")):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(tgw_auto_accept, other))
