"""Node groups of the example account, through the real pipeline."""

import pytest

from awsaudit import Status


CHECKS = {
    "eks-multi-az-subnets": ("validators", "standby"),
    "eks-node-imds-hop-limit": ("signing", "clients"),
    "eks-node-public-subnets": ("duties", "peers"),
    "eks-node-role-minimal": ("validators", "standby"),
    "eks-nodegroup-ami-current": ("signing", "clients"),
    "eks-nodegroup-healthy": ("duties", "peers"),
    "eks-nodegroup-remote-access": ("duties", "peers"),
    "eks-nodegroup-supported-version": ("duties", "spare"),
}


@pytest.mark.parametrize(("check_id", "names"), CHECKS.items())
def test_tells_sound_from_broken(recording, check_id, names):
    """
    Each check passes on a sound resource and fails on a broken one.
    """
    found = {}
    for finding in recording.findings:
        if finding.check_id == check_id:
            found.setdefault(finding.resource.name, set()).add(finding.status)

    assert ({Status.PASS}, {Status.FAIL}) == tuple(found[name] for name in names)


def test_karpenters_nodes_are_the_clusters(recording):
    """
    Nodes outside managed groups are judged at their cluster.
    """
    verdicts = {f.resource.name: f.status for f in recording.findings if f.check_id == "eks-node-imds-hop-limit"}

    assert (Status.PASS, Status.FAIL) == (verdicts["validators"], verdicts["beacon"])


def test_keeps_no_user_data(recording):
    """
    Of the user data in launch templates nothing is kept but what the detectors and the parser of commands say of it.
    """
    kept = recording.plan.kept["ec2:DescribeLaunchTemplateVersions"]
    data = kept["LaunchTemplateVersions"]["LaunchTemplateData"]
    answers = [a for r, a in recording.answers.items() if r.operation == "DescribeLaunchTemplateVersions"]
    told = [v["LaunchTemplateData"].get("UserData") for a in answers for v in a["LaunchTemplateVersions"]]

    assert "user-data" == data["UserData"]
    assert any(told)
    assert all(user_data is None or not isinstance(user_data, str) for user_data in told), told
