"""Who builds outside of AWS sign in as: the roles that they become, and the users whose keys they hold."""

from __future__ import annotations

import itertools
import re

from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Undecided
from awsaudit.access import readable, trust_of
from awsaudit.access.federation import TokenTrust, oidc_scope
from awsaudit.access.subject import Family, Width
from awsaudit.resources.iam import Role, User


CI: Final = (
    Family.GITHUB,
    Family.BITBUCKET,
    Family.GITLAB,
    Family.TERRAFORM,
    Family.CIRCLECI,
    Family.BUILDKITE,
    Family.AZURE_DEVOPS,
    Family.SPACELIFT,
)


def widest_ci(role: Role, account: Inventory) -> TokenTrust:
    """
    Return by what builds become *role*, the widest way where there are several.

    Raises:
        NotApplicable: No build of a known provider does.
        EvidenceMissing: The trust policy was refused.
        Undecided: The trust policy cannot be read, or told.
    """
    trust = readable(trust_of(role))
    scope = oidc_scope(trust, accepted=account.target.trust.subjects) if trust else None
    found = [t for t in (scope.of(*CI) if scope else ()) if t.width is not Width.NOBODY or t.undecided]
    if not found:
        raise NotApplicable("no build of a provider outside of AWS becomes it")
    widest = max(found, key=lambda t: t.width)
    if widest.undecided:
        raise Undecided(widest.undecided)

    return widest


def subject_of(taken: TokenTrust) -> str:
    """Return whose builds *taken* lets in, in words."""
    subjects = ", ".join(taken.values("sub"))
    return f"{taken.family.value} {subjects or 'builds of anybody'}"


def way_of(taken: TokenTrust, role: Role) -> tuple[Hop, ...]:
    """Return the path from the provider's builds to *role*."""
    by = f"its trust policy, {taken.statement.label}, takes their tokens"
    return (
        Hop(subject_of(taken), "subject"),
        Hop(taken.provider, "AWS::IAM::OIDCProvider"),
        Hop(role.arn, Role.type, by),
    )


_BUILDERS: Final = frozenset(
    {"bitbucket", "buildkite", "ci", "cicd", "circleci", "deploy", "deployer", "github", "gitlab", "jenkins", "pipeline",
     "pipelines", "terraform", "travis"}
)  # fmt: skip
# Tags that say what a user is for. Those that say who made it, such as ManagedBy = terraform, say nothing of who signs in.
_PURPOSES: Final = frozenset(
    {"application", "app", "component", "description", "function", "name", "purpose", "role", "service", "system", "usage",
     "usedby"}
)  # fmt: skip
_TOKEN: Final = re.compile(r"[A-Za-z]+")
# GitHubActions has the words Git, Hub and Actions.
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def builder_of(user: User) -> str | None:
    """
    Return what says that builds sign in as *user*, in words; None if nothing does.

    Its name is asked, its path, and tags of what it is for; a word counts as a whole: pipelines, but not pipelined.

    Raises:
        EvidenceMissing: The user could not be seen.
    """
    name, path = user.name, user.arn.partition(":user")[2].rpartition("/")[0]
    places = {"its name": name, "its path": path, **_purposes(user.tags)}
    for place, words in places.items():
        found = next((word for word in _words(words) if word in _BUILDERS), None)
        if found:
            return f"{place} has the word {found}"

    return None


def _purposes(tags: Mapping[str, str]) -> Mapping[str, str]:
    return {f"its tag {key}": value for key, value in tags.items() if "".join(_words(key)[:1]) in _PURPOSES}


def _words(text: str) -> tuple[str, ...]:
    """Return the words of *text* in lower case: whole runs of letters first, then what capitals tell apart."""
    runs = _TOKEN.findall(text)
    return tuple(word.lower() for word in (*runs, *itertools.chain.from_iterable(map(_parts, runs))))


def _parts(run: str) -> Iterator[str]:
    words = _WORD.findall(run)
    yield from words
    yield from ("".join(pair) for pair in itertools.pairwise(words))
