import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codecommit import TEMPLATE, TEMPLATES, RepositoryApprovalTemplate
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codecommit.approval_rules import approval_rules


def template(repository, *references, name="reviewed", approvals=1, content=None):
    statement = {"Type": "Approvers", "NumberOfApprovalsNeeded": approvals}
    rule = {"Version": "2018-11-08", "Statements": [statement]}
    if references:
        rule["DestinationReferences"] = list(references)
    answer = {"approvalRuleTemplateContent": content or json.dumps(rule)}
    return fake(RepositoryApprovalTemplate, {TEMPLATES: name, TEMPLATE: answer}, parent=repository)


def test_flags_a_repository_without_templates(sources):
    """
    The printed template, with the repository, makes it pass.
    """
    repository = sources()
    [finding] = run_check(approval_rules, repository)
    words = shlex.split(finding.fix)
    content = words[words.index("--approval-rule-template-content") + 1]

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert 2 == words.count("one-approval-api")
    assert [Status.PASS] == statuses(run_check(approval_rules, repository, template(repository, content=content)))


@pytest.mark.parametrize("references", [("refs/heads/release",), ("refs/heads/mainline", "refs/heads/main-2")])
def test_flags_templates_for_other_branches(sources, references):
    """
    They are named.
    """
    repository = sources()
    [finding] = run_check(approval_rules, repository, template(repository, *references))

    assert Status.FAIL == finding.status
    assert "reviewed asks for one on other branches" in finding.message


def test_flags_templates_that_ask_for_nothing(sources):
    """
    No approval is no rule.
    """
    repository = sources()

    assert [Status.FAIL] == statuses(run_check(approval_rules, repository, template(repository, approvals=0)))


@pytest.mark.parametrize("references", [(), ("refs/heads/main",), ("refs/heads/release", "refs/heads/main")])
def test_an_approval_for_the_default_branch_passes(sources, references):
    """
    A template without branches is for all of them.
    """
    repository = sources()
    others = template(repository, "refs/heads/x", name="others")

    assert [Status.PASS] == statuses(run_check(approval_rules, repository, others, template(repository, *references)))


def test_a_template_of_another_repository_does_not_count(sources):
    """
    It has to be associated with this one.
    """
    other = sources("web")

    assert [Status.FAIL] == statuses(run_check(approval_rules, sources(), other, template(other)))


def test_a_pattern_is_unknown(sources):
    """
    What a wildcard in a template means is not documented.
    """
    repository = sources()

    assert [Status.UNKNOWN] == statuses(run_check(approval_rules, repository, template(repository, "refs/heads/*")))


def test_an_empty_repository_is_not_judged(sources):
    """
    There is no branch to merge into.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(approval_rules, sources(branch=None)))


def test_templates_that_cannot_be_read_are_unknown(sources):
    """
    Refused, or of a form that is none.
    """
    repository = sources()
    hidden = fake(RepositoryApprovalTemplate, {TEMPLATES: "hidden"}, parent=repository)

    assert [Status.UNKNOWN] == statuses(run_check(approval_rules, repository, hidden))
    assert [Status.UNKNOWN] == statuses(
        run_check(approval_rules, repository, template(repository, content='{"Statements": "?"}'))
    )
    assert [Status.UNKNOWN] == statuses(run_check(approval_rules, repository, unlisted=[RepositoryApprovalTemplate]))
    assert [Status.PASS] == statuses(run_check(approval_rules, repository, hidden, template(repository)))
