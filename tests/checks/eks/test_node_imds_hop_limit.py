import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.eks import NODEGROUP_TEMPLATE
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.eks.node_imds_hop_limit import node_imds_hop_limit


def options(endpoint="enabled", tokens="required", hops=1):
    return {"HttpEndpoint": endpoint, "HttpTokens": tokens, "HttpPutResponseHopLimit": hops}


@pytest.fixture
def templated(make_group):
    """
    Return a function that makes a node group with a launch template that says something of metadata.
    """

    def make(**data):
        return make_group({NODEGROUP_TEMPLATE: data}, launchTemplate={"id": "lt-1", "version": "2"})

    return make


@pytest.mark.parametrize(
    ("metadata", "what"),
    [
        (options(tokens="optional"), "IMDSv1 allowed"),
        (options(tokens="optional", hops=2), "IMDSv1 allowed"),
        (options(hops=2), "hop limit 2"),
    ],
)
def test_flags_nodes_whose_pods_get_credentials(templated, make_node, metadata, what):
    """
    IMDSv1, or a hop limit above 1, fails on a running node, whatever the template says.
    """
    nodes = make_node("i-1", MetadataOptions=metadata), make_node("i-2")
    (finding,) = run_check(node_imds_hop_limit, templated(MetadataOptions=options()), *nodes)

    assert f"pods reach the node's credentials on 1 of 2 nodes: i-1 ({what})" == finding.message
    assert (
        "VERSION=$(aws ec2 create-launch-template-version --region eu-west-1 --launch-template-id lt-1 "
        "--source-version 2 --launch-template-data "
        '\'{"MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1}}\' '
        "--query LaunchTemplateVersion.VersionNumber --output text) && aws eks update-nodegroup-version "
        "--region eu-west-1 --cluster-name validators --nodegroup-name signer "
        '--launch-template id=lt-1,version="$VERSION"' == finding.fix
    )


def test_replaces_a_group_without_a_template(make_group, make_node):
    """
    EKS gives no template to a group that has none: the command makes one, with the disk's size, and a new group.
    """
    (finding,) = run_check(node_imds_hop_limit, make_group(), make_node(MetadataOptions=options(hops=2)))

    assert finding.fix.startswith(
        "aws ec2 create-launch-template --region eu-west-1 --launch-template-name validators-signer-imdsv2 --launch-template-data "
    )
    assert '"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 20' in finding.fix
    assert '"launchTemplate": {"name": "validators-signer-imdsv2"}' in finding.fix
    assert "diskSize" not in finding.fix


@pytest.mark.parametrize("metadata", [options(), options(endpoint="disabled", tokens="optional", hops=2)])
def test_accepts_closed_nodes(make_group, make_node, metadata):
    """
    IMDSv2 with one hop passes, and no metadata service at all.
    """
    assert [Status.PASS] == statuses(run_check(node_imds_hop_limit, make_group(), make_node(MetadataOptions=metadata)))


def test_looks_at_the_groups_own_running_nodes(make_group, make_node):
    """
    Nodes of other groups, and stopped ones, are not the group's.
    """
    other = make_node("i-2", group="beacon", MetadataOptions=options(hops=2))
    stopped = make_node("i-3", State={"Name": "stopped"}, MetadataOptions=options(hops=2))

    assert [Status.PASS] == statuses(run_check(node_imds_hop_limit, make_group(), make_node(), other, stopped))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"MetadataOptions": options()}, Status.PASS),
        ({"MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}}, Status.PASS),
        ({"MetadataOptions": options(hops=2)}, Status.FAIL),
        ({"MetadataOptions": options(tokens="optional")}, Status.FAIL),
        ({"MetadataOptions": {"HttpTokens": "required"}}, Status.UNKNOWN),
        ({}, Status.UNKNOWN),
        ({"error_code": "InvalidLaunchTemplateId.NotFound"}, Status.UNKNOWN),
    ],
)
def test_reads_the_template_where_no_node_runs(templated, data, status):
    """
    The template decides on nodes to come, where it says everything.
    """
    assert [status] == statuses(run_check(node_imds_hop_limit, templated(**data)))


@pytest.mark.parametrize(
    ("ami_type", "status"),
    [
        ("AL2_x86_64", Status.FAIL),
        ("AL2023_x86_64_STANDARD", Status.PASS),
        ("BOTTLEROCKET_x86_64", Status.UNKNOWN),
        ("WINDOWS_CORE_2022_x86_64", Status.NOT_APPLICABLE),
    ],
)
def test_knows_what_eks_does_without_a_template(make_group, ami_type, status):
    """
    EKS's own template lets two hops on Amazon Linux 2 and one on Amazon Linux 2023.
    """
    assert [status] == statuses(run_check(node_imds_hop_limit, make_group(amiType=ami_type)))


def test_windows_nodes_are_left_out(make_group, make_node):
    """
    An AMI of the user's own tells by its nodes that it is Windows.
    """
    node = make_node(Platform="windows", MetadataOptions=options(hops=2))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(node_imds_hop_limit, make_group(), node))


def test_nodes_outside_groups_are_the_clusters(make_cluster, make_node):
    """
    Self-managed and Karpenter's nodes are judged at the cluster, and the command mends the running ones.
    """
    wrong = options(tokens="optional")
    nodes = [make_node(f"i-{n}", group=None, MetadataOptions=wrong) for n in range(7)]
    (finding,) = run_check(node_imds_hop_limit, make_cluster(), *nodes)

    assert "on 7 of 7 nodes: i-0 (IMDSv1 allowed)," in finding.message
    assert finding.message.endswith("and 2 more")
    assert (
        "printf %s 'i-0 i-1 i-2 i-3 i-4 i-5 i-6' | xargs -n 1 aws ec2 modify-instance-metadata-options "
        "--region eu-west-1 --http-endpoint enabled --http-tokens required --http-put-response-hop-limit 1 "
        "--instance-id" == finding.fix
    )


def test_a_cluster_of_managed_nodes_is_left_to_its_groups(make_cluster, make_node):
    """
    Auto Mode's nodes cannot be changed, and managed groups are judged by themselves.
    """
    auto = make_node("i-2", group=None, Operator={"Managed": True}, MetadataOptions=options(hops=2))
    grouped = make_node("i-1", MetadataOptions=options(hops=2))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(node_imds_hop_limit, make_cluster(), auto, grouped))
    assert [Status.PASS] == statuses(run_check(node_imds_hop_limit, make_cluster(), make_node(group=None), auto))


def test_says_unknown_where_nodes_are_hidden(make_group, make_node, templated):
    """
    Hidden instances, and options that AWS does not tell, are no pass.
    """
    blank = make_node(MetadataOptions={})
    template = make_group(
        {NODEGROUP_TEMPLATE: refused(type(make_group()), NODEGROUP_TEMPLATE)},
        launchTemplate={"id": "lt-1", "version": "2"},
    )

    assert [Status.UNKNOWN] == statuses(run_check(node_imds_hop_limit, make_group(), unlisted=(Instance,)))
    assert [Status.UNKNOWN] == statuses(run_check(node_imds_hop_limit, make_group(), blank))
    assert [Status.UNKNOWN] == statuses(run_check(node_imds_hop_limit, template))
    assert [Status.PASS] == statuses(run_check(node_imds_hop_limit, template, make_node()))
