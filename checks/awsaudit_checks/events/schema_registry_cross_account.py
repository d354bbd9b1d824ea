from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Level, Opening
from awsaudit.resources.schemas import SchemaRegistry
from awsaudit_checks.exposed import Mend, Shared, exposure_of, public_problems, stranger_problems


_PUT: Final = "aws schemas put-resource-policy --region {region} --registry-name {name} --policy {new_policy}"
_DELETE: Final = "aws schemas delete-resource-policy --region {region} --registry-name {name}"
_MEND: Final = Mend(lambda policy: {"new_policy": policy} if policy else {}, emptied=_DELETE)


@check(
    "events-schema-registry-cross-account",
    title="Schema registries are not shared outside",
    severity=Severity.MEDIUM,
    uses=ZONE,
    equivalents=("prowler:eventbridge_schema_registry_cross_account_access",),
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli=_PUT,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema-registry.html",
    ),
)
def schema_registry_cross_account(registry: SchemaRegistry, account: Inventory) -> Iterator[Problem | Note]:
    """
    Schemas show what a system says and to whom, and who may change them decides what code is generated from them. It is
    critical where everybody gets in. Your own account, those of your organization and those under ``[trust]`` pass, and so
    does a registry without a policy.
    """
    if registry.name.startswith("aws."):
        raise NotApplicable("AWS provides it")
    schemas = registry.arn.replace(":registry/", ":schema/", 1)
    shared = Shared(
        registry.policy,
        f"the schema registry {registry.name}",
        registry.arn,
        SchemaRegistry.type,
        also=(f"{schemas}/*",),
    )
    found = exposure_of(shared, account)
    everybody = list(public_problems(shared, found, account, _MEND, severity=_severity))
    yield from everybody
    yield from stranger_problems(shared, found, account, _MEND, severity=_severity, beside=bool(everybody))


def _severity(opening: Opening) -> Severity | None:
    return Severity.CRITICAL if opening.level is Level.PUBLIC else None
