"""
AWS Certificate Manager.

https://docs.aws.amazon.com/acm/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import flag, optional_moment, optional_text, text


# Without a filter only certificates with RSA keys of up to 2048 bits are listed.
# https://docs.aws.amazon.com/acm/latest/APIReference/API_Filters.html
CERTIFICATES = Call(
    "ListCertificates",
    result="CertificateSummaryList[]",
    params={
        "Includes": {
            "keyTypes": [
                "RSA_1024",
                "RSA_2048",
                "RSA_3072",
                "RSA_4096",
                "EC_prime256v1",
                "EC_secp384r1",
                "EC_secp521r1",
            ]
        }
    },
)
# What is imported is never renewed by ACM, and what is not in use need not be.
RENEWAL = Call(
    "DescribeCertificate",
    result="Certificate.RenewalSummary",
    params={"CertificateArn": "$CertificateArn"},
    when="$InUse && Type != 'IMPORTED'",
    gone=("ResourceNotFoundException",),
)


class Certificate(Resource):
    """A certificate, issued through ACM or imported."""

    service: ClassVar[str] = "acm"
    type: ClassVar[str] = "AWS::CertificateManager::Certificate"
    listing: ClassVar[Call] = CERTIFICATES

    arn = Fact(CERTIFICATES, "CertificateArn", text, "The certificate's ARN.")
    name = Fact(CERTIFICATES, "DomainName || CertificateArn", text, "Its domain.")
    state = Fact(CERTIFICATES, "Status", text, "``ISSUED``, ``EXPIRED``, ``PENDING_VALIDATION`` and so on.")
    kind = Fact(CERTIFICATES, "Type", text, "``AMAZON_ISSUED``, ``IMPORTED`` or ``PRIVATE``.")
    in_use = Fact(CERTIFICATES, "InUse", flag, "A service of AWS uses it.")
    expires = Fact(CERTIFICATES, "NotAfter", optional_moment, "Until when it is valid; unset before it is issued.")
    renewable = Fact(
        CERTIFICATES, "RenewalEligibility", optional_text, "``ELIGIBLE`` where ACM renews it, or ``INELIGIBLE``."
    )
    renewal = Fact(
        RENEWAL,
        "RenewalStatus",
        optional_text,
        "``PENDING_AUTO_RENEWAL``, ``PENDING_VALIDATION``, ``SUCCESS`` or ``FAILED``; unset where no renewal was tried.",
    )
