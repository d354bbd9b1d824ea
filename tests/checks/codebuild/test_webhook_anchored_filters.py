import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codebuild import LIST, Project
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codebuild.webhook_anchored_filters import webhook_anchored_filters
from tests.checks.codebuild.hooks import PROPOSED, asks, hook, project


UUID = "5d2f4f6c-0000-4000-8000-000000000003"


def judge(*filters):
    return run_check(webhook_anchored_filters, project(hook([PROPOSED, *filters])))


@pytest.mark.parametrize(
    ("kind", "pattern", "severity"),
    [
        ("ACTOR_ACCOUNT_ID", "1234", Severity.HIGH),
        ("ACTOR_ACCOUNT_ID", "^1|2$", Severity.HIGH),
        ("ACTOR_ACCOUNT_ID", "^1", Severity.HIGH),
        ("ACTOR_ACCOUNT_ID", r"^1\$", Severity.HIGH),
        ("ACTOR_ACCOUNT_ID", "(^1$|2)", Severity.HIGH),
        ("ACTOR_ACCOUNT_ID", "1|2", Severity.HIGH),
        ("HEAD_REF", "refs/heads/main", Severity.MEDIUM),
        ("BASE_REF", "^refs/heads/main$|refs/heads/dev", Severity.MEDIUM),
        ("REPOSITORY_NAME", "app", Severity.MEDIUM),
        ("ORGANIZATION_NAME", "example", Severity.MEDIUM),
        ("TAG_NAME", "v1", Severity.MEDIUM),
        ("HEAD_REF", ".*main", Severity.MEDIUM),
    ],
)
def test_flags_patterns_without_anchors(kind, pattern, severity):
    """
    Each alternative has to have them: those of accounts at both ends, those of names at the beginning.
    """
    [finding] = judge(asks(kind, pattern))

    assert (Status.FAIL, severity, pattern) == (finding.status, finding.severity, finding.found)
    assert f"{kind} {pattern}" == finding.sub_key


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("ACTOR_ACCOUNT_ID", "^1$"),
        ("ACTOR_ACCOUNT_ID", "^(1|2)$"),
        ("ACTOR_ACCOUNT_ID", "^1$|^2$"),
        ("ACTOR_ACCOUNT_ID", "(?:^1$|^2$)"),
        ("ACTOR_ACCOUNT_ID", "(^1$)|(^[0|9]$)"),
        ("ACTOR_ACCOUNT_ID", r"\A1\z"),
        ("HEAD_REF", "^refs/heads/release-"),
        ("HEAD_REF", "(?i)^refs/heads/main$"),
        ("HEAD_REF", ".*"),
        ("REPOSITORY_NAME", "^app$"),
        ("COMMIT_MESSAGE", "build"),
        ("FILE_PATH", "src/"),
    ],
)
def test_accepts_anchors(kind, pattern):
    """
    Names may have an open end; what takes anything has nothing to anchor; messages and files are no question of who.
    """
    assert [Status.PASS] == statuses(judge(asks(kind, pattern)))


def test_accepts_patterns_that_exclude():
    """
    Without anchors they exclude more, not less.
    """
    assert [Status.PASS] == statuses(judge(asks("ACTOR_ACCOUNT_ID", "1234", excludes=True)))


def request_of(finding):
    words = shlex.split(finding.fix)
    return json.loads(words[words.index("--cli-input-json") + 1])


@pytest.mark.parametrize(
    ("kind", "pattern", "mended"),
    [
        ("ACTOR_ACCOUNT_ID", "^1|2$", "^(1|2)$"),
        ("ACTOR_ACCOUNT_ID", "^(1|2)", "^(1|2)$"),
        ("ACTOR_ACCOUNT_ID", UUID, f"^({UUID})$"),
        ("HEAD_REF", "refs/heads/main$", "^refs/heads/main$"),
        ("BASE_REF", "^refs/heads/main$|refs/heads/dev", "^refs/heads/main$|^refs/heads/dev"),
    ],
)
def test_the_fix_anchors_what_is_meant(kind, pattern, mended):
    """
    The request has all filters and the policy on pull requests; sent, it makes the project pass.
    """
    webhook = hook([PROPOSED, asks(kind, pattern)], [asks("FILE_PATH", "docs", excludes=True)], approval="DISABLED")
    [finding] = run_check(webhook_anchored_filters, project(webhook))
    request = request_of(finding)

    assert [PROPOSED["pattern"], mended] == [f["pattern"] for f in request["filterGroups"][0]]
    assert [{"type": "FILE_PATH", "pattern": "docs", "excludeMatchedPattern": True}] == request["filterGroups"][1]
    assert "DISABLED" == request["pullRequestBuildPolicy"]["requiresCommentApproval"]
    assert [Status.PASS] == statuses(run_check(webhook_anchored_filters, project(request)))


@pytest.mark.parametrize(("kind", "pattern"), [("HEAD_REF", "main"), ("REPOSITORY_NAME", "app")])
def test_no_command_where_the_meaning_is_open(kind, pattern):
    """
    ^main would be true of no branch at all.
    """
    [finding] = judge(asks(kind, pattern), asks("ACTOR_ACCOUNT_ID", "1"))[:1]

    assert finding.fix is None


def test_the_same_filter_is_told_once():
    """
    In however many groups it stands.
    """
    loose = asks("ACTOR_ACCOUNT_ID", "1")

    assert [Status.FAIL] == statuses(run_check(webhook_anchored_filters, project(hook([PROPOSED, loose], [loose]))))


def test_does_not_apply_without_a_webhook():
    """
    Nothing is filtered there.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(webhook_anchored_filters, project()))


def test_refused_details_are_unknown():
    """
    A project of which only the name is known may have filters.
    """
    assert [Status.UNKNOWN] == statuses(run_check(webhook_anchored_filters, fake(Project, {LIST: "release"})))
