"""
AWS CodeArtifact.

https://docs.aws.amazon.com/codeartifact/latest/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, From, Kind, Resource
from awsaudit.parser import many, optional, record, text, texts


_GONE = ("ResourceNotFoundException",)
_REPOSITORY = {"domain": "$domainName", "domainOwner": "$domainOwner", "repository": "$name"}
_ABOVE = {"domain": "$parent:domainName", "domainOwner": "$parent:domainOwner", "repository": "$parent:name"}
_PAGE = ("maxResults", 1000)

LIST = Call("ListRepositories", result="repositories[]", page_size=_PAGE)
DESCRIBE = Call("DescribeRepository", result="repository", params=_REPOSITORY, gone=_GONE)
# What may not come from upstream is asked for, and not what may: in a mirror of a public repository that is everything.
CLOSED = Call(
    "ListPackages",
    result="packages",
    params={**_REPOSITORY, "upstream": "BLOCK"},
    when=From(DESCRIBE, "externalConnections[0] || upstreams[0]"),
    page_size=_PAGE,
    gone=_GONE,
)
# Those that may be published here and may come from upstream, too.
OPEN = Call(
    "ListPackages",
    result="packages",
    params={**_ABOVE, "publish": "ALLOW", "upstream": "ALLOW"},
    page_size=_PAGE,
    gone=_GONE,
)
_PACKAGE = {"format": "$format", "package": "$package"}
_BARE = "$!namespace"  # packages of PyPI, NuGet and others have none, and the parameter is left out


def _versions(more: dict[str, str], when: str | None = None) -> Call:
    params = {**_ABOVE, **_PACKAGE, **more}
    return Call("ListPackageVersions", result="versions", params=params, when=when, page_size=_PAGE, gone=_GONE)


def _group(versions: Call, more: dict[str, str]) -> Call:
    domain = {name: _ABOVE[name] for name in ("domain", "domainOwner")}
    # Which group a package belongs to matters for those that were published here alone.
    own = From(versions, "[?origin.originType != 'EXTERNAL'] | [0]")
    return Call("GetAssociatedPackageGroup", params={**domain, **_PACKAGE, **more}, when=own)


SCOPED_VERSIONS = _versions({"namespace": "$namespace"})
BARE_VERSIONS = _versions({}, _BARE)
SCOPED_GROUP = _group(SCOPED_VERSIONS, {"namespace": "$namespace"})
BARE_GROUP = _group(BARE_VERSIONS, {})


@frozen
class PackageName:
    """
    What a package is called.

    Args:
        format: Such as ``npm`` or ``pypi``.

        namespace: The scope of npm, the group of Maven; None without one.

        name: Its name.
    """

    format: str
    namespace: str | None
    name: str

    def __str__(self) -> str:
        """Return it as paths of package groups have it."""
        return "/".join(filter(None, (self.format, self.namespace, self.name)))


@frozen
class Origins:
    """
    From where versions of packages may come, as a package group says.

    Args:
        pattern: The group's pattern.

        strength: ``STRONG``, or ``WEAK`` for a package whose name is a variant of one that the group means: CodeArtifact
            takes in no version of such a package.

        publish: ``ALLOW``, ``BLOCK`` or ``ALLOW_SPECIFIC_REPOSITORIES``: whether versions may be published.

        external: The same for versions of public repositories.

        internal: The same for versions of upstream repositories of the domain.
    """

    pattern: str
    strength: str
    publish: str
    external: str
    internal: str


def _each_once(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts(value)))


_NAME = record(PackageName, format=("format", text), namespace="namespace", name=("package", text))
_RESTRICTIONS = "packageGroup.originConfiguration.restrictions"
_ORIGINS = optional(
    record(
        Origins,
        pattern=("packageGroup.pattern", text),
        strength=("associationType", text),
        publish=(f"{_RESTRICTIONS}.PUBLISH.effectiveMode", text),
        external=(f"{_RESTRICTIONS}.EXTERNAL_UPSTREAM.effectiveMode", text),
        internal=(f"{_RESTRICTIONS}.INTERNAL_UPSTREAM.effectiveMode", text),
    )
)
_PUBLISHED_IN = "[?origin.originType == 'INTERNAL'].origin.domainEntryPoint.repositoryName"
_TYPES = "[].origin.originType"


class Repository(Resource):
    """A repository of packages."""

    service: ClassVar[str] = "codeartifact"
    type: ClassVar[str] = "AWS::CodeArtifact::Repository"
    listing: ClassVar[Call] = LIST

    arn = Fact(LIST, "arn", text, "The repository's ARN.")
    name = Fact(LIST, "name", text, "The repository's name.")
    domain = Fact(LIST, "domainName", text, "The domain that it belongs to.")
    domain_owner = Fact(LIST, "domainOwner", text, "The account that owns the domain.")
    upstreams = Fact(
        DESCRIBE,
        "upstreams[].repositoryName",
        texts,
        "The repositories of the domain that it takes packages from, in the order in which they are asked.",
    )
    external_formats = Fact(
        DESCRIBE,
        "externalConnections[].packageFormat",
        _each_once,
        "The formats of packages that it takes from public repositories itself.",
    )
    closed_packages = Fact(CLOSED, "@", many(_NAME), "The packages that nothing is taken from upstream for.")


class OpenPackage(Resource):
    """A package of a repository that may be published there and may come from upstream, too."""

    service: ClassVar[str] = "codeartifact"
    type: ClassVar[str] = "AWS::CodeArtifact::Package"
    listing: ClassVar[Call] = OPEN
    parent: ClassVar[Kind] = Repository

    package = Fact(OPEN, "@", _NAME, "What it is called.")
    scoped_published_in = Fact(
        SCOPED_VERSIONS, _PUBLISHED_IN, _each_once, "`published_in`, for packages with a namespace."
    )
    bare_published_in = Fact(BARE_VERSIONS, _PUBLISHED_IN, _each_once, "`published_in`, for packages without one.")
    scoped_types = Fact(SCOPED_VERSIONS, _TYPES, _each_once, "`origin_types`, for packages with a namespace.")
    bare_types = Fact(BARE_VERSIONS, _TYPES, _each_once, "`origin_types`, for packages without one.")
    scoped_origins = Fact(SCOPED_GROUP, "@", _ORIGINS, "`origins`, for packages with a namespace.")
    bare_origins = Fact(BARE_GROUP, "@", _ORIGINS, "`origins`, for packages without one.")

    @property
    def published_in(self) -> tuple[str, ...]:
        """The repositories of the domain to which versions of it were published."""
        return (*self.scoped_published_in, *self.bare_published_in)

    @property
    def origin_types(self) -> tuple[str, ...]:
        """Where its versions are from: ``INTERNAL``, ``EXTERNAL``, ``UNKNOWN``."""
        return (*self.scoped_types, *self.bare_types)

    @property
    def origins(self) -> Origins | None:
        """What the package group that it belongs to says; None where all its versions are from outside."""
        return self.scoped_origins or self.bare_origins

    @property
    def arn(self) -> str:
        """The package's ARN, as IAM writes it."""
        above = self.parent_resource
        repository = str(above.know("arn") if above else "").replace(":repository/", ":package/")
        called = self.package
        return f"{repository}/{called.format}/{called.namespace or ''}/{called.name}"
