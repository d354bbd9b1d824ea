import tomllib

from awsaudit.config import load_config


def test_shows_what_holds_and_why(cli, home, monkeypatch):
    """
    Every setting comes with the flag, variable or file that set it; the output is a configuration file itself.
    """
    (home / "awsaudit.toml").write_text('severity = "low"\n[checks.rds-instance-multi-az]\nexempt-tag = "batch"\n')
    monkeypatch.setenv("AWSAUDIT_REGION", "eu-west-1,eu-central-1")
    out = cli("config", "show", "-q").out

    assert 'region = ["eu-west-1", "eu-central-1"]  # AWSAUDIT_REGION\n' in out
    assert f'severity = "low"  # {home / "awsaudit.toml"}\n' in out
    assert "quiet = true  # --quiet\n" in out
    assert "workers = 32  # default\n" in out
    assert {"rds-instance-multi-az": {"exempt_tag": "batch"}} == tomllib.loads(out)["checks"]


def test_init_writes_a_file_that_reads(cli, home):
    """
    The file has every setting commented out; without the marks every one of them is understood.
    """
    assert (0, "wrote awsaudit.toml\n") == ((done := cli("config", "init")).code, done.err)
    written = (home / "awsaudit.toml").read_text()
    assert {} == tomllib.loads(written)

    lines = [line.removeprefix("# ") for line in written.split("# Options of")[0].splitlines()]
    (home / "other.toml").write_text("\n".join(line for line in lines if " = " in line))
    assert ("eu-central-1", "us-east-1") == load_config({"config": "other.toml"}).region


def test_init_overwrites_nothing(cli, home):
    """
    A file that is there stays as it is.
    """
    (home / "awsaudit.toml").write_text("")
    done = cli("config", "init")

    assert (2, "error: there is a awsaudit.toml already; it is left as it is\n") == (done.code, done.err)
    assert "" == (home / "awsaudit.toml").read_text()
