import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ssm import PARAMETERS, Parameter
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ssm.parameter_plaintext_secrets import parameter_plaintext_secrets


TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9" * 2


def look(name, kind="String", options=None, **more):
    told = {"Name": name, "Type": kind, "DataType": "text", **more}
    return run_check(parameter_plaintext_secrets, fake(Parameter, {PARAMETERS: told}), **(options or {}))


@pytest.mark.parametrize(
    "name",
    [
        "/prod/db-password",
        "API_KEY",
        "/relay/apiKey",
        "signerPrivateKey",
        "/a/jwt-secret-v2",
        "mnemonic",
        "/p2p/node-seed-1",
    ],
)
@pytest.mark.parametrize("kind", ["String", "StringList"])
def test_flags_what_is_called_as_secrets_are(name, kind):
    """
    However the name is written; values are not read, so it is medium.
    """
    (finding,) = look(name, kind)

    assert (Status.FAIL, Severity.MEDIUM, None) == (finding.status, finding.severity, finding.fix)
    assert name.rpartition("/")[2] in finding.message


def test_a_description_alone_is_a_weaker_sign():
    """
    It may speak of a secret that is elsewhere.
    """
    (finding,) = look("/prod/relay", Description="The password of the relay")

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


@pytest.mark.parametrize("kind", ["String", "SecureString"])
def test_a_credential_in_the_description_is_certain(kind):
    """
    Whatever the type is, who lists parameters reads it; the finding does not repeat it.
    """
    (finding,) = look("/prod/relay", kind, Description=f"use {TOKEN}")

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert TOKEN not in str(finding)


def test_passes_a_secure_string():
    """
    Whatever it is called.
    """
    assert [Status.PASS] == statuses(look("/prod/db-password", "SecureString"))


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("/prod/db-password-arn", {}),
        ("/prod/token-endpoint", {}),
        ("/prod/secret-name", {}),
        ("/prod/password-policy", {}),
        ("/prod/token-ttl", {}),
        ("/chain/reward-token-address", {}),
        ("/chain/seed-nodes", {}),
        ("/chain/seedNodes", {}),
        ("/secrets/replicas", {}),
        ("/prod/passenger-count", {}),
        ("/prod/tokenizer", {}),
        ("/prod/token", {"DataType": "aws:ec2:image"}),
    ],
)
def test_does_not_judge_what_tells_nothing(name, more):
    """
    What says where a secret is, how long it may be, or anything else; it is not passed either.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(name, **more))


def test_harmless_parameters_are_named():
    """
    By a pattern of the whole name.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look("/dex/token", options={"harmless": ("/dex/*",)}))
