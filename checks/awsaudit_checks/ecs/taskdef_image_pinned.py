from collections.abc import Iterator
from typing import Final

from awsaudit import EvidenceMissing, Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.resources.ecs import TaskFamily
from awsaudit_checks.ecs.image import STARTED, TAGS, Use, loose, tagged, uses_of
from awsaudit_checks.iam.certain import certain


_IMMUTABLE: Final = (
    "aws ecr put-image-tag-mutability --region {repository_region} --repository-name {repository} "
    "--image-tag-mutability IMMUTABLE"
)


@check(
    "ecs-taskdef-image-pinned",
    title="Images are pinned by digest or immutable tag",
    severity=Severity.LOW,
    uses=(*STARTED, *TAGS),
    remediation=Remediation(
        text="Register a revision that names the image by digest (repository@sha256:...), and let the service use it. A "
        "tag that says the build does as well, once the repository's tags are immutable.",
        cli=None,
        url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
    ),
)
def taskdef_image_pinned(family: TaskFamily, account: Inventory) -> Iterator[Problem | Note]:
    """
    A task that starts next week pulls what its tag means by then: a build nobody released, or what somebody with rights
    to push put there. A digest passes, and so does a tag that cannot be moved. The revisions are judged that services,
    tasks, rules and schedules use; of a family that nothing uses, a remark is made on the newest one.
    """
    uses, hidden = uses_of(family.name, family.region, account)
    if not uses:
        if hidden:
            raise EvidenceMissing(hidden)
        for image in certain(family.images, lambda each: each if loose(each, account) else None):
            yield Note(f"nothing uses it; its newest revision names {image}, which can come to mean another image")
        return
    by = _by_image(uses)
    found = certain(by, lambda image: _problem(image, by[image], account))
    if hidden and not found:
        raise EvidenceMissing(hidden)
    yield from found


def _by_image(uses: tuple[Use, ...]) -> dict[str, Use]:
    """Return one use of each image, the first."""
    found: dict[str, Use] = {}
    for use in uses:
        for image in use.images:
            found.setdefault(image, use)

    return found


def _problem(image: str, use: Use, account: Inventory) -> Problem | None:
    why = loose(image, account)
    if why is None:
        return None
    own = why.repository

    return Problem(
        f"{image}, which {use.by} starts by {use.definition.rpartition('/')[2]}, follows {why.why}",
        expected="a digest, or a tag that cannot be moved",
        found=image,
        sub_key=tagged(image)[0],
        cli=_IMMUTABLE if own else None,
        fill={"repository": own.name, "repository_region": own.region} if own else {},
    )
