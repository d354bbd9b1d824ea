from awsaudit.resources.ecr_public import PublicRepository
from awsaudit.testing import call_faults
from tests.test_collect import Session, collect


ARN = "arn:aws:ecr-public::111122223333:repository"


def test_calls_exist():
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(PublicRepository))


def test_repositories_are_asked_for_once_in_us_east_1():
    """
    Whatever regions are scanned; a repository without a policy has none.
    """
    session = Session()
    gallery = session.stub("ecr-public", "us-east-1")
    listed = [{"repositoryArn": f"{ARN}/{name}", "repositoryName": name} for name in ("docs", "geth")]
    gallery.add_response("describe_repositories", {"repositories": listed}, {"maxResults": 1000})
    gallery.add_response("get_repository_policy", {"policyText": '{"Statement": []}'}, {"repositoryName": "docs"})
    gallery.add_client_error("get_repository_policy", "RepositoryPolicyNotFoundException")

    docs, geth = collect(session, PublicRepository, regions=("eu-west-1", "eu-central-1")).every(PublicRepository)

    gallery.assert_no_pending_responses()
    assert ({"Statement": []}, None) == (docs.policy, geth.policy)
