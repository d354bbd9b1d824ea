"""Whether a principal may do something to some resource that it chooses, or makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory
from awsaudit.access import Decision, Policy, identity_of
from awsaudit.access.pattern import glob
from awsaudit.resources.iam import Role, User
from awsaudit_checks.iam.alone import NOBODY_NAMES
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.iam.recipe import KINDS
from awsaudit_checks.iam.strength import ask, holds


def speaks_of(holder: Role | User, action: str, account: Inventory) -> bool:
    """Tell whether a policy of *holder* allows *action* on something."""
    return any(
        not isinstance(layer, Policy) or any(s.allow for s in layer.about(action))
        for layer in identity_of(holder, account)
    )


def somewhere(holder: Role | User, action: str, account: Inventory) -> Decision | None:
    """
    Return the decision that lets *holder* do *action* to a resource of its choice; None if there is no such resource.

    Raises:
        EvidenceMissing: There is none that could be seen, and a policy was refused.
        Undecided: There is none for certain, and that hangs on a policy that cannot be read, or on tags.
    """
    return account.once(("iam.somewhere", holder.arn, action), lambda: _somewhere(holder, action, account))


def _somewhere(holder: Role | User, action: str, account: Inventory) -> Decision | None:
    found: Decision | None = None
    for kind in KINDS.get(action, ("",)):
        found = _allowed(holder, action, account, kind)
        if found is None:
            return None

    return found


def _allowed(holder: Role | User, action: str, account: Inventory, kind: str) -> Decision | None:
    def allowed(arn: str) -> Decision | None:
        decision = ask(holder, action, arn, account)
        return decision if holds(decision) else None

    return next(iter(certain(dict.fromkeys(_chosen(holder, action, account, kind)), allowed, most=1)), None)


def _chosen(holder: Role | User, action: str, account: Inventory, kind: str) -> Iterator[str]:
    """Yield ARNs of resources of *kind*, made up so that a statement that allows *action* is about them."""
    for pattern in patterns_of(holder, action, account):
        for region in _regions(action, account):
            arn = made_up(pattern, action, account, region=region, kind=kind)
            if arn:
                yield arn


def patterns_of(holder: Role | User, action: str, account: Inventory) -> tuple[str, ...]:
    """Return the resources for which policies of *holder* allow *action*, as they stand there."""
    statements = [s for p in identity_of(holder, account) if isinstance(p, Policy) for s in p.about(action) if s.allow]
    named = (r for s in statements for r in (("*",) if s.not_resources else s.resources))

    return tuple(dict.fromkeys(named))


_GLOBAL: Final = frozenset({"iam"})


def _regions(action: str, account: Inventory) -> tuple[str, ...]:
    return ("",) if action.partition(":")[0] in _GLOBAL else account.regions


def made_up(pattern: str, action: str, account: Inventory, *, region: str = "", kind: str = "") -> str | None:
    """
    Return an ARN of the account that *pattern* matches, with a name that nobody has; None if there is none.

    Args:
        pattern: A resource as it stands in a policy.

        action: The action, for its service.

        account: The account.

        region: The region; empty for a service without.

        kind: What the last part begins with, such as ``instance``; empty for anything.
    """
    if "${" in pattern:
        return None
    service = action.partition(":")[0].lower()
    parts = pattern.split(":", 5) if pattern.startswith("arn:") else []
    wanted: tuple[str, ...] = ("arn", account.target.partition, service, region, account.account)
    if len(parts) == 6:  # noqa: PLR2004 - an ARN has six components
        if not all(glob(part).matches(want) or not part for part, want in zip(parts, wanted, strict=False)):
            return None
        wanted = tuple(want if part else "" for part, want in zip(parts, wanted, strict=False))
    elif pattern.strip("*"):
        return None
    last = _last(parts[5] if parts else "*", kind)

    return ":".join((*wanted, last)) if last else None


def _last(pattern: str, kind: str) -> str | None:
    name = f"{kind}/{NOBODY_NAMES}" if kind else NOBODY_NAMES
    if glob(pattern).matches(name):
        return name
    if kind and not pattern.startswith(f"{kind}/"):
        return None

    return pattern.replace("*", NOBODY_NAMES).replace("?", "x")
