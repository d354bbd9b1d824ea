import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.image_pinned import image_pinned
from tests.checks.codebuild.building import running


OWN = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ci/builder"


@pytest.mark.parametrize(
    "image", ["hashicorp/terraform:1.9", "python", "public.ecr.aws/docker/library/golang:1.23", "ghcr.io/a/b:latest"]
)
def test_flags_a_tag(image):
    """
    For other registries there is no command that knows the digest.
    """
    (finding,) = run_check(image_pinned, running(image=image))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(("image", "tag"), [(f"{OWN}:2.1", "2.1"), (OWN, "latest")])
def test_pins_an_image_in_ecr(image, tag):
    """
    The command asks ECR for the digest, and gives the environment back with it.
    """
    (finding,) = run_check(image_pinned, running(image=image))

    assert finding.fix.startswith('digest="$(aws ecr describe-images --region eu-west-1 --registry-id 111122223333 ')
    assert f"--repository-name ci/builder --image-ids imageTag={tag} " in finding.fix
    assert f'{{image: `"\'{OWN}@"$digest"\'"`}})\' --output json)"' in finding.fix


def test_accepts_a_digest():
    """
    A digest does not move.
    """
    assert [Status.PASS] == statuses(run_check(image_pinned, running(image=f"{OWN}@sha256:{'a' * 64}")))


def test_does_not_concern_images_of_codebuild():
    """
    AWS keeps them.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(image_pinned, running()))
