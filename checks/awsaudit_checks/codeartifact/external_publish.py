from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codeartifact import OpenPackage, Repository
from awsaudit_checks.codeartifact.upstream import Route, routes, way_in
from awsaudit_checks.iam.certain import certain


_SET: Final = (
    "aws codeartifact put-package-origin-configuration --region {region} --domain {domain} --domain-owner {domain_owner} "
    "--repository {name} --format {format} "
)
_RESTRICTIONS: Final = "--package {package} --restrictions publish=ALLOW,upstream=BLOCK"


@check(
    "codeartifact-external-publish",
    title="Internal packages cannot be shadowed from public upstreams",
    severity=Severity.HIGH,
    uses=(
        OpenPackage.package,
        OpenPackage.scoped_published_in,
        OpenPackage.bare_published_in,
        OpenPackage.scoped_types,
        OpenPackage.bare_types,
        OpenPackage.scoped_origins,
        OpenPackage.bare_origins,
    ),
    equivalents=("prowler:codeartifact_packages_external_public_publishing_disabled",),
    remediation=Remediation(
        text="Block upstream versions of packages that you publish yourself. Where they come from another repository of the "
        "domain, block EXTERNAL_UPSTREAM in their package group instead: a package's own setting would stop those, too.",
        cli=f"{_SET}{_RESTRICTIONS}",
        url="https://docs.aws.amazon.com/codeartifact/latest/ug/package-origin-controls.html",
    ),
)
def external_publish(repository: Repository, account: Inventory) -> Iterator[Problem]:
    """
    Whoever publishes a package of the same name, with a higher version, to the public repository gets it installed in place
    of yours: by every build, with the rights of the build. Packages fail that were published in the domain and may still
    come from a public repository as well, directly or through upstream repositories. Either restriction passes, that of the
    package or that of its group; so do packages that come from outside only.
    """
    found = routes(repository, account)
    if not found:
        raise NotApplicable("no public repository is behind it")
    packages = account.children(repository, OpenPackage)
    for package, route in certain(packages, lambda package: _open(package, found)):
        yield _problem(repository, package, route)


def _open(package: OpenPackage, found: tuple[Route, ...]) -> tuple[OpenPackage, Route] | None:
    """Return by which route strangers' versions of *package* come in; None where they do not, or it is theirs."""
    types = package.origin_types
    if not {*types} - {"EXTERNAL"}:
        return None
    route = way_in(package, found)
    if route is None:
        return None
    if "INTERNAL" not in types:
        raise Undecided(f"AWS does not tell where the versions of {package.package} are from")

    return package, route


def _problem(repository: Repository, package: OpenPackage, route: Route) -> Problem:
    called = package.package
    through = "" if len(route.repositories) == 1 else f", through {', '.join(r.name for r in route.repositories[1:])}"
    fill = {"format": called.format, "package": called.name}
    if called.namespace:
        fill["namespace"] = called.namespace
    here = {*package.published_in} == {repository.name}
    own = f"{_SET}--namespace {{namespace}} {_RESTRICTIONS}" if called.namespace else None

    return Problem(
        f"{called} is published in the domain and may come from the public repository, too{through}",
        expected="upstream=BLOCK",
        found="publish=ALLOW, upstream=ALLOW",
        sub_key=str(called),
        # Elsewhere published, it comes from upstream itself: blocking that here would stop it altogether.
        fill=fill if here else {},
        cli=own,
        path=(
            Hop(f"public repository of {called.format}", "internet"),
            *(Hop(r.arn, Repository.type, _step(n)) for n, r in enumerate(reversed(route.repositories))),
            Hop(package.arn, OpenPackage.type, "publish=ALLOW, upstream=ALLOW"),
        ),
    )


def _step(number: int) -> str:
    return "by its external connection" if number == 0 else "it is upstream"
