import pytest

from awsaudit.declare import compiled
from awsaudit.plan import trees_of
from awsaudit.projection import project
from awsaudit.resources.ecr import IMAGES, Repository


def chosen(*images):
    tree = next(tree for call, tree in trees_of(Repository) if call == IMAGES)
    moment = {"imagePushedAt": "2026-11-20T00:00:00Z"}
    answer = {"imageDetails": [{"imageDigest": f"d{at}", **moment, **image} for at, image in enumerate(images)]}
    return [image["imageDigest"] for image in compiled(IMAGES.result).search(project(tree, answer))]


@pytest.mark.parametrize(
    "image",
    [
        {},
        {"imageTags": ["v1", "latest"]},
        {"imageTags": ["sha256-abc"]},
        {"imageStatus": "ACTIVE"},
        {"artifactMediaType": "application/vnd.docker.container.image.v1+json"},
        {"artifactMediaType": "application/vnd.oci.image.config.v1+json"},
        {"imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json"},
    ],
)
def test_runnable_images_are_chosen(image):
    """
    Tagged or not, of Docker's or OCI's media types, an image is an image.
    """
    assert ["d0"] == chosen(image)


@pytest.mark.parametrize(
    "image",
    [
        {"imageStatus": "ARCHIVED"},
        {"subjectManifestDigest": "sha256:abc"},
        {"artifactMediaType": "application/vnd.cncf.helm.config.v1+json"},
        {"artifactMediaType": "application/vnd.dev.cosign.artifact.sig.v1+json"},
        {"imageManifestMediaType": "application/vnd.oci.image.index.v1+json"},
        {"imageManifestMediaType": "application/vnd.docker.distribution.manifest.list.v2+json"},
        {"imageTags": ["sha256-abc.sig"]},
        {"imageTags": ["sha256-abc.att"]},
        {"imageTags": ["sha256-abc.sbom"]},
    ],
)
def test_other_artifacts_are_not_chosen(image):
    """
    Archived images, referrers, charts, signatures, indices and bills of materials cannot be run.
    """
    assert [] == chosen(image)


def test_the_three_newest_are_chosen():
    """
    Of many images the three newest are kept, newest first.
    """
    days = (3, 9, 1, 7, 5)

    assert ["d1", "d3", "d4"] == chosen(*({"imagePushedAt": f"2026-11-0{day}T00:00:00Z"} for day in days))
