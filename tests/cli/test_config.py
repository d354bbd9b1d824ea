import tomllib

from awsaudit.config import load_config
from awsaudit.trust import PARTS


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

    lines = [line.removeprefix("# ") for line in written.split("# [trust]")[0].splitlines()]
    (home / "other.toml").write_text("\n".join(line for line in lines if " = " in line))
    assert ("eu-central-1", "us-east-1") == load_config({"config": "other.toml"}).region


def test_shows_the_zone_of_trust(cli, home):
    """
    Each part comes with the file that set it; what is printed reads back.
    """
    text = '[trust]\nvendors = "777788889999"\n[checks.rds-instance-multi-az]\nexempt-tag = "batch"\n'
    (home / "awsaudit.toml").write_text(text)
    out = cli("config", "show").out

    assert f'vendors = ["777788889999"]  # {home / "awsaudit.toml"}\n' in out
    assert "ci-roles = []  # default\n" in out
    (home / "shown.toml").write_text(out)
    assert load_config({"config": "awsaudit.toml"}).trust == load_config({"config": "shown.toml"}).trust


def test_init_shows_every_part_of_the_zone_of_trust(cli, home):
    """
    Without the marks every part is understood, and has a value to begin with; so has what is said of secrets.
    """
    cli("config", "init")
    written = (home / "awsaudit.toml").read_text().partition("# [trust]")[2].partition("# Options of")[0]
    lines = [line.removeprefix("# ") for line in written.splitlines()]
    (home / "other.toml").write_text("\n".join(["[trust]", *(x for x in lines if " = " in x or x.startswith("["))]))
    config = load_config({"config": "other.toml"})

    assert all(getattr(config.trust, part.attribute) == part.example for part in PARTS)
    assert (1, True) == (len(config.secrets.allow), config.secrets.kingfisher)


def test_init_overwrites_nothing(cli, home):
    """
    A file that is there stays as it is.
    """
    (home / "awsaudit.toml").write_text("")
    done = cli("config", "init")

    assert (2, "error: there is a awsaudit.toml already; it is left as it is\n") == (done.code, done.err)
    assert "" == (home / "awsaudit.toml").read_text()
