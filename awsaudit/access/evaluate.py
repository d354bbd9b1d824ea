"""
May this principal do this to that resource: allow, deny, or conditional with what it hangs on.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

import enum
import functools
import itertools
import math

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import evolve, frozen

from awsaudit.access.condition import holds
from awsaudit.access.match import NOTHING, Grasp, Reason, Said, conditions_of, said, together
from awsaudit.access.policy import Condition, Policy, PolicyKind, Statement, Unread, operator
from awsaudit.access.request import Context, PrincipalKind, Request, Value, anonymous
from awsaudit.access.truth import NO, YES, Doubt, Truth, both, either, maybe, opposite, truth_of
from awsaudit.access.value import candidates
from awsaudit.resources.kms import Grant


class Verdict(enum.Enum):
    """The answer to a request."""

    ALLOW = "allow"
    DENY = "deny"
    CONDITIONAL = "conditional"


Layer: TypeAlias = "Policy | Unread"
Level: TypeAlias = "tuple[Layer, ...]"


@frozen
class PolicySet:
    """
    The policies that a request is decided by. What is left out is not there; `Unread` stands for what nobody could read.

    Args:
        identity: The policies of the user, of its groups, or of the role.

        boundary: The permissions boundary.

        session: The session policies; all of them bind together.

        scps: Service control policies of the principal's account, one tuple a level from the root to the account.

        rcps: Resource control policies of the resource's account, likewise.

        resource: The policy of the resource; for a role its trust policy.

        key: The key policy, for requests to KMS; unset means that *resource* is it.

        grants: The grants on the key.

        endpoint: The policy of the VPC endpoint that the request goes through.

        restricted: Whether S3 Block Public Access keeps a bucket with a public policy to its account and to AWS services;
            None where that could not be seen.
    """

    identity: Level = ()
    boundary: Layer | None = None
    session: Level = ()
    scps: tuple[Level, ...] = ()
    rcps: tuple[Level, ...] = ()
    resource: Layer | None = None
    key: Layer | None = None
    grants: tuple[Grant | Unread, ...] = ()
    endpoint: Layer | None = None
    restricted: bool | None = False


@frozen
class Decision:
    """
    The answer to a request, and why.

    Args:
        verdict: Allow, deny, or conditional.

        explicit: Whether a Deny says so; a denial is implicit where nothing allows.

        depends_on: What a conditional answer hangs on.

        allowed_by: The statements that allow it, or may.

        denied_by: The statements that deny it, or may; empty for an implicit denial.

        missing: The layer that does not allow it, for an implicit denial.

        warnings: What else ought to be known, such as a document of a form that AWS takes no more.
    """

    verdict: Verdict
    explicit: bool = False
    depends_on: tuple[Doubt, ...] = ()
    allowed_by: tuple[Reason, ...] = ()
    denied_by: tuple[Reason, ...] = ()
    missing: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it is allowed for certain."""
        return self.verdict is Verdict.ALLOW

    @property
    def possible(self) -> bool:
        """Whether it is allowed, or may be."""
        return self.verdict is not Verdict.DENY

    @property
    def keys(self) -> tuple[str, ...]:
        """The context keys, and other things unknown, that it hangs on, each once."""
        return tuple(dict.fromkeys(doubt.on for doubt in self.depends_on))

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The policies that it hangs on and that could not be read."""
        return tuple(dict.fromkeys(doubt.unread for doubt in self.depends_on if doubt.unread))


# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
RCP_SERVICES: Final = frozenset(
    {"aoss", "appconfig", "appstream", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory", "cloudfront",
     "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit", "codepipeline", "cognito-identity",
     "cognito-idp", "comprehend", "comprehendmedical", "compute-optimizer", "cost-optimization-hub", "dax", "dsql",
     "dynamodb", "ecr", "ecr-public", "events", "firehose", "fis", "fms", "gamelift", "health", "inspector-scan",
     "kendra", "kinesisvideo", "kms", "logs", "memorydb", "networkmonitor", "notifications", "opensearch",
     "pca-connector-ad", "personalize", "polly", "pricing", "resource-groups", "rolesanywhere", "s3", "s3express",
     "secretsmanager", "servicediscovery", "signin", "sqs", "sts", "support", "swf", "textract", "timestream-influxdb",
     "transcribe", "transfer", "translate", "wafv2", "workspaces", "xray"}
)  # fmt: skip
_BEYOND_RCPS: Final = frozenset({"kms:retiregrant"})
_ASSUME: Final = frozenset({"sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml"})
# Nobody writes to what AWS owns: its managed policies, the roles of IAM Identity Center, its keys' aliases.
_OWN_OF_AWS: Final = {"iam": (":iam::aws:policy/", ":role/aws-reserved/"), "kms": (":alias/aws/",)}
_HARMLESS: Final = ("get", "list", "describe", "simulate", "passrole")


def evaluate(request: Request, policies: PolicySet) -> Decision:
    """
    Return whether *request* is allowed.

    Args:
        request: The request.

        policies: The policies that decide; what is in doubt of them makes the answer conditional.
    """
    if _is_aws_own(request):
        return Decision(Verdict.DENY, explicit=True, missing="AWS owns it, and nobody else changes it")
    layers = _Layers(request, policies)
    decision = layers.decision()

    return _settled(layers, decision) if decision.verdict is Verdict.CONDITIONAL else decision


def evaluate_all(requests: Sequence[tuple[Request, PolicySet]]) -> Decision:
    """Return whether all of *requests* are allowed, as for reading a secret and decrypting with its key."""
    decisions = [evaluate(request, policies) for request, policies in requests]
    worst = next((d for d in decisions if d.verdict is Verdict.DENY), None)
    if worst:
        return worst

    return Decision(
        Verdict.CONDITIONAL if any(d.verdict is Verdict.CONDITIONAL for d in decisions) else Verdict.ALLOW,
        depends_on=_once(x for d in decisions for x in d.depends_on),
        allowed_by=_once(x for d in decisions for x in d.allowed_by),
        denied_by=_once(x for d in decisions for x in d.denied_by),
        warnings=_once(x for d in decisions for x in d.warnings),
    )


def _once(things: Iterable[object]) -> tuple:  # type: ignore[type-arg]
    return tuple(dict.fromkeys(things))


def _is_aws_own(request: Request) -> bool:
    parts = _OWN_OF_AWS.get(request.service)
    if parts is None or not any(part in request.resource for part in parts):
        return False

    return not request.action.lower().partition(":")[2].startswith(_HARMLESS)


def _says_no(layer: str) -> str:
    return f"{layer} allows it" if layer.startswith("no ") else f"{layer} does not allow it"


class _Layers:
    """What each layer of policies says of one request."""

    def __init__(self, request: Request, policies: PolicySet, certain: Sequence[Said | None] | None = None) -> None:
        self.request = request
        self.policies = policies
        self.missing = ""
        self.service = request.service
        self._own = policies.key if self.service == "kms" and policies.key else policies.resource
        principal = request.principal
        self._same = principal.account is not None and principal.account == request.owner
        self._of_account = principal.kind in _OF_ACCOUNTS
        linked = principal.service_linked
        scps = policies.scps if self._of_account and not linked else ()
        reached = policies.rcps and self.service in RCP_SERVICES and request.action.lower() not in _BEYOND_RCPS
        rcps = policies.rcps if reached and not linked else ()
        bounded = policies.boundary if self._of_account else None
        self._bounded = NO if bounded is None else _unknown(bounded) if isinstance(bounded, Unread) else YES
        self._layers = self._every(scps, rcps)
        self._heard = [self._hear(layer) for layer in self._layers] if certain is None else self._but(certain)
        told = iter(self._heard)
        self._identity = together(tuple([next(told) for _ in policies.identity]))
        self._session = [next(told) for _ in policies.session]
        self._boundary = next(told) if policies.boundary else None
        self._resource = next(told) if self._own else NOTHING
        self._endpoint = next(told) if policies.endpoint else None
        self._scps = tuple([tuple([next(told) for _ in level]) for level in scps])
        self._rcps = tuple([tuple([next(told) for _ in level]) for level in rcps])
        parts = (self._identity, *self._session, self._boundary, self._resource, self._endpoint)
        self._parts = [part for part in parts if part and part is not NOTHING]
        self._parts += [together(level) for level in (*self._scps, *self._rcps)]

    def _every(self, scps: Iterable[Level], rcps: Iterable[Level]) -> Sequence[Layer]:
        policies = self.policies
        found = [*policies.identity, *policies.session]
        found += [layer for layer in (policies.boundary, self._own, policies.endpoint) if layer]
        for levels in (scps, rcps):
            for level in levels:
                found += level

        return found

    def _hear(self, layer: Layer) -> Said:
        return said(layer, self.request, self._bounded) if isinstance(layer, Policy) else _unheard(layer)

    def _but(self, certain: Sequence[Said | None]) -> Sequence[Said]:
        return [heard or self._hear(layer) for layer, heard in zip(self._layers, certain, strict=True)]

    def given(self, request: Request) -> _Layers:
        """Return what is said of *request*, of which more is known; what was certain before is not asked again."""
        certain = [said if all(m.truth.value for m in said.met) else None for said in self._heard]
        return _Layers(request, self.policies, certain)

    def decision(self) -> Decision:
        denied = self.denied()
        if denied.value is True:
            return Decision(Verdict.DENY, explicit=True, denied_by=self.reasons(allow=False))
        allowed = self.allowed()
        if allowed.value is False:
            return Decision(Verdict.DENY, missing=_says_no(self.missing))
        truth = both(allowed, opposite(denied))

        return Decision(
            Verdict.ALLOW if truth.value else Verdict.CONDITIONAL,
            depends_on=truth.doubts,
            allowed_by=self.reasons(allow=True),
            denied_by=self.reasons(allow=False),
            warnings=self.warnings(),
        )

    def verdict(self) -> Verdict:
        denied = self.denied()
        if denied.value is True:
            return Verdict.DENY
        truth = both(self.allowed(), opposite(denied))

        return Verdict.CONDITIONAL if truth.value is None else Verdict.ALLOW if truth.value else Verdict.DENY

    def denied(self) -> Truth:
        return either(*[said.deny for said in self._parts])

    def tested(self) -> Iterator[Condition]:
        """Yield the conditions of all statements about the action and the resource, and those of grants."""
        for layer in self._layers:
            if isinstance(layer, Policy):
                yield from conditions_of(layer, self.request)
        verb = self.request.action.partition(":")[2].lower()
        for grant in self.policies.grants:
            if not isinstance(grant, Unread):
                for key, value in _constraints(grant, verb).items():
                    yield Condition(operator("StringEquals"), key, (value,))

    def swing(self, keys: frozenset[str]) -> bool:
        """Tell whether each of *keys* decides alone, so that there is no need to try all values."""
        return not self.policies.grants and _swing(self._doubtful(), keys)

    def vary(self) -> bool:
        """Tell whether statements in doubt have variables, in resources or conditions."""
        return _vary(self._doubtful())

    def _doubtful(self) -> tuple[Statement, ...]:
        return tuple([statement for said in self._parts for statement in said.doubtful])

    def reasons(self, *, allow: bool) -> tuple[Reason, ...]:
        if allow:
            found = [reason for said in self._parts for reason in said.allowing]
        else:
            found = [reason for said in self._parts for reason in said.denying]
        if allow and self.policies.grants:
            found += self._granting()

        return tuple(found)

    def _granting(self) -> Iterator[Reason]:
        for grant in self.policies.grants:
            if not isinstance(grant, Unread) and _granted(grant, self.request).value is not False:
                yield Reason(f"the grant {grant.id}", "", PolicyKind.KEY)

    def warnings(self) -> tuple[str, ...]:
        old = "NotPrincipal with Allow, which AWS takes no more, is read as everyone else"
        own = self._resource.met
        if self._own and any(m.statement.allow and m.statement.not_principals is not None for m in own):
            return (f"{old} ({self._own.name})",)

        return ()

    def allowed(self) -> Truth:
        truths = (
            _all_allow(self._scps),
            _all_allow(self._rcps),
            _allow(self._endpoint),
            self._unrestricted(),
            self._core(),
        )
        truth = both(*truths)
        if truth.value is False:
            first = next(number for number, each in enumerate(truths) if each.value is False)
            self.missing = _FENCES[first] if first < len(_FENCES) else self._core_name()

        return truth

    def _unrestricted(self) -> Truth:
        """https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"""
        if self._same or self.request.principal.kind is PrincipalKind.SERVICE or self.policies.restricted is False:
            return YES
        if self.policies.restricted:
            return NO

        return maybe(Doubt("whether S3 Block Public Access restricts the bucket", self.request.resource))

    def _core_name(self) -> str:
        own = self._own.name if self._own else ""
        identity = self._identities()
        if self._same:
            return own if own and self._must_delegate() and identity.value is not False else "no policy"
        if identity.value is False and self._of_account:
            return "no policy of the principal"

        return own or "no policy of the resource"

    def _identities(self) -> Truth:
        if self.request.principal.kind is PrincipalKind.ROOT:
            return YES

        return self._identity.allow

    def _limits(self) -> Truth:
        return both(_allow(self._boundary), *[said.allow for said in self._session])

    def _must_delegate(self) -> bool:
        return self.service == "kms" or self.request.action.lower() in _ASSUME

    def _core(self) -> Truth:
        by = self._grasped()
        direct = by.get(Grasp.DIRECT, NO)
        if not self._of_account:
            return either(direct, self._grants())
        limits, identity = self._limits(), self._identities()
        if not self._same:
            own = both(identity, limits)
            return either(both(either(*by.values()), own), both(self._grants(), self._enough_for_a_grant(own)))
        delegated = by.get(Grasp.ACCOUNT, NO) if self._must_delegate() else YES
        own = both(delegated, identity, limits)
        if not by:
            return either(self._grants(), own)

        return either(
            direct,
            self._anyone(by.get(Grasp.ANYONE, NO), limits),
            both(by.get(Grasp.ROLE, NO), limits),
            self._grants(),
            own,
        )

    def _enough_for_a_grant(self, own: Truth) -> Truth:
        """AWS's pages do not settle whether a grant to another account's principal needs a policy there, too."""
        if own.value is True or self.request.principal.service_linked:
            return YES

        return maybe(Doubt("whether a grant across accounts is enough alone", self.request.resource))

    def _anyone(self, reached: Truth, limits: Truth) -> Truth:
        """AWS's pages do not settle whether a boundary limits a session that is let in as anybody."""
        if reached.value is False or limits.value is True:
            return reached
        limiting = self.policies.boundary or self.policies.session[0]

        return both(reached, maybe(Doubt("whether it limits what the resource policy gives to anybody", limiting.name)))

    def _grasped(self) -> Mapping[Grasp, Truth]:
        if isinstance(self._own, Unread):
            unknown = _unknown(self._own)
            return {Grasp.DIRECT: unknown, Grasp.ACCOUNT: unknown}

        return self._resource.granted

    def _grants(self) -> Truth:
        if self.service != "kms":
            return NO
        return either(
            *(_unknown(g) if isinstance(g, Unread) else _granted(g, self.request) for g in self.policies.grants)
        )


_FENCES: Final = (
    "a service control policy",
    "a resource control policy",
    "the VPC endpoint policy",
    "S3 Block Public Access",
)
_OF_ACCOUNTS: Final = frozenset(
    {PrincipalKind.USER, PrincipalKind.ROLE, PrincipalKind.ROOT, PrincipalKind.FEDERATED_USER}
)


def _allow(said: Said | None) -> Truth:
    return said.allow if said else YES


def _all_allow(levels: Iterable[tuple[Said, ...]]) -> Truth:
    return both(*[together(level).allow for level in levels])


def _unheard(layer: Unread) -> Said:
    return Said((), _unknown(layer), _unknown(layer))


def _unknown(layer: Unread) -> Truth:
    return maybe(Doubt(f"what the {layer.kind.value} says", layer.name, unread=layer))


def _granted(grant: Grant, request: Request) -> Truth:
    """https://docs.aws.amazon.com/kms/latest/developerguide/grants.html"""
    verb = request.action.partition(":")[2].lower()
    if verb not in {operation.lower() for operation in grant.operations}:
        return NO
    if grant.grantee not in _as_grantee(request):
        return NO
    wanted = _constraints(grant, verb)
    exact = grant.encryption_context_equals if verb in _WITH_CONTEXT else None
    if exact and any(k.startswith(_CONTEXT) and k not in wanted for k in request.context.known):
        return NO

    return both(*(_known_as(request, key, value, f"the grant {grant.id}") for key, value in wanted.items()))


_CONTEXT: Final = "kms:encryptioncontext:"
# The operations that take an encryption context; its constraints are not for the others.
# https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
_WITH_CONTEXT: Final = frozenset(
    {"decrypt", "encrypt", "generatedatakey", "generatedatakeypair", "generatedatakeypairwithoutplaintext",
     "generatedatakeywithoutplaintext", "reencryptfrom", "reencryptto"}
)  # fmt: skip


def _constraints(grant: Grant, verb: str) -> Mapping[str, str]:
    """Return the context keys that *grant* asks for where it is used for *verb*, in lower case, with their values."""
    found: dict[str, str] = {}
    if verb in _WITH_CONTEXT:
        for pairs in (grant.encryption_context_equals, grant.encryption_context_subset):
            found |= {f"{_CONTEXT}{key.lower()}": value for key, value in (pairs or {}).items()}
    if grant.source_arn and verb != "retiregrant":
        found["aws:sourcearn"] = grant.source_arn

    return found


def _as_grantee(request: Request) -> frozenset[str]:
    principal = request.principal
    found = {principal.arn}
    if principal.kind is PrincipalKind.ROLE and principal.session:
        partition = principal.arn.split(":")[1]
        found.add(f"arn:{partition}:sts::{principal.account}:assumed-role/{principal.name}/{principal.session}")
    if principal.account and principal.kind is PrincipalKind.ROOT:
        found.add(principal.account)

    return frozenset(found)


def _known_as(request: Request, key: str, wanted: str, name: str) -> Truth:
    try:
        return truth_of(request.look_up(key) == wanted)
    except KeyError:
        return maybe(Doubt(key, name))


_MOST_KEYS: Final = 4
_MOST_TRIES: Final = 96


def _settled(layers: _Layers, decision: Decision) -> Decision:
    """
    Return a definite answer where the unknown keys do not matter after all.

    Where one key is tested twice in complementary ways, each test is in doubt and the answer is not: so every way in
    which the unknown keys can turn out is tried.
    """
    keys = [k for k in decision.keys if ":" in k and " " not in k]
    if decision.unread or not 0 < len(keys) <= _MOST_KEYS or layers.swing(frozenset(keys)) or layers.vary():
        return decision
    conditions = tuple(layers.tested())
    try:
        values = [candidates(conditions, key) for key in keys]
    except OverflowError:
        return decision
    # One value of a key tells nothing.
    if math.prod(map(len, values)) > _MOST_TRIES or min(map(len, values)) == 1:
        return decision
    found: set[Verdict] = set()
    for chosen in itertools.product(*values):
        found.add(layers.given(_given(layers.request, dict(zip(keys, chosen, strict=True)))).verdict())
        if len(found) > 1 or Verdict.CONDITIONAL in found:
            return decision

    return evolve(decision, verdict=found.pop(), depends_on=())


@functools.lru_cache(maxsize=16_384)
def _vary(statements: tuple[Statement, ...]) -> bool:
    """Tell whether *statements* have variables, in resources or conditions."""
    return any(
        any(c.varies for c in s.conditions)
        or (s.variables and any("${" in r for r in (*s.resources, *s.not_resources)))
        for s in statements
    )


@functools.lru_cache(maxsize=16_384)
def _swing(statements: tuple[Statement, ...], keys: frozenset[str]) -> bool:
    """
    Tell whether each of *keys* has a value for which all its tests favour the request, and one for which none does.

    Then the answer hangs on them for good: what allows wants tests to hold, what denies wants them not to, and nothing
    else is asked of them.
    """
    tests: dict[str, dict[tuple[Condition, bool], None]] = {key: {} for key in keys}
    for statement in statements:
        for condition in statement.conditions:
            if condition.key in keys:
                tests[condition.key][condition, statement.allow] = None

    return all(_swings(tuple(each)) for each in tests.values())


@functools.lru_cache(maxsize=16_384)
def _swings(tests: tuple[tuple[Condition, bool], ...]) -> bool:
    conditions = [condition for condition, _ in tests]
    if not tests or any(c.varies for c in conditions):
        return False
    key = conditions[0].key
    nobody = Request(anonymous(), "", "", context=Context())
    try:
        requests = [_given(nobody, {key: value}) for value in candidates(conditions, key)]
    except OverflowError:
        return False
    found = {tuple(holds(c, request, "", "").value for c in conditions) for request in requests}

    return {tuple(allow for _, allow in tests), tuple(not allow for _, allow in tests)} <= found


def _given(request: Request, chosen: Mapping[str, Value | None]) -> Request:
    known = {key: value for key, value in chosen.items() if value is not None}
    absent = [key for key, value in chosen.items() if value is None]

    return evolve(request, context=request.context.with_(known, absent))
