import pytest


def signs(out):
    return {line[7:].split("  ")[0]: (line[:5].strip(), line[21:]) for line in out.splitlines()}


def test_without_credentials(cli):
    """
    Without AWS it says what it can, and that there are no credentials: 4.
    """
    done = cli("doctor")
    found = signs(done.out)

    assert 4 == done.code
    assert ("error", "none found; run `aws configure` or `aws sso login`, or name a --profile") == found["credentials"]
    assert {"awsaudit", "Python", "packages", "extras", "checks", "frameworks", "formats", "settings", "region"} <= set(
        found
    )
    assert {"ok"} == {mark for name, (mark, _) in found.items() if name != "credentials"}


def test_with_credentials(cli, account):
    """
    With credentials it says whose they are and how they were found, and never what they are.
    """
    done = cli("doctor")

    assert 0 == done.code
    assert ("ok", "found by env") == signs(done.out)["credentials"]
    assert "in account 123456789012" in signs(done.out)["identity"][1]
    assert ("ok", "eu-west-1") == signs(done.out)["region"]


def test_offline(cli, account):
    """
    --offline asks nobody.
    """
    assert ("ok", "not asked for (--offline)") == signs(cli("doctor", "--offline").out)["identity"]


def test_names_the_file_and_the_endpoint(cli, home, monkeypatch):
    """
    The configuration file in use and an endpoint of the environment are named.
    """
    (home / "awsaudit.toml").write_text('region = ["eu-west-1"]\n')
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    found = signs(cli("doctor", "--offline").out)

    assert str(home / "awsaudit.toml") == found["settings"][1]
    assert "AWS_ENDPOINT_URL=http://127.0.0.1:1" == found["endpoint"][1]


@pytest.mark.parametrize("text", ["raise ValueError('no')", "x = 1"])
def test_a_broken_pack(cli, tmp_path, text):
    """
    A pack that cannot be used is an error line, and the rest is still said.
    """
    (tmp_path / "bad.py").write_text(text)
    done = cli("doctor", "--offline", "--checks-from", str(tmp_path / "bad.py"))

    assert "error" == signs(done.out)["checks"][0]
    assert "formats" in signs(done.out)
