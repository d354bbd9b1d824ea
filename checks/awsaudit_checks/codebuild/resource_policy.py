from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.codebuild import Project
from awsaudit_checks.exposed import Mend, Shared, exposure_of, public_problems, stranger_problems


_PUT: Final = "aws codebuild put-resource-policy --region {region} --resource-arn {arn} --policy {new_policy}"
_DELETE: Final = "aws codebuild delete-resource-policy --region {region} --resource-arn {arn}"
_MEND: Final = Mend(lambda policy: {"new_policy": policy} if policy else {}, emptied=_DELETE)


@check(
    "codebuild-resource-policy",
    title="Project sharing is limited",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours. What AWS RAM "
        "shares is ended in AWS RAM.",
        cli=_PUT,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/project-sharing.html",
    ),
)
def resource_policy(project: Project, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever a project is shared with reads its builds: the environment variables, the logs' place, the source and who changed
    it. A project without a policy passes, and so does one that is shared with your own account, those of your organization
    and those under ``[trust]``.
    """
    asked = Shared(project.policy, f"the project {project.name}", project.arn, Project.type)
    found = exposure_of(asked, account)
    yield from public_problems(asked, found, account, _MEND)
    yield from stranger_problems(asked, found, account, _MEND, beside=bool(found and found.public))
