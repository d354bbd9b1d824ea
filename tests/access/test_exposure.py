import itertools

import pytest

from awsaudit import Gap, GapKind
from awsaudit.access import Level, PolicyKind, TrustZone, exposure, parse_policy
from tests.access.documents import QUEUE
from tests.estate import FOREIGN, OWN, document


CONTAINED, CROSS_ACCOUNT, PUBLIC = Level.CONTAINED, Level.CROSS_ACCOUNT, Level.PUBLIC
THIRD = "777788889999"
ORGANIZATION = "o-exampleorgid"
OTHER_ORGANIZATION = "o-strangers00"
TOPIC = f"arn:aws:sns:eu-west-1:{OWN}:news"
BUCKET = "arn:aws:s3:::bucket"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = f"arn:aws:iam::{OWN}:role/deploy"
GAP = Gap(OWN, "aws-global", "organizations", "ListAccounts", "AccessDenied", GapKind.DENIED)
# Where policies hang, with an action that they may be about.
PLACES = {
    QUEUE: "sqs:SendMessage",
    TOPIC: "sns:Publish",
    BUCKET: "s3:ListBucket",
    KEY: "kms:Decrypt",
    ROLE: "sts:AssumeRole",
}


def allow(principal="*", /, *, action=None, resource=None, effect="Allow", **conditions):
    """Return a statement of a policy, under conditions given as operator={key: value}."""
    found = {"Effect": effect, "Principal": principal, "Action": action, "Resource": resource}
    if conditions:
        found["Condition"] = {name.replace("__", ":"): lines for name, lines in conditions.items()}

    return {element: value for element, value in found.items() if value is not None}


def deny(principal="*", /, **more):
    return allow(principal, effect="Deny", **{"action": "*", **more})


def see(*statements, on=QUEUE, actions=None, **zone):
    """Return whom a policy of *statements* lets in."""
    filled = [{"Action": PLACES[on], **({} if on == ROLE else {"Resource": "*"}), **s} for s in statements]
    kind = {KEY: PolicyKind.KEY, ROLE: PolicyKind.TRUST}.get(on, PolicyKind.RESOURCE)
    policy = parse_policy(document(*filled), kind, "the policy")
    return exposure(policy, owner=OWN, trusted=TrustZone(**zone), resource=on, actions=actions)


def who(*statements, **more):
    return [o.who for o in see(*statements, **more).openings]


# A condition on an Allow for anybody, and how far it lets strangers in.
FIXED = {
    "nothing": ({}, PUBLIC, ["anybody"]),
    "own topic": ({"ArnEquals": {"aws:SourceArn": TOPIC}}, CONTAINED, []),
    "own topics": ({"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{OWN}:*"}}, CONTAINED, []),
    "text of own topic": ({"StringEquals": {"aws:SourceArn": TOPIC}}, CONTAINED, []),
    "any topic": ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:*"}}, PUBLIC, ["anybody through sns.amazonaws.com"]),
    "a stranger's topic": (
        {"ArnEquals": {"aws:SourceArn": TOPIC.replace(OWN, FOREIGN)}},
        CROSS_ACCOUNT,
        [f"account {FOREIGN}"],
    ),
    "own rule": ({"ArnEquals": {"aws:SourceArn": f"arn:aws:events:eu-west-1:{OWN}:rule/r"}}, CONTAINED, []),
    "own distribution": ({"StringLike": {"aws:SourceArn": f"arn:aws:cloudfront::{OWN}:distribution/*"}}, CONTAINED, []),
    "a bucket": ({"ArnLike": {"aws:SourceArn": BUCKET}}, CONTAINED, []),
    "buckets": ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::logs-*"}}, PUBLIC, ["anybody through s3.amazonaws.com"]),
    "an ARN cut short": (
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*"}},
        PUBLIC,
        ["anybody through sns.amazonaws.com"],
    ),
    "topics but one": (
        {"ArnNotEquals": {"aws:SourceArn": TOPIC}},
        PUBLIC,
        ["anybody"],
    ),
    "own source account": ({"StringEquals": {"aws:SourceAccount": OWN}}, CONTAINED, []),
    "source account": ({"StringEquals": {"aws:SourceAccount": [OWN, FOREIGN]}}, CROSS_ACCOUNT, [f"account {FOREIGN}"]),
    "source accounts": (
        {"StringLike": {"aws:SourceAccount": "4444*"}},
        PUBLIC,
        ["anybody through x.amazonaws.com"],
    ),
    "own account": ({"StringEquals": {"aws:PrincipalAccount": OWN}}, CONTAINED, []),
    "two accounts": (
        {"StringEquals": {"aws:PrincipalAccount": [FOREIGN, THIRD]}},
        CROSS_ACCOUNT,
        [f"account {FOREIGN}", f"account {THIRD}"],
    ),
    "other accounts": ({"StringNotEquals": {"aws:PrincipalAccount": OWN}}, PUBLIC, ["anybody"]),
    "organization": (
        {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
        CROSS_ACCOUNT,
        [f"the organization {ORGANIZATION}"],
    ),
    "organization in capitals": (
        {"StringEquals": {"AWS:PRINCIPALORGID": ORGANIZATION}},
        CROSS_ACCOUNT,
        [f"the organization {ORGANIZATION}"],
    ),
    "organizations": ({"StringLike": {"aws:PrincipalOrgID": "o-*"}}, PUBLIC, ["anybody"]),
    "no such organization": ({"StringNotEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, PUBLIC, ["anybody"]),
    "organization if there is one": (
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": ORGANIZATION}},
        PUBLIC,
        ["anybody"],
    ),
    "organization for all values": (
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
        PUBLIC,
        ["anybody"],
    ),
    "organization for any value": (
        {"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}},
        CROSS_ACCOUNT,
        [f"the organization {ORGANIZATION}"],
    ),
    "organization for all values, not null": (
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}, "Null": {"aws:PrincipalOrgID": "false"}},
        CROSS_ACCOUNT,
        [f"the organization {ORGANIZATION}"],
    ),
    "unit of an organization": (
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/r-ab12/ou-ab12-1/*"}},
        CROSS_ACCOUNT,
        [f"the organization {ORGANIZATION}"],
    ),
    "unit for all values": (
        {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/*"}},
        PUBLIC,
        ["anybody"],
    ),
    "a key of several values without a set operator": (
        {"StringLike": {"aws:PrincipalOrgPaths": f"{ORGANIZATION}/*"}},
        CONTAINED,
        [],
    ),
    "source organization": (
        {"StringEquals": {"aws:SourceOrgID": ORGANIZATION}},
        CROSS_ACCOUNT,
        [f"the organization {ORGANIZATION}"],
    ),
    "own role": ({"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/app"}}, CONTAINED, []),
    "own roles": ({"StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/*"}}, CONTAINED, []),
    "a stranger's role": (
        {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{FOREIGN}:role/app*"}},
        CROSS_ACCOUNT,
        [f"account {FOREIGN}"],
    ),
    "roles of a name": ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}, PUBLIC, ["anybody"]),
    "roots": ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}, PUBLIC, ["anybody"]),
    "endpoint": ({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, CONTAINED, []),
    "endpoints": ({"StringLike": {"aws:SourceVpce": "vpce-*"}}, PUBLIC, ["anybody"]),
    "other endpoints": ({"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, PUBLIC, ["anybody"]),
    "endpoint if there is one": ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1a2b3c4d"}}, PUBLIC, ["anybody"]),
    "network": ({"StringEquals": {"aws:SourceVpc": ["vpc-1", "vpc-2"]}}, CONTAINED, []),
    "TLS": ({"Bool": {"aws:SecureTransport": "true"}}, PUBLIC, ["anybody"]),
    "TLS as a text": ({"StringEquals": {"aws:SecureTransport": "true"}}, PUBLIC, ["anybody"]),
    "second factor": ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, PUBLIC, ["anybody"]),
    "user agent": ({"StringEquals": {"aws:UserAgent": "secret"}}, PUBLIC, ["anybody"]),
    "tag of the principal": ({"StringEquals": {"aws:PrincipalTag/team": "blue"}}, PUBLIC, ["anybody"]),
    "own name as a tag": ({"StringEquals": {"aws:PrincipalTag/me": "${aws:username}"}}, PUBLIC, ["anybody"]),
    "own unique id": ({"StringLike": {"aws:userid": "AROAEXAMPLEEXAMPLE001:*"}}, CONTAINED, []),
    "any unique id": ({"StringLike": {"aws:userid": "*:session"}}, PUBLIC, ["anybody"]),
    "half of the internet, twice": ({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}, PUBLIC, ["anybody"]),
    "half of the internet": ({"IpAddress": {"aws:SourceIp": "0.0.0.0/1"}}, PUBLIC, ["anybody"]),
    "all IPv6": ({"IpAddress": {"aws:SourceIp": "::/0"}}, PUBLIC, ["anybody"]),
    "an office": ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, CROSS_ACCOUNT, ["anybody in 203.0.113.0/24"]),
    "two offices": (
        {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8:1::/48"]}},
        CROSS_ACCOUNT,
        ["anybody in 203.0.113.0/24, 2001:db8:1::/48"],
    ),
    "one address as a text": (
        {"StringEquals": {"aws:SourceIp": "203.0.113.7"}},
        CROSS_ACCOUNT,
        ["anybody in 203.0.113.7"],
    ),
    "private addresses": ({"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.168.0.0/16"]}}, CONTAINED, []),
    "not an office": ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, PUBLIC, ["anybody"]),
    "services only": (
        {"Bool": {"aws:PrincipalIsAWSService": "true"}},
        PUBLIC,
        ["anybody through x.amazonaws.com"],
    ),
    "one service": (
        {"StringEquals": {"aws:PrincipalServiceName": "sns.amazonaws.com"}},
        PUBLIC,
        ["anybody through sns.amazonaws.com"],
    ),
    "one service of an account": (
        {"StringEquals": {"aws:PrincipalServiceName": "sns.amazonaws.com", "aws:SourceAccount": OWN}},
        CONTAINED,
        [],
    ),
    "called via a service": (
        {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}},
        PUBLIC,
        ["anybody"],
    ),
    "a contradiction": (
        {
            "StringEquals": {"aws:PrincipalAccount": FOREIGN},
            "StringLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:*"},
        },
        CONTAINED,
        [],
    ),
    "an account in an organization": (
        {"StringEquals": {"aws:PrincipalAccount": FOREIGN, "aws:PrincipalOrgID": ORGANIZATION}},
        CROSS_ACCOUNT,
        [f"account {FOREIGN}"],
    ),
}


@pytest.mark.parametrize("case", FIXED)
@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
def test_anybody_under_conditions(case, principal):
    """
    A condition keeps strangers out if no request of theirs passes it, however it is spelled ("The meaning of 'public'").
    """
    conditions, level, names = FIXED[case]
    seen = see({**allow(principal), "Condition": conditions})

    assert "" == seen.undecided
    assert (level, sorted(names)) == (seen.level, sorted(o.who for o in seen.openings))


@pytest.mark.parametrize("case", [case for case in FIXED if case != "nothing"])
def test_anybody_is_anybody_beside_another_statement(case):
    """
    A statement without conditions is an opening whatever the others ask for, and the others open nothing that is wider.
    """
    conditions, _, _ = FIXED[case]
    seen = see({**allow(), "Condition": conditions}, allow())

    assert PUBLIC is seen.level
    assert "anybody" in {o.who for o in seen.openings if o.statement.number == 2}


@pytest.mark.parametrize(
    ("principal", "level", "names"),
    [
        ({"AWS": OWN}, CONTAINED, []),
        ({"AWS": f"arn:aws:iam::{OWN}:root"}, CONTAINED, []),
        ({"AWS": f"arn:aws:iam::{OWN}:role/app"}, CONTAINED, []),
        ({"AWS": FOREIGN}, CROSS_ACCOUNT, [f"account {FOREIGN}"]),
        ({"AWS": f"arn:aws:iam::{FOREIGN}:root"}, CROSS_ACCOUNT, [f"account {FOREIGN}"]),
        ({"AWS": f"arn:aws:iam::{FOREIGN}:user/eve"}, CROSS_ACCOUNT, [f"account {FOREIGN}"]),
        ({"AWS": f"arn:aws:sts::{FOREIGN}:assumed-role/app/one"}, CROSS_ACCOUNT, [f"account {FOREIGN}"]),
        ({"AWS": f"arn:aws:sts::{FOREIGN}:federated-user/carla"}, CROSS_ACCOUNT, [f"account {FOREIGN}"]),
        ({"AWS": [FOREIGN, OWN, THIRD]}, CROSS_ACCOUNT, [f"account {FOREIGN}", f"account {THIRD}"]),
        ({"AWS": "AROAEXAMPLEEXAMPLE001"}, CONTAINED, []),
        ({"Federated": f"arn:aws:iam::{OWN}:oidc-provider/gitlab.com"}, CONTAINED, []),
        ({"AWS": []}, CONTAINED, []),
        ({"CanonicalUser": "79a59df900b949e5"}, CROSS_ACCOUNT, ["canonical user 79a59df900b949e5"]),
        ({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}, CONTAINED, []),
    ],
)
def test_those_who_are_named(principal, level, names):
    """
    Accounts, roles and users of other accounts are strangers, those of the own are not ("AWS JSON policy elements:
    Principal").
    """
    seen = see(allow(principal))

    assert (level, names) == (seen.level, [o.who for o in seen.openings])


@pytest.mark.parametrize(
    ("conditions", "level"),
    [
        ({"StringEquals": {"aws:PrincipalAccount": FOREIGN}}, CROSS_ACCOUNT),
        ({"StringEquals": {"aws:PrincipalAccount": OWN}}, CONTAINED),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{FOREIGN}:role/app"}}, CROSS_ACCOUNT),
        ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{THIRD}:role/app"}}, CONTAINED),
        ({"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, CROSS_ACCOUNT),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, CONTAINED),
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, CROSS_ACCOUNT),
        ({"ArnEquals": {"aws:SourceArn": TOPIC}}, CONTAINED),
    ],
)
def test_a_named_account_under_conditions(conditions, level):
    """
    What is asked of a named account may shut it out again.
    """
    assert level is see(allow({"AWS": FOREIGN}, **conditions)).level


def test_ids_of_deleted_principals_are_stale_not_foreign():
    """
    AWS replaces a deleted principal by its unique id, which lets nobody in any more ("Unique identifiers").
    """
    seen = see(allow({"AWS": ["AIDAEXAMPLEEXAMPLE001", OWN]}), deny({"AWS": "AROAEXAMPLEEXAMPLE002"}))

    assert (CONTAINED, ()) == (seen.level, seen.openings)
    assert [(1, "AIDAEXAMPLEEXAMPLE001")] == [(statement.number, id_) for statement, id_ in seen.stale]
    beside = see(allow({"AWS": ["AIDAEXAMPLEEXAMPLE001", FOREIGN]}))
    assert [f"account {FOREIGN}"] == [o.who for o in beside.openings]
    assert 1 == len(beside.stale)


OUTSIDE = {"StringNotEquals": {"aws:PrincipalAccount": OWN}}


@pytest.mark.parametrize(
    ("closing", "level", "names"),
    [
        (deny(**OUTSIDE), CONTAINED, []),
        (
            deny(StringNotEquals={"aws:PrincipalOrgID": ORGANIZATION}),
            CROSS_ACCOUNT,
            [f"the organization {ORGANIZATION}"],
        ),
        (deny(StringNotEquals={"aws:SourceVpce": "vpce-1"}), CONTAINED, []),
        (deny(StringNotEqualsIfExists={"aws:SourceVpce": "vpce-1"}), CONTAINED, []),
        (deny(NotIpAddress={"aws:SourceIp": "203.0.113.0/24"}), CROSS_ACCOUNT, ["anybody in 203.0.113.0/24"]),
        (deny(ArnNotLike={"aws:PrincipalArn": f"arn:aws:iam::{OWN}:*"}), CONTAINED, []),
        (deny(ArnNotLike={"aws:PrincipalArn": f"arn:aws:iam::{FOREIGN}:*"}), CROSS_ACCOUNT, [f"account {FOREIGN}"]),
        (deny(Bool={"aws:SecureTransport": "false"}), PUBLIC, ["anybody"]),
        (deny(StringEquals={"aws:PrincipalAccount": FOREIGN}), PUBLIC, ["anybody"]),
        (deny({"AWS": FOREIGN}), PUBLIC, ["anybody"]),
        (deny(), CONTAINED, []),
        (deny(action="sqs:SendMessage"), CONTAINED, []),
        (deny(action="sqs:ReceiveMessage"), PUBLIC, ["anybody"]),
        (deny(resource=QUEUE), CONTAINED, []),
        (deny(resource=f"{QUEUE}2"), PUBLIC, ["anybody"]),
        (
            deny(Bool={"aws:SecureTransport": "false"}, StringNotEquals={"aws:PrincipalAccount": OWN}),
            PUBLIC,
            ["anybody"],
        ),
        ({"Effect": "Deny", "NotPrincipal": {"AWS": OWN}, "Action": "*"}, CONTAINED, []),
        ({"Effect": "Deny", "NotPrincipal": {"AWS": "*"}, "Action": "*"}, PUBLIC, ["anybody"]),
        ({"Effect": "Deny", "Action": "*"}, PUBLIC, ["anybody"]),
    ],
)
def test_a_deny_subtracts(closing, level, names):
    """
    A Deny on everybody outside makes an Allow for anybody private; one on something else does not ("Policy evaluation
    logic"). One without a principal is about nobody.
    """
    seen = see(allow(), closing)

    assert (level, names) == (seen.level, [o.who for o in seen.openings])


def test_a_deny_of_some_actions_leaves_the_others():
    """
    Each action is asked about by itself: those that a Deny takes away are not named.
    """
    seen = see(allow(action=["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteQueue"]), deny(action="sqs:*Message"))

    assert [("sqs:DeleteQueue",)] == [o.actions for o in seen.openings]
    assert "sqs:DeleteQueue" == seen.openings[0].witness.action
    one = deny(action="sqs:DeleteQueue", **OUTSIDE)
    some = see(allow(action=["sqs:SendMessage", "sqs:DeleteQueue"]), one)
    assert [("sqs:SendMessage",)] == [o.actions for o in some.openings]


def test_a_deny_on_an_account_leaves_others_in():
    """
    Of several accounts that are let in, only those that no Deny hits get in.
    """
    assert [f"account {THIRD}"] == who(allow({"AWS": [FOREIGN, THIRD]}), deny({"AWS": f"arn:aws:iam::{FOREIGN}:root"}))


def test_denies_in_parts_add_up():
    """
    Two Denies that are each about some strangers may be about all of them together.
    """
    away = [
        deny(StringNotEquals={"aws:PrincipalOrgID": ORGANIZATION}, Null={"aws:PrincipalOrgID": "false"}),
        deny(Null={"aws:PrincipalOrgID": "true"}),
    ]

    assert [f"the organization {ORGANIZATION}"] == who(allow(), *away)
    assert ["anybody"] == who(allow(), away[0])


def test_not_principal_with_allow_is_everybody_else():
    """
    In an old document, whoever is not listed gets in ("NotPrincipal").
    """
    statement = {"Effect": "Allow", "NotPrincipal": {"AWS": [OWN, FOREIGN]}, "Action": "sqs:*"}

    assert (PUBLIC, ["anybody"]) == (see(statement).level, who(statement))
    only = {**statement, "Condition": {"StringEquals": {"aws:PrincipalAccount": FOREIGN}}}
    assert CONTAINED is see(only).level
    third = {**statement, "Condition": {"StringEquals": {"aws:PrincipalAccount": THIRD}}}
    assert [f"account {THIRD}"] == who(third)


@pytest.mark.parametrize(
    ("element", "level"),
    [
        ({"Action": "sqs:*"}, PUBLIC),
        ({"Action": "SQS:Send*"}, PUBLIC),
        ({"Action": "*"}, PUBLIC),
        ({"Action": "sns:*"}, CONTAINED),
        ({"NotAction": "sqs:Delete*"}, PUBLIC),
        ({"NotAction": "sqs:*"}, CONTAINED),
        ({"NotAction": "*"}, CONTAINED),
    ],
)
def test_any_action_counts(element, level):
    """
    Whatever strangers may do of the service is an opening, also through wildcards and NotAction.
    """
    text = document({"Effect": "Allow", "Principal": "*", "Resource": "*", **element})
    seen = exposure(parse_policy(text, PolicyKind.RESOURCE), owner=OWN, resource=QUEUE)

    assert level is seen.level


def test_only_the_actions_in_question():
    """
    Who asks about some actions hears of those alone.
    """
    statements = [allow(action="sqs:*")]

    assert [("sqs:SendMessage",)] == [o.actions for o in see(*statements, actions=["sqs:SendMessage"]).openings]
    assert CONTAINED is see(*statements, actions=["sns:Publish"]).level


def deputy(on=QUEUE, **conditions):
    return see(allow({"Service": "sns.amazonaws.com"}, **conditions), on=on)


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        ({}, ["anybody through sns.amazonaws.com"]),
        ({"ArnEquals": {"aws:SourceArn": TOPIC}}, []),
        ({"StringEquals": {"aws:SourceAccount": OWN}}, []),
        ({"StringEquals": {"aws:SourceOrgID": ORGANIZATION}}, [f"the organization {ORGANIZATION}"]),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:news"}}, ["anybody through sns.amazonaws.com"]),
        ({"ArnLike": {"aws:SourceArn": TOPIC.replace(OWN, FOREIGN)}}, [f"account {FOREIGN}"]),
        ({"ArnEqualsIfExists": {"aws:SourceArn": TOPIC}}, []),
        ({"StringNotEquals": {"aws:SourceAccount": OWN}}, ["anybody through sns.amazonaws.com"]),
        ({"ArnEquals": {"aws:SourceArn": BUCKET}}, []),
        ({"ArnEquals": {"aws:SourceArn": BUCKET}, "StringEquals": {"aws:SourceAccount": OWN}}, []),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}}, ["anybody through sns.amazonaws.com"]),
        ({"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}, "StringEquals": {"aws:SourceAccount": OWN}}, []),
        ({"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}, []),
    ],
)
def test_a_service_may_be_confused(conditions, names):
    """
    A service that is not bound to a source of the owner's acts for whoever asks it: that is told apart, and is no exposure
    by itself ("The confused deputy problem").
    """
    seen = deputy(**conditions)

    assert (CONTAINED, names) == (seen.level, [o.who for o in seen.deputies])
    assert {"sns.amazonaws.com"} >= {o.service for o in seen.deputies}
    assert () == seen.public


def test_a_fixed_bucket_pins_though_it_names_no_account():
    """
    The name of a bucket is unique: fixed, it is as good as its account ("Amazon S3: resources").
    """
    for account in ({}, {"StringEquals": {"aws:SourceAccount": OWN}}):
        assert CONTAINED is see(allow(ArnLike={"aws:SourceArn": "arn:aws:s3:::uploads"}, **account)).level
    assert CONTAINED is see(allow(ArnLike={"aws:SourceArn": "arn:aws:s3:*:*:uploads"})).level
    foreign = see(allow(ArnLike={"aws:SourceArn": "arn:aws:s3:::uploads"}, StringEquals={"aws:SourceAccount": FOREIGN}))
    assert [f"account {FOREIGN}"] == [o.who for o in foreign.openings]


CALLER = {"kms:CallerAccount": OWN}
VIA = {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}


@pytest.mark.parametrize(
    ("statement", "level"),
    [
        (allow(StringEquals=CALLER), CONTAINED),
        (allow(StringEquals={**CALLER, **VIA}), CONTAINED),
        (allow(StringEquals={"kms:CallerAccount": [OWN, FOREIGN]}), CROSS_ACCOUNT),
        (allow(StringLike={"kms:CallerAccount": "*"}), PUBLIC),
        (allow(StringEqualsIfExists=CALLER), CONTAINED),
        (allow(StringEquals=VIA), PUBLIC),
        (allow(StringEquals={**VIA, "kms:EncryptionContext:aws:ebs:id": "vol-1"}), PUBLIC),
        (allow(Bool={"kms:GrantIsForAWSResource": "true"}, action="kms:CreateGrant"), PUBLIC),
        (allow(action="kms:DescribeKey"), PUBLIC),
        (allow(action="kms:GetPublicKey"), PUBLIC),
        (allow(StringEquals={"aws:PrincipalOrgID": ORGANIZATION}), CROSS_ACCOUNT),
        (allow({"AWS": FOREIGN}, action="kms:*"), CROSS_ACCOUNT),
        (allow({"AWS": f"arn:aws:iam::{OWN}:root"}, action="kms:*"), CONTAINED),
    ],
)
def test_keys(statement, level):
    """
    kms:CallerAccount names an account and kms:ViaService does not; any action to anybody counts ("AWS KMS condition
    keys").
    """
    assert level is see(statement, on=KEY).level


def test_the_default_key_policy_of_a_trail_is_contained():
    """
    What the console of CloudTrail writes binds its readers by kms:CallerAccount ("Default KMS key policy created in
    CloudTrail console").
    """
    trail = f"arn:aws:cloudtrail:*:{OWN}:trail/*"
    context = {"kms:EncryptionContext:aws:cloudtrail:arn": trail}
    by = {"Service": "cloudtrail.amazonaws.com"}
    source = {"aws:SourceArn": f"arn:aws:cloudtrail:eu-west-1:{OWN}:trail/t"}
    statements = [
        allow({"AWS": [f"arn:aws:iam::{OWN}:root", f"arn:aws:iam::{OWN}:user/ann"]}, action="kms:*"),
        allow(by, action="kms:GenerateDataKey*", StringLike=context, StringEquals=source),
        allow(by, action="kms:DescribeKey"),
        allow({"AWS": "*"}, action=["kms:Decrypt", "kms:ReEncryptFrom"], StringEquals=CALLER, StringLike=context),
        allow({"AWS": "*"}, action="kms:CreateAlias", StringEquals={**CALLER, **VIA}),
        allow({"AWS": "*"}, action=["kms:Decrypt", "kms:ReEncryptFrom"], StringEquals=CALLER, StringLike=context),
    ]
    seen = see(*statements, on=KEY)

    assert (CONTAINED, ()) == (seen.level, seen.public + seen.cross_account)
    assert [("kms:DescribeKey",)] == [o.actions for o in seen.deputies]


def test_the_key_policies_that_infrastructure_code_writes_are_contained():
    """
    The CDK lets principals use a key through a service, of the account that kms:CallerAccount names.
    """
    root = allow({"AWS": f"arn:aws:iam::{OWN}:root"}, action="kms:*")
    use = ["kms:Decrypt", "kms:Encrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:CreateGrant", "kms:DescribeKey"]
    by_service = allow(
        {"AWS": "*"}, action=use, StringEquals={**CALLER, "kms:ViaService": "s3.eu-west-1.amazonaws.com"}
    )

    assert CONTAINED is see(root, by_service, on=KEY).level
    del by_service["Condition"]["StringEquals"]["kms:CallerAccount"]
    assert PUBLIC is see(root, by_service, on=KEY).level


TOPIC_ACTIONS = [
    "SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:AddPermission", "SNS:RemovePermission", "SNS:DeleteTopic",
    "SNS:Subscribe", "SNS:ListSubscriptionsByTopic", "SNS:Publish",
]  # fmt: skip


@pytest.mark.parametrize(
    ("conditions", "level"),
    [
        ({"StringEquals": {"AWS:SourceOwner": OWN}}, CONTAINED),
        ({"StringEquals": {"AWS:SourceOwner": FOREIGN}}, CROSS_ACCOUNT),
        ({"StringEquals": {"AWS:SourceAccount": OWN}}, CONTAINED),
        ({"StringLike": {"AWS:SourceOwner": "*"}}, PUBLIC),
        ({}, PUBLIC),
        ({"StringEquals": {"sns:Protocol": "https"}}, PUBLIC),
        ({"StringLike": {"sns:Endpoint": "*@example.com"}}, PUBLIC),
    ],
)
def test_topics(conditions, level):
    """
    The policy that SNS gives a topic lets anybody in whose account AWS:SourceOwner is ("Example cases for Amazon SNS access
    control").
    """
    statement = allow({"AWS": "*"}, action=TOPIC_ACTIONS, resource=TOPIC, **conditions)

    assert level is see(statement, on=TOPIC).level


@pytest.mark.parametrize(
    ("statements", "level"),
    [
        ([allow(action="s3:GetObject", resource=f"{BUCKET}/*")], PUBLIC),
        ([allow(action="s3:GetObject", resource=f"{BUCKET}/public/*")], PUBLIC),
        ([allow(action="s3:ListBucket", resource=BUCKET)], PUBLIC),
        ([allow(action="s3:GetObject", resource="arn:aws:s3:::*/*")], PUBLIC),
        (
            [allow(action="s3:GetObject", resource=f"{BUCKET}/*"), deny(action="s3:*", resource=f"{BUCKET}/private/*")],
            PUBLIC,
        ),
        (
            [allow(action="s3:GetObject", resource=f"{BUCKET}/a/*"), deny(action="s3:*", resource=f"{BUCKET}/*")],
            CONTAINED,
        ),
        (
            [allow(action="s3:*", resource=[BUCKET, f"{BUCKET}/*"]), deny(resource=[BUCKET, f"{BUCKET}/*"], **OUTSIDE)],
            CONTAINED,
        ),
        ([allow(action="s3:*", resource=[BUCKET, f"{BUCKET}/*"]), deny(resource=f"{BUCKET}/*", **OUTSIDE)], PUBLIC),
        ([deny(action="s3:*", Bool={"aws:SecureTransport": "false"})], CONTAINED),
        ([allow(action="s3:GetObject", StringEquals={"aws:SourceVpce": "vpce-1"})], CONTAINED),
        (
            [
                allow(
                    {"Service": "cloudfront.amazonaws.com"},
                    action="s3:GetObject",
                    StringEquals={"AWS:SourceArn": f"arn:aws:cloudfront::{OWN}:distribution/E1"},
                )
            ],
            CONTAINED,
        ),
    ],
)
def test_buckets(statements, level):
    """
    A bucket's policy speaks of the bucket and of its objects; parts that are let in are let in ("Bucket policies").
    """
    assert level is see(*statements, on=BUCKET).level


def test_objects_and_the_bucket_are_told_apart():
    """
    Actions on objects are asked about for objects, those on the bucket for the bucket ("Actions, resources, and condition
    keys for Amazon S3").
    """
    both = [BUCKET, f"{BUCKET}/*"]
    reads = allow(action=["s3:GetObject", "s3:ListBucket"], resource=both)

    assert ["s3:ListBucket"] == [o.witness.action for o in see(reads, deny(resource=f"{BUCKET}/*"), on=BUCKET).openings]
    assert ["s3:GetObject"] == [o.witness.action for o in see(reads, deny(resource=BUCKET), on=BUCKET).openings]
    assert CONTAINED is see(allow(action="s3:GetObject", resource=BUCKET), on=BUCKET).level
    assert CONTAINED is see(allow(action="s3:ListBucket", resource=f"{BUCKET}/*"), on=BUCKET).level


def test_parts_of_a_bucket_may_be_open():
    """
    Objects below a prefix are let in, also where wildcards or NotResource say which.
    """
    for resource in (
        f"{BUCKET}/public/*",
        "arn:aws:s3:::*/public/*",
        "arn:aws:s3:::buck*",
        f"{BUCKET}/${{aws:username}}/*",
    ):
        assert PUBLIC is see(allow(action="s3:GetObject", resource=resource), on=BUCKET).level
    assert CONTAINED is see(allow(action="s3:GetObject", resource="arn:aws:s3:::other/*"), on=BUCKET).level
    others = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "NotResource": f"{BUCKET}/private/*"}
    found = exposure(parse_policy(document(others), PolicyKind.RESOURCE), owner=OWN, resource=BUCKET)
    assert PUBLIC is found.level


def test_who_signs_nothing_has_no_key_that_tells_of_him():
    """
    S3, SQS and SNS take requests that nobody signed: a Deny that asks for keys of the principal may miss them ("Anonymous
    users").
    """
    closing = deny(StringNotEquals={"aws:PrincipalAccount": OWN}, Null={"aws:PrincipalAccount": "false"})

    assert PUBLIC is see(allow(), closing).level
    assert CONTAINED is see(allow(), closing, on=KEY).level
    assert CONTAINED is see(allow(Null={"aws:PrincipalArn": "false"}), closing).level


@pytest.mark.parametrize(
    ("statement", "level", "names"),
    [
        (allow({"AWS": FOREIGN}), CROSS_ACCOUNT, [f"account {FOREIGN}"]),
        (allow({"AWS": FOREIGN}, StringEquals={"sts:ExternalId": "12345"}), CROSS_ACCOUNT, [f"account {FOREIGN}"]),
        (allow(StringEquals={"sts:ExternalId": "12345"}), PUBLIC, ["anybody"]),
        (
            allow({"AWS": "*"}, StringEquals={"aws:PrincipalOrgID": ORGANIZATION}),
            CROSS_ACCOUNT,
            [f"the organization {ORGANIZATION}"],
        ),
        (allow({"AWS": OWN}), CONTAINED, []),
        (allow({"Service": "ec2.amazonaws.com"}), CONTAINED, ["anybody through ec2.amazonaws.com"]),
    ],
)
def test_roles(statement, level, names):
    """
    An external id is no secret: it keeps a deputy from being confused, and nobody out ("Access to AWS accounts owned by
    third parties").
    """
    seen = see(statement, on=ROLE)

    assert (level, names) == (seen.level, [o.who for o in seen.openings])


def test_accounts_of_the_zone_are_known():
    """
    An account that the owner trusts is shown, is known, and does not count for the level.
    """
    seen = see(allow({"AWS": [FOREIGN, THIRD]}), accounts=frozenset({FOREIGN}))

    assert CROSS_ACCOUNT is seen.level
    assert {f"account {FOREIGN}": True, f"account {THIRD}": False} == {o.who: o.known for o in seen.cross_account}
    assert CONTAINED is see(allow({"AWS": FOREIGN}), accounts=frozenset({FOREIGN})).level
    assert PUBLIC is see(allow(), accounts=frozenset({FOREIGN})).level


@pytest.mark.parametrize(
    ("zone", "known", "level"),
    [
        ({"organizations": frozenset({ORGANIZATION})}, True, CONTAINED),
        ({"organizations": frozenset({OTHER_ORGANIZATION})}, False, CROSS_ACCOUNT),
        ({}, False, CROSS_ACCOUNT),
        ({"unseen": GAP}, None, CROSS_ACCOUNT),
        ({"unseen": GAP, "own_organization": OTHER_ORGANIZATION}, False, CROSS_ACCOUNT),
        ({"unseen": GAP, "organizations": frozenset({ORGANIZATION})}, True, CONTAINED),
    ],
)
def test_organizations_of_the_zone_are_known(zone, known, level):
    """
    An organization is known, unknown, or, where the organization could not be read, neither.
    """
    seen = see(allow(StringEquals={"aws:PrincipalOrgID": ORGANIZATION}), **zone)

    assert (level, [known]) == (seen.level, [o.known for o in seen.openings])
    assert [ORGANIZATION] == [o.organization for o in seen.openings]


@pytest.mark.parametrize(("unseen", "known"), [(GAP, None), (None, False)])
def test_an_account_may_be_of_an_organization_that_could_not_be_read(unseen, known):
    """
    Whether an account is a stranger is not known where the organization's accounts are not.
    """
    seen = see(allow({"AWS": [FOREIGN, THIRD]}), accounts=frozenset({THIRD}), unseen=unseen)

    assert {FOREIGN: known, THIRD: True} == {o.account: o.known for o in seen.openings}
    assert PUBLIC is see(allow(), unseen=unseen).level
    assert (False,) == tuple(o.known for o in see(allow(), unseen=unseen).openings)


@pytest.mark.parametrize(
    ("networks", "ranges", "level"),
    [
        (("203.0.113.0/24",), "203.0.113.0/24", CONTAINED),
        (("203.0.113.0/24",), "203.0.113.128/25", CONTAINED),
        (("203.0.113.0/24",), "203.0.112.0/23", CROSS_ACCOUNT),
        (("203.0.113.0/24",), ["203.0.113.0/24", "192.0.2.0/24"], CROSS_ACCOUNT),
        (("203.0.113.0/24",), "0.0.0.0/0", PUBLIC),
        (("0.0.0.0/0",), "0.0.0.0/0", CONTAINED),
        ((), "203.0.113.0/24", CROSS_ACCOUNT),
        (("2001:db8:1::/48",), "2001:db8:1::/64", CONTAINED),
    ],
)
def test_networks_of_the_zone_are_known(networks, ranges, level):
    """
    Who comes from a network that the owner trusts is no stranger.
    """
    assert level is see(allow(IpAddress={"aws:SourceIp": ranges}), networks=networks).level


def test_a_narrow_network_is_never_public():
    """
    Ranges that one owner may have let in whoever is there, which is a class of its own ("The meaning of 'public'").
    """
    for size, level in ((8, CROSS_ACCOUNT), (7, PUBLIC), (32, CROSS_ACCOUNT)):
        assert level is see(allow(IpAddress={"aws:SourceIp": f"32.0.0.0/{size}"})).level
    pieces = [f"{n}.0.0.0/8" for n in (11, 12)]
    assert PUBLIC is see(allow(IpAddress={"aws:SourceIp": pieces})).level


def test_too_many_outcomes_are_undecided():
    """
    Where trying all would take too long the answer is that it is not known, and never that nobody gets in.
    """
    conditions = {"StringLike": {f"x:key{n}": [f"*{c}*" for c in "abc"] for n in range(12)}, "Bool": {"x:no": "true"}}
    closing = deny(Bool={"x:no": "true"})
    seen = see(allow(**conditions), closing)

    assert "too many outcomes" in seen.undecided
    assert CONTAINED is seen.level


def test_what_is_undecided_does_not_hide_what_is_found():
    """
    One statement that cannot be told leaves the openings of the others.
    """
    seen = see(allow(StringLike={"aws:SourceIp": "203.0.*"}), allow({"AWS": FOREIGN}), allow())

    assert "aws:sourceip" in seen.undecided
    assert (PUBLIC, ["anybody", f"account {FOREIGN}"]) == (seen.level, [o.who for o in seen.openings])


def test_tags_of_the_resource_are_what_it_hangs_on():
    """
    Whether a tag of the resource is there is not for the policy to tell: the opening names it.
    """
    seen = see(allow(StringEquals={"aws:ResourceTag/share": "yes"}))

    assert PUBLIC is seen.level
    assert ["aws:resourcetag/share"] == [doubt.on for o in seen.openings for doubt in o.depends_on]


def test_an_unknown_operator_is_what_it_hangs_on():
    """
    An operator that nobody knows may let strangers in.
    """
    seen = see(allow(StringAlmost={"aws:PrincipalAccount": OWN}))

    assert PUBLIC is seen.level
    assert ["the operator StringAlmost"] == [doubt.on for o in seen.openings for doubt in o.depends_on]


def test_shows_a_witness():
    """
    An opening comes with a request that proves it, in words.
    """
    (opening,) = see(allow(StringEquals={"aws:PrincipalTag/team": "blue"})).openings

    assert opening.example.endswith("role/x may sqs:SendMessage with aws:principaltag/team=blue")
    (opening,) = see(allow({"AWS": FOREIGN})).openings
    assert f"arn:aws:iam::{FOREIGN}:role/x may sqs:SendMessage" == opening.example


def test_each_party_is_told_once_a_statement():
    """
    Openings of one statement to one party are one, with all their actions; wide ones come first.
    """
    seen = see(
        allow({"AWS": [FOREIGN, f"arn:aws:iam::{FOREIGN}:role/a"]}, action=["sqs:SendMessage", "sqs:ReceiveMessage"]),
        deny(action="sqs:ReceiveMessage", StringEquals={"x:key": "1"}),
        allow(),
    )

    assert [(3, "anybody"), (1, f"account {FOREIGN}")] == [(o.statement.number, o.who) for o in seen.openings]
    assert {"sqs:SendMessage", "sqs:ReceiveMessage"} == set(seen.openings[1].actions)
    assert [PUBLIC, CROSS_ACCOUNT] == [o.level for o in seen.openings]


def test_other_partitions_have_their_own_arns():
    """
    Strangers are of the partition that the resource is in.
    """
    queue = QUEUE.replace("arn:aws:", "arn:aws-us-gov:")
    condition = {"ArnLike": {"aws:PrincipalArn": "arn:aws-us-gov:iam::*:role/Admin"}}
    text = document({**allow(action="sqs:*", resource="*"), "Condition": condition})
    seen = exposure(parse_policy(text, PolicyKind.RESOURCE), owner=OWN, resource=queue)

    assert PUBLIC is seen.level
    assert seen.openings[0].witness.principal.arn.startswith("arn:aws-us-gov:iam::")


def test_levels_compare_and_read():
    """
    Levels are in order, and read as words.
    """
    assert CONTAINED < CROSS_ACCOUNT < PUBLIC
    assert ["contained", "cross-account", "public"] == [str(level) for level in Level]


@pytest.mark.parametrize(("one", "other"), [*itertools.combinations(("nothing", "TLS", "office", "own account"), 2)])
def test_more_conditions_never_let_more_in(one, other):
    """
    Joined conditions let in no more than each of them does.
    """
    blocks = {
        "nothing": {},
        "TLS": {"Bool": {"aws:SecureTransport": "true"}},
        "office": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
        "own account": {"StringEquals": {"aws:PrincipalAccount": OWN}},
    }
    joined = see({**allow(), "Condition": {**blocks[one], **blocks[other]}}).level

    assert joined == min(see({**allow(), "Condition": blocks[name]}).level for name in (one, other))
