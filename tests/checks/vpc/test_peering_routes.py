import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import (
    ENTRIES,
    PEERINGS,
    PREFIX_LISTS,
    ROUTE_TABLES,
    PrefixList,
    RouteTable,
    VpcPeering,
)
from awsaudit.resources.organizations import ORGANIZATION, Organization, OrganizationAccount
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.vpc.peering_routes import peering_routes
from tests.net import EC2, OWN, VPC, prefix_list


ALONE = fake(Organization, {ORGANIZATION: None})
STRANGER = "777788889999"


def side(vpc, owner, *cidrs, ipv6=()):
    return {
        "VpcId": vpc,
        "OwnerId": owner,
        "CidrBlockSet": [{"CidrBlock": cidr} for cidr in cidrs],
        "Ipv6CidrBlockSet": [{"Ipv6CidrBlock": cidr} for cidr in ipv6],
    }


def peering(owner=OWN, state="active"):
    described = {
        "VpcPeeringConnectionId": "pcx-1",
        "Status": {"Code": state},
        "RequesterVpcInfo": side(VPC, OWN, "10.0.0.0/16"),
        "AccepterVpcInfo": side("vpc-2", owner, "10.8.0.0/16", "10.9.0.0/24", ipv6=("2001:db8::/56",)),
    }
    return fake(VpcPeering, {PEERINGS: described})


def table(*routes, vpc=VPC, through="pcx-1"):
    routes = [{**route, "VpcPeeringConnectionId": through, "State": "active"} for route in routes]
    return fake(RouteTable, {ROUTE_TABLES: {"RouteTableId": "rtb-1", "VpcId": vpc, "Routes": routes}})


def v4(cidr):
    return {"DestinationCidrBlock": cidr}


def look(*others, of=None, **more):
    return run_check(peering_routes, of or peering(), *others, ALONE, **more)


@pytest.mark.parametrize(
    "route",
    [v4("10.8.0.0/16"), v4("10.0.0.0/8"), v4("0.0.0.0/0"), v4("10.9.0.0/24"), {"DestinationIpv6CidrBlock": "::/0"}],
)
def test_flags_routes_to_all_of_the_other_side(route):
    """
    To one of its ranges as a whole, of either version of IP, or further.
    """
    (finding,) = look(table(route))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert f"rtb-1:{next(iter(route.values()))}" == finding.sub_key


def test_flags_routes_by_prefix_lists():
    """
    One of the entries is enough.
    """
    (finding,) = look(table({"DestinationPrefixListId": "pl-1"}), prefix_list("10.8.1.0/24", "10.8.0.0/15"))

    assert "rtb-1 leads to pl-1, which holds all of 10.8.0.0/16 in vpc-2" == finding.message


def test_judges_the_tables_of_both_sides():
    """
    Each by the ranges of the other one.
    """
    (finding,) = look(table(v4("10.0.0.0/16"), vpc="vpc-2"))

    assert "rtb-1 leads to all of 10.0.0.0/16 in vpc-1" == finding.message


def test_is_worse_with_strangers():
    """
    Medium, unless the configuration names the account; whose it is may not be known.
    """
    of, route = peering(STRANGER), table(v4("10.8.0.0/16"))
    (strange,) = look(route, of=of)
    (known,) = look(route, of=of, trust=Trust(accounts=(STRANGER,)))
    (hidden,) = look(route, of=of, unlisted=[OrganizationAccount])

    assert Severity.MEDIUM is strange.severity
    assert "of account 777788889999, which nothing says you know" in strange.message
    assert (Severity.LOW, Severity.LOW) == (known.severity, hidden.severity)
    assert "whose that is could not be seen" in hidden.message


def test_passes_narrower_routes():
    """
    To a subnet, none, or through another connection.
    """
    for found in (look(table(v4("10.8.4.0/24"))), look(), look(table(v4("10.8.0.0/16"), through="pcx-2"))):
        assert [Status.PASS] == statuses(found)


def test_judges_active_connections():
    """
    Nothing goes through others.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(of=peering(state="pending-acceptance")))


def test_is_unknown_where_tables_or_lists_cannot_be_seen():
    """
    Unless another route is seen to be too wide.
    """
    listed = table({"DestinationPrefixListId": "pl-1"})
    described = {"PrefixListId": "pl-1", "PrefixListArn": f"{EC2}:prefix-list/pl-1"}
    closed = fake(PrefixList, {PREFIX_LISTS: described, ENTRIES: refused(PrefixList, ENTRIES)})
    both = table({"DestinationPrefixListId": "pl-1"}, v4("0.0.0.0/0"))

    assert [Status.UNKNOWN] == statuses(look(unlisted=[RouteTable]))
    assert [Status.UNKNOWN] == statuses(look(listed))
    assert [Status.UNKNOWN] == statuses(look(listed, closed))
    assert [Status.FAIL] == statuses(look(both, closed))
