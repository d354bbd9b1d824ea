from __future__ import annotations

import re

from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project, WebhookFilter
from awsaudit_checks.codebuild.regex import alternatives, bare, is_anchored, meant
from awsaudit_checks.codebuild.webhook import UPDATE, takes_anything, webhook_of, with_patterns


_WHO: Final = "ACTOR_ACCOUNT_ID"
_WHERE: Final = frozenset({"HEAD_REF", "BASE_REF", "TAG_NAME", "REPOSITORY_NAME", "ORGANIZATION_NAME"})
_ID: Final = re.compile(r"\d+|\\?\{?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\?\}?", re.ASCII)


@check(
    "codebuild-webhook-anchored-filters",
    title="Webhook filter patterns are anchored",
    severity=Severity.HIGH,
    equivalents=("prowler:codebuild_project_webhook_filters_use_anchored_patterns",),
    remediation=Remediation(
        text="Begin each alternative with ^, and end those of ACTOR_ACCOUNT_ID with $: ^(123|456)$ for two accounts, "
        "^refs/heads/main$ for one branch.",
        cli=UPDATE,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/github-webhook.html",
    ),
)
def webhook_anchored_filters(project: Project) -> Iterator[Problem]:
    """
    A pattern without anchors is found anywhere in a text: an account id that has a listed one in its midst starts builds,
    and anybody may register until theirs has. So does a branch that has the name of another in its own, which is medium.
    Patterns that exclude pass, and so do those of branches, tags and repositories that take just anything.
    """
    found = {f: None for group in webhook_of(project).filters for f in group if _is_loose(f)}
    fill = _mended(project, tuple(found))
    for wanted in found:
        is_who = wanted.kind == _WHO
        yield Problem(
            f"the filter {wanted.kind} {wanted.pattern} is not anchored: "
            + ("every account id that has it in its midst passes" if is_who else "it is found anywhere in the name"),
            expected="^ and $ around every alternative" if is_who else "^ before every alternative",
            found=wanted.pattern,
            sub_key=f"{wanted.kind} {wanted.pattern}",
            severity=None if is_who else Severity.MEDIUM,
            fill=fill,
        )


def _is_loose(wanted: WebhookFilter) -> bool:
    if wanted.excludes:
        return False
    if wanted.kind == _WHO:
        return not is_anchored(wanted.pattern, end=True)

    return wanted.kind in _WHERE and not is_anchored(wanted.pattern, end=False) and not takes_anything(wanted)


def _mended(project: Project, loose: tuple[WebhookFilter, ...]) -> Mapping[str, str]:
    """Return what fills the command; nothing where what is meant is the owner's to say, as with a branch without refs/heads/."""
    patterns = {f: _anchored(f) for f in loose}
    known = {f: pattern for f, pattern in patterns.items() if pattern}

    return {"request": with_patterns(project, known)} if len(known) == len(patterns) else {}


def _anchored(wanted: WebhookFilter) -> str | None:
    if wanted.kind == _WHO and all(map(_ID.fullmatch, meant(wanted.pattern))):
        return f"^({'|'.join(meant(wanted.pattern))})$"
    every = alternatives(wanted.pattern)
    if wanted.kind in {"HEAD_REF", "BASE_REF"} and all(bare(a).startswith("refs/") for a in every):
        return "|".join(a if is_anchored(a, end=False) else f"^{a}" for a in every)

    return None
