import inspect
import re

import pytest

from awsaudit.check import Severity
from awsaudit.config import SETTINGS, Config, load_config
from awsaudit.detection import SecretSettings
from awsaudit.errors import ConfigError
from awsaudit.plugins import load_checks
from awsaudit.trust import Trust


@pytest.fixture(name="read")
def _read(tmp_path):
    """
    Reads the settings of a folder with a configuration file, an environment and flags.
    """

    def read(text=None, environ=None, *, name="awsaudit.toml", **flags):
        if text is not None:
            (tmp_path / name).write_text(text)
        return load_config({key.replace("_", "-"): value for key, value in flags.items()}, environ or {}, tmp_path)

    return read


def test_defaults(read):
    """
    Where nothing is set, everything is scanned with the defaults, and no file is in use.
    """
    config = read()

    assert Config() == config
    assert (None, 32, ()) == (config.file, config.workers, config.region)
    assert Severity.INFO is config.selection.min_severity


def test_flags_go_before_variables_and_those_before_the_file(read):
    """
    The nearest to the command line holds, and says where it came from.
    """
    text = 'region = ["eu-west-1"]\nseverity = "low"\nworkers = 8\n'
    config = read(text, {"AWSAUDIT_SEVERITY": "medium", "AWSAUDIT_WORKERS": "16"}, workers="24")

    assert (("eu-west-1",), "medium", 24) == (config.region, config.severity, config.workers)
    assert ("AWSAUDIT_SEVERITY", "--workers") == (config.origins["severity"], config.origins["workers"])
    assert config.origins["region"].endswith("awsaudit.toml")


def test_files_are_looked_for_in_order(read, tmp_path):
    """
    --config, AWSAUDIT_CONFIG, awsaudit.toml, pyproject.toml, XDG: the first is read, and only that.
    """
    xdg = tmp_path / "xdg/awsaudit"
    xdg.mkdir(parents=True)
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    (xdg / "awsaudit.toml").write_text("workers = 1")
    assert 1 == read(None, environ).workers
    assert 2 == read("[tool.awsaudit]\nworkers = 2", environ, name="pyproject.toml").workers
    assert 3 == read("workers = 3", environ).workers
    (tmp_path / "four.toml").write_text("workers = 4")
    assert 4 == read(None, {**environ, "AWSAUDIT_CONFIG": "four.toml"}).workers
    (tmp_path / "five.toml").write_text("workers = 5")
    five = read(None, {**environ, "AWSAUDIT_CONFIG": "four.toml"}, config="five.toml")
    assert (5, tmp_path / "five.toml") == (five.workers, five.file)


def test_home_stands_in_for_xdg(read, tmp_path):
    """
    Without XDG_CONFIG_HOME it is .config in the home folder.
    """
    (tmp_path / ".config/awsaudit").mkdir(parents=True)
    (tmp_path / ".config/awsaudit/awsaudit.toml").write_text("workers = 6")

    assert 6 == read(None, {"HOME": str(tmp_path)}).workers


def test_a_project_without_settings_is_passed_by(read):
    """
    A pyproject.toml that says nothing of awsaudit is not the file.
    """
    assert read('[project]\nname = "x"\n', name="pyproject.toml").file is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("regoin = []", "a file has no setting 'regoin'; did you mean region?"),
        ("dry-run = true", "a file has no setting 'dry-run'; give it as a flag"),
        ("trust-config = true", "a file has no setting 'trust-config'; give it as a flag"),
        ('severity = "bad"', "severity: one of info, low, medium, high, critical is needed, not 'bad'"),
        ("workers = 0", "workers: a whole number from 1 is needed, not 0"),
        ("workers = true", "workers: a whole number from 1 is needed, not True"),
        ("workers = 1.5", "workers: a whole number from 1 is needed, not 1.5"),
        ("max-rate = 0", "max-rate: a number above 0 is needed, not 0"),
        ('max-rate = "x"', "max-rate: a number above 0 is needed, not 'x'"),
        ("max-rate = [1]", "max-rate: a number above 0 is needed"),
        ("region = [1]", "region: a text or a list of texts is needed, not [1]"),
        ("region = 1", "region: a text or a list of texts is needed, not 1"),
        ("profile = 1", "profile: a text is needed, not 1"),
        ('strict = "maybe"', "strict: true or false is needed, not 'maybe'"),
        ('status = ["failed"]', "status: one of pass, fail, unknown, not_applicable is needed"),
        ("checks = 1", "[checks.<id>] tables are needed under 'checks'"),
        ("region = [", "is not valid TOML: "),
    ],
)
def test_mistakes_in_the_file(read, text, says):
    """
    What is wrong is named with its place, and with the nearest that would be right.
    """
    with pytest.raises(ConfigError) as raised:
        read(text)

    assert says in str(raised.value)
    assert "awsaudit.toml" in str(raised.value)


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"AWSAUDIT_REGOIN": "x"}, "there is no setting AWSAUDIT_REGOIN; did you mean AWSAUDIT_REGION?"),
        ({"AWSAUDIT_REGIONS": "x"}, "there is no setting AWSAUDIT_REGIONS; did you mean AWSAUDIT_REGION?"),
        ({"AWSAUDIT_TIMEOUT": "soon"}, "AWSAUDIT_TIMEOUT: seconds are needed"),
        ({"AWSAUDIT_CONFIG": "none.toml"}, "there is no configuration file none.toml"),
    ],
)
def test_mistakes_in_the_environment(read, environ, says):
    """
    A variable that is nearly one of ours, or holds what it cannot, is an error.
    """
    with pytest.raises(ConfigError, match=says.replace("?", r"\?")):
        read(None, environ)


def test_foreign_variables_are_let_be(read):
    """
    What Kubernetes sets for a service of our name is no mistake of the user.
    """
    environ = {"AWSAUDIT_PORT": "tcp://10.0.0.1:80", "AWSAUDIT_SERVICE_HOST": "10.0.0.1", "AWSAUDIT_SERVICE_PORT": "80"}

    assert Config() == read(None, environ)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("TIMEOUT", "90", 90),
        ("TIMEOUT", "15m", 900),
        ("TIMEOUT", "1.5h", 5400),
        ("STRICT", "yes", True),
        ("STRICT", "0", False),
        ("REGION", "eu-west-1, eu-central-1", ("eu-west-1", "eu-central-1")),
        ("TAG", "team=core,stage=*", ("team=core", "stage=*")),
        ("STATUS", "fail,unknown", ("fail", "unknown")),
        ("MAX_RATE", "2.5", 2.5),
        ("WORKERS", "4", 4),
        ("PROFILE", "", None),
    ],
)
def test_variables_are_text(read, name, text, expected):
    """
    Lists have commas, switches words, times units; an empty variable is an unset one.
    """
    assert expected == getattr(read(None, {f"AWSAUDIT_{name}": text}), name.lower())


@pytest.mark.parametrize("value", [("eu-west-1,eu-central-1",), ("eu-west-1", "eu-central-1")])
def test_flags_take_lists_either_way(read, value):
    """
    A flag may be repeated or have commas.
    """
    assert ("eu-west-1", "eu-central-1") == read(region=value).region


GUARDED = [
    'role-arn = "arn:aws:iam::111122223333:role/x"',
    'checks-from = ["checks"]',
    'output = ["s3://bucket/r.json"]',
    'output = ["../r.json"]',
    'output = ["/etc/r.json"]',
]


@pytest.mark.parametrize("text", GUARDED)
@pytest.mark.parametrize(("name", "head"), [("awsaudit.toml", ""), ("pyproject.toml", "[tool.awsaudit]\n")])
def test_a_file_found_here_may_not_lead_out(read, tmp_path, text, name, head):
    """
    A stranger's file may set no role, no code and nothing outside of its folder, unless it is trusted or named.
    """
    with pytest.raises(ConfigError, match="--trust-config or name it with --config"):
        read(head + text, name=name)

    setting = text.partition(" ")[0]
    assert setting in read(None, trust_config=True).origins
    assert setting in read(None, {"AWSAUDIT_TRUST_CONFIG": "1"}).origins
    assert setting in read(None, config=name).origins


@pytest.mark.parametrize("text", ['output = ["r.json", "-"]', 'output = ["out/r.json"]', 'profile = "audit"'])
def test_a_file_found_here_may_do_the_rest(read, text):
    """
    Files below the working directory and everything else may be set.
    """
    assert text.partition(" ")[0] in read(text).origins


def test_check_paths_go_from_the_file(read, tmp_path):
    """
    Where a file names checks, it means those beside itself.
    """
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/a.toml").write_text('checks-from = ["own", "/opt/checks"]')

    assert [str(tmp_path / "etc/own"), "/opt/checks"] == [str(p) for p in read(config="etc/a.toml").checks_from]


OPTION = '[checks.rds-instance-multi-az]\nexempt-tag = "batch"\n'


def test_options_of_checks(read):
    """
    A table under [checks.<id>] sets the check's own options, whichever way their names are written.
    """
    for name in ("exempt-tag", "exempt_tag"):
        config = read(OPTION.replace("exempt-tag", name))
        assert {"rds-instance-multi-az": {"exempt_tag": "batch"}} == config.check_options(load_checks())
        assert {"rds-instance-multi-az": {"exempt_tag": "batch"}} == config.settings().options


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            OPTION.replace("multi-az", "multi-as"),
            r"\[checks.rds-instance-multi-as\]: there is no such check; did you mean rds-instance-multi-az",
        ),
        (OPTION.replace("exempt-tag", "exempt-tags"), "there is no option 'exempt-tags'; did you mean exempt_tag"),
        (OPTION.replace('"batch"', "3"), "exempt-tag: a text is needed, not 3"),
        ("[checks.sqs-encryption]\nx = 1", "there is no option 'x'; the check has none"),
        ("[checks]\nsqs-encryption = 1", "a table of the check's options is needed"),
    ],
)
def test_mistakes_in_options(read, text, says):
    """
    A check, option or type that is not declared is an error with the nearest that is.
    """
    with pytest.raises(ConfigError, match=says):
        read(text).check_options(load_checks())


@pytest.mark.parametrize(("name", "head"), [("awsaudit.toml", "trust"), ("pyproject.toml", "tool.awsaudit.trust")])
def test_the_zone_of_trust(read, name, head):
    """
    A file sets it, also one found in the working directory, whichever way its keys are written; a scan gets it.
    """
    text = f'[{head}]\naccounts = ["444455556666"]\nci_roles = "arn:aws:iam::*:role/deploy-*"\nnetworks = []\n'
    expected = Trust(accounts=("444455556666",), ci_roles=("arn:aws:iam::*:role/deploy-*",))
    config = read(text, name=name)

    assert expected == config.trust == config.settings().trust
    assert expected == read(text.replace("ci_roles", "ci-roles"), name=name).trust


def test_nobody_is_trusted_by_default(read):
    """
    Without a file, or without the table in it, the zone of trust is empty.
    """
    assert Trust() == read().settings().trust == read("workers = 1").settings().trust


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("trust = true", "awsaudit.toml: [trust]: a table is needed, not True"),
        ("[trsut]", "a file has no setting 'trsut'; did you mean trust?"),
        ("[trust]\nacounts = []", "awsaudit.toml: [trust]: there is no setting 'acounts'; did you mean accounts?"),
        ("[trust]\naccounts = 7", "awsaudit.toml: [trust] accounts: a list of texts is needed, not 7"),
        (
            '[trust]\nci_roles = ["deploy"]',
            "awsaudit.toml: [trust] ci-roles: 'deploy' is no ARN of roles; did you mean 'arn:*:iam::*:role/deploy'?",
        ),
    ],
)
def test_mistakes_in_the_zone_of_trust(read, text, says):
    """
    The file, the key and the value are named, with the nearest that would be right.
    """
    with pytest.raises(ConfigError) as raised:
        read(text)

    assert says in str(raised.value)


def test_every_setting_of_a_scan_is_a_setting(read):
    """
    What the settings select and tune arrives at the scan.
    """
    config = read(
        None,
        check=("sqs-*",),
        skip=("sqs-x",),
        service=("sqs",),
        severity="high",
        framework=("cis-5.0",),
        tag=("a=b",),
        resource=("arn",),
        region=("eu-west-1",),
        exclude_region=("us-east-1",),
        workers="4",
        timeout="5",
        max_rate="6",
        save_snapshot="s",
    )
    settings = config.settings()

    assert (("eu-west-1",), ("us-east-1",), 4, 5.0, 6.0, "s") == (
        settings.regions,
        settings.exclude_regions,
        settings.workers,
        settings.timeout,
        settings.max_rate,
        str(settings.save_snapshot),
    )
    selection = settings.selection
    assert (("sqs-*",), ("sqs-x",), ("sqs",), Severity.HIGH, ("cis-5.0",), ("a=b",), ("arn",)) == (
        selection.checks,
        selection.skip,
        selection.services,
        selection.min_severity,
        selection.frameworks,
        selection.tags,
        selection.resources,
    )


def test_names_are_unique():
    """
    No two settings share a flag, and each has its help.
    """
    shorts = [setting.short for setting in SETTINGS if setting.short]

    assert len(shorts) == len(set(shorts))
    assert all(setting.help.endswith(".") for setting in SETTINGS)
    assert {setting.attribute for setting in SETTINGS} <= set(inspect.signature(Config).parameters)


def test_what_is_said_of_secrets(read):
    """
    The file says which values are harmless, by hash; it is no place for the values.
    """
    allow = f"sha256:{'0a' * 32}"

    assert (allow,) == read(f'[secrets]\nallow = ["{allow}"]').settings().secrets.allow
    assert not read("[secrets]\nkingfisher = false").settings().secrets.kingfisher
    assert SecretSettings() == read("workers = 1").settings().secrets
    for text, says in (
        ("secrets = true", "awsaudit.toml: [secrets]: a table is needed"),
        ("[secrets]\nalow = []", "there is no setting 'alow'; did you mean allow?"),
        ('[secrets]\nallow = ["hunter22"]', "awsaudit.toml: [secrets] allow: number 1 is not 'sha256:'"),
    ):
        with pytest.raises(ConfigError, match=re.escape(says)) as caught:
            read(text)
        assert "hunter22" not in str(caught.value)
