import io
import json

import pytest

from tests.estate import OWN, allow, document


QUEUE = f"arn:aws:sqs:eu-west-1:{OWN}:orders"
OPEN = allow("sqs:SendMessage", resource=QUEUE, Principal="*", Sid="Open")
SHARED = allow("sqs:SendMessage", resource=QUEUE, Principal={"AWS": "444455556666"})
OWN_ONLY = allow("sqs:SendMessage", resource=QUEUE, Principal={"AWS": OWN})


@pytest.fixture(name="check")
def _check(cli, home):
    """
    Check a policy of statements.
    """

    def check(*statements, flags=("--resource", QUEUE)):
        (home / "policy.json").write_text(json.dumps(document(*statements)))
        return cli("policy-check", "policy.json", *flags)

    return check


@pytest.mark.parametrize(
    ("statement", "level", "codes"),
    [(OPEN, "public", (1, 1)), (SHARED, "cross-account", (1, 0)), (OWN_ONLY, "contained", (0, 0))],
)
def test_levels(check, statement, level, codes):
    """
    Public, cross-account or contained; --fail-on makes it the exit code.
    """
    assert f"\n{level}\n" in check(statement).out
    assert codes == tuple(
        check(statement, flags=("--resource", QUEUE, "--fail-on", least)).code for least in ("cross-account", "public")
    )


def test_a_witness(check):
    """
    Who gets in is shown with a request that the policy allows.
    """
    done = check(OPEN)

    assert 0 == done.code
    assert f"policy.json: a resource policy of the account {OWN}, 1 statement\n" in done.out
    assert "  statement 1 (Open) lets in anybody: sqs:SendMessage\n" in done.out
    assert "    for example arn:aws:iam::999999999999:" in done.out
    assert done.out.endswith("Nothing is wrong or odd about it.\n")


@pytest.mark.parametrize("flags", [("--trusted", "444455556666"), ("--trusted", "444455556666,203.0.113.0/24")])
def test_trusted(check, flags):
    """
    Who is trusted gets in, and it is contained.
    """
    done = check(SHARED, flags=("--resource", QUEUE, *flags))

    assert "\ncontained\n" in done.out
    assert "lets in account 444455556666, trusted: sqs:SendMessage" in done.out


def test_the_configuration_names_who_is_trusted(check, home):
    """
    [trust] counts, too.
    """
    (home / "awsaudit.toml").write_text('[trust]\nvendors = ["444455556666"]\n')

    assert "\ncontained\n" in check(SHARED).out


def test_an_organization_that_is_trusted(check):
    """
    An organization is named by its id.
    """
    inside = {**OPEN, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}}

    assert "\ncross-account\n" in check(inside).out
    assert "\ncontained\n" in check(inside, flags=("--resource", QUEUE, "--trusted", "o-abcdefghij")).out


def test_without_an_owner(check):
    """
    Whose it is may not be known: then every account that is named is outside, and that is said.
    """
    done = check(OWN_ONLY, flags=())

    assert "\ncross-account\n" in done.out
    assert "(--owner)" in done.out
    assert "\ncontained\n" in check(OWN_ONLY, flags=("--owner", OWN)).out


def test_errors_and_oddities(check):
    """
    What AWS would refuse ends with 2, and what it takes is told apart.
    """
    odd = {**OPEN, "Condition": {"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}}
    wrong = {**OPEN, "Effect": "allow"}

    done, warned = check(odd, wrong), check(odd)

    assert (2, 0) == (done.code, warned.code)
    assert 'AWS would refuse it:\n  statement 2 (Open): the Effect is \'allow\'; write "Effect": "Allow"\n' in done.out
    assert "It is taken, and odd:\n  statement 1 (Open): StringEquals aws:principalarn" in warned.out


def test_kinds(check, cli, monkeypatch):
    """
    The kind is guessed, or said; policies of identities let nobody in by themselves.
    """
    statement = allow("sqs:SendMessage")
    assert "policy.json: a policy, 1 statement\n" in check(statement, flags=()).out
    assert "a service control policy" in check(statement, flags=("--kind", "scp")).out
    refused = check(statement, flags=("--kind", "resource"))
    assert (2, True) == (refused.code, "it has no Principal" in refused.out)


def test_tokens(check):
    """
    A trust policy that takes tokens is open to their issuer.
    """
    provider = f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"
    taking = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithWebIdentity"}

    done = check(taking, flags=("--owner", OWN))

    assert "\ncross-account\n  statement 1 takes tokens of " in done.out
    assert "every token of the issuer is taken" in done.out


def test_json(check):
    """
    The same as plain values.
    """
    answer = json.loads(check(OPEN, flags=("--resource", QUEUE, "-f", "json")).out)

    assert ("resource", "public", OWN) == (answer["kind"], answer["level"], answer["owner"])
    assert "sqs:SendMessage" == answer["openings"][0]["witness"]["action"]
    assert (False, "statement 1 (Open)") == (answer["openings"][0]["trusted"], answer["openings"][0]["statement"])


def test_standard_input(cli, monkeypatch):
    """
    A dash reads standard input, also what the AWS CLI prints.
    """
    printed = json.dumps({"Attributes": {"Policy": json.dumps(document(OPEN))}})
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(printed.encode())))

    assert "-: a resource policy" in cli("policy-check", "-").out


@pytest.mark.parametrize(
    ("content", "flags", "message"),
    [
        (None, (), "cannot read policy.json: No such file"),
        (b"\xff\xfe", (), "it is no text in UTF-8"),
        (b"{", (), "policy.json: no JSON: line 1"),
        (b"{}", ("--owner", "12"), "--owner is an account id of 12 digits"),
        (b"{}", ("--resource", "orders"), "--resource is an ARN"),
        (b"{}", ("--trusted", "everybody"), "--trusted is an account id"),
    ],
)
def test_what_cannot_be_read(cli, home, content, flags, message):
    """
    Files and flags that are wrong end with 2 and one line.
    """
    if content is not None:
        (home / "policy.json").write_bytes(content)
    done = cli("policy-check", "policy.json", *flags)

    assert (2, "") == (done.code, done.out)
    assert message in done.err
