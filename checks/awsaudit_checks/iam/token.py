"""What roles take of OIDC tokens, and how it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import evolve

from awsaudit import Hop, Inventory, NotApplicable, Note, Problem, Severity, Undecided
from awsaudit.access import readable, trust_of, unread_controls
from awsaudit.access.federation import OidcScope, TokenTrust, oidc_scope
from awsaudit.access.subject import Family, Width
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.iam import OidcProvider, Role
from awsaudit_checks.iam.writing import written


Judge = Callable[[TokenTrust], "Problem | Note | None"]

PEOPLE: Final = frozenset({Family.COGNITO, Family.EKS})
"""Families whose tokens are no builds' and are judged elsewhere: of signed-in users, and of pods."""


def taken_by(role: Role, account: Inventory, families: Iterable[Family]) -> tuple[TokenTrust, ...]:
    """
    Return what *role* takes of the tokens of *families*.

    Raises:
        NotApplicable: It takes none.
        EvidenceMissing: The trust policy was refused.
        Undecided: The trust policy cannot be read.
    """
    wanted = frozenset(families)
    found = tuple(t for t in scope_of(role, account).trusts if t.family in wanted)
    if not found:
        raise NotApplicable("its trust policy takes no such tokens")

    return found


def scope_of(role: Role, account: Inventory) -> OidcScope:
    """Return whose tokens the trust policy of *role* takes; asked once a role."""
    return account.once(("iam.token", role.arn), lambda: _scope(role, account))


def _scope(role: Role, account: Inventory) -> OidcScope:
    trust = readable(trust_of(role))
    return oidc_scope(trust, accepted=account.target.trust.subjects) if trust else OidcScope()


def problems_of(found: Iterable[TokenTrust], judge: Judge) -> Iterator[Problem | Note]:
    """
    Yield what *judge* says of each.

    Raises:
        EvidenceMissing: Nothing is wrong for certain, and something was refused.
        Undecided: Nothing is wrong for certain, and something could not be told.
    """
    taken = tuple(found)
    said: list[Problem | Note] = []
    unsure: EvidenceMissing | Undecided | None = None
    for trust in taken:
        try:
            judged = None if trust.undecided else judge(trust)
        except (EvidenceMissing, Undecided) as reason:
            unsure = unsure or reason
            continue
        if trust.undecided or (trust.depends_on and isinstance(judged, Problem)):
            why = trust.undecided or f"it hangs on {', '.join(map(str, trust.depends_on))}"
            unsure = unsure or Undecided(why)
        elif judged:
            said.append(judged)
    if unsure and not any(isinstance(each, Problem) for each in said):
        raise unsure
    yield from said


def any_run(taken: TokenTrust, what: str, role: Role, account: Inventory, expected: str) -> Problem | Note:
    """
    Return what is to be said where every run of a project becomes *role*: whoever pushes a branch has what it may write.

    Args:
        taken: What is taken.

        what: What is wrong with it, after "statement 1 of the trust policy".

        role: The role.

        account: Where its policies are: all of `RIGHTS`.

        expected: What should be there.

    Raises:
        EvidenceMissing: What the role may do could not be read.
        Undecided: It cannot be told.
    """
    may = written(role, account)
    if may is None:
        return Note(f"{taken.statement.label} of the trust policy {what}; the role can only read")
    hidden = "; the organization's service control policies could not be read" if unread_controls(account) else ""
    problem = told(taken, what, Severity.MEDIUM, role, expected)
    end = Hop(f"what {role.name} writes", "rights", f"it may {may.words}: {may.by}")

    return evolve(problem, message=f"{problem.message}; the role may {may.words}{hidden}", path=(*problem.path, end))


def told(taken: TokenTrust, what: str, severity: Severity | None, role: Role, expected: str) -> Problem:
    """
    Return the problem that *taken* is.

    Args:
        taken: What is taken.

        what: What is wrong with it, after "statement 1 of the trust policy".

        severity: How bad it is; unset means the check's own.

        role: The role.

        expected: What should be there.
    """
    subjects = taken.values("sub")
    return Problem(
        f"{taken.statement.label} of the trust policy {what}" + (f", such as {taken.example}" if taken.example else ""),
        expected=expected,
        found=", ".join(subjects) if subjects else "no condition on the subject",
        sub_key=key_of(taken),
        severity=severity,
        path=way(taken, role),
    )


def key_of(taken: TokenTrust) -> str:
    """Return what tells *taken* from what else the role takes."""
    return " ".join(filter(None, (taken.issuer, taken.statement.sid)))


def way(taken: TokenTrust, role: Role) -> tuple[Hop, ...]:
    """Return the path from a token to *role*."""
    who = f"a token of {taken.family.value}" + (f" with {taken.example}" if taken.example else "")
    if taken.width is Width.NOBODY:
        by = f"{taken.statement.label} of its trust policy takes none of them"
    else:
        by = f"{taken.statement.label} of its trust policy takes it"

    return (
        Hop(who, "subject"),
        Hop(taken.provider, OidcProvider.type, f"issued by {taken.issuer}"),
        Hop(role.arn, Role.type, by, holds=taken.width is not Width.NOBODY),
    )


def nobody(taken: TokenTrust, role: Role, hint: str, expected: str) -> Problem:
    """Return the problem that no token of the issuer is taken: the role is of no use, or of none any more."""
    what = f"takes no token that {taken.family.value} makes{_literal(taken)}; {hint}"
    return told(taken, what, Severity.INFO, role, expected)


def _literal(taken: TokenTrust) -> str:
    """Say it where a wildcard stands where it is a mere character."""
    plain = [c for c in taken.binding if c.operator.name != "stringlike"]
    starred = [v for c in plain for v in c.values if set(v) & {"*", "?"}]

    return f", as to {plain[0].operator.text} a wildcard is a mere character" if starred else ""


def pinned(found: Iterable[TokenTrust]) -> tuple[TokenTrust, ...]:
    """
    Return those of *found* that ask for a subject and for its owner.

    Raises:
        NotApplicable: There are none; other checks tell that.
    """
    taken = tuple(found)
    asking = tuple(t for t in taken if t.width < Width.OWNER)
    if not asking:
        missing = any(t.width is Width.MISSING for t in taken)
        raise NotApplicable(
            "the subject is not asked for at all, which iam-oidc-trust-missing-subject tells"
            if missing
            else "the owner is left open, which iam-oidc-sub-owner-unpinned tells"
        )

    return asking
