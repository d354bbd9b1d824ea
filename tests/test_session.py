import http.server
import threading

import boto3
import moto
import pytest

from awsaudit.errors import ConfigError, CredentialsError
from awsaudit.session import open_session


ROLE = "arn:aws:iam::111122223333:role/audit"


@pytest.fixture(name="home", autouse=True)
def _home(tmp_path, monkeypatch):
    for name in (
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")

    return tmp_path


@pytest.fixture(name="keys")
def _keys(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")


def test_a_profile_as_the_aws_cli_has_it(home):
    """
    A profile gives its region and credentials.
    """
    (home / "config").write_text(
        "[profile audit]\nregion = eu-north-1\naws_access_key_id = a\naws_secret_access_key = b\n"
    )
    session = open_session("audit")

    assert ("eu-north-1", "a") == (session.region_name, session.get_credentials().access_key)


def test_an_unknown_profile_is_named_with_the_nearest(home):
    """
    A slip in the profile's name is told before anything is asked.
    """
    (home / "config").write_text("[profile audit]\n")

    with pytest.raises(ConfigError, match=r"there is no profile 'audti'; did you mean audit\?"):
        open_session("audti")


def test_a_role_is_assumed(keys):
    """
    The session's identity is the role's, in its own account, and its credentials renew themselves.
    """
    with moto.mock_aws():
        session = open_session(None, ROLE, "secret-handshake")
        arn = session.client("sts", region_name="eu-west-1").get_caller_identity()["Arn"]

    assert "arn:aws:sts::111122223333:assumed-role/audit/awsaudit" == arn
    assert "assume-role" == session.get_credentials().method
    assert session.get_credentials()._expiry_time is not None


def test_no_credentials_to_assume_a_role_with():
    """
    Without credentials a role cannot be assumed either.
    """
    with pytest.raises(CredentialsError, match="there are no AWS credentials to assume the role with"):
        open_session(None, ROLE)


@pytest.mark.parametrize("arn", ["audit", "arn:aws:iam::111122223333:user/audit", "arn:aws:s3:::bucket"])
def test_only_roles_are_assumed(keys, arn):
    """
    What is no role is refused before it is asked for.
    """
    with pytest.raises(ConfigError, match="--role-arn: not the ARN of a role"):
        open_session(None, arn)


def test_an_external_id_needs_a_role():
    """
    An external id alone would have no effect.
    """
    with pytest.raises(ConfigError, match="--external-id goes with --role-arn"):
        open_session(external_id="x")


class _Refusing(http.server.BaseHTTPRequestHandler):
    """Answers every request as STS refuses."""

    def do_POST(self):
        body = (
            b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>"
            b"<RequestId>1</RequestId></ErrorResponse>"
        )
        self.send_response(403)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(name="refusing")
def _refusing(monkeypatch):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refusing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_refused_role_is_told_at_once(keys, refusing):
    """
    A role that may not be assumed is an error with what to check, before the scan.
    """
    with pytest.raises(
        CredentialsError, match=r"cannot be assumed \(AccessDenied\); the role's trust policy must admit"
    ):
        open_session(None, ROLE)


def test_assumed_roles_are_kept_where_the_aws_cli_keeps_them(home, keys):
    """
    A profile that assumes a role shares the AWS CLI's cache, so that MFA is asked for once.
    """
    (home / "config").write_text(
        f"[profile audit]\nrole_arn = {ROLE}\ncredential_source = Environment\nregion = eu-west-1\n"
    )
    before = boto3.DEFAULT_SESSION
    with moto.mock_aws():
        open_session("audit").get_credentials().get_frozen_credentials()

    assert 1 == len(list((home / ".aws/cli/cache").glob("*.json")))
    assert before is boto3.DEFAULT_SESSION
