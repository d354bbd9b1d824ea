"""Repositories with the policies that decide on them: their own, and the registry's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve

from awsaudit import Inventory
from awsaudit.access import Exposure, Policy
from awsaudit.access.action import actions_of
from awsaudit.resources.ecr import Registry, Repository
from awsaudit_checks.exposed import Mend, Shared, exposure_of, policy_of


SET: Final = "aws ecr set-repository-policy --region {region} --repository-name {name} --policy-text {new_policy}"
DELETE: Final = "aws ecr delete-repository-policy --region {region} --repository-name {name}"
PUT_REGISTRY: Final = "aws ecr put-registry-policy --region {region} --policy-text {new_policy}"
DELETE_REGISTRY: Final = "aws ecr delete-registry-policy --region {region}"

OF_REGISTRY: Final = (Registry.policy, Registry.policy_scope)
"""What the functions here look at besides the repository; for a check's uses=."""

REPLICATION: Final = ("ecr:ReplicateImage", "ecr:CreateRepository", "ecr:BatchImportUpstreamImage")
"""What only a registry's policy grants, and under scope V1 nothing else."""

_OWN_MEND: Final = Mend(lambda policy: {"new_policy": policy} if policy else {}, emptied=DELETE)
REGISTRY_MEND: Final = Mend(
    lambda policy: {"new_policy": policy} if policy else {}, cli=PUT_REGISTRY, emptied=DELETE_REGISTRY
)


def exposures(
    repository: Repository, account: Inventory, *, actions: Iterable[str] | None = None
) -> Iterator[tuple[Shared, Exposure, Mend]]:
    """
    Yield the policies that decide on *repository*, whom they let in, and how they are replaced.

    Args:
        repository: The repository.

        account: Where the registry is.

        actions: The actions in question; unset means all.

    Raises:
        EvidenceMissing: A policy could not be read, or whether the registry's counts.
    """
    own = Shared(repository.policy, f"the repository {repository.name}", repository.arn, Repository.type)
    found = exposure_of(own, account, actions=actions)
    if found:
        yield own, found, _OWN_MEND
    registry = next(iter(account.every(Registry, repository.region)), None)
    if registry is None or registry.policy is None or registry.policy_scope == "V1":
        return
    # What a registry grants besides replication it grants on all repositories that its statements name.
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html
    above = Shared(registry.policy, "the registry", repository.arn, Repository.type, whose="the registry's policy")
    policy = policy_of(above)
    granted = actions or (_granted(policy) if policy else ())
    wide = exposure_of(above, account, actions=granted)
    if wide:
        # Principals that were deleted are told once, of the registry.
        yield above, evolve(wide, stale=()), REGISTRY_MEND


def _granted(policy: Policy) -> tuple[str, ...]:
    named = {action for statement in policy.statements for action in actions_of(statement, "ecr")}
    special = {action.lower() for action in REPLICATION}

    return tuple(sorted(action for action in named if action.lower() not in special))
