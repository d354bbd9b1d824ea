import json

import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.plan import trees_of
from awsaudit.projection import project
from awsaudit.resources.codecommit import (
    TEMPLATE,
    TRIGGERS,
    ApprovalRule,
    Repository,
    RepositoryApprovalTemplate,
    Trigger,
)
from awsaudit.testing import fake
from tests.test_collect import Session, collect


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def test_repositories_are_asked_about_together(session):
    """
    One that cannot be read hides itself alone; a template of two repositories is asked for once.
    """
    codecommit = session.stub("codecommit")
    names = [{"repositoryName": "api", "repositoryId": "1"}, {"repositoryName": "web", "repositoryId": "2"}]
    rule = json.dumps({"Statements": [{"Type": "Approvers", "NumberOfApprovalsNeeded": 2}]})
    codecommit.add_response("list_repositories", {"repositories": names})
    for name in ("api", "web"):
        codecommit.add_response(
            "list_associated_approval_rule_templates_for_repository",
            {"approvalRuleTemplateNames": ["reviewed"]},
            {"repositoryName": name},
        )
    for name in ("api", "web"):
        codecommit.add_response("get_repository_triggers", {"triggers": []}, {"repositoryName": name})
    details = {
        "repositories": [{"repositoryName": "api", "defaultBranch": "main"}],
        "errors": [{"repositoryName": "web", "errorCode": "EncryptionKeyDisabledException"}],
    }
    codecommit.add_response("batch_get_repositories", details, {"repositoryNames": ["api", "web"]})
    codecommit.add_response(
        "get_approval_rule_template",
        {"approvalRuleTemplate": {"approvalRuleTemplateContent": rule}},
        {"approvalRuleTemplateName": "reviewed"},
    )

    account = collect(session, Repository, RepositoryApprovalTemplate)
    api, web = account.every(Repository)

    assert ("arn:aws:codecommit:eu-west-1:111122223333:api", "main") == (api.arn, api.default_branch)
    assert [ApprovalRule((), 2)] * 2 == [t.rule for t in account.every(RepositoryApprovalTemplate)]
    with pytest.raises(EvidenceMissing, match="EncryptionKeyDisabledException"):
        _ = web.default_branch


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"Statements": [{"Type": "Approvers"}]}', "?"])
def test_a_rule_that_cannot_be_read_is_no_rule_and_no_lack_of_one(content):
    """
    It is missing evidence.
    """
    template = fake(RepositoryApprovalTemplate, {TEMPLATE: {"approvalRuleTemplateContent": content}})

    with pytest.raises(EvidenceMissing):
        _ = template.rule


def test_data_of_triggers_are_not_kept():
    """
    Whoever made the trigger put into them what they liked.
    """
    arn = "arn:aws:sns:eu-west-1:111122223333:pushes"
    told = {
        "name": "tell",
        "destinationArn": arn,
        "branches": ["main"],
        "events": ["all"],
        "customData": "in plain text",
    }
    tree = next(tree for call, tree in trees_of(Repository) if call == TRIGGERS)

    assert "in plain text" not in str(project(tree, {"triggers": [told]}))
    assert (Trigger("tell", arn, ("main",), ("all",)),) == fake(Repository, {TRIGGERS: [told]}).triggers
