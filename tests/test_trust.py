import pytest

from awsaudit import ConfigError, Trust
from awsaudit.trust import PARTS


GITHUB = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("accounts", "012345678901"),
        ("organizations", "o-exampleorgid"),
        ("networks", "203.0.113.7/32"),
        ("networks", "2001:db8::/32"),
        ("subjects", f"{GITHUB}=repo:example/*:ref=refs/heads/main"),
        ("subjects", "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE=system:serviceaccount:*:ledger"),
        ("vendors", "777788889999"),
        ("ci_roles", "arn:aws:iam::111122223333:role/ci/deploy"),
        ("ci_roles", "arn:*:iam::*:role/deploy-*"),
        ("administrators", "arn:aws-cn:iam::1111????3333:user/admin"),
        ("administrators", "arn:aws:iam::111122223333:root"),
        ("production", "tag=company:stage:live*"),
        ("production", "name=live-*"),
    ],
)
def test_takes_what_has_the_form(key, value):
    """
    Ids, networks, subjects, ARNs with wildcards, tags whose keys hold colons.
    """
    assert (value,) == getattr(Trust(**{key: (value,)}), key) == getattr(Trust(**{key: [value]}), key)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("accounts", "1111-2222-3333", "no account id; did you mean '111122223333'?"),
        ("accounts", "arn:aws:iam::111122223333:root", "no account id; did you mean '111122223333'?"),
        ("accounts", "11112222333", "no account id; write one such as '111122223333'"),
        ("accounts", "1111222233334", "no account id; write one such as '111122223333'"),
        ("vendors", "*", "no account id; write one such as"),
        ("organizations", "O-EXAMPLEORGID", "no organization id; did you mean 'o-exampleorgid'?"),
        ("organizations", "o-exampleorgid/r-ab12/ou-ab12-*", "did you mean 'o-exampleorgid'?"),
        ("organizations", "r-ab12", "write one such as 'o-exampleorgid'"),
        ("networks", "10.0.0.1/8", "no network in CIDR form; did you mean '10.0.0.0/8'?"),
        ("networks", "203.0.113.7", "did you mean '203.0.113.7/32'?"),
        ("networks", "10.0.0.0/255.0.0.0", "did you mean '10.0.0.0/8'?"),
        ("networks", "10.0.0.0/33", "write one such as '203.0.113.0/24'"),
        ("subjects", "repo:example/*", f"ISSUER=PATTERN; did you mean '{GITHUB}=repo:example/*'?"),
        ("subjects", f"https://{GITHUB}=repo:a/*", f"did you mean '{GITHUB}=repo:a/*'?"),
        ("subjects", GITHUB, f"write one such as '{GITHUB}=repo:example/*'"),
        ("ci_roles", "deploy-*", "no ARN of roles; did you mean 'arn:*:iam::*:role/deploy-*'?"),
        (
            "ci_roles",
            "arn:aws:sts::111122223333:assumed-role/deploy/me",
            "did you mean 'arn:aws:iam::111122223333:role/deploy'?",
        ),
        ("ci_roles", "arn:aws:iam::111122223333:user/me", "no ARN of roles; write one such as"),
        ("administrators", "arn:aws:iam::11112222333:role/x", "no ARN of IAM; write one such as"),
        ("administrators", "arn:aws:s3:::bucket", "no ARN of IAM; write one such as"),
        ("production", "environment=live", "name=GLOB; did you mean 'tag=environment:live'?"),
        ("production", "tag=environment", "write one such as 'tag=environment:production'"),
        ("production", "name=", "write one such as"),
        ("accounts", 111122223333, "no text; write it in quotes"),
    ],
)
def test_says_what_has_not_the_form(key, value, says):
    """
    The error names the key, the value and the nearest that is right, or one to go by.
    """
    with pytest.raises(ConfigError) as raised:
        Trust(**{key: (value,)})

    assert str(raised.value).startswith(f"[trust] {key.replace('_', '-')}: {value!r} is ")
    assert says in str(raised.value)


def test_a_text_is_no_list():
    """
    A text is not taken for a list of its characters.
    """
    with pytest.raises(ConfigError, match="accounts: a list of texts is needed, not '111122223333'"):
        Trust(accounts="111122223333")


def test_a_supplier_is_not_one_of_us():
    """
    An account that need bring no external id, and has to, is a contradiction.
    """
    with pytest.raises(ConfigError, match="'777788889999' stands under accounts, too"):
        Trust(accounts=("777788889999",), vendors=("777788889999",))


@pytest.mark.parametrize(
    ("name", "tags", "expected"),
    [
        ("orders-prod", {}, True),
        ("prod2.orders", {}, True),
        ("OrdersProduction", {}, True),
        ("ordersPROD", {}, True),
        ("orders", {"Environment": "Production"}, True),
        ("orders", {"stage": "prod"}, True),
        ("orders", {"team": "production"}, False),
        ("orders", {"env": "non-prod"}, False),
        ("products", {}, False),
        ("reproduction", {}, False),
        ("orders-nonprod", {}, False),
        ("orders-non-prod", {}, False),
        ("OrdersPreProd", {}, False),
        ("", {}, False),
    ],
)
def test_production_by_default(name, tags, expected):
    """
    A word of the name or one of the usual tags says so; what is next to production is not production.
    """
    assert expected is Trust().is_production(name, tags)


@pytest.mark.parametrize(
    ("name", "tags", "expected"),
    [
        ("live-orders", {}, True),
        ("orders", {"company:stage": "live"}, True),
        ("orders", {"company:stage": "live:eu"}, True),
        ("orders", {"company": "stage:live"}, True),
        ("orders", {"company:stage": "test"}, False),
        ("orders", {"Company:stage": "live"}, False),
        ("orders-prod", {"env": "prod"}, False),
    ],
)
def test_production_as_configured(name, tags, expected):
    """
    What is configured stands in for the default, and keys may hold colons.
    """
    assert expected is Trust(production=("tag=company:stage:live*", "name=live-*")).is_production(name, tags)


def test_every_part_is_told():
    """
    Each part has a sentence, and examples that are of its form.
    """
    assert all(part.help.endswith(".") for part in PARTS)
    assert Trust(**{part.attribute: part.example for part in PARTS})
