import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codebuild.privileged_mode import privileged_mode
from tests.checks.codebuild.building import ENVIRONMENT, GITHUB, project, running


RUNNER = {"filterGroups": [[{"type": "EVENT", "pattern": "WORKFLOW_JOB_QUEUED"}]]}


def privileged(buildspec=None, **fields):
    source = {**GITHUB, "buildspec": buildspec} if buildspec else GITHUB
    return project(source=source, environment={**ENVIRONMENT, "privilegedMode": True}, **fields)


def spec(*commands):
    lines = "".join(f"      - {command}\n" for command in commands)
    return f"version: 0.2\nphases:\n  build:\n    commands:\n{lines}"


def test_flags_a_build_that_runs_no_containers():
    """
    The command gives the environment back as it was, without privileges.
    """
    (finding,) = run_check(privileged_mode, privileged(spec("aws s3 sync public s3://northlight-site")))

    assert Status.FAIL is finding.status
    assert (
        "aws codebuild update-project --region eu-west-1 --name release --environment "
        '"$(aws codebuild batch-get-projects --region eu-west-1 --names release --query '
        "'merge(projects[0].environment, {privilegedMode: `false`})' --output json)\"" == finding.fix
    )


@pytest.mark.parametrize(
    "command", ["docker build .", "podman build .", "docker-compose up", "sam build --use-container", "buildah bud"]
)
def test_accepts_a_build_of_images(command):
    """
    That is what the mode is for.
    """
    (finding,) = run_check(privileged_mode, privileged(spec("aws s3 ls", command)))

    assert (Status.PASS, ()) == (finding.status, finding.notes)


def test_accepts_a_build_that_keeps_layers_of_images():
    """
    Docker's layers are cached in this mode only.
    """
    judged = privileged(spec("hugo"), cache={"type": "LOCAL", "modes": ["LOCAL_DOCKER_LAYER_CACHE"]})

    assert [Status.PASS] == statuses(run_check(privileged_mode, judged))


@pytest.mark.parametrize(
    ("buildspec", "fields", "why"),
    [
        (None, {}, "not in the project"),
        ("ci/build.yml", {}, "not in the project"),
        ("arn:aws:s3:::specs/build.yml", {}, "not in the project"),
        (spec("./build.sh"), {}, "calls tools"),
        (spec("go test ./..."), {}, "calls tools"),
        (spec("hugo"), {"fileSystemLocations": [{"identifier": "cache", "type": "EFS"}]}, "mounts file systems"),
        (spec("hugo"), {"webhook": RUNNER}, "jobs of workflows"),
    ],
)
def test_remarks_where_it_cannot_be_told(buildspec, fields, why):
    """
    What is not in the project is not read, and scripts and tests may run containers.
    """
    (finding,) = run_check(privileged_mode, privileged(buildspec, **fields))

    assert Status.PASS is finding.status
    assert why in finding.notes[0]


def test_accepts_an_unprivileged_build():
    """
    Unprivileged is what AWS does unless told.
    """
    assert [Status.PASS] == statuses(run_check(privileged_mode, running()))


def test_leaves_allowed_projects_alone():
    """
    Globs of names.
    """
    (finding,) = run_check(privileged_mode, privileged(spec("hugo")), allowed=("rel*",))

    assert Status.PASS is finding.status
    assert ("it is privileged, and allowed to be",) == finding.notes
