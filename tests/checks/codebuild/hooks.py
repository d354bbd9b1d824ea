"""Build projects with webhooks, for tests of who starts builds."""

from awsaudit.resources.codebuild import DETAILS, LIST, Project
from awsaudit.testing import fake
from tests.estate import OWN


ROLE = f"arn:aws:iam::{OWN}:role/build"


def event(*names, excludes=False):
    """Return a filter of events."""
    return {"type": "EVENT", "pattern": ", ".join(names), "excludeMatchedPattern": excludes}


def asks(kind, pattern, *, excludes=False):
    """Return a filter of something else."""
    return {"type": kind, "pattern": pattern, "excludeMatchedPattern": excludes}


PROPOSED = event("PULL_REQUEST_CREATED", "PULL_REQUEST_UPDATED")
PUSHED = event("PUSH")


def hook(*groups, approval=None, approvers=(), scope=None, **more):
    """Return a webhook; *scope* is the kind and the name of what sends its events besides the project's repository."""
    policy = {"requiresCommentApproval": approval, "approverRoles": list(approvers)}
    return {
        **({"filterGroups": [list(group) for group in groups]} if groups else {}),
        **({"pullRequestBuildPolicy": policy} if approval else {}),
        **({"scopeConfiguration": {"scope": scope[0], "name": scope[1]}} if scope else {}),
        **more,
    }


def project(webhook=None, *, source="GITHUB", name="release", variables=(), **more):
    """Return a project that builds with the role `ROLE`."""
    environment = {
        "image": "aws/codebuild/standard:7.0",
        "type": "LINUX_CONTAINER",
        "environmentVariables": list(variables),
    }
    answer = {
        "name": name,
        "serviceRole": ROLE,
        "source": {"type": source, "location": "https://github.com/example/app"},
        "environment": environment,
        **({"webhook": webhook} if webhook is not None else {}),
        **more,
    }
    return fake(Project, {LIST: name, DETAILS: answer})
