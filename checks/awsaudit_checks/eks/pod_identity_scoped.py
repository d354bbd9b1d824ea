from __future__ import annotations

import itertools
import math

from collections.abc import Iterator
from typing import Any, Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import Policy, Principal, Request, Statement, readable, service, trust_of
from awsaudit.access import role as session_of
from awsaudit.access.match import met
from awsaudit.access.policy import Form
from awsaudit.access.request import Context, Value
from awsaudit.access.truth import Doubt, either
from awsaudit.access.value import candidates
from awsaudit.resources.eks import PodIdentityAssociation
from awsaudit.resources.iam import Role
from awsaudit_checks.iam.trust import UPDATE
from awsaudit_checks.repair import statements_of, with_statements


PODS: Final = "pods.eks.amazonaws.com"
_ASSUME: Final = "sts:AssumeRole"
_TAG: Final = "aws:requesttag/"
_FRESH: Final = "x9zqjk"
_MOST_TRIES: Final = 20_000
# EKS User Guide, "Grant Pods access to AWS resources based on tags", and "Create IAM role with trust policy required by
# EKS Pod Identity". What a cluster of somebody else's would send:
_STRANGE: Final = {
    "aws:sourcearn": f"arn:aws:eks:us-east-1:999999999999:cluster/{_FRESH}",
    "aws:sourceaccount": "999999999999",
    "aws:sourceorgid": "o-x9zqjk9zqj",
    f"{_TAG}eks-cluster-arn": f"arn:aws:eks:us-east-1:999999999999:cluster/{_FRESH}",
    f"{_TAG}eks-cluster-name": _FRESH,
    f"{_TAG}kubernetes-namespace": _FRESH,
    f"{_TAG}kubernetes-service-account": _FRESH,
}


@check(
    "eks-pod-identity-scoped",
    title="Pod Identity roles pin the cluster or service account",
    severity=Severity.LOW,
    uses=(
        PodIdentityAssociation.arn, PodIdentityAssociation.cluster_name, PodIdentityAssociation.namespace,
        PodIdentityAssociation.service_account, PodIdentityAssociation.role_arn, PodIdentityAssociation.target_role_arn,
        PodIdentityAssociation.external_id, PodIdentityAssociation.disable_session_tags,
    ),
    remediation=Remediation(
        text="Bind the statement to the clusters whose pods use the role; a target role asks for the association's external "
        "id.",
        cli=UPDATE,
        url="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
    ),
)  # fmt: skip
def pod_identity_scoped(role: Role, account: Inventory) -> Iterator[Problem]:
    """
    A role that trusts pods.eks.amazonaws.com without a condition can be given to any service account of any cluster by
    whoever may make associations and pass it. A condition on the source, or on the session tags of cluster, namespace or
    service account, passes. High where it asks for tags that the association switches off: no pod gets the role then.
    """
    trust = readable(trust_of(role))
    opened = tuple(s for s in trust.statements if _trusts_pods(s)) if trust else ()
    targets = tuple(a for a in account.seen(PodIdentityAssociation) if a.know("target_role_arn") == role.arn)
    if trust is None or not (opened or targets):
        raise NotApplicable("pods do not get it by Pod Identity")
    if opened:
        yield from _of_pods(role, trust, opened, account)
    yield from _of_target(role, trust, targets)


def _trusts_pods(statement: Statement) -> bool:
    named = statement.principals or ()
    return (
        statement.allow
        and statement.is_about(_ASSUME)
        and any(e.form is Form.SERVICE and e.text == PODS for e in named)
    )


def _of_pods(role: Role, trust: Policy, opened: tuple[Statement, ...], account: Inventory) -> Iterator[Problem]:
    found = [statement for statement in opened if _lets_in(trust, statement, service(PODS), role, _STRANGE)]
    users = _users(role, account)
    fill = {"trust_policy": _bound(role, found, users)} if found and all(map(_only_pods, found)) else {}
    for statement in found:
        yield Problem(
            f"{statement.label} of the trust policy lets any association of any cluster use it",
            expected="a condition on the cluster, or on the service account",
            found="none",
            sub_key=statement.sid,
            fill=fill,
            path=_path(PODS, "service", role, f"{statement.label} of its trust policy, without a condition"),
        )
    if any(c.key.startswith(_TAG) for s in opened for c in s.conditions):
        if users is None and not found:
            users = tuple(a for a in account.every(PodIdentityAssociation) if a.role_arn == role.arn)
        yield from _without_tags(role, trust, users or ())


def _users(role: Role, account: Inventory) -> tuple[PodIdentityAssociation, ...] | None:
    """Return the associations that give pods *role*; None where not all could be seen."""
    seen = tuple(account.seen(PodIdentityAssociation))
    if any(account.unlisted(PodIdentityAssociation)) or any(a.know("role_arn") is None for a in seen):
        return None

    return tuple(a for a in seen if a.role_arn == role.arn)


def _only_pods(statement: Statement) -> bool:
    """Tell whether *statement* speaks of nobody else, whom a condition on clusters would shut out."""
    return all(entry.text == PODS for entry in statement.principals or ())


def _without_tags(role: Role, trust: Policy, own: tuple[PodIdentityAssociation, ...]) -> Iterator[Problem]:
    for each in own:
        if each.disable_session_tags and not _works(trust, role, _sent(each)) and _works(trust, role, _tagged(each)):
            who = f"{each.cluster_name}: {each.namespace}/{each.service_account}"
            yield Problem(
                f"it asks for session tags, which the association of {who} switches off: its pods do not get the role",
                expected="session tags, or a condition on the source",
                found="session tags are off",
                sub_key=each.arn,
                severity=Severity.HIGH,
                cli="aws eks update-pod-identity-association --region {region_of_cluster} --cluster-name {cluster} "
                "--association-id {association} --no-disable-session-tags",
                fill={
                    "region_of_cluster": each.region,
                    "cluster": each.cluster_name,
                    "association": each.arn.rpartition("/")[2],
                },
                path=_path(
                    who, PodIdentityAssociation.type, role, "its trust policy asks for session tags", holds=False
                ),
            )


def _of_target(role: Role, trust: Policy, targets: tuple[PodIdentityAssociation, ...]) -> Iterator[Problem]:
    for each in targets:
        principal = session_of(each.role_arn)
        for statement in trust.statements:
            if statement.allow and _lets_in(trust, statement, principal, role, {"sts:externalid": _FRESH}):
                name = each.role_arn.rpartition("/")[2]
                yield Problem(
                    f"{statement.label} of the trust policy lets {name} in without the external id of the association",
                    expected=f"StringEquals sts:ExternalId {each.external_id}"
                    if each.external_id
                    else "an external id",
                    found="none",
                    sub_key=f"{statement.sid} {each.arn}".strip(),
                    fill=_asking(role, statement, [a for a in targets if a.role_arn == each.role_arn]),
                    path=_path(each.role_arn, Role.type, role, f"{statement.label} of its trust policy"),
                )


def _lets_in(trust: Policy, statement: Statement, principal: Principal, role: Role, strange: dict[str, str]) -> bool:
    """
    Tell whether *statement* lets somebody in of whom *strange* is true, or who says nothing of it.

    Raises:
        Undecided: That hangs on something that is not known.
    """
    others = [s for s in trust.about(_ASSUME) if not s.allow]
    conditions = tuple(c for s in (statement, *others) for c in s.conditions)
    keys = list(dict.fromkeys(c.key for c in conditions))
    try:
        values = [(strange[key], None) if key in strange else candidates(conditions, key) for key in keys]
    except OverflowError as error:
        raise Undecided(str(error)) from None
    if math.prod(map(len, values)) > _MOST_TRIES:
        raise Undecided(f"the conditions of {trust.name} have too many outcomes to try them all")
    doubts: tuple[Doubt, ...] = ()
    for chosen in itertools.product(*values):
        request = _request(principal, role, dict(zip(keys, chosen, strict=True)))
        found = list(met(trust, request, on=role.arn))
        denied = either(*(m.truth for m in found if not m.statement.allow))
        allowed = either(*(m.truth for m in found if m.statement is statement))
        if allowed.value is True and denied.value is False:
            return True
        if allowed.value is not False and denied.value is not True:
            doubts = doubts or (*allowed.doubts, *denied.doubts)
    if doubts:
        raise Undecided(f"it hangs on {', '.join(map(str, doubts))}")

    return False


def _works(trust: Policy, role: Role, known: dict[str, str]) -> bool:
    """Tell whether EKS becomes *role* with what it sends."""
    found = list(met(trust, _request(service(PODS), role, dict(known)), on=role.arn))
    denied = either(*(m.truth for m in found if not m.statement.allow))

    return denied.value is not True and either(*(m.truth for m in found if m.statement.allow)).value is not False


def _request(principal: Principal, role: Role, known: dict[str, Any]) -> Request:
    given: dict[str, Value] = {key: value for key, value in known.items() if value is not None}
    return Request(principal, _ASSUME, role.arn, context=Context(given, open_world=False))


def _cluster_arn(association: PodIdentityAssociation) -> str:
    where = f"{association.partition}:eks:{association.region}:{association.account}"
    return f"arn:{where}:cluster/{association.cluster_name}"


def _sent(association: PodIdentityAssociation) -> dict[str, str]:
    return {"aws:sourcearn": _cluster_arn(association), "aws:sourceaccount": association.account}


def _tagged(association: PodIdentityAssociation) -> dict[str, str]:
    return {
        **_sent(association),
        f"{_TAG}eks-cluster-arn": _cluster_arn(association),
        f"{_TAG}eks-cluster-name": association.cluster_name,
        f"{_TAG}kubernetes-namespace": association.namespace,
        f"{_TAG}kubernetes-service-account": association.service_account,
    }


def _bound(role: Role, found: list[Statement], users: tuple[PodIdentityAssociation, ...] | None) -> str:
    """Return the trust policy with *found* bound to the clusters that use the role; to the account where none is known."""
    clusters = sorted({_cluster_arn(each) for each in users or ()})
    tagged = clusters and not any(each.disable_session_tags for each in users or ())
    key = "aws:RequestTag/eks-cluster-arn" if tagged else "aws:SourceAccount"
    value: Any = (clusters[0] if len(clusters) == 1 else clusters) if tagged else role.account

    return _with_condition(role, {s.number for s in found}, key, value)


def _asking(role: Role, statement: Statement, targets: list[PodIdentityAssociation]) -> dict[str, str]:
    """Return the trust policy that asks for the external ids of *targets*, if it is about their role alone."""
    ids = sorted({a.external_id for a in targets if a.external_id})
    alone = {entry.text for entry in statement.principals or ()} == {a.role_arn for a in targets}
    if not ids or not alone:
        return {}

    return {
        "trust_policy": _with_condition(role, {statement.number}, "sts:ExternalId", ids if len(ids) > 1 else ids[0])
    }


def _with_condition(role: Role, numbers: set[int], key: str, value: Any) -> str:
    changed = statements_of(role.trust or {})
    for number in numbers:
        condition = dict(changed[number - 1].get("Condition") or {})
        changed[number - 1]["Condition"] = {
            **condition,
            "StringEquals": {**condition.get("StringEquals", {}), key: value},
        }

    return with_statements(role.trust or {}, changed) or ""


def _path(origin: str, kind: str, role: Role, by: str, *, holds: bool = True) -> tuple[Hop, ...]:
    return (Hop(origin, kind), Hop(role.arn, Role.type, by, holds=holds))
