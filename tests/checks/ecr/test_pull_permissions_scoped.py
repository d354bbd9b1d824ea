from awsaudit import Severity, Status
from awsaudit.resources.eks import DESCRIBE, DESCRIBE_NODEGROUP, LIST, LIST_NODEGROUPS, Cluster, Nodegroup
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecr.pull_permissions_scoped import pull_permissions_scoped
from tests.estate import OWN, allow, alone, role


CLUSTER = fake(Cluster, {LIST: "validators", DESCRIBE: {"computeConfig": {}}})
GROUP = fake(
    Nodegroup,
    {LIST_NODEGROUPS: "signer", DESCRIBE_NODEGROUP: {"nodeRole": f"arn:aws:iam::{OWN}:role/node", "clusterName": "v"}},
    parent=CLUSTER,
)
PULL = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken")


def judge(holder, **options):
    return run_check(pull_permissions_scoped, holder, CLUSTER, GROUP, *alone(), **options)


def test_every_repository_is_noted():
    """
    AWS's own policies are that wide: it is said, and passes.
    """
    [finding] = judge(role("node", allow(*PULL)))

    assert Status.PASS == finding.status
    assert ("the nodes of signer may pull from every repository",) == finding.notes


def test_strict_flags_every_repository():
    """
    With *strict* it fails, whether it says all resources or all repositories.
    """
    for resource in ("*", "arn:aws:ecr:*:*:repository/*"):
        [finding] = judge(role("node", allow(*PULL, resource=resource)), strict=True)

        assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


def test_prefixes_pass():
    """
    Repositories by prefix pass, and the token that needs every resource is no matter.
    """
    own = allow(*PULL[:2], resource=f"arn:aws:ecr:eu-west-1:{OWN}:repository/team/*")

    assert [Status.PASS] == statuses(judge(role("node", own, allow(PULL[2])), strict=True))


def test_other_roles_are_not_asked():
    """
    A role that nothing pulls with is none of its business.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(role("api", allow(*PULL)), strict=True))
