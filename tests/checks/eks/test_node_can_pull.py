import json

import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import ENDPOINTS, VpcEndpoint
from awsaudit.resources.ecr import Repository
from awsaudit.resources.ecs import DESCRIBE_SERVICES, SERVICES, TASK_DEFINITION, Service
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.node_can_pull import node_can_pull
from tests.estate import FOREIGN, OWN, allow, alone, deny, document, key, managed, repository, role


TOKEN = "ecr:GetAuthorizationToken"
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
PULLS = role("node", allow(TOKEN, *PULL))
API, WEB = repository("team/api"), repository("team/web")


def endpoint(name, *statements, kind="Interface"):
    item = {
        "VpcEndpointId": f"vpce-{name}",
        "VpcId": "vpc-1",
        "VpcEndpointType": kind,
        "ServiceName": f"com.amazonaws.eu-west-1.{name}",
        "State": "available",
        "PrivateDnsEnabled": kind == "Interface",
        "PolicyDocument": json.dumps(document(*statements)) if statements else None,
    }
    return fake(VpcEndpoint, {ENDPOINTS: item})


def service(*images, execution_role="node"):
    task = {
        "taskDefinitionArn": f"arn:aws:ecs:eu-west-1:{OWN}:task-definition/api:3",
        "family": "api",
        "revision": 3,
        "executionRoleArn": f"arn:aws:iam::{OWN}:role/{execution_role}",
        "containerDefinitions": [{"image": image} for image in images],
    }
    arn = f"arn:aws:ecs:eu-west-1:{OWN}:service/main/api"
    subnets = {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-a"]}}}
    return fake(Service, {SERVICES: arn, DESCRIBE_SERVICES: subnets, TASK_DEFINITION: task})


@pytest.fixture
def judge(make_group, make_subnet):
    """
    Return a function that runs the check on a node group in a VPC with two repositories.
    """

    def judge(holder=PULLS, *others, repositories=(API, WEB), puller=None, **more):
        subnet = make_subnet("subnet-a")
        return run_check(
            node_can_pull, puller or make_group(), holder, subnet, *repositories, *others, *alone(), **more
        )

    return judge


def test_a_role_that_pulls_passes(judge):
    """
    A token, the manifest and the layers are all that it takes.
    """
    assert [Status.PASS] == statuses(judge())


def test_a_missing_token_breaks_the_path_first(judge):
    """
    Without a token nothing can be asked of the registry.
    """
    [finding] = judge(role("node", allow(*PULL)))

    assert Status.FAIL == finding.status
    assert "node cannot pull from team/api, nor from the other 1 repositories" in finding.message
    assert "ecr:GetAuthorizationToken is not allowed" in finding.message
    assert ["AWS::EKS::Nodegroup", "AWS::IAM::Role", "registry"] == [hop.type for hop in finding.path]
    assert [True, True, False] == [hop.holds for hop in finding.path]
    assert "attach-role-policy --region eu-west-1 --role-name node" in finding.fix


@pytest.mark.parametrize("lacking", PULL)
def test_flags_what_is_lacking(judge, lacking):
    """
    The manifest without the layers is no image, nor the other way about.
    """
    rest = [action for action in PULL if action != lacking]
    [finding] = judge(role("node", allow(TOKEN, *rest)))

    assert f"{lacking} is not allowed" in finding.message
    assert ("AWS::ECR::Repository", False) == (finding.path[-1].type, finding.path[-1].holds)


def test_the_policy_that_the_fix_attaches_lets_it_pull(judge):
    """
    AWS's policy for pulling allows the three actions on every resource.
    """
    arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
    attached = role("node", allow("ec2:Describe*"), attached=[arn])

    assert [Status.PASS] == statuses(judge(attached, managed(arn, allow(TOKEN, *PULL, "ecr:BatchImportUpstreamImage"))))


def test_one_repository_out_of_reach_is_noted(judge):
    """
    Nobody tells which images pods of EKS use: not reaching every repository is no failure.
    """
    own = allow(*PULL, resource=API.arn)
    [finding] = judge(role("node", allow(TOKEN), own))

    assert (Status.PASS, ("it cannot pull from team/web",)) == (finding.status, finding.notes)


def test_a_deny_in_the_repository_breaks_the_path(judge):
    """
    A Deny of the repository's policy is not mended by the role, so no command is printed.
    """
    closed = deny("ecr:BatchGetImage", resource="*", Principal="*")
    del closed["Resource"]
    [finding] = judge(repositories=[repository("team/api", closed)])

    assert "denied by the resource policy of the repository team/api, statement 1" in finding.path[-1].by
    assert finding.fix is None


@pytest.mark.parametrize(("state", "status"), [("Enabled", Status.PASS), ("PendingDeletion", Status.FAIL)])
def test_the_key_has_to_work(judge, state, status):
    """
    ECR uses the key by its own grant, so the role needs no right to it, but a key to be deleted opens nothing.
    """
    images = repository("team/api", encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key("k-1").arn})
    findings = judge(PULLS, key("k-1", state=state), repositories=[images])

    assert [status] == statuses(findings)
    if status is Status.FAIL:
        assert ("AWS::KMS::Key", False) == (findings[0].path[-1].type, findings[0].path[-1].holds)


LAYERS = "arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*"


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (endpoint("ecr.api"), Status.PASS),
        (endpoint("ecr.api", allow("*", Principal="*")), Status.PASS),
        (endpoint("ecr.api", allow(TOKEN, Principal="*")), Status.FAIL),
        (endpoint("ecr.dkr", allow("*", Principal={"AWS": FOREIGN})), Status.FAIL),
        (endpoint("ecr.dkr", allow(*PULL, Principal={"AWS": f"arn:aws:iam::{OWN}:role/node"})), Status.PASS),
        (endpoint("s3", allow("s3:GetObject", resource=LAYERS, Principal="*"), kind="Gateway"), Status.PASS),
        (endpoint("s3", allow("s3:*", resource="arn:aws:s3:::ledger/*", Principal="*"), kind="Gateway"), Status.FAIL),
    ],
)
def test_endpoints_have_to_let_it_through(judge, found, status):
    """
    Where the VPC has endpoints, their policies decide, too: the layers come out of a bucket of AWS's.
    """
    findings = judge(PULLS, found)

    assert [status] == statuses(findings)
    if status is Status.FAIL:
        assert ("AWS::EC2::VPCEndpoint", False) == (findings[0].path[-1].type, findings[0].path[-1].holds)


def test_images_of_a_service_are_known(judge):
    """
    Of an ECS service each image that it cannot pull fails; images of others' registries are not judged.
    """
    registry = f"{OWN}.dkr.ecr.eu-west-1.amazonaws.com"
    puller = service(f"{registry}/team/api:1", f"{registry}/team/web@sha256:0", "public.ecr.aws/nginx:1")
    holder = role("node", allow(TOKEN), allow(*PULL, resource=API.arn))
    findings = judge(holder, puller=puller)

    assert [(Status.FAIL, "team/web")] == [(f.status, f.sub_key) for f in findings]
    assert [Status.NOT_APPLICABLE] == statuses(judge(puller=service("public.ecr.aws/nginx:1")))


def test_does_not_apply(judge):
    """
    Without a repository, or without the role, there is nothing to pull, or nobody to pull it.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(repositories=()))
    assert [Status.NOT_APPLICABLE] == statuses(judge(role("other")))


def test_what_cannot_be_seen_is_unknown(judge):
    """
    Repositories that could not be listed, and policies that AWS does not tell.
    """
    hidden = role("node", attached=[f"arn:aws:iam::{OWN}:policy/hidden"])

    assert [Status.UNKNOWN] == statuses(judge(repositories=(), unlisted=[Repository]))
    assert [Status.UNKNOWN] == statuses(judge(hidden))
