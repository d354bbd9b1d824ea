"""
What stands where AWS gave no answer.

A failure is data: it keeps its place in the evidence, and every check that needed it says `unknown` and why.
"""

from __future__ import annotations

import enum

from typing import Final

from attrs import evolve, frozen


CANCELLED: Final = "Cancelled"
"""The code of what was not asked because whoever runs the scan ended it."""

DEADLINE: Final = "DeadlineReached"
"""The code of what was not asked because the time was over."""

MISSING: Final = "ShardMissing"
"""The code of an account or region whose report was expected and never came."""


class GapKind(enum.Enum):
    """Why a call has no answer."""

    DENIED = "denied"
    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    TIMEOUT = "timeout"
    MALFORMED = "malformed"


@frozen
class Gap:
    """
    A call that AWS did not answer, or not in a form that can be read.

    Args:
        account: The account asked, 12 digits; empty if the caller's account is not known.

        region: The region asked; ``global`` for services without regions.

        service: botocore's name of the service.

        operation: The API operation.

        code: The error code, AWS's where it gave one.

        kind: What sort of failure it was.

        actions: The IAM actions that let the call through; what to grant where *kind* is ``DENIED``.

        resource: What the call asked about; None for a listing.

        cause: The sort of policy that refused, where AWS's message names one ("service control policy").
    """

    account: str
    region: str
    service: str
    operation: str
    code: str
    kind: GapKind
    actions: tuple[str, ...] = ()
    resource: str | None = None
    cause: str | None = None

    def about(self, resource: str) -> Gap:
        """Return the same gap, naming *resource*; a gap that names one already is kept."""
        return self if self.resource else evolve(self, resource=resource)

    def __str__(self) -> str:
        """Return one sentence: the call, the failure, and what would repair it."""
        sentence = f"{self.service}:{self.operation} was not answered ({self.code}"
        sentence += f", by a {self.cause})" if self.cause else ")"
        if self.repair:
            sentence += f"; {self.repair}"

        return sentence

    @property
    def repair(self) -> str | None:
        """Say what would let the call through; None where awsaudit cannot tell."""
        if self.kind is GapKind.DENIED:
            return _repair_refusal(self) if self.actions or self.code in EXPIRED else None
        if self.kind is GapKind.THROTTLED:
            return "scan again with a lower --max-rate"
        if self.kind is GapKind.TIMEOUT and self.code != CANCELLED:
            return "scan again with a longer --timeout or fewer regions"

        return None

    @property
    def grants(self) -> tuple[str, ...]:
        """The IAM actions to grant to the identity that scans; empty where no grant would let the call through."""
        # A role to be assumed is to be named in a grant, and has to admit the caller besides.
        elsewhere = (self.cause and "identity-based" not in self.cause) or self.operation == ASSUME
        return () if self.kind is not GapKind.DENIED or self.code in EXPIRED or elsewhere else self.actions


def _repair_refusal(gap: Gap) -> str:
    if gap.code in EXPIRED:
        return "renew the credentials"
    if gap.cause and "identity-based" not in gap.cause:
        return f"the {gap.cause} must let {', '.join(gap.actions)} through"
    if gap.operation == ASSUME:
        return "the role must exist there and admit the caller, and the caller needs sts:AssumeRole"

    return f"grant {', '.join(gap.actions)}"


ASSUME: Final = "AssumeRole"
"""The operation that an account is entered by."""

NOT_RENEWED: Final = "CredentialsNotRenewed"
"""The code of what could not be asked because the role was refused when its credentials had to be renewed."""

EXPIRED = frozenset({NOT_RENEWED, "ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})

_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Forbidden",
        "ForbiddenException",
        "IncompleteSignature",
        "KMSAccessDeniedException",
        "MissingAuthenticationToken",
        "NotAuthorized",
        "SignatureDoesNotMatch",
        "UnauthorizedAccess",
        "UnauthorizedException",
        "UnauthorizedOperation",
        *EXPIRED,
    }
)

_UNAVAILABLE = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceException",
        "InvalidAction",
        "InvalidClientTokenId",
        "NotSignedUp",
        "OptInRequired",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SubscriptionRequiredException",
        "UnknownOperationException",
        "UnrecognizedClientException",
        "UnsupportedOperation",
    }
)

_TIMEOUT = frozenset({"RequestTimeout", "RequestTimeoutException", "RequestExpired"})


def classify(code: str, status: int) -> GapKind:
    """
    Sort an AWS error code into a kind of failure.

    Args:
        code: The error code of the answer.

        status: The HTTP status, which decides where the code is not a known one.
    """
    for kind, codes in (
        (GapKind.DENIED, _DENIED),
        (GapKind.THROTTLED, _THROTTLED),
        (GapKind.TIMEOUT, _TIMEOUT),
        (GapKind.UNAVAILABLE, _UNAVAILABLE),
    ):
        if code in codes:
            return kind
    if status in {401, 403}:
        return GapKind.DENIED
    if status == 429:  # noqa: PLR2004 - the HTTP status itself
        return GapKind.THROTTLED

    return GapKind.UNAVAILABLE


_CAUSES = (
    "service control policy",
    "resource control policy",
    "permissions boundary",
    "session policy",
    "VPC endpoint policy",
    "resource-based policy",
    "identity-based policy",
)


def cause(message: str) -> str | None:
    """Return the sort of policy that AWS's access-denied *message* blames; None if it names none."""
    return next((c for c in _CAUSES if c in message), None)
