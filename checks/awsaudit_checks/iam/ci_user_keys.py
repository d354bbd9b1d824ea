from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import User
from awsaudit_checks.iam.ci import builder_of
from awsaudit_checks.iam.credential import REPORT, key_id, key_words, passwordless, used_words


@check(
    "iam-ci-user-keys",
    title="CI/CD systems use OIDC instead of stored user keys",
    severity=Severity.MEDIUM,
    uses=REPORT,
    remediation=Remediation(
        text="Register the CI system's issuer as an OpenID Connect provider, make a role that takes its tokens for the one "
        "repository and branch, and let the pipeline assume it. Then make the key inactive, and delete it.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html",
    ),
)
def ci_user_keys(user: User, account: Inventory) -> Iterator[Problem]:
    """
    A key that is stored with a CI system can be read by every build, every plug-in of one, and whoever breaks into the
    provider; it works from anywhere, and mostly deploys to production. With OpenID Connect there is nothing to steal. Users
    without a password are judged whose name, path or purpose has a word such as github, jenkins, ci or deploy.
    """
    found = passwordless(user, account)
    why = builder_of(user)
    if not why:
        raise NotApplicable("nothing says that builds sign in with it")
    for key in found.active_keys:
        yield Problem(
            f"{key_words(key)} is active, {used_words(key)}; {why}",
            expected="a role that builds become by OpenID Connect",
            found="an access key",
            sub_key=key_id(key),
        )
