from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.ecr_public import PublicRepository
from awsaudit_checks.exposed import Mend, Shared, exposure_of, public_problems, stranger_problems


_PUSHING: Final = (
    "ecr-public:PutImage",
    "ecr-public:InitiateLayerUpload",
    "ecr-public:UploadLayerPart",
    "ecr-public:CompleteLayerUpload",
    "ecr-public:BatchDeleteImage",
    "ecr-public:DeleteRepository",
    "ecr-public:SetRepositoryPolicy",
    "ecr-public:DeleteRepositoryPolicy",
    "ecr-public:PutRepositoryCatalogData",
)
_SET: Final = (
    "aws ecr-public set-repository-policy --region us-east-1 --repository-name {name} --policy-text {new_policy}"
)
_DELETE: Final = "aws ecr-public delete-repository-policy --region us-east-1 --repository-name {name}"
_MEND: Final = Mend(lambda policy: {"new_policy": policy} if policy else {}, emptied=_DELETE)


@check(
    "ecr-public-policy-push",
    title="Only own principals can push to public repositories",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli=_SET,
        url="https://docs.aws.amazon.com/AmazonECR/latest/public/public-repository-policies.html",
    ),
)
def public_policy_push(repository: PublicRepository, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever pushes to a public repository decides what everybody runs who trusts your name. Pushing, deleting images and
    changing the policy are looked at. Your own account, those of your organization and those under ``[trust]`` pass.
    """
    shared = Shared(
        repository.policy, f"the public repository {repository.name}", repository.arn, PublicRepository.type
    )
    found = exposure_of(shared, account, actions=_PUSHING)
    everybody = list(public_problems(shared, found, account, _MEND))
    yield from everybody
    yield from stranger_problems(shared, found, account, _MEND, beside=bool(everybody))
