from collections.abc import Iterator

from awsaudit import EvidenceMissing, Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, zone_of
from awsaudit.resources.lambda_ import Function
from awsaudit_checks.lambda_.publisher import PUBLISHERS


@check(
    "lambda-layer-cross-account",
    title="Layers come from own or known accounts",
    severity=Severity.MEDIUM,
    uses=ZONE,
    equivalents=("prowler:awslambda_function_using_cross_account_layers",),
    remediation=Remediation(
        text="Look through the layer's files, publish them as a layer of your own, and give the function that one. A "
        "supplier whose account you know belongs to the zone of trust in the configuration.",
        cli=None,
        url="https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html",
    ),
)
def layer_cross_account(function: Function, account: Inventory) -> Iterator[Problem | Note]:
    """
    A layer's files run inside the function, with its role and its environment; an extension in it starts before the
    function does. Layers pass that are the account's own, its organization's or a known account's, AWS's, or those of
    publishers who name their account in their documentation.
    """
    zone, unseen = zone_of(account), None
    found: dict[str, list[str]] = {}
    for arn in function.layer_arns:
        owner = arn.split(":")[4]
        if owner in PUBLISHERS:
            yield Note(f"{_name(arn)} is from {PUBLISHERS[owner]}")
        # Layers that AWS manages name no account.
        elif owner and not zone.has(owner):
            unseen = unseen or zone.unseen
            found.setdefault(owner, []).append(arn)
    if found and unseen:
        raise EvidenceMissing(unseen)
    for owner, arns in found.items():
        names = ", ".join(map(_name, arns))
        yield Problem(
            f"{names} {'is a layer' if len(arns) == 1 else 'are layers'} of account {owner}, which nothing says you know",
            expected="layers of own or known accounts",
            found=", ".join(arns),
            sub_key=owner,
        )


def _name(arn: str) -> str:
    """Return the layer's name and version."""
    return arn.partition(":layer:")[2]
