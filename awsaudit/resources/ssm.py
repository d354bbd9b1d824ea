"""
AWS Systems Manager.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/
"""

from __future__ import annotations

import datetime

from typing import ClassVar, Final

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, Resource
from awsaudit.gist import Gist
from awsaudit.parser import (
    gist,
    integer,
    optional,
    optional_moment,
    optional_text,
    record,
    secret_hits,
    tags,
    text,
    texts,
)
from awsaudit.secrets import Hit


# Best effort is what AWS promises of a page: an empty one with a token is not the last.
PARAMETERS = Call("DescribeParameters", result="Parameters[]", page_size=("MaxResults", 50))

SECRET_WORDS: Final = (
    "password", "passwords", "passwd", "passphrase", "secret", "secrets", "token", "apikey", "api-key", "api_key",
    "private-key", "private_key", "privatekey", "mnemonic", "jwt", "credentials",
)  # fmt: skip
"""Words by which people call secrets."""


def _words(description: Gist | None) -> tuple[str, ...]:
    return description.words if description else ()


def _hits(description: Gist | None) -> tuple[Hit, ...]:
    return description.hits if description else ()


class Parameter(Resource):
    """A parameter of the Parameter Store; its value is never read."""

    service: ClassVar[str] = "ssm"
    type: ClassVar[str] = "AWS::SSM::Parameter"
    listing: ClassVar[Call] = PARAMETERS

    name = Fact(PARAMETERS, "Name", text, "The parameter's name, with its path.")
    kind = Fact(PARAMETERS, "Type", text, "``String``, ``StringList`` or ``SecureString``.")
    key_id = Fact(
        PARAMETERS, "KeyId", optional_text, "Alias, id or ARN of the KMS key of a ``SecureString``; unset for others."
    )
    data_type = Fact(
        PARAMETERS, "DataType", optional_text, "``text``, or what the value is the id of, such as ``aws:ec2:image``."
    )
    description_words = Fact(
        PARAMETERS,
        "Description",
        gist(_words, *SECRET_WORDS),
        "The words for secrets in its description; nothing else of that is kept.",
    )
    description_secrets = Fact(
        PARAMETERS, "Description", gist(_hits, *SECRET_WORDS), "Secrets that its description repeats."
    )

    @property
    def arn(self) -> str:
        """The parameter's ARN, in which a name with a path has one slash, not two."""
        return f"arn:{self.partition}:ssm:{self.region}:{self.account}:parameter/{self.name.removeprefix('/')}"


OWN = [{"Key": "Owner", "Values": ["Self"]}]
DOCUMENTS = Call("ListDocuments", result="DocumentIdentifiers[]", params={"Filters": OWN})
CONTENT = Call("GetDocument", params={"Name": "$Name"}, gone=("InvalidDocument",))
NEWEST = Call("GetDocument", params={"Name": "$Name", "DocumentVersion": "$'$LATEST'"}, gone=("InvalidDocument",))
SHARES = Call(
    "DescribeDocumentPermission",
    params={"Name": "$Name", "PermissionType": "Share"},
    gone=("InvalidDocument",),
)


class Document(Resource):
    """A document of the account's own: a runbook, a command, settings of sessions."""

    service: ClassVar[str] = "ssm"
    type: ClassVar[str] = "AWS::SSM::Document"
    listing: ClassVar[Call] = DOCUMENTS
    label: ClassVar[str] = "name"

    name = Fact(DOCUMENTS, "Name", text, "The document's name.")
    tags = Fact(DOCUMENTS, "Tags", tags, "Its tags.")
    secrets = Fact(CONTENT, "Content", secret_hits, "Secrets in its default version.", sensitive=True)
    newest_secrets = Fact(NEWEST, "Content", secret_hits, "Secrets in its newest version.", sensitive=True)
    shared_with = Fact(
        SHARES, "AccountIds", texts, "The accounts that may use it besides its own; ``all`` stands for everybody."
    )

    @property
    def arn(self) -> str:
        """The document's ARN."""
        return f"arn:{self.partition}:ssm:{self.region}:{self.account}:document/{self.name}"


INSTANCES = Call("DescribeInstanceInformation", result="InstanceInformationList[]", page_size=("MaxResults", 50))
# What was never scanned for patches is left out of the answer.
PATCHES = Call(
    "DescribeInstancePatchStates",
    result="InstancePatchStates[]",
    params={"MaxResults": 100},
    batch=Batch("InstanceIds", 50, each="$InstanceId", key="InstanceId", value="$InstanceId"),
    absent=("NotAnswered",),
)


@frozen
class PatchState:
    """
    How a host stands against its patch baseline.

    Args:
        critical: Patches that the baseline calls critical and that are missing, failed, or wait for a restart.

        security: Security patches of that sort.

        other: Other patches of that sort.

        failed: Patches that the last operation could not install.

        pending: Patches that wait for a restart.

        ended: When it was last looked for patches; None while the first time lasts.
    """

    critical: int
    security: int
    other: int
    failed: int
    pending: int
    ended: datetime.datetime | None


class ManagedInstance(Resource):
    """A host whose agent reports to Systems Manager."""

    service: ClassVar[str] = "ssm"
    type: ClassVar[str] = "AWS::SSM::ManagedInstance"
    listing: ClassVar[Call] = INSTANCES
    label: ClassVar[str] = "id"

    id = Fact(INSTANCES, "InstanceId", text, "The id of the instance, or of a host outside EC2.")
    ping = Fact(INSTANCES, "PingStatus", optional_text, "``Online``, ``ConnectionLost`` or ``Inactive``.")
    platform = Fact(INSTANCES, "PlatformName", optional_text, "The operating system, such as ``Amazon Linux``.")
    patches = Fact(
        PATCHES,
        "@",
        optional(
            record(
                PatchState,
                critical=("CriticalNonCompliantCount || `0`", integer),
                security=("SecurityNonCompliantCount || `0`", integer),
                other=("OtherNonCompliantCount || `0`", integer),
                failed=("FailedCount || `0`", integer),
                pending=("InstalledPendingRebootCount || `0`", integer),
                ended=("OperationEndTime", optional_moment),
            )
        ),
        "How it stands against its patch baseline; unset where it was never looked for patches.",
    )

    @property
    def arn(self) -> str:
        """The ARN by which Systems Manager calls it."""
        return f"arn:{self.partition}:ssm:{self.region}:{self.account}:managed-instance/{self.id}"
