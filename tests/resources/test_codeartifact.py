import datetime

import pytest

from awsaudit.resources.codeartifact import OpenPackage, Origins, PackageName, Repository
from tests.test_collect import Session, collect


OWNER = "111122223333"
HERE = {"domain": "team", "domainOwner": OWNER, "repository": "app"}
PAGE = {"maxResults": 1000}
OPEN = {**HERE, **PAGE, "publish": "ALLOW", "upstream": "ALLOW"}


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def described(**more):
    return {"repository": {"name": "app", "upstreams": [], "externalConnections": [], **more}}


def listed(session):
    arn = f"arn:aws:codeartifact:eu-west-1:{OWNER}:repository/team/app"
    item = {"name": "app", "domainName": "team", "domainOwner": OWNER, "arn": arn}
    stub = session.stub("codeartifact")
    stub.add_response("list_repositories", {"repositories": [item]}, PAGE)
    return stub


def test_a_repository_without_upstreams_is_asked_for_no_closed_packages(session):
    """
    Nothing could come in that they would keep out.
    """
    codeartifact = listed(session)
    codeartifact.add_response("describe_repository", described(), HERE)

    [repository] = collect(session, Repository).every(Repository)

    assert ((), (), ()) == (repository.upstreams, repository.external_formats, repository.closed_packages)


def test_packages_with_a_namespace_and_without(session):
    """
    The namespace is left out where there is none; the group is asked for what was published here only.
    """
    codeartifact = listed(session)
    npm, pypi = {"format": "npm", "namespace": "acme", "package": "ui"}, {"format": "pypi", "package": "requests"}
    public = {"externalConnectionName": "public:npmjs", "packageFormat": "npm", "status": "Available"}
    here = {"originType": "INTERNAL", "domainEntryPoint": {"repositoryName": "app"}}
    modes = {name: {"effectiveMode": "ALLOW"} for name in ("PUBLISH", "EXTERNAL_UPSTREAM", "INTERNAL_UPSTREAM")}
    group = {"pattern": "/*", "createdTime": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)}
    codeartifact.add_response("list_packages", {"packages": [npm, pypi]}, OPEN)
    codeartifact.add_response("describe_repository", described(externalConnections=[public]), HERE)
    codeartifact.add_response(
        "list_package_versions",
        {"versions": [_version(here), _version(here)]},
        {**HERE, **PAGE, **npm},
    )
    codeartifact.add_response(
        "list_package_versions", {"versions": [_version({"originType": "EXTERNAL"})]}, {**HERE, **PAGE, **pypi}
    )
    codeartifact.add_response("list_packages", {"packages": [pypi]}, {**HERE, **PAGE, "upstream": "BLOCK"})
    codeartifact.add_response(
        "get_associated_package_group",
        {"packageGroup": {**group, "originConfiguration": {"restrictions": modes}}, "associationType": "STRONG"},
        {"domain": "team", "domainOwner": OWNER, **npm},
    )

    account = collect(session, Repository, OpenPackage)
    ui, requests = account.every(OpenPackage)

    assert (("npm",), (PackageName("pypi", None, "requests"),)) == (
        ui.parent_resource.external_formats,
        ui.parent_resource.closed_packages,
    )
    assert (("INTERNAL",), ("app",)) == (ui.origin_types, ui.published_in)
    assert Origins("/*", "STRONG", "ALLOW", "ALLOW", "ALLOW") == ui.origins
    assert (("EXTERNAL",), (), None) == (requests.origin_types, requests.published_in, requests.origins)
    assert f"arn:aws:codeartifact:eu-west-1:{OWNER}:package/team/app/npm/acme/ui" == ui.arn
    assert f"arn:aws:codeartifact:eu-west-1:{OWNER}:package/team/app/pypi//requests" == requests.arn
    assert ["npm/acme/ui", "pypi/requests"] == [str(p.package) for p in (ui, requests)]


def _version(origin):
    return {"version": "1.0.0", "status": "Published", "origin": origin}
