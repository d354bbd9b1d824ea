from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import key_named
from awsaudit.resources.codepipeline import ArtifactStore, Pipeline
from awsaudit.resources.kms import Alias, Key
from awsaudit_checks.iam.certain import certain


@check(
    "codepipeline-artifact-encryption-cmk",
    title="Artifacts are encrypted with a customer key",
    severity=Severity.LOW,
    uses=(Key.arn, Key.id, Key.manager, Alias.name, Alias.key_id),
    remediation=Remediation(
        text="Name a key of yours as encryptionKey of the artifact store, in each region, by update-pipeline. Before, let the "
        "roles of the pipeline, its actions and its builds use the key.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/S3-artifact-encryption.html",
    ),
)
def artifact_encryption_cmk(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    Without a key of its own a pipeline encrypts artifacts with the key that AWS manages for S3. Nobody can narrow who uses
    that one, and no other account can be let use it. A customer key in the store of every region passes.
    """
    yield from certain(pipeline.stores, lambda store: _plain(store, pipeline, account))


def _plain(store: ArtifactStore, pipeline: Pipeline, account: Inventory) -> Problem | None:
    region = store.region or pipeline.region
    if store.key_id is None:
        found = "the key that AWS manages for S3"
    elif store.key_id.rpartition(":")[2].startswith("alias/aws/"):
        found = store.key_id
    else:
        key = key_named(store.key_id, region, account)
        if key and key.manager == "CUSTOMER":
            return None
        found = f"{store.key_id}, which {'AWS manages' if key else 'does not exist'}"

    return Problem(
        f"artifacts in {store.location}, {region}, are encrypted with {found}",
        expected="a customer key",
        found=found,
        sub_key=region,
    )
