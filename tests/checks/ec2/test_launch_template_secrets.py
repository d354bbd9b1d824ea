import pytest

from awsaudit import Severity, Status
from awsaudit.resources.autoscaling import Group
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.launch_template_secrets import launch_template_secrets
from tests.launch import CLEAN, GUESS, LEAK, group, host, node_group, of_template, started_from, template, version


def look(*others, **more):
    """Return the findings on a template whose first version holds a secret; the second is default, the third newest."""
    parent = template(default=2, latest=3)
    versions = (version(parent, 1, LEAK), version(parent, 2, CLEAN), version(parent, 3, CLEAN))
    return run_check(launch_template_secrets, parent, *versions, *others, **more)


def test_flags_the_default_and_the_newest():
    """
    One secret in two versions is one finding.
    """
    parent = template(default=1, latest=2)
    (finding,) = run_check(launch_template_secrets, parent, version(parent, 1, LEAK), version(parent, 2, LEAK))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "version 1 (its default version), version 2 (its newest version), in API_TOKEN," in finding.message


def test_flags_guesses_with_less():
    """
    A random look under a telling name.
    """
    parent = template()
    (finding,) = run_check(launch_template_secrets, parent, version(parent, 1, GUESS))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


@pytest.mark.parametrize(
    "user",
    [
        group(**of_template("1")),
        group(
            MixedInstancesPolicy={"LaunchTemplate": {"LaunchTemplateSpecification": of_template("1")["LaunchTemplate"]}}
        ),
        group(
            MixedInstancesPolicy={
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": of_template("2")["LaunchTemplate"],
                    "Overrides": [{"LaunchTemplateSpecification": of_template("1")["LaunchTemplate"]}],
                }
            }
        ),
        node_group("1"),
        host(tags=started_from(1)),
    ],
)
def test_flags_versions_in_use(user):
    """
    By groups, their overrides, node groups and hosts.
    """
    assert [Status.FAIL] == statuses(look(user))


def test_passes_old_versions():
    """
    Nothing comes from them any more.
    """
    assert [Status.PASS] == statuses(look(group(**of_template("$Latest")), host(tags=started_from(2))))


def test_does_not_guess_whether_a_version_is_in_use():
    """
    Where groups could not be listed; it does not matter where no version holds a secret.
    """
    clean = template()

    assert [Status.UNKNOWN] == statuses(look(unlisted=[Group]))
    assert [Status.PASS] == statuses(
        run_check(launch_template_secrets, clean, version(clean, 1, CLEAN), version(clean, 2, CLEAN), unlisted=[Group])
    )


def test_needs_user_data():
    """
    And a template that is the owner's.
    """
    bare, managed = template(), template(Operator={"Managed": True})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(launch_template_secrets, bare, version(bare)))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(launch_template_secrets, managed, version(managed, 1, LEAK)))


def test_does_not_guess_what_is_packed():
    """
    A part that cannot be read may hold anything.
    """
    parent = template()

    assert [Status.UNKNOWN] == statuses(
        run_check(launch_template_secrets, parent, version(parent, 1, b"\xff\xfe\x00\x80"))
    )
