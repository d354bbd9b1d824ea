import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecr_public import LIST, PublicRepository
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecr.public_repository_inventory import public_repository_inventory


LISTED = {
    "repositoryArn": "arn:aws:ecr-public::111122223333:repository/tools/geth",
    "repositoryName": "tools/geth",
    "repositoryUri": "public.ecr.aws/x1y2z3/tools/geth",
}
REPOSITORY = fake(PublicRepository, {LIST: LISTED})


def test_a_repository_that_nobody_meant_fails():
    """
    The command deletes it unless there are images in it.
    """
    [finding] = run_check(public_repository_inventory, REPOSITORY)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "everybody may pull it from public.ecr.aws/x1y2z3/tools/geth" == finding.message
    assert "aws ecr-public delete-repository --region us-east-1 --repository-name tools/geth" == finding.fix


@pytest.mark.parametrize(
    ("intended", "status"),
    [(("tools/geth",), Status.PASS), (("docs", "tools/*"), Status.PASS), (("tools",), Status.FAIL)],
)
def test_what_is_intended_passes(intended, status):
    """
    By name, or by a wildcard.
    """
    assert [status] == statuses(run_check(public_repository_inventory, REPOSITORY, intended=intended))
