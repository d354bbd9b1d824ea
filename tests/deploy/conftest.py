import boto3
import moto
import pytest

from awsaudit.cli.command import run


@pytest.fixture(autouse=True)
def _environment(monkeypatch, tmp_path):
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "HOME": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(name="printed")
def _printed(capsys):
    """
    Returns what `awsaudit deploy` prints.
    """

    def printed(*arguments):
        code = run(("deploy", *arguments))
        captured = capsys.readouterr()
        assert (0, "") == (code, captured.err)
        return captured.out

    return printed


@pytest.fixture(name="aws")
def _aws():
    with moto.mock_aws():
        yield boto3.Session(region_name="eu-west-1")
