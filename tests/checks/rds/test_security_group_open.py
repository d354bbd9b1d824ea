import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import ENTRIES, PREFIX_LISTS, SECURITY_GROUPS, PrefixList, SecurityGroup
from awsaudit.resources.rds import PROXIES, DBInstance, DBProxy
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.rds.security_group_open import security_group_open


USED = {"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}]}


def group(*entries, id_="sg-1"):
    described = {"GroupId": id_, "GroupName": "db", "IpPermissions": list(entries)}
    return fake(SecurityGroup, {SECURITY_GROUPS: described})


def entry(*cidrs, port=5432, protocol="tcp", **more):
    ports = {} if protocol == "-1" else {"FromPort": port, "ToPort": port}
    return {"IpProtocol": protocol, **ports, "IpRanges": [{"CidrIp": cidr} for cidr in cidrs], **more}


def prefix_list(entries, id_="pl-1"):
    arn = f"arn:aws:ec2:eu-west-1:111122223333:prefix-list/{id_}"
    return fake(PrefixList, {PREFIX_LISTS: {"PrefixListId": id_, "PrefixListArn": arn}, ENTRIES: entries})


LISTED = entry(PrefixListIds=[{"PrefixListId": "pl-1"}])


def revoked(finding):
    return json.loads(shlex.split(finding.fix)[-1])


def proxy(status="available", family="POSTGRESQL"):
    arn = "arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-1"
    described = {"DBProxyName": "pool", "DBProxyArn": arn, "Status": status, "EngineFamily": family}
    return fake(DBProxy, {PROXIES: {**described, "VpcSecurityGroupIds": ["sg-1"]}})


def test_flags_a_group_that_admits_the_internet(make_instance):
    """
    The group and its sources are named, and the command revokes exactly the rules at fault.
    """
    rules = group(entry("0.0.0.0/0", "10.0.0.0/16", Ipv6Ranges=[{"CidrIpv6": "::/0"}]), entry("0.0.0.0/0", port=443))
    (finding,) = run_check(security_group_open, make_instance(**USED), rules)

    assert (Status.FAIL, Severity.MEDIUM, "sg-1") == (finding.status, finding.severity, finding.sub_key)
    assert "the security group sg-1 admits 0.0.0.0/0, ::/0 on port 5432" == finding.message
    assert (
        "aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-1 --ip-permissions "
        '\'[{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], '
        '"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]\'' == finding.fix
    )


def test_all_traffic_counts(make_instance):
    """
    A rule for every protocol covers the database, and is revoked without ports.
    """
    (finding,) = run_check(security_group_open, make_instance(**USED), group(entry("0.0.0.0/0", protocol="-1")))

    assert [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}] == revoked(finding)


def test_each_group_is_a_problem_of_its_own(make_instance):
    """
    Two open groups are two findings.
    """
    both = [{"VpcSecurityGroupId": id_, "Status": "active"} for id_ in ("sg-1", "sg-2")]
    groups = [group(entry("0.0.0.0/0"), id_=id_) for id_ in ("sg-1", "sg-2")]
    findings = run_check(security_group_open, make_instance(VpcSecurityGroups=both), *groups)

    assert ["sg-1", "sg-2"] == [finding.sub_key for finding in findings]


@pytest.mark.parametrize(
    ("cidr", "public", "severity"),
    [
        ("0.0.0.0/0", True, Severity.HIGH),
        ("0.0.0.0/0", False, Severity.MEDIUM),
        ("203.0.0.0/16", False, Severity.MEDIUM),
        ("8.8.8.8/32", True, Severity.LOW),
        ("8.8.8.0/24", False, Severity.LOW),
    ],
)
def test_grades_by_width_and_address(make_instance, cidr, public, severity):
    """
    It is high with a public address, medium without, and low for a few addresses.
    """
    (finding,) = run_check(security_group_open, make_instance(PubliclyAccessible=public, **USED), group(entry(cidr)))

    assert severity is finding.severity


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [entry(UserIdGroupPairs=[{"GroupId": "sg-9"}])],
        [entry("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")],
        [entry("0.0.0.0/0", port=443)],
        [entry("0.0.0.0/0", protocol="udp")],
    ],
)
def test_accepts_source_groups_and_private_networks(make_instance, rules):
    """
    Groups, private and shared networks pass, and so do rules for other ports and protocols.
    """
    assert [Status.PASS] == statuses(run_check(security_group_open, make_instance(**USED), group(*rules)))


def test_a_wide_private_network_fails_where_it_is_asked_for(make_instance):
    """
    With the option, private networks wider than so many bits fail.
    """
    rules = group(entry("10.0.0.0/8"))
    findings = run_check(security_group_open, make_instance(**USED), rules, min_private_prefix=12)

    assert [Status.FAIL] == statuses(findings)


def test_groups_that_are_not_active_do_not_count(make_instance):
    """
    A group that is being removed is not judged.
    """
    leaving = {"VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "removing"}]}

    assert [Status.PASS] == statuses(
        run_check(security_group_open, make_instance(**leaving), group(entry("0.0.0.0/0")))
    )


def test_a_prefix_list_is_read(make_instance):
    """
    A prefix list that holds public addresses fails, and is what is revoked.
    """
    (finding,) = run_check(
        security_group_open, make_instance(**USED), group(LISTED), prefix_list(["10.0.0.0/8", "0.0.0.0/0"])
    )

    assert "the security group sg-1 admits pl-1 on port 5432" == finding.message
    assert [{"PrefixListId": "pl-1"}] == revoked(finding)[0]["PrefixListIds"]


def test_a_private_prefix_list_passes(make_instance):
    """
    A prefix list of private networks passes.
    """
    findings = run_check(security_group_open, make_instance(**USED), group(LISTED), prefix_list(["10.0.0.0/8"]))

    assert [Status.PASS] == statuses(findings)


def test_a_prefix_list_that_is_refused_is_unknown(make_instance):
    """
    A list that cannot be read may hold anything.
    """
    hidden = prefix_list(refused(PrefixList, ENTRIES))

    assert [Status.UNKNOWN] == statuses(run_check(security_group_open, make_instance(**USED), group(LISTED), hidden))


def test_a_prefix_list_that_is_refused_hides_nothing_that_is_plain(make_instance):
    """
    A rule for the internet fails, whatever the list beside it holds.
    """
    hidden = prefix_list(refused(PrefixList, ENTRIES))
    findings = run_check(security_group_open, make_instance(**USED), group(entry("0.0.0.0/0"), LISTED), hidden)

    assert [Status.FAIL] == statuses(findings)


@pytest.mark.parametrize(("public", "severity"), [(True, Severity.HIGH), (False, Severity.MEDIUM)])
def test_a_cluster_is_public_by_its_members(make_cluster, make_instance, public, severity):
    """
    One member with a public address makes it high.
    """
    member = make_instance(DBClusterIdentifier="beacon", PubliclyAccessible=public)
    (finding,) = run_check(security_group_open, make_cluster(**USED), group(entry("0.0.0.0/0")), member)

    assert severity is finding.severity


def test_a_public_multi_az_cluster_is_high_without_its_members(make_cluster):
    """
    A Multi-AZ cluster says itself that it is public.
    """
    cluster = make_cluster(Engine="mysql", PubliclyAccessible=True, **USED)
    (finding,) = run_check(security_group_open, cluster, group(entry("0.0.0.0/0")), unlisted=(DBInstance,))

    assert Severity.HIGH is finding.severity


def test_flags_a_proxy():
    """
    A proxy listens on the port of its engines and has no public address.
    """
    (finding,) = run_check(security_group_open, proxy(), group(entry("0.0.0.0/0")))

    assert Severity.MEDIUM is finding.severity


@pytest.mark.parametrize(
    ("status", "family"), [("creating", "POSTGRESQL"), ("deleting", "MYSQL"), ("available", "DB2")]
)
def test_leaves_alone_proxies_that_are_not_there(status, family):
    """
    A proxy that is being made, or of an unknown family, is not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(security_group_open, proxy(status, family)))


@pytest.mark.parametrize(
    "described",
    [{"DBClusterIdentifier": "beacon"}, {"Endpoint": None}, {"VPCNetworkingEnabled": False}, {"Engine": "docdb"}],
)
def test_leaves_alone_what_has_no_groups_of_its_own(make_instance, described):
    """
    Members, databases without an endpoint or a VPC and other services' are not judged.
    """
    findings = run_check(security_group_open, make_instance(**USED, **described), group(entry("0.0.0.0/0")))

    assert [Status.NOT_APPLICABLE] == statuses(findings)


def test_groups_that_cannot_be_listed_are_unknown(make_instance):
    """
    Without the groups nothing is said.
    """
    findings = run_check(security_group_open, make_instance(**USED), unlisted=(SecurityGroup,))

    assert [Status.UNKNOWN] == statuses(findings)
