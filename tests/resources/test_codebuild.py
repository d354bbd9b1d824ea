from awsaudit.plan import trees_of
from awsaudit.projection import project
from awsaudit.resources.codebuild import DETAILS, LIST, Project, Variable
from awsaudit.testing import fake


ANSWER = {
    "name": "release",
    "serviceRole": "arn:aws:iam::111122223333:role/release",
    "source": {"type": "GITHUB", "location": "https://github.com/example/release.git", "buildspec": "in plain text"},
    "environment": {
        "environmentVariables": [
            {"name": "STAGE", "value": "in plain text"},
            {"name": "TOKEN", "value": "ci/token:key", "type": "SECRETS_MANAGER"},
        ]
    },
    "webhook": {
        "payloadUrl": "https://codebuild.eu-west-1.amazonaws.com/webhooks?t=in plain text",
        "secret": "in plain text",
        "filterGroups": [
            [
                {"type": "EVENT", "pattern": "PULL_REQUEST_CREATED"},
                {"type": "ACTOR_ACCOUNT_ID", "pattern": "^1$", "excludeMatchedPattern": True},
            ]
        ],
        "pullRequestBuildPolicy": {"requiresCommentApproval": "FORK_PULL_REQUESTS", "approverRoles": ["GITHUB_WRITE"]},
    },
}


def test_project_is_read():
    """
    Variables have their name and where their value comes from, plain text unless it is said; a reference is no secret.
    """
    project_ = fake(Project, {LIST: "release", DETAILS: ANSWER})

    assert "arn:aws:codebuild:eu-west-1:111122223333:project/release" == project_.arn
    assert ("arn:aws:iam::111122223333:role/release", "GITHUB") == (project_.role_arn, project_.source_type)
    assert (Variable("STAGE", "PLAINTEXT"), Variable("TOKEN", "SECRETS_MANAGER", "ci/token:key")) == project_.variables


def test_webhook_is_read():
    """
    Groups of filters stay groups; a webhook without filters is one all the same.
    """
    hook = fake(Project, {LIST: "release", DETAILS: ANSWER}).webhook
    bare = fake(Project, {LIST: "release", DETAILS: {**ANSWER, "webhook": {"url": "https://example.com"}}}).webhook
    none = fake(Project, {LIST: "release", DETAILS: {"name": "release"}}).webhook

    assert [[("EVENT", False), ("ACTOR_ACCOUNT_ID", True)]] == [[(f.kind, f.excludes) for f in g] for g in hook.filters]
    assert ("FORK_PULL_REQUESTS", ("GITHUB_WRITE",), None) == (hook.approval, hook.approvers, hook.branches)
    assert ((), None) == (bare.filters, bare.approval)
    assert none is None


def test_values_and_secrets_are_not_kept():
    """
    Evidence of a project has no values of variables, no build specification, no secret and no token of the webhook.
    """
    tree = next(tree for call, tree in trees_of(Project) if call == DETAILS)

    assert "in plain text" not in str(project(tree, {"projects": [ANSWER]}))
