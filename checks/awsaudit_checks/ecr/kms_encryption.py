from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.ecr import Repository


@check(
    "ecr-kms-encryption",
    title="ECR repositories are encrypted with a KMS key",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Encryption is chosen when a repository is made. Make a new one with a key of your own (the command), copy "
        "the images to it with their digests (crane cp, or skopeo copy --all), let deployments pull from it, then delete "
        "the old one.",
        cli="KEY=$(aws kms create-key --region {region} --query KeyMetadata.Arn --output text) "
        '&& aws kms enable-key-rotation --region {region} --key-id "$KEY" '
        "&& aws ecr create-repository --region {region} --repository-name {new_name} --image-tag-mutability IMMUTABLE "
        '--encryption-configuration encryptionType=KMS,kmsKey="$KEY"',
        terraform='resource "aws_ecr_repository" "this" {\n  encryption_configuration {\n'
        '    encryption_type = "KMS"\n    kms_key         = aws_kms_key.images.arn\n  }\n}',
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
    ),
)
def kms_encryption(repository: Repository, *, strict: bool = False) -> Iterator[Problem]:
    """
    With AES256 the key is Amazon S3's: no policy of yours stands between the storage and the images, and no log says who
    decrypted them. A KMS key passes, single or double-layered; with *strict* only one that you manage yourself.
    """
    fill = {"new_name": f"{repository.name}-kms"}
    if repository.encryption == "AES256":
        yield Problem("it is encrypted with a key that S3 owns", expected="KMS or KMS_DSSE", found="AES256", fill=fill)
    elif strict and (repository.kms_key_id is None or repository.key_manager == "AWS"):
        yield Problem(
            "it is encrypted with a key that AWS manages",
            expected="a customer key",
            found=repository.kms_key_id or "aws/ecr",
            fill=fill,
        )
