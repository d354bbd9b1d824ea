import re

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit_checks.codebuild.change import change


_OWN: Final = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<repository>[^:@]+)(?::(?P<tag>[^:@]+))?"
)
_DIGEST: Final = (
    "aws ecr describe-images --region {image_region} --registry-id {registry} --repository-name {repository} "
    "--image-ids imageTag={tag} --query 'imageDetails[0].imageDigest' --output text"
)
_IMAGE: Final = 'merge(projects[0].environment, {image: `"\'{pinned}@"$digest"\'"`})'
_PIN: Final = f'digest="$({_DIGEST})" && {change("environment", _IMAGE)}'


@check(
    "codebuild-image-pinned",
    title="Custom build images are pinned by digest",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Name the image by its digest, and let whoever updates it change the project.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html",
    ),
)
def image_pinned(project: Project) -> Iterator[Problem]:
    """
    Whoever may push to the repository of a build image moves its tag, and the next build runs something else with the
    build's role. A digest passes. Images of CodeBuild's own are AWS's to keep, and are not judged.
    """
    image = project.environment.image
    if image.startswith("aws/codebuild/"):
        raise NotApplicable("CodeBuild keeps its image")
    if "@sha256:" in image:
        return
    own = _OWN.fullmatch(image)
    fill = {}
    if own:
        fill = {
            "pinned": image.rpartition(":")[0] if own["tag"] else image,
            "image_region": own["region"],
            "registry": own["account"],
            "repository": own["repository"],
            "tag": own["tag"] or "latest",
        }
    yield Problem(
        f"the image {image} is named by a tag", expected="a digest", found=image, fill=fill, cli=_PIN if own else None
    )
