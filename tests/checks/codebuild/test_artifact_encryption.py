import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.artifact_encryption import artifact_encryption
from tests.checks.codebuild.building import project


PLAIN = {"type": "S3", "location": "releases", "encryptionDisabled": True}
KEPT = {"type": "S3", "location": "releases"}


def test_flags_plain_artifacts():
    """
    The command changes that alone.
    """
    (finding,) = run_check(artifact_encryption, project(artifacts=PLAIN))

    assert Status.FAIL is finding.status
    assert "--artifacts" in finding.fix
    assert "merge(projects[0].artifacts, {encryptionDisabled: `false`})" in finding.fix


def test_flags_each_of_several():
    """
    The first and the others have commands of their own.
    """
    others = [{**PLAIN, "artifactIdentifier": "maps"}, {**KEPT, "artifactIdentifier": "docs"}]
    first, second = run_check(artifact_encryption, project(artifacts=PLAIN, secondaryArtifacts=others))

    assert "its artifacts in the bucket releases are not encrypted by CodeBuild" == first.message
    assert "secondary artifacts maps in the bucket releases are not encrypted by CodeBuild" == second.message
    assert "--secondary-artifacts" in second.fix


def test_accepts_encrypted_artifacts():
    """
    Encrypted is what AWS does unless told.
    """
    assert [Status.PASS] == statuses(run_check(artifact_encryption, project(artifacts=KEPT)))


@pytest.mark.parametrize("kind", ["CODEPIPELINE", "NO_ARTIFACTS"])
def test_does_not_concern_what_leaves_nothing_in_a_bucket(kind):
    """
    A pipeline keeps its artifacts itself.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(artifact_encryption, project(artifacts={"type": kind})))
