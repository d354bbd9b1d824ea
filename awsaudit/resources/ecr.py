"""
Amazon Elastic Container Registry, the private one.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
"""

from __future__ import annotations

import datetime

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, From, Resource
from awsaudit.parser import (
    document,
    flag,
    integer,
    many,
    moment,
    optional,
    optional_flag,
    optional_text,
    record,
    text,
    texts,
)


@frozen
class Image:
    """
    An image of a repository.

    Args:
        digest: The digest of its manifest.

        pushed_at: When it was pushed.

        tags: Its tags.
    """

    digest: str
    pushed_at: datetime.datetime
    tags: tuple[str, ...]


@frozen
class ImageScan:
    """
    What a vulnerability scan says of an image.

    Args:
        status: ``COMPLETE``, ``ACTIVE``, ``FAILED`` and so on; None if there was no scan.

        reason: Why it is so, where AWS says.

        counts: How many findings there are, by severity in capital letters; severities without findings are missing.
    """

    status: str | None
    reason: str | None
    counts: Mapping[str, int]


@frozen
class ScanRule:
    """
    A rule of the registry on which repositories are scanned when.

    Args:
        frequency: ``SCAN_ON_PUSH``, ``CONTINUOUS_SCAN`` or ``MANUAL``.

        filters: What names of repositories have to match; without a ``*``, to contain.
    """

    frequency: str
    filters: tuple[str, ...]


def _mutability(value: Any) -> str:
    return optional_text(value) or "MUTABLE"


def _encryption(value: Any) -> str:
    return optional_text(value) or "AES256"


def _counts(value: Any) -> Mapping[str, int]:
    return {text(severity): integer(count) for severity, count in (value or {}).items()}


_GONE = ("RepositoryNotFoundException",)

LIST = Call("DescribeRepositories", result="repositories[]", page_size=("maxResults", 1000))
SCANNING = Call(
    "BatchGetRepositoryScanningConfiguration",
    result="scanningConfigurations[]",
    batch=Batch(
        "repositoryNames",
        25,
        each="$repositoryName",
        key="repositoryName",
        value="$repositoryName",
        failures="failures[]",
        failure_key="repositoryName",
        failure_code="failureCode",
    ),
)
KEY = Call("DescribeKey", service="kms", result="KeyMetadata", params={"KeyId": "$encryptionConfiguration.kmsKey"})
POLICY = Call(
    "GetRepositoryPolicy",
    params={"repositoryName": "$repositoryName"},
    absent=("RepositoryPolicyNotFoundException",),
    gone=_GONE,
)

# Charts, signatures, bills of materials and attestations are no images; an index has its images listed beside it.
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-manifest-formats.html
_RUNNABLE = (
    "(!imageStatus || imageStatus == 'ACTIVE') && !subjectManifestDigest "
    "&& (!artifactMediaType || artifactMediaType == 'application/vnd.docker.container.image.v1+json' "
    "|| artifactMediaType == 'application/vnd.oci.image.config.v1+json') "
    "&& imageManifestMediaType != 'application/vnd.oci.image.index.v1+json' "
    "&& imageManifestMediaType != 'application/vnd.docker.distribution.manifest.list.v2+json' "
    "&& !(imageTags[?starts_with(@, 'sha256-') "
    "&& (ends_with(@, '.sig') || ends_with(@, '.att') || ends_with(@, '.sbom'))])"
)
IMAGES = Call(
    "DescribeImages",
    result=f"reverse(sort_by(imageDetails[?{_RUNNABLE}]"
    ".{imageDigest: imageDigest, imagePushedAt: imagePushedAt, imageTags: imageTags}, &imagePushedAt))[:3]",
    params={"repositoryName": "$repositoryName"},
    page_size=("maxResults", 1000),
    gone=_GONE,
)


def _findings(position: int, when: From | None = None) -> Call:
    # The counts stand on every page: the findings themselves are neither kept nor paged through.
    return Call(
        "DescribeImageScanFindings",
        params={
            "repositoryName": "$repositoryName",
            "imageId": {"imageDigest": From(IMAGES, f"[{position}].imageDigest")},
        },
        when=when,
        page_size=("maxResults", 1),
        answer_code=("ScanNotFoundException",),
        gone=_GONE,
    )


# What docker buildx pushes beside an image to attest to it (provenance, bill of materials) looks like an image here, and
# is as new; scans of it end as UNSUPPORTED_IMAGE. Then the next newest is asked for, thrice at most.
# https://docs.docker.com/build/metadata/attestations/attestation-storage/
_UNSUPPORTED = "imageScanStatus.status == 'UNSUPPORTED_IMAGE'"
FINDINGS = _findings(0)
SECOND_FINDINGS = _findings(1, From(FINDINGS, _UNSUPPORTED))
THIRD_FINDINGS = _findings(2, From(SECOND_FINDINGS, _UNSUPPORTED))

_SCAN = optional(
    record(
        ImageScan,
        status="imageScanStatus.status",
        reason="imageScanStatus.description",
        counts=("imageScanFindings.findingSeverityCounts", _counts),
    )
)


class Repository(Resource):
    """A repository of the account's private registry."""

    service: ClassVar[str] = "ecr"
    type: ClassVar[str] = "AWS::ECR::Repository"
    listing: ClassVar[Call] = LIST

    arn = Fact(LIST, "repositoryArn", text, "The repository's ARN.")
    name = Fact(LIST, "repositoryName", text, "The repository's name, namespaces included.")
    tag_mutability = Fact(
        LIST,
        "imageTagMutability",
        _mutability,
        "``MUTABLE``, ``IMMUTABLE``, or either with ``_WITH_EXCLUSION``; MUTABLE unless AWS says otherwise.",
    )
    tag_exclusions = Fact(
        LIST, "imageTagMutabilityExclusionFilters[].filter", texts, "Patterns of tags to which the opposite applies."
    )
    repository_scan_on_push = Fact(
        LIST,
        "imageScanningConfiguration.scanOnPush",
        flag,
        "The repository's own setting; it counts in basic scanning.",
    )
    encryption = Fact(
        LIST,
        "encryptionConfiguration.encryptionType",
        _encryption,
        "``AES256`` (the default), ``KMS`` or ``KMS_DSSE``.",
    )
    kms_key_id = Fact(
        LIST, "encryptionConfiguration.kmsKey", optional_text, "ARN of the KMS key; unset for a key that S3 owns."
    )
    scan_frequency = Fact(
        SCANNING,
        "scanFrequency",
        optional_text,
        "``SCAN_ON_PUSH``, ``CONTINUOUS_SCAN`` or ``MANUAL``, by the rules of the registry.",
    )
    scan_on_push = Fact(SCANNING, "scanOnPush", optional_flag, "Images are scanned as they are pushed.")
    scan_filters = Fact(SCANNING, "appliedScanFilters[].filter", texts, "The filters of the registry that match it.")
    key_manager = Fact(KEY, "KeyManager", optional_text, "``AWS`` or ``CUSTOMER``; unset where no key is named.")
    policy = Fact(POLICY, "policyText", document, "Its resource policy; unset without one.")
    images = Fact(
        IMAGES,
        "@",
        many(
            record(Image, digest=("imageDigest", text), pushed_at=("imagePushedAt", moment), tags=("imageTags", texts))
        ),
        "The three newest images that can be run, newest first.",
    )
    scan = Fact(FINDINGS, "@", _SCAN, "The scan of the newest image; unset if there is no image.")
    second_scan = Fact(SECOND_FINDINGS, "@", _SCAN, "That of the second; unset unless the first is unsupported.")
    third_scan = Fact(THIRD_FINDINGS, "@", _SCAN, "That of the third; unset unless both before are unsupported.")


REGISTRY_SCANNING = Call("GetRegistryScanningConfiguration", result="scanningConfiguration")


class RegistryScanning(Resource):
    """How a region's registry scans images."""

    service: ClassVar[str] = "ecr"
    type: ClassVar[str] = "AWS::ECR::RegistryScanningConfiguration"

    scan_type = Fact(REGISTRY_SCANNING, "scanType", text, "``BASIC``, or ``ENHANCED`` by Amazon Inspector.")
    rules = Fact(
        REGISTRY_SCANNING,
        "rules",
        many(record(ScanRule, frequency=("scanFrequency", text), filters=("repositoryFilters[].filter", texts))),
        "Which repositories are scanned when.",
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return f"arn:{self.partition}:ecr:{self.region}:{self.account}:registry-scanning-configuration"


REGISTRY_POLICY = Call("GetRegistryPolicy", absent=("RegistryPolicyNotFoundException",))
POLICY_SCOPE = Call("GetAccountSetting", params={"name": "REGISTRY_POLICY_SCOPE"})


class Registry(Resource):
    """What a region's registry lets others do."""

    service: ClassVar[str] = "ecr"
    type: ClassVar[str] = "AWS::ECR::RegistryPolicy"

    policy = Fact(REGISTRY_POLICY, "policyText", document, "The registry's policy; unset without one.")
    policy_scope = Fact(
        POLICY_SCOPE,
        "value",
        text,
        "``V2``: the policy counts for every action of ECR; ``V1``: for replication and pull through caches only.",
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return f"arn:{self.partition}:ecr:{self.region}:{self.account}:registry-policy"


CACHE_RULES = Call("DescribePullThroughCacheRules", result="pullThroughCacheRules[]")


class PullThroughCacheRule(Resource):
    """A rule by which repositories under a prefix cache those of another registry."""

    service: ClassVar[str] = "ecr"
    type: ClassVar[str] = "AWS::ECR::PullThroughCacheRule"
    listing: ClassVar[Call] = CACHE_RULES
    label: ClassVar[str] = "prefix"

    prefix = Fact(
        CACHE_RULES, "ecrRepositoryPrefix", text, "The first part of the repositories' names; ``ROOT`` for all others."
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: rules have none."""
        return f"arn:{self.partition}:ecr:{self.region}:{self.account}:pull-through-cache-rule/{self.prefix}"
