"""For whom issuers make tokens that are meant for AWS."""

from __future__ import annotations

from typing import Final

from awsaudit.access.subject import Family


# GitHub docs, "Configuring OpenID Connect in Amazon Web Services"; Buildkite docs, "OIDC with AWS"; EKS User Guide, "Assign
# IAM roles to Kubernetes service accounts"; HashiCorp's "Dynamic provider credentials in the AWS provider configuration".
USUAL: Final = {
    Family.GITHUB: "sts.amazonaws.com",
    Family.BUILDKITE: "sts.amazonaws.com",
    Family.EKS: "sts.amazonaws.com",
    Family.TERRAFORM: "aws.workload.identity",
}
"""The audience by the family of the issuer, where it is one for all."""
