import json

import pytest

from awsaudit import load


CHECKS = ("-c", "sqs-encryption,iam-password-policy-min-length")


@pytest.fixture(name="halves")
def _halves(cli, account, home):
    """Two scans that share the regions of an account; one of them has the services without regions."""
    cli("scan", *CHECKS, "--region", "eu-west-1", "-q", "-o", "west.json")
    cli("scan", *CHECKS, "--region", "eu-central-1", "--no-global", "-q", "-o", "central.jsonl")
    return home / "west.json", home / "central.jsonl"


def test_is_the_scan_of_both(cli, halves, home):
    """
    Scans of an account's regions, merged, have the findings of a scan of all of them; services without regions once.
    """
    cli("scan", *CHECKS, "--region", "eu-west-1,eu-central-1", "-q", "-o", "whole.json")
    done = cli("merge", "central.jsonl", "west.json", "-o", "merged.json")
    whole, merged = load(home / "whole.json"), load(home / "merged.json")

    assert 0 == done.code
    assert (whole.findings, whole.coverage.resources) == (merged.findings, merged.coverage.resources)
    assert ("global",) == tuple({f.region for f in merged.findings if f.check_id.startswith("iam")})
    assert [("eu-central-1", 1), ("eu-west-1", 1), ("global", 1)] == [
        (part.region, sum(part.region == other.region for other in merged.coverage.parts))
        for part in merged.coverage.parts
    ]


def test_the_order_does_not_matter(cli, halves):
    """
    Files may come in any order, and more than once.
    """
    one = cli("merge", "west.json", "central.jsonl", "-f", "json").out

    assert one == cli("merge", "central.jsonl", "west.json", "central.jsonl", "-f", "json").out


def test_what_is_expected_and_not_there(cli, halves, home):
    """
    What --expect lists and no file has is named, and fails under --strict.
    """
    (home / "expected.json").write_text(json.dumps(["444455556666", ["111122223333", "eu-west-1"]]))
    done = cli("merge", *map(str, halves), "--expect", "expected.json", "--strict")

    assert 3 == done.code
    assert "everything in accounts 111122223333, 444455556666 (its report never came)" in " ".join(done.out.split())
    assert "of 1 of 3 accounts" in " ".join(done.out.split())


def test_gate(cli, halves):
    """
    The gate holds for merged reports, too.
    """
    assert (1, 0) == (
        cli("merge", *map(str, halves), "--fail-on", "medium").code,
        cli("merge", *map(str, halves), "--fail-on", "critical").code,
    )


def test_versions_are_told(cli, halves, home):
    """
    Reports of different versions are merged, with a warning.
    """
    plain = json.loads(halves[0].read_text())
    for part in plain["scan"]["coverage"]["parts"]:
        part["version"] = "99.0"
    halves[0].write_text(json.dumps(plain))
    done = cli("merge", *map(str, halves), "-o", "m.json")

    assert (0, "99.0") == (done.code, load(home / "m.json").tool_version)
    assert "and 99.0" not in done.err
    assert ", 99.0 of awsaudit, whose checks may differ" in done.err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "error: --expect: cannot read e.json: No such file or directory\n"),
        ("[", "error: --expect: e.json is not JSON"),
        ("[1]", "error: --expect: e.json: an account id or a pair of account id and region is needed, not 1\n"),
        ('[["1"]]', "error: --expect: e.json: an account id or a pair of account id and region is needed, not ['1']\n"),
    ],
)
def test_mistakes_are_one_line(cli, halves, home, content, says):
    """
    What is expected has to be a list of accounts or regions of them.
    """
    if content is not None:
        (home / "e.json").write_text(content)
    done = cli("merge", "west.json", "--expect", "e.json")

    assert 2 == done.code
    assert done.err.startswith(says)


def test_partitions_do_not_mix(cli, halves):
    """
    Reports of two partitions are refused.
    """
    plain = json.loads(halves[0].read_text())
    plain["scan"]["partition"] = "aws-cn"
    halves[0].write_text(json.dumps(plain))
    done = cli("merge", *map(str, halves))

    assert (2, "error: reports of the partitions aws and aws-cn cannot be merged\n") == (done.code, done.err)
