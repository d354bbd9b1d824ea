"""Policies of every legal form, and requests that they may be about, for the tests of what holds for all of them."""

from hypothesis import strategies as st

from awsaudit.access import Context, Request, anonymous, role, root_user, service, user
from tests.estate import FOREIGN, OWN


QUEUE = f"arn:aws:sqs:eu-west-1:{OWN}:orders"
OTHER_QUEUE = f"arn:aws:sqs:eu-west-1:{OWN}:Orders"
ROLE = f"arn:aws:iam::{OWN}:role/app"
USER = f"arn:aws:iam::{OWN}:user/ann"
ORGANIZATION = "o-exampleorgid"

ACTIONS = ("sqs:SendMessage", "SQS:sendmessage", "sqs:*", "sqs:Receive*", "sqs:?endMessage", "*")
RESOURCES = (QUEUE, OTHER_QUEUE, "*", f"arn:aws:sqs:*:{OWN}:*", "arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:*:ord?rs")
PRINCIPALS = (
    "*",
    {"AWS": "*"},
    {"AWS": OWN},
    {"AWS": [f"arn:aws:iam::{FOREIGN}:root", ROLE]},
    {"AWS": USER, "Service": "events.amazonaws.com"},
    {"AWS": f"arn:aws:sts::{OWN}:assumed-role/app/one"},
    {"Service": ["sns.amazonaws.com", "events.amazonaws.com"]},
    {"AWS": ["AROAEXAMPLEEXAMPLE001"]},
)
# Keys that no request here fixes by who asks, with values of their kinds.
KEYS = {
    "aws:SourceVpc": ("String", ("vpc-1", "vpc-2", "vpc-*")),
    "aws:PrincipalTag/team": ("String", ("blue", "Blue", "b*")),
    "aws:TagKeys": ("Set", ("team", "cost", "t*")),
    "aws:SourceArn": ("Arn", (f"arn:aws:sns:eu-west-1:{OWN}:t", f"arn:aws:sns:*:{FOREIGN}:*")),
    "aws:SourceIp": ("Ip", ("203.0.113.0/24", "10.0.0.0/8", "2001:db8::/32")),
    "aws:MultiFactorAuthAge": ("Numeric", ("300", "3600", "300.5")),
    "aws:MultiFactorAuthPresent": ("Bool", ("true", "false")),
    "aws:TokenIssueTime": ("Date", ("2026-01-01T00:00:00Z", "1767225600", "2026-06-01")),
}
_COMPARE = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
OPERATORS = {
    "String": (
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
    ),
    "Arn": ("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"),
    "Ip": ("IpAddress", "NotIpAddress"),
    "Numeric": tuple(f"Numeric{c}" for c in _COMPARE),
    "Date": tuple(f"Date{c}" for c in _COMPARE),
    "Bool": ("Bool",),
}


def _some(values, least=1):
    """Return one value, or a list of several."""
    many = st.lists(st.sampled_from(values), min_size=least, max_size=2, unique=True)
    return st.sampled_from(values) | many


@st.composite
def conditions(draw, keys=tuple(KEYS)):
    """Return a Condition block over some of *keys*."""
    block = {}
    for key in draw(st.lists(st.sampled_from(keys), max_size=2, unique=True)):
        kind, values = KEYS[key]
        if draw(st.integers(0, 5)) == 0:
            operator, wanted = "Null", draw(st.sampled_from(("true", "false", True)))
        else:
            operator = draw(st.sampled_from(OPERATORS["String" if kind == "Set" else kind]))
            operator += draw(st.sampled_from(("", "", "IfExists")))
            quantifiers = ("ForAllValues:", "ForAnyValue:") if kind == "Set" else ("", "", "", "ForAllValues:")
            operator = draw(st.sampled_from(quantifiers)) + operator
            wanted = draw(_some(values))
        spelled = draw(st.sampled_from((key, key.lower(), key.upper())))
        block.setdefault(operator, {})[spelled] = wanted

    return block


@st.composite
def statements(draw, effects=("Allow", "Deny"), *, attached=True):
    """Return a statement; of a resource's policy unless it is not *attached* to one."""
    found = {"Effect": draw(st.sampled_from(effects))}
    found[draw(st.sampled_from(("Action", "Action", "Action", "NotAction")))] = draw(_some(ACTIONS))
    found[draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource")))] = draw(_some(RESOURCES))
    if attached:
        element = "Principal" if found["Effect"] == "Allow" else draw(st.sampled_from(("Principal", "NotPrincipal")))
        found[element] = draw(st.sampled_from(PRINCIPALS))
    block = draw(conditions())
    if block or draw(st.booleans()):
        found["Condition"] = block
    if draw(st.booleans()):
        found["Sid"] = "S"

    return found


@st.composite
def shared(draw):
    """Return policies that let strangers in under conditions, and deny some of it again."""
    openings = draw(st.lists(conditions(tuple(KEYS)), min_size=1, max_size=2))
    closings = draw(st.lists(conditions(tuple(KEYS)), max_size=2))
    everybody = st.sampled_from(("*", {"AWS": "*"}, {"AWS": [FOREIGN, ROLE]}))
    action = st.sampled_from(("sqs:*", "sqs:SendMessage", "sqs:Receive*"))

    def statement(effect, principal, block):
        return {"Effect": effect, "Principal": principal, "Action": draw(action), "Resource": "*", "Condition": block}

    found = [statement("Allow", draw(everybody), block) for block in openings]
    found += [statement("Deny", "*", block) for block in closings]

    return {"Version": "2012-10-17", "Statement": found}


def documents(effects=("Allow", "Deny"), *, attached=True, most=3):
    """Return policies of up to *most* statements."""
    return st.fixed_dictionaries(
        {
            "Version": st.sampled_from(("2012-10-17", "2008-10-17")),
            "Statement": st.lists(statements(effects, attached=attached), min_size=1, max_size=most),
        },
        optional={"Id": st.just("id")},
    )


PEOPLE = (user(USER), role(ROLE), role(ROLE, "one"), root_user(OWN), root_user(FOREIGN), anonymous())
CALLERS = (*PEOPLE, service("events.amazonaws.com"))
VALUES = {
    "aws:sourcevpc": ("vpc-1", "vpc-3", ""),
    "aws:principaltag/team": ("blue", "BLUE", "red"),
    "aws:tagkeys": ((), ("team",), ("cost", "team"), ("other",), ("team", "other")),
    "aws:sourcearn": (f"arn:aws:sns:eu-west-1:{OWN}:t", f"arn:aws:sns:us-east-1:{FOREIGN}:t", "arn:aws:s3:::b"),
    "aws:sourceip": ("203.0.113.7", "10.1.2.3", "198.51.100.1", "2001:db8::1", "2a00::1"),
    "aws:multifactorauthage": ("0", "300", "300.2", "300.5", "4000"),
    "aws:multifactorauthpresent": ("true", "false"),
    "aws:tokenissuetime": ("1767225600", "2026-03-01T00:00:00Z", "2027-01-01"),
}


@st.composite
def contexts(draw, *, whole=False):
    """Return what is known of the keys; all of them if *whole*."""
    known, absent = {}, []
    for key, values in VALUES.items():
        fate = draw(st.sampled_from(("known", "absent") if whole else ("known", "absent", "unknown", "unknown")))
        if fate == "known":
            known[key] = draw(st.sampled_from(values))
        elif fate == "absent":
            absent.append(key)

    return Context(known, frozenset(absent))


def requests(*, whole=False, people=CALLERS):
    """Return requests for one of the queues."""
    return st.builds(
        Request,
        st.sampled_from(people),
        st.sampled_from(("sqs:SendMessage", "sqs:ReceiveMessage")),
        st.sampled_from((QUEUE, OTHER_QUEUE)),
        context=contexts(whole=whole),
    )
