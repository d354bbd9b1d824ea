import pytest

from awsaudit import Severity, Status
from awsaudit.resources.eks import (
    DESCRIBE_ACCESS_ENTRY,
    DESCRIBE_FARGATE_PROFILE,
    LIST_ACCESS_ENTRIES,
    LIST_FARGATE_PROFILES,
    AccessEntry,
    FargateProfile,
    Nodegroup,
)
from awsaudit.resources.iam import POLICIES, ROLES, ManagedPolicy, Role
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.eks.node_role_minimal import node_role_minimal


NODE = "AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"


def allow(*actions, resource="*", **more):
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def aws(name):
    return f"arn:aws:iam::aws:policy/{name}"


def role(*inline, name="node", attached=NODE):
    item = {
        "Arn": f"arn:aws:iam::111122223333:role/{name}",
        "RoleName": name,
        "Path": "/",
        "CreateDate": "2026-01-01T00:00:00+00:00",
        "AttachedManagedPolicies": [
            {"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn}
            for arn in (each if ":" in each else aws(each) for each in attached)
        ],
        "RolePolicyList": [
            {"PolicyName": f"own-{n}", "PolicyDocument": {"Statement": statement}} for n, statement in enumerate(inline)
        ],
    }
    return fake(Role, {ROLES: item})


def managed(arn, *statements):
    versions = [{"IsDefaultVersion": True, "Document": {"Statement": list(statements)}}]
    return fake(ManagedPolicy, {POLICIES: {"Arn": arn, "PolicyVersionList": versions, "AttachmentCount": 1}})


def entry(cluster, kind, principal="arn:aws:iam::111122223333:role/node"):
    described = {"accessEntryArn": "arn:aws:eks:eu-west-1:111122223333:access-entry/v/role/1/n/1", "type": kind}
    return fake(AccessEntry, {LIST_ACCESS_ENTRIES: principal, DESCRIBE_ACCESS_ENTRY: described}, parent=cluster)


def profile(cluster, role_name="node"):
    described = {
        "fargateProfileArn": "arn:aws:eks:eu-west-1:111122223333:fargateprofile/v/p/1",
        "podExecutionRoleArn": f"arn:aws:iam::111122223333:role/{role_name}",
    }
    return fake(FargateProfile, {LIST_FARGATE_PROFILES: "p", DESCRIBE_FARGATE_PROFILE: described}, parent=cluster)


@pytest.fixture
def judge(make_cluster, make_group):
    """
    Return a function that runs the check on a cluster whose node group has a role.
    """

    def judge(*others):
        cluster = make_cluster()
        return run_check(node_role_minimal, cluster, make_group(cluster=cluster), *others)

    return judge


def test_flags_an_attached_policy(judge):
    """
    A policy of AWS's that is not for nodes fails, and the command detaches it.
    """
    arn = aws("service-role/AmazonEBSCSIDriverPolicy")
    (finding,) = judge(role(attached=(*NODE, arn)), managed(arn, allow("ec2:CreateVolume", "ec2:AttachVolume")))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "the role node (node group signer) has attached AmazonEBSCSIDriverPolicy" == finding.message
    assert (
        "aws iam detach-role-policy --region eu-west-1 --role-name node "
        "--policy-arn arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy" == finding.fix
    )


def test_flags_an_inline_policy(judge):
    """
    An inline policy fails, and the command deletes it.
    """
    (finding,) = judge(role(allow("route53:ChangeResourceRecordSets")))

    assert "the role node (node group signer) allows more by its inline policy own-0" == finding.message
    assert "aws iam delete-role-policy --region eu-west-1 --role-name node --policy-name own-0" == finding.fix


@pytest.mark.parametrize(
    "action",
    [
        "*",
        "iam:*",
        "IAM:passrole",
        "sts:AssumeRole",
        "secretsmanager:Get*",
        "ssm:GetParameter*",
        "kms:Decrypt",
        "s3:Put*",
        "ecr:PutImage",
        "ec2:RunInstance?",
    ],
)
def test_grave_rights_are_high(judge, action):
    """
    Rights that lead on to secrets, code or other roles weigh more, however they are written.
    """
    (finding,) = judge(role(allow(action, resource="arn:aws:x:::y")))

    assert Severity.HIGH is finding.severity
    assert ", which allows " in finding.message


def test_not_action_allows_nearly_everything(judge):
    """
    NotAction is all but what it names.
    """
    (finding,) = judge(role({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}))

    assert Severity.HIGH is finding.severity
    assert "sts:AssumeRole" in finding.message
    assert "iam:PassRole" not in finding.message


def test_a_flat_denial_takes_rights_away(judge):
    """
    A right that is denied everywhere does not weigh; one denied on conditions does.
    """
    denial = {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}
    (denied,) = judge(role(allow("kms:Decrypt"), denial))
    (held,) = judge(role(allow("kms:Decrypt"), {**denial, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}))

    assert (Severity.MEDIUM, Severity.HIGH) == (denied.severity, held.severity)


@pytest.mark.parametrize(
    "statement",
    [
        allow("ec2:AssignIpv6Addresses", "ec2:DescribeInstances", "ec2:DescribeTags"),
        allow("ec2:CreateTags", resource=["arn:aws:ec2:*:*:network-interface/*"]),
        allow("logs:CreateLogGroup", "logs:Create*", "logs:PutLogEvents"),
        [allow("ecr:GetAuthorizationToken"), allow("ecr:BatchGetImage", resource="arn:aws:ecr:*:*:repository/signer")],
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
    ],
)
def test_accepts_own_policies_that_allow_no_more(judge, statement):
    """
    The CNI's IPv6 rights, logs, pulling images from fewer repositories, and denials pass.
    """
    assert [Status.PASS] == statuses(judge(role(statement)))


@pytest.mark.parametrize("action", ["ec2:*", "ec2:CreateTags", "logs:*", "ecr:*"])
def test_wider_patterns_are_more(judge, action):
    """
    A pattern passes only if all it covers does.
    """
    assert [Status.FAIL] == statuses(judge(role(allow(action))))


def test_judges_own_managed_policies_by_what_they_allow(judge):
    """
    A customer's policy is read; one with the name of AWS's is not taken for it.
    """
    logs, fake_node = (f"arn:aws:iam::111122223333:policy/{n}" for n in ("logs", "AmazonEKSWorkerNodePolicy"))
    held = role(attached=(*NODE, logs, fake_node))
    (finding,) = judge(held, managed(logs, allow("logs:PutLogEvents")), managed(fake_node, allow("s3:*")))

    assert "AmazonEKSWorkerNodePolicy" == finding.found
    assert fake_node in finding.fix


def test_names_each_use_of_a_role_once(make_cluster, make_group):
    """
    A role of several holders is one problem.
    """
    cluster = make_cluster(computeConfig={"enabled": True, "nodeRoleArn": "arn:aws:iam::111122223333:role/node"})
    holders = make_group(cluster=cluster), profile(cluster), entry(cluster, "EC2_LINUX")
    (finding,) = run_check(node_role_minimal, cluster, *holders, role(allow("sqs:*")))

    assert "(Auto Mode, node group signer, Fargate profile p, an access entry)" in finding.message


@pytest.mark.parametrize(("kind", "status"), [("EC2_LINUX", Status.FAIL), ("EC2", Status.FAIL)])
def test_reads_the_entries_of_nodes(make_cluster, kind, status):
    """
    Self-managed and Auto Mode nodes are known by their access entries.
    """
    cluster = make_cluster()

    assert [status] == statuses(run_check(node_role_minimal, cluster, entry(cluster, kind), role(allow("sqs:*"))))


@pytest.mark.parametrize("kind", ["STANDARD", "HYBRID_LINUX"])
def test_leaves_other_entries(make_cluster, kind):
    """
    People's roles, and those of hybrid nodes, are no node roles.
    """
    cluster = make_cluster(accessConfig={"authenticationMode": "API"})
    findings = run_check(node_role_minimal, cluster, entry(cluster, kind), role(allow("sqs:*")))

    assert [Status.NOT_APPLICABLE] == statuses(findings)


def test_roles_in_the_config_map_are_unknown(make_cluster):
    """
    Without access entries the cluster itself knows the roles of self-managed nodes.
    """
    cluster = make_cluster(accessConfig={"authenticationMode": "CONFIG_MAP"})

    assert [Status.UNKNOWN] == statuses(run_check(node_role_minimal, cluster))


def test_a_bad_role_settles_it(make_cluster, make_group):
    """
    What cannot be seen of other holders does not hide a role that holds too much, and is no pass without one.
    """
    cluster = make_cluster()
    hidden = fake(
        FargateProfile,
        {LIST_FARGATE_PROFILES: "p", DESCRIBE_FARGATE_PROFILE: refused(FargateProfile, DESCRIBE_FARGATE_PROFILE)},
        parent=cluster,
    )
    group = make_group(cluster=cluster)
    gaps = {"unlisted": (AccessEntry,)}

    assert [Status.FAIL] == statuses(run_check(node_role_minimal, cluster, group, hidden, role(allow("sqs:*")), **gaps))
    assert [Status.UNKNOWN] == statuses(run_check(node_role_minimal, cluster, group, hidden, role()))
    assert [Status.UNKNOWN] == statuses(run_check(node_role_minimal, cluster, group, role(), **gaps))
    assert [Status.UNKNOWN] == statuses(run_check(node_role_minimal, cluster, role(), unlisted=(Nodegroup,)))
    assert [Status.UNKNOWN] == statuses(run_check(node_role_minimal, cluster, group, unlisted=(Role,)))


def test_says_unknown_where_a_policy_cannot_be_read(judge):
    """
    A policy of which AWS does not tell the document is no pass.
    """
    assert [Status.UNKNOWN] == statuses(judge(role(attached=("arn:aws:iam::111122223333:policy/lost",))))


def test_a_lost_role_holds_nothing(judge):
    """
    A role that was deleted has no policies.
    """
    assert [Status.PASS] == statuses(judge(role(name="other")))


def test_leaves_connected_clusters(connected):
    """
    A connected cluster's nodes are not AWS's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(node_role_minimal, connected))
