import pytest

from awsaudit import Gap, GapKind
from awsaudit.access import (
    DIRECT,
    Context,
    PolicyKind,
    PolicySet,
    Principal,
    PrincipalKind,
    Request,
    Unread,
    Verdict,
    anonymous,
    evaluate,
    evaluate_all,
    parse_policy,
    role,
    root_user,
    service,
    user,
)
from tests.access.documents import QUEUE, ROLE, USER
from tests.estate import FOREIGN, OWN, allow, deny, document


ALLOW, DENY, CONDITIONAL = Verdict.ALLOW, Verdict.DENY, Verdict.CONDITIONAL
SEND = "sqs:SendMessage"
ROOT = f"arn:aws:iam::{OWN}:root"
SESSION = f"arn:aws:sts::{OWN}:assumed-role/app/one"
STRANGER = f"arn:aws:iam::{FOREIGN}:role/app"
LINKED = f"arn:aws:iam::{OWN}:role/aws-service-role/sqs.amazonaws.com/AWSServiceRoleForSqs"
GAP = Gap(OWN, "eu-west-1", "sqs", "GetQueueAttributes", "AccessDenied", GapKind.DENIED)


def identity(*statements, name="policy"):
    return parse_policy(document(*statements), PolicyKind.IDENTITY, name)


def boundary(*statements):
    return parse_policy(document(*statements), PolicyKind.BOUNDARY)


def scp(*statements, kind=PolicyKind.SCP):
    return parse_policy(document(*statements), kind)


def rcp(*statements):
    return scp(*statements, kind=PolicyKind.RCP)


def shared(*principals, name="the policy of the queue", statements=(), **more):
    """Return a resource's policy that lets *principals* send."""
    own = [allow(SEND, Principal=p if p == "*" else {"AWS": p}, **more) for p in principals]
    return parse_policy(document(*own, *statements), PolicyKind.RESOURCE, name)


YES = identity(allow("sqs:*"))
NO = identity(allow("sns:*"))
UNKNOWN = identity(allow("*", Condition={"StringEquals": {"x:key": "1"}}))


def ask(by=None, *, action=SEND, arn=QUEUE, owner=None, context=DIRECT, **policies):
    return evaluate(Request(by or user(USER), action, arn, owner, context), PolicySet(**policies))


def verdict(*args, **more):
    return ask(*args, **more).verdict


def on(policy, by=None, **more):
    """Return the verdict on a resource with *policy*."""
    return verdict(by, resource=policy, **more)


def test_denies_what_nothing_allows():
    """
    Without an Allow the answer is an implicit deny ("Policy evaluation logic").
    """
    decision = ask(identity=(NO,))

    assert (DENY, False) == (decision.verdict, decision.explicit)
    assert "no policy allows it" == decision.missing


@pytest.mark.parametrize(
    "policies",
    [
        {"identity": (YES, identity(deny("sqs:*")))},
        {"identity": (YES,), "boundary": boundary(allow("*"), deny("sqs:*"))},
        {"identity": (YES,), "session": (boundary(allow("*"), deny("sqs:*")),)},
        {"identity": (YES,), "scps": ((scp(allow("*")), scp(deny("sqs:*"))),)},
        {"identity": (YES,), "rcps": ((rcp(allow("*", Principal="*"), deny("sqs:*", Principal="*")),),)},
        {"identity": (YES,), "resource": shared(statements=[deny("sqs:*", Principal={"AWS": USER})])},
        {"identity": (YES,), "endpoint": scp(allow("*"), deny("sqs:*"), kind=PolicyKind.ENDPOINT)},
    ],
    ids=["identity", "boundary", "session", "scp", "rcp", "resource", "endpoint"],
)
def test_a_deny_anywhere_wins(policies):
    """
    An explicit Deny in any policy beats every Allow ("How AWS enforcement code logic evaluates requests").
    """
    decision = ask(**policies)

    assert (DENY, True) == (decision.verdict, decision.explicit)
    assert decision.denied_by


@pytest.mark.parametrize("layer", ["identity", "boundary", "session", "scps", "rcps", "resource", "endpoint"])
def test_a_policy_that_could_not_be_read_is_unknown(layer):
    """
    It may allow and it may deny: the answer is conditional, names the policy and carries the gap.
    """
    unread = Unread("that policy", PolicyKind.IDENTITY, GAP)
    value = {"identity": (YES, unread), "session": (unread,), "scps": ((unread,),), "rcps": ((unread,),)}
    decision = ask(**{"identity": (YES,), layer: value.get(layer, unread)})

    assert CONDITIONAL is decision.verdict
    assert (unread,) == decision.unread
    assert {GAP} == {doubt.gap for doubt in decision.depends_on}


def test_a_policy_that_could_not_be_read_does_not_hide_a_deny():
    """
    What is denied for certain is denied whatever the other policies say.
    """
    unread = Unread("that policy", PolicyKind.BOUNDARY, GAP)

    assert DENY is verdict(identity=(YES, identity(deny("*"))), boundary=unread)
    assert DENY is verdict(identity=(NO,), boundary=unread)


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (DIRECT, CONDITIONAL),
        (DIRECT.with_({"x:KEY": "1"}), ALLOW),
        (DIRECT.with_({"x:key": "2"}), DENY),
        (DIRECT.with_(absent=["X:key"]), DENY),
        (Context(open_world=False), DENY),
    ],
)
def test_hangs_on_keys_that_are_not_known(context, expected):
    """
    A context key is there, known not to be there, or unknown: then the answer names it and the statements.
    """
    decision = ask(identity=(UNKNOWN,), context=context)

    assert expected is decision.verdict
    if expected is CONDITIONAL:
        assert ("x:key",) == decision.keys
        assert ["policy, statement 1"] == [str(reason) for reason in decision.allowed_by]


def test_a_deny_in_doubt_makes_an_allow_conditional():
    """
    Allowed for certain and perhaps denied is conditional, and says what may deny.
    """
    decision = ask(identity=(YES, identity(deny("sqs:*", Condition={"Bool": {"x:key": "true"}}), name="limits")))

    assert CONDITIONAL is decision.verdict
    assert ["limits, statement 1"] == [str(reason) for reason in decision.denied_by]
    assert decision.possible
    assert not decision.allowed


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike"])
def test_complementary_conditions_cancel_out(operator):
    """
    A key that is tested twice the other way round decides nothing: whatever it is, one of the tests holds.
    """
    negated = operator.replace("String", "StringNot")
    one, other = ({o: {"x:key": ["1", "2"]}} for o in (operator, negated))
    decision = ask(identity=(identity(allow("*", Condition=one), allow("*", Condition=other)),))

    assert (ALLOW, ()) == (decision.verdict, decision.depends_on)
    assert DENY is verdict(identity=(identity(allow("*", Condition=one), deny("*", Condition=one)),))
    assert CONDITIONAL is verdict(identity=(identity(allow("*", Condition=one), deny("*", Condition=other)),))
    wider = {"StringLike": {"x:key": "*"}}
    assert DENY is verdict(identity=(identity(allow("*", Condition=one), deny("*", Condition=wider)),))
    absent = {"Null": {"x:key": "true"}}
    assert ALLOW is verdict(identity=(identity(allow("*", Condition=wider), allow("*", Condition=absent)),))


@pytest.mark.parametrize(
    "block",
    [
        {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}, "ForAnyValue:StringLike": {"aws:TagKeys": "b"}},
        {"NumericGreaterThan": {"x:key": "1"}, "NumericLessThan": {"x:key": "1.5"}},
        {"DateGreaterThan": {"x:key": "1"}, "DateLessThan": {"x:key": "2"}},
        {"StringLike": {"x:key": "?*"}, "StringNotEquals": {"x:key": "x"}},
        {"StringNotEquals": {"x:key": ["x", "z", "q", ""]}, "Null": {"x:key": "false"}},
        {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/9"}},
        {"StringLike": {"aws:SourceIp": "10.*"}},
        {"StringLike": {"x:key": "1*"}, "NumericGreaterThan": {"x:key": "5"}},
        {"StringEquals": {"x:key": "${x:other}"}},
        {"Bool": {"x:key": "true"}},
        {"Null": {"x:key": "false"}},
    ],
)
def test_trying_all_ways_finds_the_one_that_passes(block):
    """
    No set of values, gap between numbers, or text that only one pattern matches is overlooked.
    """
    assert CONDITIONAL is verdict(identity=(identity(allow("*", Condition=block)),))


@pytest.mark.parametrize(
    ("named", "by", "alone", "bounded"),
    [
        (USER, user(USER), ALLOW, ALLOW),
        ("*", user(USER), ALLOW, ALLOW),
        (SESSION, role(ROLE, "one"), ALLOW, ALLOW),
        (ROLE, role(ROLE), ALLOW, DENY),
        ("*", role(ROLE), ALLOW, CONDITIONAL),
        (ROOT, user(USER), DENY, DENY),
        (OWN, role(ROLE), DENY, DENY),
        (ROOT, root_user(OWN), ALLOW, None),
    ],
)
def test_who_is_named_needs_no_policy_of_its_own(named, by, alone, bounded):
    """
    In one account a resource's policy grants alone to who is named; a boundary limits a role's session but not a user or a
    named session, and an account is no grant ("Policy evaluation for requests within a single account"). Of anybody and
    a limited session AWS's pages do not tell.
    """
    queue = shared(named)

    assert alone is on(queue, by)
    if bounded:
        assert bounded is on(queue, by, boundary=boundary(allow("s3:*")))
        assert bounded is on(queue, by, session=(boundary(allow("s3:*")),))
        assert alone is on(queue, by, boundary=boundary(allow("*")), session=(boundary(allow("*")),))


def test_a_policy_of_its_own_is_enough_within_limits():
    """
    What an identity's policy allows, its boundary and every session policy have to allow as well ("Permissions boundaries
    for IAM entities", "Session policies").
    """
    assert ALLOW is verdict(identity=(NO, YES))
    assert ALLOW is verdict(identity=(YES,), boundary=boundary(allow("sqs:*")))
    assert DENY is verdict(identity=(YES,), boundary=boundary(allow("sns:*")))
    assert DENY is verdict(identity=(NO,), boundary=boundary(allow("sqs:*")))
    assert DENY is verdict(role(ROLE), identity=(YES,), session=(boundary(allow("*")), boundary(allow("sns:*"))))
    assert CONDITIONAL is verdict(identity=(YES,), boundary=UNKNOWN)


def test_a_federated_user_is_reached_through_its_user_within_limits():
    """
    A federated user's session named itself needs nothing more, one that is reached through the user's ARN is limited by
    its session policies ("Policy evaluation for requests within a single account").
    """
    arn = f"arn:aws:sts::{OWN}:federated-user/carla"
    carla = Principal(PrincipalKind.FEDERATED_USER, arn, OWN, parent=USER)
    limits = (boundary(allow("sns:*")),)

    assert ALLOW is on(shared(arn), carla, session=limits)
    assert DENY is on(shared(USER), carla, session=limits)
    assert ALLOW is on(shared(USER), carla, session=(boundary(allow("*")),))


def test_the_root_user_may_do_everything():
    """
    The root user of an account needs no policy; a Deny of the resource, or of an organization, binds it ("AWS account root
    user", "Service control policies").
    """
    assert ALLOW is verdict(root_user(OWN))
    assert DENY is verdict(root_user(OWN), scps=((scp(deny("*"), allow("*")),),))
    assert DENY is on(shared(statements=[deny("*", Principal="*")]), root_user(OWN))
    assert DENY is verdict(root_user(FOREIGN))


def test_whoever_has_a_boundary_is_hit_by_not_principal():
    """
    Deny with NotPrincipal denies every principal with a permissions boundary ("NotPrincipal").
    """
    spares = shared(
        statements=[{"Effect": "Deny", "NotPrincipal": {"AWS": [USER, ROOT]}, "Action": "*", "Resource": "*"}]
    )
    unread = Unread("its boundary", PolicyKind.BOUNDARY, GAP)

    assert ALLOW is on(spares, identity=(YES,))
    assert DENY is on(spares, identity=(YES,), boundary=boundary(allow("*")))
    assert CONDITIONAL is on(spares, identity=(YES,), boundary=unread)


def test_warns_of_not_principal_with_allow():
    """
    AWS takes NotPrincipal with Allow no more: an old document with it is read, and remarked on ("NotPrincipal").
    """
    old = shared(statements=[{"Effect": "Allow", "NotPrincipal": {"AWS": ROLE}, "Action": "*", "Resource": "*"}])
    decision = evaluate(Request(user(USER), SEND, QUEUE), PolicySet(resource=old))

    assert ALLOW is decision.verdict
    assert "NotPrincipal" in decision.warnings[0]
    assert DENY is on(old, role(ROLE))


@pytest.mark.parametrize("named", [STRANGER, FOREIGN, f"arn:aws:iam::{FOREIGN}:root", "*"])
def test_another_account_needs_both_sides(named):
    """
    Across accounts the resource's policy and one of the principal's own have to allow ("Cross-account policy evaluation
    logic").
    """
    by = role(STRANGER)

    assert ALLOW is on(shared(named), by, identity=(YES,))
    assert DENY is on(shared(named), by)
    assert DENY is on(shared(named), by, identity=(NO,))
    assert DENY is on(shared(OWN), by, identity=(YES,))
    assert DENY is on(None, by, identity=(YES,))
    assert DENY is on(shared(named), by, identity=(YES,), boundary=boundary(allow("s3:*")))
    assert CONDITIONAL is on(shared(named), by, identity=(UNKNOWN,))


def test_a_statement_that_names_nobody_lets_nobody_in():
    """
    A statement of a resource's policy without Principal matches nobody, a Deny neither ("Principal").
    """
    assert DENY is on(parse_policy(document(allow("*")), PolicyKind.RESOURCE))
    assert ALLOW is on(parse_policy(document(deny("*")), PolicyKind.RESOURCE), identity=(YES,))


def test_the_owner_of_a_bucket_has_to_be_told():
    """
    ARNs of S3 name no account: whether a principal is a stranger hangs on who owns the bucket ("Amazon S3: resources").
    """
    bucket = "arn:aws:s3:::b/x"
    policies = {"identity": (identity(allow("s3:*")),)}

    assert ALLOW is verdict(action="s3:GetObject", arn=bucket, owner=OWN, **policies)
    assert DENY is verdict(action="s3:GetObject", arn=bucket, owner=FOREIGN, **policies)
    assert DENY is verdict(action="s3:GetObject", arn=bucket, **policies)


@pytest.mark.parametrize("by", [anonymous(), service("events.amazonaws.com")])
def test_who_has_no_account_needs_the_resource_only(by):
    """
    Services and anonymous callers have no policies of their own ("AWS service principals", "Anonymous users").
    """
    assert ALLOW is on(shared("*"), by)
    assert DENY is on(shared(OWN), by)
    assert DENY is on(None, by)


def test_a_service_may_be_bound_to_a_source():
    """
    A service that acts for a resource brings aws:SourceArn and aws:SourceAccount, which are conditions like others ("The
    confused deputy problem").
    """
    topic = f"arn:aws:sns:eu-west-1:{OWN}:t"
    statement = allow(
        SEND, Principal={"Service": "sns.amazonaws.com"}, Condition={"ArnEquals": {"aws:SourceArn": topic}}
    )
    queue = shared(statements=[statement])
    by = service("sns.amazonaws.com")

    assert ALLOW is on(queue, by, context=Context({"aws:SourceArn": topic}))
    assert DENY is on(queue, by, context=Context({"aws:SourceArn": topic + "2"}))
    assert CONDITIONAL is on(queue, by, context=Context())
    assert DENY is on(queue, user(USER))


def test_every_level_of_control_policies_has_to_allow():
    """
    From the root to the account each level has to allow, by any policy of that level ("SCP evaluation").
    """
    full, other = scp(allow("*")), scp(allow("sns:*"))

    assert ALLOW is verdict(identity=(YES,), scps=((full,), (other, full)))
    assert DENY is verdict(identity=(YES,), scps=((full,), (other,)))
    assert DENY is verdict(identity=(YES,), scps=((full,), ()))
    assert DENY is on(shared(USER), scps=((other,),))
    assert CONDITIONAL is verdict(identity=(YES,), scps=((UNKNOWN,),))
    assert "a service control policy does not allow it" == ask(identity=(YES,), scps=((other,),)).missing


@pytest.mark.parametrize(
    ("by", "bound"),
    [(user(USER), True), (role(ROLE), True), (role(LINKED), False), (service("sns.amazonaws.com"), False)],
)
def test_service_control_policies_bind_principals(by, bound):
    """
    They bind users, roles and the root user of the account, not service-linked roles or services ("Service control
    policies: tasks and entities not restricted by SCPs").
    """
    queue = shared("*", statements=[allow(SEND, Principal={"AWS": [LINKED]})])

    assert (DENY if bound else ALLOW) is on(queue, by, scps=((scp(allow("sns:*")),),))


@pytest.mark.parametrize(
    ("action", "arn", "bound"),
    [
        (SEND, QUEUE, True),
        ("s3:GetObject", "arn:aws:s3:::b/x", True),
        ("kms:Decrypt", f"arn:aws:kms:eu-west-1:{OWN}:key/k", True),
        ("kms:RetireGrant", f"arn:aws:kms:eu-west-1:{OWN}:key/k", False),
        ("logs:PutLogEvents", f"arn:aws:logs:eu-west-1:{OWN}:log-group:g", True),
        ("events:PutEvents", f"arn:aws:events:eu-west-1:{OWN}:event-bus/b", True),
        ("ecr:BatchGetImage", f"arn:aws:ecr:eu-west-1:{OWN}:repository/r", True),
        ("sts:AssumeRole", ROLE, True),
        ("sns:Publish", f"arn:aws:sns:eu-west-1:{OWN}:t", False),
        ("lambda:InvokeFunction", f"arn:aws:lambda:eu-west-1:{OWN}:function:f", False),
    ],
)
def test_resource_control_policies_bind_resources_of_some_services(action, arn, bound):
    """
    They bind resources of the services that AWS lists, whoever asks, but for kms:RetireGrant and for service-linked roles
    ("Resource control policies", "List of AWS services that support RCPs").
    """
    text = document(allow("*", Principal={"AWS": "*"}))
    open_to_all = parse_policy(text, PolicyKind.KEY if action.startswith("kms") else PolicyKind.RESOURCE)
    policies = {"identity": (identity(allow("*")),), "rcps": ((rcp(deny("*", Principal="*")),),)}

    for by in (user(USER), role(STRANGER), root_user(OWN)):
        found = on(open_to_all, by, action=action, arn=arn, owner=OWN, **policies)
        assert (DENY if bound else ALLOW) is found
    assert ALLOW is on(open_to_all, role(LINKED), action=action, arn=arn, owner=OWN, **policies)


def test_resource_control_policies_bind_services_and_anybody():
    """
    Whoever reaches the resource from outside is bound as well, which is what such policies are for ("Resource control
    policies").
    """
    condition = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}
    only_services = ((rcp(allow("*", Principal="*"), deny("sqs:*", Principal="*", Condition=condition)),),)

    assert DENY is on(shared("*"), anonymous(), rcps=only_services)
    assert ALLOW is on(shared("*"), service("events.amazonaws.com"), rcps=only_services)


def test_an_endpoint_policy_has_to_allow():
    """
    A request through a VPC endpoint needs its policy too ("Control access to VPC endpoints using endpoint policies").
    """
    endpoint = scp(allow("sqs:*", Principal="*"), kind=PolicyKind.ENDPOINT)
    narrow = scp(allow("sqs:*", Principal={"AWS": ROLE}), kind=PolicyKind.ENDPOINT)

    assert ALLOW is verdict(identity=(YES,), endpoint=endpoint)
    assert DENY is verdict(identity=(YES,), endpoint=narrow)
    assert ALLOW is verdict(role(ROLE), identity=(YES,), endpoint=narrow)


@pytest.mark.parametrize(
    ("by", "restricted", "unknown"),
    [
        (user(USER), ALLOW, ALLOW),
        (service("logging.s3.amazonaws.com"), ALLOW, ALLOW),
        (role(STRANGER), DENY, CONDITIONAL),
        (anonymous(), DENY, CONDITIONAL),
    ],
)
def test_block_public_access_keeps_a_bucket_to_its_account(by, restricted, unknown):
    """
    RestrictPublicBuckets leaves a bucket with a public policy to its account and to services ("Blocking public access to
    your Amazon S3 storage").
    """
    bucket = parse_policy(document(allow("s3:*", Principal="*")), PolicyKind.RESOURCE)
    asked = {"action": "s3:GetObject", "arn": "arn:aws:s3:::b/x", "owner": OWN, "identity": (identity(allow("*")),)}

    assert restricted is on(bucket, by, restricted=True, **asked)
    assert unknown is on(bucket, by, restricted=None, **asked)
    assert ALLOW is on(bucket, by, **asked)


@pytest.mark.parametrize(
    ("action", "arn", "expected"),
    [
        ("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/AdministratorAccess", DENY),
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/AdministratorAccess", ALLOW),
        ("iam:UpdateRole", f"arn:aws:iam::{OWN}:role/aws-reserved/sso.amazonaws.com/x", DENY),
        ("iam:UpdateRole", ROLE, ALLOW),
        ("kms:UpdateAlias", f"arn:aws:kms:eu-west-1:{OWN}:alias/aws/sqs", DENY),
    ],
)
def test_what_aws_owns_nobody_changes(action, arn, expected):
    """
    AWS's own policies, the roles of IAM Identity Center and the aliases of AWS managed keys cannot be changed.
    """
    policies = {"identity": (identity(allow("*")),)}

    assert expected is verdict(action=action, arn=arn, owner=OWN, **policies)


@pytest.mark.parametrize(
    ("key", "by", "value"),
    [
        ("aws:PrincipalArn", role(ROLE, "one"), ROLE),
        ("aws:PrincipalArn", user(USER), USER),
        ("aws:PrincipalArn", root_user(OWN), ROOT),
        ("aws:PrincipalArn", anonymous(), None),
        ("aws:PrincipalArn", service("sns.amazonaws.com"), None),
        ("aws:PrincipalAccount", role(ROLE), OWN),
        ("kms:CallerAccount", role(ROLE), OWN),
        ("aws:SourceOwner", role(ROLE), OWN),
        ("aws:PrincipalType", role(ROLE), "AssumedRole"),
        ("aws:PrincipalType", anonymous(), "Anonymous"),
        ("aws:userid", anonymous(), "anonymous"),
        ("aws:userid", root_user(OWN), OWN),
        ("aws:username", user(USER), "ann"),
        ("aws:username", role(ROLE), None),
        ("aws:PrincipalIsAWSService", user(USER), "false"),
        ("aws:PrincipalIsAWSService", service("sns.amazonaws.com"), "true"),
        ("aws:PrincipalServiceName", service("sns.amazonaws.com"), "sns.amazonaws.com"),
        ("aws:ResourceAccount", user(USER), OWN),
        ("aws:RequestedRegion", user(USER), "eu-west-1"),
        ("aws:SourceArn", user(USER), None),
        ("aws:SecureTransport", user(USER), "true"),
        ("kms:ViaService", user(USER), None),
    ],
)
def test_derives_what_the_caller_fixes(key, by, value):
    """
    Keys that follow from the principal, the resource or a direct call are known ("AWS global condition context keys").
    """
    assert value == Request(by, SEND, QUEUE).look_up(key.lower())


def test_tags_and_organizations_are_known_or_not():
    """
    Tags of a principal and its organization may be known, known to be none, or not known.
    """
    tagged = Principal(PrincipalKind.ROLE, ROLE, OWN, tags={"Team": "blue"}, organization="")
    request = Request(tagged, SEND, QUEUE)

    assert "blue" == request.look_up("aws:principaltag/team")
    assert request.look_up("aws:principaltag/other") is None
    assert request.look_up("aws:principalorgid") is None
    assert request.look_up("aws:principalorgpaths") is None
    for key in ("aws:principaltag/team", "aws:principalorgid", "aws:sourceip"):
        with pytest.raises(KeyError):
            Request(role(ROLE), SEND, QUEUE).look_up(key)


def test_what_is_told_of_the_circumstances_wins():
    """
    What the caller of the engine says of a key beats what would follow, and the later word the earlier.
    """
    context = DIRECT.with_({"AWS:ResourceAccount": FOREIGN}).with_(absent=["aws:SecureTransport"])
    request = Request(user(USER), SEND, QUEUE, context=context.with_({"aws:sourcearn": "x"}))

    assert FOREIGN == request.look_up("aws:resourceaccount")
    assert request.look_up("aws:securetransport") is None
    assert "x" == request.look_up("aws:sourcearn")


def test_all_of_several_requests():
    """
    What needs several permissions is allowed if all are, and conditional if one is.
    """

    def asked(*policies):
        return [(Request(user(USER), SEND, QUEUE), PolicySet(identity=(p,))) for p in policies]

    assert ALLOW is evaluate_all(asked(YES, YES)).verdict
    assert DENY is evaluate_all(asked(YES, UNKNOWN, NO)).verdict
    conditional = evaluate_all(asked(YES, UNKNOWN))
    assert (CONDITIONAL, ("x:key",)) == (conditional.verdict, conditional.keys)
