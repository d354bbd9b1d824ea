from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Opening, Statement
from awsaudit.resources.ecr import Registry
from awsaudit_checks.ecr.share import PUT_REGISTRY, REGISTRY_MEND, REPLICATION
from awsaudit_checks.exposed import (
    Shared,
    exposure_of,
    mended,
    policy_of,
    public_problems,
    stranger_problems,
)
from awsaudit_checks.repair import limited, narrowed
from awsaudit_checks.statement import wildcards_over


_BEYOND: Final = ("ecr:DeleteRepository", "ecr:SetRepositoryPolicy")


@check(
    "ecr-registry-policy-scoped",
    title="The registry policy names accounts and actions",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Name the source registries' accounts, and list what they may do.",
        cli=PUT_REGISTRY,
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html",
    ),
)
def registry_policy_scoped(registry: Registry, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever may replicate into a registry writes images into it, and whoever may do everything in it needs no repository's
    policy. Replication for known accounts passes, and so does a registry without a policy. What the policy grants besides is
    judged by the checks of repositories. Under scope V1 nothing but replication and caches counts.
    """
    where = f"arn:{registry.partition}:ecr:{registry.region}:{registry.account}:repository/*"
    asked = Shared(registry.policy, "the registry", where, Registry.type)
    policy, found = policy_of(asked), exposure_of(asked, account, actions=REPLICATION)
    if policy is None or found is None:
        return
    wide = [s for s in policy.statements if s.allow and wildcards_over(policy, s, _BEYOND)]
    if wide and registry.policy_scope == "V1":
        # Nothing is lost; under V2 what is meant is its owner's to say.
        document = limited(registry.policy or {}, {s.number: narrowed(s, _BEYOND, REPLICATION) for s in wide})
        asked = evolve(asked, document=document)
    narrow = mended(asked, found, account) if asked.document is not registry.policy else None
    for statement in wide:
        yield Problem(
            f"{statement.label} of its policy lets {_who(statement)} do everything",
            expected="listed actions",
            found=", ".join(wildcards_over(policy, statement, _BEYOND)),
            sub_key=statement.sid or _who(statement),
            fill={"new_policy": narrow} if narrow else {},
        )
    yield from public_problems(asked, found, account, REGISTRY_MEND)
    yield from stranger_problems(asked, found, account, REGISTRY_MEND, beside=bool(wide or found.public))
    yield from _remarks(found.cross_account)


def _who(statement: Statement) -> str:
    return ", ".join(entry.text for entry in statement.principals or ()) or "everybody else"


def _remarks(openings: Iterable[Opening]) -> Iterator[Note]:
    for opening in openings:
        if opening.known and any(r.endswith(":repository/*") for r in opening.statement.resources):
            yield Note(f"{opening.statement.label} of its policy lets {opening.who} replicate into every repository")
