from __future__ import annotations

from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.access.federation import TokenTrust
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.token import PEOPLE, problems_of, taken_by, told


@check(
    "iam-oidc-sub-owner-unpinned",
    title="OIDC subjects fix the owning organization",
    severity=Severity.CRITICAL,
    remediation=Remediation(
        text="Write the owner out in full, up to the character that ends it: / or @ of GitHub, / of GitLab, : of Terraform "
        "and Buildkite. A wildcard before it also matches owners that others register.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html",
    ),
)
def oidc_sub_owner_unpinned(role: Role, account: Inventory) -> Iterator[Problem | Note]:
    """
    Anybody may register an organization at GitHub, GitLab or HCP Terraform, and repo:acme* is true of acme-evil, too: its
    owner then becomes the role. Asked is whether a token of an owner whom the policy does not name is taken. A claim of its
    own that names owner, repository or workflow passes as well; issuers of a single tenant have no strangers.
    """
    found = [t for t in taken_by(role, account, frozenset(Family) - PEOPLE) if t.shared]
    if not found:
        raise NotApplicable("the issuer is one tenant's own")
    if all(t.width is Width.MISSING for t in found):
        raise NotApplicable("the subject is not asked for at all, which iam-oidc-trust-missing-subject tells")
    yield from problems_of(found, lambda taken: _judged(taken, role))


def _judged(taken: TokenTrust, role: Role) -> Problem | None:
    if taken.width is not Width.OWNER:
        return None

    return told(
        taken,
        f"leaves open whose project of {taken.family.value} it is",
        None,
        role,
        "an owner written out in full",
    )
