"""What single statements of policies are about."""

from __future__ import annotations

from collections.abc import Iterable

from awsaudit.access import Policy, Statement
from awsaudit.access.pattern import arn_glob, glob, is_whole_arn, resource_glob
from awsaudit.access.policy import Form


def speaks_of(statement: Statement, arns: Iterable[str]) -> bool:
    """Tell whether *statement* is about one of the resources *arns*: one that is about others lets nobody in."""
    wanted = tuple(map(arn_glob, arns))
    if statement.not_resources:
        return not all(any(resource_glob(r).covers(w) for r in statement.not_resources) for w in wanted)
    named = statement.resources

    return not named or any(
        "${" in r or not is_whole_arn(r) or any(resource_glob(r).overlaps(w) for w in wanted) for r in named
    )


def denied_to_all(statements: Iterable[Statement], action: str) -> bool:
    """Tell whether one of *statements* denies *action* to everybody, whatever the circumstances."""
    return any(
        not s.allow
        and not s.conditions
        and s.is_about(action)
        and any(e.form is Form.ANYONE for e in s.principals or ())
        for s in statements
    )


def wildcards_over(policy: Policy, statement: Statement, actions: Iterable[str]) -> tuple[str, ...]:
    """Return the wildcards of *statement* that stand for one of *actions* too, unless that is denied to everybody."""
    granted = [a for a in actions if not denied_to_all(policy.statements, a)]
    if statement.not_actions:
        return ("everything but " + ", ".join(statement.not_actions),) if any(map(statement.is_about, granted)) else ()
    wide = (a for a in statement.actions if "*" in a or "?" in a)

    return tuple(w for w in wide if any(glob(w, fold=True).matches(a) for a in granted))


_BOUND = {"aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:principalorgid", "aws:principalaccount"}


def buckets_alone(policy: Policy) -> tuple[str, ...]:
    """Return the ARNs of buckets to which a statement of *policy* is bound and to no account: they tell none."""
    found: dict[str, None] = {}
    for statement in policy.statements:
        if statement.allow and not any(c.key in _BOUND for c in statement.conditions):
            sources = (v for c in statement.conditions if c.key == "aws:sourcearn" for v in c.values)
            found.update((arn, None) for arn in sources if arn.split(":")[2:5] == ["s3", "", ""])

    return tuple(found)
