import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codeartifact import (
    BARE_GROUP,
    BARE_VERSIONS,
    CLOSED,
    DESCRIBE,
    LIST,
    OPEN,
    SCOPED_GROUP,
    SCOPED_VERSIONS,
    OpenPackage,
    Repository,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codeartifact.external_publish import external_publish


OWN = "111122223333"
NPM = {"externalConnectionName": "public:npmjs", "packageFormat": "npm", "status": "Available"}


def store(name, *upstreams, public=(), closed=(), domain="team"):
    item = {
        "name": name,
        "domainName": domain,
        "domainOwner": OWN,
        "arn": f"arn:aws:codeartifact:eu-west-1:{OWN}:repository/{domain}/{name}",
    }
    told = {
        "upstreams": [{"repositoryName": upstream} for upstream in upstreams],
        "externalConnections": list(public),
    }
    return fake(Repository, {LIST: item, DESCRIBE: told, CLOSED: list(closed)})


def version(kind="INTERNAL", where="app"):
    entry = {"repositoryName": where} if kind == "INTERNAL" else {"externalConnectionName": "public:npmjs"}
    return {"version": "1.0.0", "origin": {"originType": kind, "domainEntryPoint": entry}}


def group(publish="ALLOW", external="ALLOW", internal="ALLOW", strength="STRONG", pattern="/*"):
    modes = {"PUBLISH": publish, "EXTERNAL_UPSTREAM": external, "INTERNAL_UPSTREAM": internal}
    restrictions = {name: {"mode": mode, "effectiveMode": mode} for name, mode in modes.items()}
    return {
        "associationType": strength,
        "packageGroup": {"pattern": pattern, "originConfiguration": {"restrictions": restrictions}},
    }


def named(name="billing", namespace="acme", format_="npm"):
    return {"format": format_, "package": name, **({"namespace": namespace} if namespace else {})}


def package(parent, *versions, called=None, origins=None):
    called = called or named()
    scoped = "namespace" in called
    versions = list(versions) if versions else [version()]
    origins = origins or group()
    results = {
        OPEN: called,
        SCOPED_VERSIONS: versions if scoped else None,
        SCOPED_GROUP: origins if scoped else None,
        BARE_VERSIONS: None if scoped else versions,
        BARE_GROUP: None if scoped else origins,
    }
    return fake(OpenPackage, results, parent=parent)


def test_flags_packages_that_come_from_both_sides():
    """
    The command, in the package's own repository, blocks the outside.
    """
    app = store("app", public=[NPM])
    [finding] = run_check(external_publish, app, package(app))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "npm/acme/billing is published in the domain and may come from the public repository, too" == finding.message
    assert {
        "--repository app",
        "--namespace acme",
        "--package billing",
        "--restrictions publish=ALLOW,upstream=BLOCK",
    } <= {" ".join(pair) for pair in zip(shlex.split(finding.fix), shlex.split(finding.fix)[1:], strict=False)}


def test_packages_without_namespace_have_none_in_the_command():
    """
    Those of PyPI, for one.
    """
    pypi = {"externalConnectionName": "public:pypi", "packageFormat": "pypi", "status": "Available"}
    app = store("app", public=[pypi])
    [finding] = run_check(external_publish, app, package(app, called=named(namespace=None, format_="pypi")))

    assert "--format pypi --package billing" in finding.fix


def test_flags_what_comes_through_other_repositories():
    """
    The path goes from the public repository down to the package.
    """
    public, shared = store("public", public=[NPM]), store("shared", "public")
    app = store("app", "shared")
    [finding] = run_check(external_publish, app, package(app), public, shared)

    assert finding.message.endswith("too, through shared, public")
    assert ["public", "shared", "app"] == [hop.resource.rpartition("/")[2] for hop in finding.path[1:-1]]


def test_a_package_of_an_upstream_repository_gets_no_command():
    """
    Blocking all upstream versions would stop it altogether.
    """
    public, shared = store("public", public=[NPM]), store("shared")
    app = store("app", "shared", "public")
    [finding] = run_check(external_publish, app, package(app, version(where="shared")), public, shared)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_what_a_repository_on_the_way_blocks_does_not_arrive():
    """
    Unless there is another way.
    """
    guarded = store("guarded", public=[NPM], closed=[named()])
    public = store("public", public=[NPM])
    app, open_ = store("app", "guarded"), store("open", "guarded", "public")

    assert [Status.PASS] == statuses(run_check(external_publish, app, package(app), guarded))
    assert [Status.FAIL] == statuses(run_check(external_publish, open_, package(open_), guarded, public))


@pytest.mark.parametrize(
    "origins",
    [
        group(external="BLOCK"),
        group(publish="BLOCK"),
        group(strength="WEAK"),
        group(publish="ALLOW_SPECIFIC_REPOSITORIES", external="BLOCK"),
    ],
)
def test_a_package_group_that_blocks_one_side_passes(origins):
    """
    Its restrictions count besides those of the package; a name that only looks like the group's is let in nowhere.
    """
    app = store("app", public=[NPM])

    assert [Status.PASS] == statuses(run_check(external_publish, app, package(app, origins=origins)))


def test_blocking_internal_upstreams_closes_ways_through_them():
    """
    And leaves an external connection of the repository itself.
    """
    public, app, own = store("public", public=[NPM]), store("app", "public"), store("own", public=[NPM])
    closed = group(internal="BLOCK")

    assert [Status.PASS] == statuses(run_check(external_publish, app, package(app, origins=closed), public))
    assert [Status.FAIL] == statuses(run_check(external_publish, own, package(own, origins=closed)))


def test_a_group_that_names_repositories_is_unknown():
    """
    Which these are is not read.
    """
    app = store("app", public=[NPM])
    some = group(external="ALLOW_SPECIFIC_REPOSITORIES")

    assert [Status.UNKNOWN] == statuses(run_check(external_publish, app, package(app, origins=some)))


@pytest.mark.parametrize(
    "more",
    [
        {"versions": [version("EXTERNAL")]},
        {"called": named(format_="generic")},
    ],
)
def test_packages_of_others_and_of_other_formats_pass(more):
    """
    What comes from outside only is no package of ours, and npm's registry has npm's packages.
    """
    app = store("app", public=[NPM])
    versions = more.pop("versions", ())

    assert [Status.PASS] == statuses(run_check(external_publish, app, package(app, *versions, **more)))
    assert [Status.PASS] == statuses(run_check(external_publish, app))


def test_versions_of_unknown_origin_are_unknown():
    """
    They may have been published here, before CodeArtifact kept that.
    """
    app = store("app", public=[NPM])
    old = package(app, version("UNKNOWN"), called=named("old"))

    assert [Status.UNKNOWN] == statuses(run_check(external_publish, app, old))
    assert [Status.FAIL] == statuses(run_check(external_publish, app, old, package(app)))


def test_without_a_public_repository_there_is_nothing_to_shadow():
    """
    Also where repositories take from each other in a circle, and where one of that name is of another domain.
    """
    one, two = store("one", "two"), store("two", "one")
    elsewhere = store("two", public=[NPM], domain="other")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(external_publish, one, package(one), two, elsewhere))


def test_what_cannot_be_seen_is_unknown():
    """
    An upstream repository of another account, packages, versions.
    """
    app = store("app", public=[NPM])
    hidden = fake(OpenPackage, {OPEN: named(), BARE_VERSIONS: None, BARE_GROUP: None}, parent=app)

    assert [Status.UNKNOWN] == statuses(run_check(external_publish, store("app", "foreign")))
    assert [Status.UNKNOWN] == statuses(run_check(external_publish, app, hidden))
    assert [Status.UNKNOWN] == statuses(run_check(external_publish, app, unlisted=[OpenPackage]))
