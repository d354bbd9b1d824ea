import json

import pytest

from awsaudit.access.lint import document_of, kind_of, remarks
from awsaudit.access.policy import PolicyKind
from awsaudit.errors import PolicyError
from tests.estate import OWN, allow, document


SOUND = {
    PolicyKind.IDENTITY: document(allow("sqs:SendMessage", resource="arn:aws:sqs:*:*:orders")),
    PolicyKind.RESOURCE: document(allow("sqs:SendMessage", Principal={"AWS": OWN})),
    PolicyKind.KEY: document(allow("kms:*", Principal={"AWS": f"arn:aws:iam::{OWN}:root"})),
    PolicyKind.TRUST: document(
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ),
}


def said(statement, kind=PolicyKind.RESOURCE, **members):
    """Return what is said of a statement, with what is mended."""
    return [(r.text, r.mend, r.wrong) for r in remarks({**document(statement), **members}, kind)]


@pytest.mark.parametrize("kind", list(SOUND), ids=str)
def test_sound_policies(kind):
    """
    Nothing is said of a sound policy, and its kind is guessed.
    """
    assert [] == list(remarks(SOUND[kind], kind))
    assert kind is kind_of(SOUND[kind])


# What AWS would refuse

PRINCIPAL = {"Principal": {"AWS": OWN}}


@pytest.mark.parametrize(
    ("change", "text", "mend"),
    [
        ({"Effect": "allow"}, "the Effect is 'allow'", 'write "Effect": "Allow"'),
        ({"Effect": None}, "it has no Effect", 'write "Effect": "Allow" or "Deny"'),
        ({"Efect": "Allow"}, "there is no element 'Efect'", "write Effect"),
        ({"NotAction": "sqs:*"}, "it has both Action and NotAction", "split it into two statements"),
        ({"Action": "SendMessage"}, "'SendMessage' is not of the form service:Action", ""),
        ({"Action": [5]}, "5 is no text", ""),
        ({"Resource": "orders"}, "'orders' is neither an ARN nor *", ""),
        ({"Principal": None, "NotPrincipal": None}, "it has both Principal and NotPrincipal", "split it into two statements"),
        ({"Principal": OWN}, f'it is an object or "*", not \'{OWN}\'', f'write "Principal": {{"AWS": "{OWN}"}}'),
        ({"Principal": {"Aws": OWN}}, "there is no 'Aws'", "write AWS"),
        ({"Principal": {"AWS": "anna"}}, "'anna' is neither an account id nor the ARN of a user, role or session", ""),
        ({"Condition": "x"}, "it is no JSON object", ""),
        ({"Condition": {"StringEqual": {"aws:SourceArn": "x"}}}, "there is no such operator", "write StringEquals"),
        ({"Condition": {"ForEach:StringLike": {"aws:SourceArn": "x"}}}, "there is no such operator", "write StringLike"),
        ({"Condition": {"NullIfExists": {"aws:SourceArn": "true"}}}, "Null takes no IfExists", "write Null"),
        ({"Condition": {"Bool": "x"}}, "it is no JSON object", 'write "Bool": {"KEY": "VALUE"}'),
        ({"Condition": {"Bool": {"aws:SecureTransport": {}}}}, "the value of aws:SecureTransport is neither text nor number", ""),
    ],
)  # fmt: skip
def test_what_aws_would_refuse(change, text, mend):
    """
    It is said with the place and how to mend it.
    """
    found = said({**allow("sqs:SendMessage", **PRINCIPAL), **change})

    assert (text, mend, True) in found


def test_wildcards_in_principals_are_refused():
    """
    They have to be a condition on aws:PrincipalArn.
    """
    [(text, mend, wrong)] = said(allow("sqs:*", Principal={"AWS": "arn:aws:iam::*:role/x"}))

    assert wrong
    assert "wildcards" in text
    assert '"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}' in mend


@pytest.mark.parametrize(
    ("kind", "statement", "text"),
    [
        (PolicyKind.IDENTITY, allow("sqs:*", **PRINCIPAL), "a policy has no Principal: it is about whom it hangs on"),
        (PolicyKind.SCP, {"Effect": "Deny", "Action": "*"}, "it has neither Resource nor NotResource"),
        (PolicyKind.RESOURCE, allow("sqs:*"), "it has no Principal, and so is about nobody"),
        (
            PolicyKind.TRUST,
            allow("sts:AssumeRole", **PRINCIPAL),
            "a trust policy has no Resource: it is about the role",
        ),
        (PolicyKind.RESOURCE, {"Effect": "Allow", **PRINCIPAL}, "it has neither Action nor NotAction"),
        (PolicyKind.RESOURCE, 5, "it is no JSON object"),
    ],
)
def test_elements_that_a_kind_has_or_has_not(kind, statement, text):
    """
    What a statement needs hangs on what the policy decides.
    """
    assert any(found.startswith(text) for found, _, _ in said(statement, kind))


def test_the_policy_as_a_whole():
    """
    Its version, its members, and names that stand twice.
    """
    named = allow("sqs:*", **PRINCIPAL, Sid="a")
    found = [
        r.text
        for r in remarks({"Version": "2024-01-01", "Statements": [], "Statement": [named, named]}, PolicyKind.RESOURCE)
    ]

    assert [
        "there is no element 'Statements'",
        "there is no version '2024-01-01'",
        "an earlier statement is called a, too",
    ] == found
    assert ["it has no Statement"] == [r.text for r in remarks({}, PolicyKind.RESOURCE)]


# What AWS takes


def odd(condition=None, kind=PolicyKind.RESOURCE, **more):
    statement = allow("sqs:SendMessage", **PRINCIPAL, **({"Condition": condition} if condition else {}))
    return [(text, mend) for text, mend, _ in said({**statement, **more}, kind)]


@pytest.mark.parametrize(
    ("condition", "text", "mend"),
    [
        ({"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}, "* and ? are letters", "write StringLike"),
        ({"StringNotEquals": {"aws:SourceVpc": "vpc-*"}}, "* and ? are letters", "write StringNotLike"),
        ({"StringLikeIfExists": {"aws:PrincipalOrgID": "o-*"}}, "without the key passes", "write StringLike"),
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}}, "without the key passes", "write StringEquals"),
        ({"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}, "without the key passes",
         'write "Null": {"aws:principalorgpaths": "false"}, too'),
        ({"StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}, "never matches", "write ForAnyValue:StringLike"),
        ({"StringEquals": {"aws:PrincipalOrganization": "o-1"}}, "no context key that AWS lists", "write aws:PrincipalOrgID"),
        ({"StringEquals": {"kms:ViaService": "x"}}, "a key of kms: requests to sqs have it not", ""),
    ],
)  # fmt: skip
def test_conditions_that_hardly_mean_what_they_look_like(condition, text, mend):
    """
    AWS takes them; each is said with what was meant.
    """
    [(found, advice)] = odd(condition)

    assert text in found
    assert mend == advice


@pytest.mark.parametrize(
    "condition",
    [
        {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}},
        {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}},
        {"StringEquals": {"aws:PrincipalTag/team": "ops", "aws:ResourceTag/x": "${aws:PrincipalTag/*}"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
        {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}, "Null": {"aws:PrincipalOrgPaths": "false"}},
        {"NotIpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}},
    ],
)
def test_conditions_that_mean_what_they_say(condition):
    """
    Nothing is said of them.
    """
    assert [] == odd(condition)


def test_statements_that_are_wider_than_they_look():
    """
    NotPrincipal, NotAction and NotResource with Allow; the whole of AWS; deleted principals; variables without a version.
    """
    everyone = {"Effect": "Allow", "NotPrincipal": {"AWS": OWN}, "NotAction": "sqs:*", "NotResource": "*"}
    whole = allow("*")
    deleted = allow("sqs:*", Principal={"AWS": "AROAEXAMPLEEXAMPLE123"})
    own = allow("sqs:*", resource="arn:aws:sqs:*:*:${aws:username}", **PRINCIPAL)

    assert ["NotPrincipal", "NotAction", "NotResource"] == [text.split()[0] for text, _, _ in said(everyone)]
    assert "an administrator" in said(whole, PolicyKind.IDENTITY)[0][0]
    assert [] == said(whole, PolicyKind.SCP)
    assert "was deleted" in said(deleted)[0][0]
    assert "plain text" in said(own, Version="2008-10-17")[0][0]


def test_tokens_of_whomever():
    """
    A trust policy that binds no subject takes every token of the issuer; one that binds it does not.
    """
    issuer = "token.actions.githubusercontent.com"
    taking = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    loose = {"Condition": {"StringLikeIfExists": {f"{issuer}:sub": "repo:a/b:*"}}}
    bound = {"Condition": {"StringLike": {f"{issuer}:sub": "repo:a/b:*"}}}

    for statement, count in ((taking, 1), ({**taking, **loose}, 2), ({**taking, **bound}, 0)):
        assert count == len(said(statement, PolicyKind.TRUST))


# Reading


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(SOUND[PolicyKind.RESOURCE]),
        json.dumps({"Policy": json.dumps(SOUND[PolicyKind.RESOURCE])}),
        json.dumps({"Attributes": {"Policy": json.dumps(SOUND[PolicyKind.RESOURCE])}}),
        json.dumps({"PolicyVersion": {"Document": SOUND[PolicyKind.RESOURCE], "VersionId": "v1"}}),
        json.dumps({"Role": {"AssumeRolePolicyDocument": SOUND[PolicyKind.RESOURCE]}}),
    ],
    ids=["plain", "text", "attributes", "version", "role"],
)
def test_reads_what_the_cli_prints(text):
    """
    A policy may stand as a text in what the AWS CLI prints.
    """
    assert SOUND[PolicyKind.RESOURCE] == document_of(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{\n "a": 1,\n}',
            r"no JSON: line [23], column \d+: ",
        ),
        ("{'a': 1}", "line 1, column 2: .*; texts are in double quotes"),
        (" ", "the file is empty"),
        ("[]", "a policy is a JSON object; this is an array"),
        ('{"Policy": 5}', "this is a number"),
    ],
)
def test_says_where_json_is_broken(text, message):
    """
    With line, column and, for what happens most, the remedy.
    """
    with pytest.raises(PolicyError, match=message):
        document_of(text)
