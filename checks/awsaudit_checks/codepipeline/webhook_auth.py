import ipaddress

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codepipeline import Webhook


@check(
    "codepipeline-webhook-auth",
    title="Webhooks are authenticated",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Put the webhook again with GITHUB_HMAC and a secret of 40 random bytes, or take a connection as the source. "
        "Where an address is all that the caller has, name the network that it calls from.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_WebhookDefinition.html",
    ),
)
def webhook_auth(webhook: Webhook, *, smallest_prefix: int = 24) -> Iterator[Problem]:
    """
    Whoever knows the address of an unauthenticated webhook starts the pipeline as often as they like, and it is in the
    settings of the repository and in logs on the way. A secret that signs each call passes, and a network no wider than
    ``smallest_prefix`` bits, which IPv6 has 40 more of; a wider one is medium.
    """
    if webhook.authentication == "GITHUB_HMAC":
        return
    if webhook.authentication == "UNAUTHENTICATED":
        yield Problem(
            f"anybody may call it and start {webhook.target_pipeline}", expected="GITHUB_HMAC", found="UNAUTHENTICATED"
        )
        return
    if webhook.authentication != "IP" or webhook.allowed_ip_range is None:
        raise Undecided(f"it is told by {webhook.authentication}, without a network")
    try:
        network = ipaddress.ip_network(webhook.allowed_ip_range, strict=False)
    except ValueError as wrong:
        raise Undecided(f"its network is none: {webhook.allowed_ip_range}") from wrong
    # A site has a /64 of IPv6 where it has a /24 of IPv4.
    if network.prefixlen < smallest_prefix + (40 if network.version == 6 else 0):  # noqa: PLR2004 - IPv6
        yield Problem(
            f"anybody in {network} may call it and start {webhook.target_pipeline}",
            expected="GITHUB_HMAC, or a narrow network",
            found=str(network),
            severity=Severity.MEDIUM,
        )
