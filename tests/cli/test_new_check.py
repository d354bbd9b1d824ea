import subprocess
import sys

import pytest

from awsaudit.plugins import _module
from awsaudit.testing import faults


@pytest.fixture(name="repository", autouse=True)
def _repository(home):
    (home / "checks/awsaudit_checks").mkdir(parents=True)
    (home / "tests/checks").mkdir(parents=True)

    return home


@pytest.mark.parametrize("id_", ["sqs-queue-labelled", "eks-cluster-labelled", "rds-db-instance-labelled"])
def test_writes_a_check_that_keeps_the_rules(cli, repository, id_):
    """
    The check is ready to edit: it loads, and keeps the registry's rules but for its file's place outside of a package.
    """
    done = cli("new-check", id_)
    service, _, rest = id_.partition("-")
    file = repository / f"checks/awsaudit_checks/{service}/{rest.replace('-', '_')}.py"
    (check,) = [value for value in vars(_module(file)).values() if getattr(value, "id", "") == id_]

    assert 0 == done.code
    assert 3 == len(done.err.splitlines())
    assert [] == [fault for fault in faults(check) if not fault.startswith("the module is")]


def test_its_test_passes(cli, repository):
    """
    The test that comes with it is green before it is edited.
    """
    cli("new-check", "sqs-queue-labelled", "--pack", "ours")
    (repository / "ours").mkdir()
    cli("new-check", "sqs-queue-labelled", "--pack", "ours", "--tests", "tests")
    test = repository / "tests/sqs/test_queue_labelled.py"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        "--rootdir",
        ".",
        str(test),
    ]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={"PYTHONPATH": str(repository)})

    assert "3 passed" in done.stdout


def test_judges_the_type_that_the_id_names(cli, repository):
    """
    The longest name of a type in the id decides; --type goes before it.
    """
    cli("new-check", "eks-access-entry-labelled")
    cli("new-check", "eks-access-entry-renamed", "--type", "AWS::EKS::Cluster")
    folder = repository / "checks/awsaudit_checks/eks"

    assert "import AccessEntry\n" in (folder / "access_entry_labelled.py").read_text()
    assert "import Cluster\n" in (folder / "access_entry_renamed.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["Queue"], "not a check id: 'Queue'; write service-noun-property in lower case"),
        (["sqs-encryption"], "there is a check sqs-encryption already"),
        (["squ-x-y"], "there is no module awsaudit.resources.squ; did you mean sqs?"),
        (
            ["sqs-x-y", "--type", "AWS::SQS::Quene"],
            "there is no resource type AWS::SQS::Quene; did you mean AWS::SQS::Queue?",
        ),
        (["sqs-x-y", "--pack", "elsewhere"], "there is no pack of checks in elsewhere; name its folder with --pack"),
    ],
)
def test_refuses(cli, arguments, says):
    """
    What cannot be written is refused in one line.
    """
    done = cli("new-check", *arguments)

    assert 2 == done.code
    assert done.err.startswith(f"error: {says}")


def test_overwrites_nothing(cli, repository):
    """
    Neither the check nor the test is ever written over.
    """
    test = repository / "tests/checks/sqs/test_queue_labelled.py"
    test.parent.mkdir()
    test.write_text("mine")
    done = cli("new-check", "sqs-queue-labelled")

    assert 2 == done.code
    assert "mine" == test.read_text()
    assert not (repository / "checks/awsaudit_checks/sqs/queue_labelled.py").exists()
