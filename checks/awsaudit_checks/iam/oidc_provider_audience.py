from __future__ import annotations

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access.pattern import glob
from awsaudit.access.subject import Family, family_of
from awsaudit.resources.iam import OidcProvider
from awsaudit_checks.iam.audience import USUAL


@check(
    "iam-oidc-provider-audience",
    title="OIDC providers list only expected audiences",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Take the audience from the provider; tokens that are made for it are then refused by every role.",
        cli="aws iam remove-client-id-from-open-id-connect-provider --open-id-connect-provider-arn {arn} "
        "--client-id {audience}",
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
    ),
)
def oidc_provider_audience(provider: OidcProvider, *, audiences: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    AWS takes a token for each audience that the provider lists, and a token that was made for another service opens the
    roles of this account where that audience is among them. What is expected follows from the issuer, or from the option
    audiences, a list of ISSUER=AUDIENCE; issuers whose audience everybody chooses are judged with the option only.
    """
    expected = _expected(provider.url, audiences)
    if not provider.audiences:
        yield Problem(
            "it lists no audience, so AWS refuses every token",
            expected="an audience",
            found="none",
            severity=Severity.INFO,
        )
        return
    if not expected:
        raise NotApplicable("its issuer has no audience of its own, and the option audiences names none")
    for audience in provider.audiences:
        if not any(glob(each).matches(audience) for each in expected):
            yield Problem(
                f"it takes tokens that are made for {audience}",
                expected=" or ".join(expected),
                found=audience,
                sub_key=audience,
                fill={"audience": audience},
            )


def _expected(issuer: str, audiences: tuple[str, ...]) -> tuple[str, ...]:
    """Return globs of the audiences that tokens of *issuer* for AWS have; empty where anything may be."""
    name = issuer.rstrip("/")
    listed = tuple(a.partition("=")[2] for a in audiences if a.partition("=")[0].rstrip("/") == name)
    if listed:
        return listed
    family = family_of(name, ())
    # Atlassian Support, "Deploy on AWS using Bitbucket Pipelines OpenID Connect"; CircleCI docs, "OpenID Connect tokens";
    # Spacelift docs, "OpenID Connect (OIDC)"; Microsoft's tokens of Azure DevOps have one audience that cannot be chosen.
    by_family = {
        Family.BITBUCKET: "ari:cloud:bitbucket::workspace/*",
        Family.CIRCLECI: name.rpartition("/")[2],
        Family.SPACELIFT: name,
        Family.AZURE_DEVOPS: "api://AzureADTokenExchange",
        **USUAL,
    }

    return (by_family[family],) if family in by_family else ()
