from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.iam import User


@check(
    "iam-user-policies-via-groups",
    title="Users get permissions only through groups or roles",
    severity=Severity.LOW,
    equivalents=("prowler:iam_policy_attached_only_to_group_or_roles",),
    remediation=Remediation(
        text="Put the policy on a group, add the user to it (aws iam add-user-to-group), then take the policy from the user "
        "(aws iam detach-user-policy, aws iam delete-user-policy).",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups_manage_attach-policy.html",
    ),
)
def user_policies_via_groups(user: User) -> Iterator[Problem]:
    """
    Rights that hang on single users are given once and never looked at again: who changes teams keeps them. A group says
    what they are for. A permissions boundary gives nothing, and does not count.
    """
    held = [*(policy.name for policy in user.attached), *(policy.name for policy in user.inline)]
    if held:
        yield Problem(
            f"{', '.join(held)} {'hangs' if len(held) == 1 else 'hang'} on the user itself",
            expected="policies of groups or roles",
            found=f"{len(user.attached)} attached, {len(user.inline)} inline",
        )
