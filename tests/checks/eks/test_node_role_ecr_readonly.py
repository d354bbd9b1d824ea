import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.node_role_ecr_readonly import node_role_ecr_readonly
from tests.estate import role


AWS = "arn:aws:iam::aws:policy"


def judge(make_group, *names, **more):
    node = role("node", attached=[f"{AWS}/{name}" for name in names])
    group = make_group(nodeRole=node.arn)
    return run_check(node_role_ecr_readonly, group, *([] if more else [node]), **more)


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("AmazonEC2ContainerRegistryReadOnly", Severity.LOW),
        ("AmazonEC2ContainerRegistryPowerUser", Severity.HIGH),
        ("AmazonEC2ContainerRegistryFullAccess", Severity.HIGH),
    ],
)
def test_flags_what_is_more_than_pulling(make_group, name, severity):
    """
    Reading all of the registry is low, pushing high; the command attaches the narrow policy first.
    """
    (finding,) = judge(make_group, "AmazonEKSWorkerNodePolicy", name)

    assert (Status.FAIL, severity, name) == (finding.status, finding.severity, finding.sub_key)
    assert finding.fix == (
        f"aws iam attach-role-policy --region eu-west-1 --role-name node --policy-arn {AWS}/AmazonEC2ContainerRegistryPullOnly "
        f"&& aws iam detach-role-policy --region eu-west-1 --role-name node --policy-arn {AWS}/{name}"
    )


def test_passes_pulling(make_group):
    """
    PullOnly, or none of AWS's policies for registries.
    """
    assert [Status.PASS] == statuses(judge(make_group, "AmazonEC2ContainerRegistryPullOnly"))
    assert [Status.PASS] == statuses(judge(make_group))


def test_a_group_without_a_role_of_the_account_is_not_judged(make_group):
    """
    There is nothing to look at.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(node_role_ecr_readonly, make_group(nodeRole=None)))


def test_is_unknown_where_roles_cannot_be_seen(make_group):
    """
    What it has attached decides.
    """
    assert [Status.UNKNOWN] == statuses(judge(make_group, unlisted=[Role]))
