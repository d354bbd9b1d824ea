"""
Reports in S3: written, read back, replaced only if nobody else has replaced them.

Nothing here touches the accounts that are scanned: a `Bucket` has a client of its own, with the credentials of whoever runs
awsaudit, which may put and get objects of the one bucket it was made for and do nothing else.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import re

from typing import TYPE_CHECKING, Any, Final

from attrs import evolve, frozen

from awsaudit.errors import ConfigError, CredentialsError, ReadOnlyError
from awsaudit.guard import allow_only
from awsaudit.partition import home_region, partition_of


if TYPE_CHECKING:
    import boto3


SCHEME: Final = "s3://"
ANYTHING: Final = "*"
"""Replace whatever is there."""
NOTHING: Final = ""
"""Write only where nothing is."""

# HeadBucket is how botocore finds the region of a bucket that turns out to be elsewhere.
_OPERATIONS: Final = frozenset({("s3", "PutObject"), ("s3", "GetObject"), ("s3", "HeadBucket")})

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; access points have the form of ARNs.
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:[^/]+")

_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "gz": "application/gzip",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "md": "text/markdown; charset=utf-8",
    "xml": "application/xml",
}


@frozen
class Location:
    """
    An object in S3, or the beginning of the keys of several.

    Args:
        bucket: The name of the bucket.

        key: The key, without a slash in front.
    """

    bucket: str
    key: str

    @classmethod
    def parse(cls, url: str) -> Location:
        """
        Return what ``s3://bucket/key`` names; the key may be empty.

        Raises:
            ConfigError: It is not of that form.
        """
        bucket, _, key = url.removeprefix(SCHEME).partition("/")
        if not url.startswith(SCHEME) or not _BUCKET.fullmatch(bucket):
            raise ConfigError(f"not a place in S3: {url!r}; write s3://bucket/key")

        return cls(bucket, key)

    def __str__(self) -> str:
        """Return it as ``s3://bucket/key``."""
        return f"{SCHEME}{self.bucket}/{self.key}"

    def __truediv__(self, name: str) -> Location:
        """Return *name* below it."""
        return evolve(self, key=f"{self.key.rstrip('/')}/{name}".lstrip("/"))


@frozen
class Stored:
    """
    An object that was read.

    Args:
        data: Its bytes.

        tag: What tells this version of it from another, to be given to `Bucket.write`.
    """

    data: bytes
    tag: str


class Bucket:
    """
    One bucket, to put reports into and get them back.

    Args:
        session: Whose credentials; not those of a scanned account's role.

        name: The bucket; requests for any other are refused before they are signed.
    """

    def __init__(self, session: boto3.Session, name: str) -> None:
        from botocore.config import Config  # noqa: PLC0415 - slow to import, and `--help` does without

        region = session.region_name or home_region(partition_of(""), "s3")
        config = Config(retries={"mode": "standard", "total_max_attempts": 5}, user_agent_extra="awsaudit")
        self.name = name
        self._client: Any = session.client("s3", region_name=region, config=config)
        allow_only(self._client, _OPERATIONS)
        self._client.meta.events.register_first("before-parameter-build.s3", self._only_this)

    def _only_this(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        if params.get("Bucket") != self.name:
            raise ReadOnlyError("s3", model.name)

    def probe(self, key: str) -> None:
        """
        Find out, without writing, what would keep a report from being written.

        A refused read proves nothing: who may only write is not told what is there.

        Raises:
            ConfigError: There is no such bucket.
            CredentialsError: There are no credentials, or AWS refuses them.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

        try:
            self._client.get_object(Bucket=self.name, Key=key, Range="bytes=0-0")["Body"].close()
        except ClientError as error:
            if _code(error) not in {*_ABSENT, "InvalidRange", "AccessDenied", "403", "InvalidObjectState"}:
                raise self._failed("write", key, error) from None
        except BotoCoreError as error:
            raise self._failed("write", key, error) from None

    def read(self, key: str) -> Stored | None:
        """
        Return the object; None if there is none.

        Raises:
            ConfigError: There is no such bucket, or reading is refused.
            CredentialsError: There are no credentials, or AWS refuses them.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

        try:
            answer = self._client.get_object(Bucket=self.name, Key=key)
            return Stored(answer["Body"].read(), answer["ETag"])
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            raise self._failed("read", key, error) from None
        except BotoCoreError as error:
            raise self._failed("read", key, error) from None

    def write(self, key: str, data: bytes, *, replacing: str = ANYTHING) -> bool:
        """
        Write an object; encryption is what the bucket says.

        Args:
            key: Its key; the suffix says what type of content it has.

            data: Its bytes.

            replacing: What may be replaced: `ANYTHING`, `NOTHING`, or the one version with the tag of a `Stored`.

        Returns:
            Whether it was written; False if something else is there than may be replaced.

        Raises:
            ConfigError: There is no such bucket, or writing is refused.
            CredentialsError: There are no credentials, or AWS refuses them.
        """
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - slow to import

        condition = {} if replacing == ANYTHING else {"IfMatch": replacing} if replacing else {"IfNoneMatch": "*"}
        kind = _TYPES.get(key.rpartition(".")[2], "text/plain; charset=utf-8")
        try:
            self._client.put_object(Bucket=self.name, Key=key, Body=data, ContentType=kind, **condition)
        except ClientError as error:
            # Another version, another write under way, or deleted meanwhile.
            if condition and _code(error) in {"PreconditionFailed", "ConditionalRequestConflict", "412", *_ABSENT}:
                return False
            raise self._failed("write", key, error) from None
        except BotoCoreError as error:
            raise self._failed("write", key, error) from None

        return True

    def _failed(self, verb: str, key: str, error: Exception) -> ConfigError | CredentialsError:
        where = Location(self.name, key)
        code = _code(error)
        if code in _CREDENTIALS:
            return CredentialsError(f"cannot {verb} {where}: there are no valid AWS credentials ({code})")
        if code == "NoSuchBucket":
            return ConfigError(f"cannot {verb} {where}: there is no bucket {self.name}")
        if code == "AccessDenied":
            action = "s3:PutObject" if verb == "write" else "s3:GetObject"
            arn = f"arn:{partition_of(self._client.meta.region_name)}:s3:::{self.name}/{key}"
            return ConfigError(f"cannot {verb} {where}: AccessDenied; grant {action} on {arn}{_BESIDES[verb]}")

        return ConfigError(f"cannot {verb} {where}: {code}")


_ABSENT: Final = frozenset({"NoSuchKey", "404"})

_BESIDES: Final = {
    "write": ", and kms:GenerateDataKey on the bucket's key if it has one",
    # Who may not list is not told that an object is not there.
    "read": ", s3:ListBucket on the bucket, and kms:Decrypt on its key if it has one",
}

_CREDENTIALS: Final = frozenset(
    {
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidToken",
        "NoCredentialsError",
        "PartialCredentialsError",
        "SignatureDoesNotMatch",
        "SSOTokenLoadError",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
    }
)


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None

    return str(code or type(error).__name__)
