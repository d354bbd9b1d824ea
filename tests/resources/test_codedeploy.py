import pytest

from awsaudit.plan import trees_of
from awsaudit.projection import project
from awsaudit.resources.codedeploy import DETAILS, Application, DeploymentGroup, TagFilter
from awsaudit.testing import fake
from tests.test_collect import Session, collect


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def test_groups_of_each_application_are_asked_about_together(session):
    """
    A configuration of AWS's own is not asked for: its name says what it does. One that was deleted is none.
    """
    codedeploy = session.stub("codedeploy")
    codedeploy.add_response("list_applications", {"applications": ["api", "web"]})
    codedeploy.add_response(
        "list_deployment_groups", {"deploymentGroups": ["blue", "green"]}, {"applicationName": "api"}
    )
    codedeploy.add_response("list_deployment_groups", {"deploymentGroups": []}, {"applicationName": "web"})
    groups = [
        {"deploymentGroupName": "green", "deploymentConfigName": "own"},
        {"deploymentGroupName": "blue", "deploymentConfigName": "CodeDeployDefault.OneAtATime"},
    ]
    codedeploy.add_response(
        "batch_get_deployment_groups",
        {"deploymentGroupsInfo": groups},
        {"applicationName": "api", "deploymentGroupNames": ["blue", "green"]},
    )
    codedeploy.add_client_error("get_deployment_config", "DeploymentConfigDoesNotExistException")

    blue, green = collect(session, Application, DeploymentGroup).every(DeploymentGroup)

    assert "arn:aws:codedeploy:eu-west-1:111122223333:deploymentgroup:api/blue" == blue.arn
    assert ("api", "own", None, None) == (green.application, green.configuration_name, blue.pace, green.pace)


@pytest.mark.parametrize(
    ("details", "filters"),
    [
        ({}, ()),
        ({"ec2TagFilters": []}, ()),
        ({"ec2TagFilters": [{"Key": "a"}]}, ((TagFilter("a", None, None),),)),
        (
            {"ec2TagSet": {"ec2TagSetList": [[{"Key": "a"}], [{"Value": "b", "Type": "VALUE_ONLY"}]]}},
            ((TagFilter("a", None, None),), (TagFilter(None, "b", "VALUE_ONLY"),)),
        ),
    ],
)
def test_one_list_of_tags_or_several(details, filters):
    """
    AWS keeps them in two places.
    """
    assert filters == fake(DeploymentGroup, {DETAILS: details}).tag_filters


def test_texts_of_revisions_are_not_kept():
    """
    Their authors write into them what they like.
    """
    tree = next(tree for call, tree in trees_of(DeploymentGroup) if call == DETAILS)
    revision = {
        "revisionType": "AppSpecContent",
        "appSpecContent": {"content": "in plain text"},
        "string": {"content": "in plain text"},
    }

    assert "in plain text" not in str(project(tree, {"deploymentGroupsInfo": [{"targetRevision": revision}]}))
