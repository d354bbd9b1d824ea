"""
What is a secret and what is not.

The values are put together here, so that no scanner takes this file for a leak.
"""

import base64
import json
import random
import string
import time

import pytest

from hypothesis import given
from hypothesis import strategies as st

from awsaudit.secrets import Hit, hits


AKIA = "AK" + "IAZQ3DRSTUVWXY2Z7K"
KEY = "kT9vQ2xLw8" + "ZbN4cR7mYs1D" + "pG6hJ3fA5uE0" + "tWqXoI"
TOKEN = "q7Zr91xK" + "fM2wTbnV4c"
HEX = "4f3c2a1b" * 8
PEM = "-----BEGIN " + "EC PRIVATE KEY" + "-----\nMHcCAQEEIODcZ"


def found(value, name=""):
    return [(hit.name, hit.detector) for hit in hits(value, name)]


TYPED = [
    ("private-key", PEM),
    ("private-key", base64.b64encode((PEM + "x" * 40).encode()).decode()),
    ("aws-access-key-id", AKIA),
    ("aws-secret-access-key", f"aws_secret_access_key = {KEY}"),
    ("github-token", "gh" + "p_" + "a1B2c3D4e5F6g7H8i9" * 2),
    ("gitlab-token", "gl" + "pat-" + "a1B2c3D4e5F6g7H8i9_x"),
    ("slack-token", "xo" + "xb-123456789012-abcdefABCDEF"),
    ("slack-webhook", "https://hooks.slack" + ".com/services/T0000/B0000/abcdefghij"),
    ("discord-webhook", "https://discord" + ".com/api/webhooks/1234567890/" + "aB3_" * 15),
    ("stripe-key", "sk" + "_live_" + "a1B2c3D4e5F6g7H8"),
    ("google-api-key", "AI" + "za" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R"),
    ("sendgrid-key", "S" + "G." + "a1B2c3D4e5F6g7H8." + "a1B2c3D4e5F6g7H8"),
    ("npm-token", "np" + "m_" + "a1B2c3D4e5F6g7H8i9" * 2),
    ("vault-token", "hv" + "s." + "a1B2c3D4e5F6g7H8i9J0k1L2"),
    ("anthropic-key", "sk-" + "ant-" + "a1B2c3D4e5F6g7H8i9J0k1L2"),
    ("rpc-provider-key", "https://mainnet.infura" + ".io/v3/" + "4f3c2a1b" * 4),
    ("rpc-provider-key", "wss://eth-mainnet.g.alchemy" + ".com/v2/" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6"),
    ("azure-storage-key", "AccountName=a;Account" + "Key=" + "a1B2c3D4e5F6g7H8i9+/" * 4 + "abcdef=="),
    ("json-web-token", "ey" + "JhbGciOiJI.ey" + "JzdWIiOiIx.c2lnbmF0dXJl"),
    ("bearer-token", f"Authorization: Bearer {TOKEN}{TOKEN}"),
    ("basic-credentials", "Basic " + base64.b64encode(b"relay:s3cr3t-of-it").decode()),
    ("url-credentials", "postgres://app:" + "hunter22" + "@db.internal:5432/rewards"),
    ("url-credentials", "redis://:" + "hunter22" + "@cache.internal"),
]


@pytest.mark.parametrize(("detector", "value"), TYPED, ids=lambda value: str(value)[:12])
def test_finds_each_kind_of_credential(detector, value):
    """
    Alone, inside a sentence and inside JSON, whatever it is called.
    """
    assert ("x", detector) in found(value, "x")
    assert ("x", detector) in found(f"use {value} here", "x")
    assert ("x.a.b", detector) in found(json.dumps({"a": {"b": value}}), "x")
    assert all(hit.typed for hit in hits(value))


@pytest.mark.parametrize(
    ("name", "value", "detector"),
    [
        ("SIGNER_PRIVATE_KEY", HEX, "hex-private-key"),
        ("withdrawalSigningKey", "0x" + HEX, "hex-private-key"),
        ("MNEMONIC", " ".join(["abandon"] * 11 + ["about"]), "seed-phrase"),
        ("seed_phrase", " ".join(["abandon"] * 23 + ["art"]), "seed-phrase"),
        ("secretAccessKey", KEY, "aws-secret-access-key"),
    ],
)
def test_finds_keys_that_only_their_name_tells(name, value, detector):
    """
    A key in hexadecimal digits looks like any hash, and a seed phrase like a sentence; the name settles it.
    """
    assert [(name, detector)] == found(value, name)
    assert [] == [hit for hit in hits(value, "note") if hit.typed]


@pytest.mark.parametrize(
    "name",
    ["apiKey", "API_KEY", "x-api-key", "clientSecret", "AUTH_TOKEN", "Authorization", "accesstoken", "encryption_key"],
)
def test_guesses_by_name_and_look(name):
    """
    However the name is written; a guess is not typed.
    """
    (hit,) = hits(TOKEN, name)

    assert (name, "name-and-entropy", False) == (hit.name, hit.detector, hit.typed)


@pytest.mark.parametrize("name", ["DB_PASSWORD", "password", "pwd", "DB_PASS", "masterUserPassword", "dbpassword"])
def test_guesses_short_passwords(name):
    """
    People's passwords are shorter and less random than keys.
    """
    assert [(name, "name-and-entropy")] == found("Welcome" + "2024!", name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mysql -u app --password Sum" + "mer2024x -h db", "password"),
        ("export API_KEY=" + TOKEN, "API_KEY"),
        ("Server=db;User Id=app;Password=Sum" + "mer2024x;", "Password"),
        ("curl -H 'X-Api-Key: " + TOKEN + "' https://relay.example", "X-Api-Key"),
        ("https://relay.example/v1?token=" + TOKEN + "&x=1", "token"),
        ("CREATE USER app PASSWORD 'Sum" + "mer2024x'", "PASSWORD"),
        ('{"slot": <slot>, "apiKey": "' + TOKEN + '"}', "apiKey"),
        ('apiKey: "' + TOKEN + '"', "apiKey"),
    ],
)
def test_guesses_inside_text(text, name):
    """
    Command lines, connection strings, queries, headers, statements and templates hold names and values too.
    """
    assert [(f"Input.{name}", "name-and-entropy")] == found(text, "Input")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbC1dE"),
        ("secret", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:signer-AbC1dE"),
        ("DB_SECRET", "arn:aws-us-gov:ssm:us-gov-west-1:111122223333:parameter/db/password"),
        ("secretName", "rds!db-7f3a9c21-1d7e-4c53-8d1e-2b9f0a6c4e11"),
        ("SECRET_ID", "prod/signer-7f3a9c21"),
        ("secret", "validators/signer-credentials"),
        ("token", "MyProductionSecretName-v2"),
        ("password", "/validators/prod/db-password1"),
        ("password", "{{resolve:secretsmanager:signer:SecretString:password}}"),
        ("password", "${DB_PASSWORD_2024}"),
        ("password", "$DB_PASSWORD_2024"),
        ("password", "<password-2024>"),
        ("password", "%DB_PASSWORD1%"),
        ("password", "ssm:/validators/prod/db-pass1"),
        ("USE_TOKEN", "true"),
        ("auth", "disabled"),
        ("token_expiry", "2026-11-24T12:00:00Z"),
        ("tokenUrl", "https://login.example/oauth2/v2.0/token"),
        ("AUTH", "https://login.example:8443/realms/prod1/protocol"),
        ("clientSecret", "7f3a9c21-1d7e-4c53-8d1e-2b9f0a6c4e11"),
        ("token", "sha256:" + HEX),
        ("AUTH_IMAGE", "111122223333.dkr.ecr.eu-west-1.amazonaws.com/auth:v1@sha256:" + HEX),
        ("secretHash", HEX),
        ("token_address", "0x" + "4f3c2a1b" * 5),
        ("token", "0x" + "4f3c2a1b" * 5),
        ("AUTH_USER", "relay-operator-7f3a9c21"),
        ("credentials", "relay7@northlight.example"),
        ("author", "q7Zr91xKfM2wTbnV4c"),
        ("passthrough", "q7Zr91xKfM2wTbnV4c"),
        ("max_tokens", "123456789012345"),
        ("commit", "4f3c2a1b" * 5),
        ("note", "aws_secret_key_commit " + "4f3c2a1b" * 5),
        ("note", "Basic AuthenticationSettings"),
        ("note", "token projects/validators/secrets/signer-prod"),
        ("note", "Bearer {{resolve:secretsmanager:relay}}"),
        ("note", "postgres://app:${DB_PASSWORD}@db.internal/rewards"),
        ("note", "postgres://app:*****@db.internal/rewards"),
        ("note", "docker://signer:v1.2.3@sha256:" + HEX),
        ("note", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJ" + "x" * 40),
        ("note", "AK" + "IAIOSFODNN7EXAMPLE"),
        ("aws_secret_access_key", "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY"),
        ("valueFrom", "arn:aws:ssm:eu-west-1:111122223333:parameter/relay"),
        ("note", "see arn:aws:secretsmanager:eu-west-1:111122223333:secret:relay-AbC1dE9xQz for the token"),
        ("Action", "secretsmanager:GetSecretValue"),
        ("password", ""),
    ],
)
def test_leaves_alone_what_is_no_secret(name, value):
    """
    ARNs, names, paths, references, switches, times, UUIDs, hashes, images, addresses, words, examples of AWS.
    """
    assert [] == hits(value, name)


def test_names_and_values_of_variables():
    """
    AWS's two spellings of a variable name the hit after the variable; what else stands beside is looked at too.
    """
    listed = [{"name": "DB_PASSWORD", "value": "Welcome" + "2024!"}, {"Key": "apiKey", "Value": TOKEN}]

    assert [("env.DB_PASSWORD", "name-and-entropy"), ("env.apiKey", "name-and-entropy")] == found(listed, "env")
    assert [("apiKey", "name-and-entropy")] == found({"name": "relay", "value": "1", "apiKey": TOKEN})


def test_reads_bytes_and_nested_json():
    """
    JSON inside JSON, and bytes, are opened.
    """
    inner = json.dumps({"password": "Welcome" + "2024!"})

    assert [("Input.body.password", "name-and-entropy")] == found(json.dumps({"body": inner}).encode(), "Input")


def test_typed_detectors_come_first_and_silence_the_guess():
    """
    One value is one hit; guesses stand last.
    """
    value = {"apiKey": TOKEN, "token": AKIA}

    assert [("token", "aws-access-key-id"), ("apiKey", "name-and-entropy")] == found(value)


def test_a_hit_survives_its_plain_form():
    """
    Evidence holds hits as plain values.
    """
    (hit,) = hits(AKIA, "x")

    assert hit == Hit.from_json(json.loads(json.dumps(hit.as_json())))


@given(st.text(string.ascii_letters + string.digits, min_size=12, max_size=64))
def test_never_repeats_a_secret(secret):
    """
    A hit shows four characters at most, and never more than an eighth.
    """
    for hit in hits(secret, "api_key"):
        shown = hit.masked.partition("…")[0]
        assert len(shown) <= min(4, len(secret) // 8)
        assert secret not in repr(hit)


def test_random_values_are_mostly_guessed():
    """
    Of random keys of 24 letters and digits, hardly one is taken for words.
    """
    letters = string.ascii_letters + string.digits
    chance = random.Random(20261124)  # noqa: S311 - the same values in every run
    values = ["".join(chance.choice(letters) for _ in range(24)) for _ in range(500)]

    assert 490 <= sum(bool(hits(value, "api_key")) for value in values)


@given(st.text())
def test_takes_any_text(text):
    """
    No text makes a detector fail.
    """
    hits(text, text)
    hits({"password": text, "name": text, "value": [text]})


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "a." * 9_000,
        "/:" * 9_000 + "@",
        "http://" + "a:" * 9_000,
        "a+" * 9_000,
        "{" * 9_000,
        "sk-" * 9_000,
    ],
    ids=lambda text: text[:10],
)
def test_takes_long_and_deep_text_in_its_stride(text):
    """
    No input makes a detector look for ever, or JSON nested too deep stop the scan.
    """
    half, whole = (min(_taken(part) for _ in range(3)) for part in (text[: len(text) // 2], text))

    # Twice the text takes about twice as long; what looks for ever takes four times, or eight.
    assert whole < 3.5 * half + 0.02


def _taken(text):
    before = time.process_time()
    hits(text, "token")

    return time.process_time() - before


def test_takes_no_reference_of_a_variable_for_a_secret():
    """
    A variable of CodeBuild says beside its value that it names a secret or a parameter.
    """
    value = {"name": "GH_TOKEN", "value": "ci/gh:token-7xQ91"}

    assert [] == hits([{**value, "type": "SECRETS_MANAGER"}, {**value, "type": "PARAMETER_STORE"}])
    assert ["GH_TOKEN"] == [hit.name for hit in hits([{**value, "type": "PLAINTEXT"}])]
