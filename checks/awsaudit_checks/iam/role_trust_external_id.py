from collections.abc import Iterator

from attrs import evolve

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import ZONE, Opening, Policy, PolicyKind, Question, answer_outsider
from awsaudit.resources.iam import Role
from awsaudit_checks.exposed import exposure_of, foreign, path_of, policy_of
from awsaudit_checks.iam.trust import ASSUMING, shared


# No supplier gives out such a one: a condition that takes it takes any.
ANY_ID = "x9x9x9-any-external-id"


@check(
    "iam-role-trust-external-id",
    title="Third-party roles need an ExternalId",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Ask the supplier for the external id that it keeps for you, and add the condition StringEquals "
        "sts:ExternalId to the trust policy. An account of your own belongs under [trust] accounts.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    ),
)
def role_trust_external_id(role: Role, account: Inventory) -> Iterator[Problem]:
    """
    A supplier assumes roles of many customers. Without an external id of your own, another customer who names your role
    makes it act in your account (the confused deputy). Accounts under ``[trust] vendors``, and those that nobody knows, need
    one; a pattern that takes any id is none. Your own account and organization, and ``[trust] accounts``, do without.
    """
    asked = shared(role)
    found = exposure_of(asked, account, actions=ASSUMING)
    vendors = account.target.trust.vendors
    others = [
        evolve(o, known=False) if o.account in vendors else o
        for o in (found.cross_account if found else ())
        if (o.account or o.organization) and (o.known is not True or o.account in vendors)
    ]
    if not others:
        raise NotApplicable("it trusts no account outside of your own and your organization's")
    policy = policy_of(asked)
    bare = [o for o in others if any(_gets_in(o, role, policy, id_) for id_ in (None, ANY_ID))]
    for opening in foreign(bare, account):
        yield Problem(
            f"{opening.statement.label} of its trust policy lets {opening.who} assume it without an external id",
            expected="StringEquals sts:ExternalId",
            found="any" if not _gets_in(opening, role, policy, None) else "none",
            sub_key=" ".join(filter(None, (opening.statement.sid, opening.who))),
            path=path_of(opening, role.arn, Role.type),
        )


def _gets_in(opening: Opening, role: Role, policy: Policy | None, external_id: str | None) -> bool:
    """Tell whether the statement of *opening* lets its request in with *external_id*, None for none."""
    context = opening.witness.context
    given = context.with_({"sts:ExternalId": external_id}) if external_id else context.with_(absent=["sts:ExternalId"])
    asked = Question("sts:AssumeRole", role.arn, role.account, given, policy)

    decision = answer_outsider(asked, opening.witness.principal)
    mine = (PolicyKind.TRUST, opening.statement.label)

    return decision.possible and mine in {(reason.kind, reason.statement) for reason in decision.allowed_by}
