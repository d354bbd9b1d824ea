from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access.federation import TokenTrust
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.token import nobody, problems_of, taken_by, told


@check(
    "eks-irsa-trust-subject",
    title="IRSA roles pin namespace and service account",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Compare the issuer's sub with system:serviceaccount:NAMESPACE:NAME by StringEquals, and its aud with "
        "sts.amazonaws.com.",
        cli=None,
        url="https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html",
    ),
)
def irsa_trust_subject(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    The cluster signs tokens for every service account in it. Where the trust policy does not name namespace and account, any
    pod, or any that somebody can start in another namespace, becomes the role. Medium where the namespace is fixed and only
    the account is open. Names written out pass, several of them too; that the audience is not asked for is a remark.
    """
    found = taken_by(role, account, (Family.EKS,))
    yield from problems_of(found, lambda taken: _judged(taken, role))
    for taken in found:
        if not taken.asks("aud"):
            yield Note(f"{taken.statement.label} does not ask for the audience sts.amazonaws.com")


def _judged(taken: TokenTrust, role: Role) -> Problem | None:
    expected = "system:serviceaccount:NAMESPACE:NAME"
    if taken.width is Width.MISSING:
        return told(taken, "takes the tokens of any pod of the cluster", None, role, expected)
    if taken.width is Width.PROJECT:
        return told(taken, "takes the tokens of pods in namespaces that it does not name", None, role, expected)
    if taken.width is Width.CONTEXT:
        what = "takes the tokens of any service account of a namespace"
        return told(taken, what, Severity.MEDIUM, role, expected)
    if taken.width is Width.NOBODY:
        return nobody(taken, role, f"a subject is {expected}", expected)

    return None
