from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.autoscaling.launch_config_secrets import launch_config_secrets
from tests.launch import CLEAN, GUESS, LEAK, configuration


def test_flags_credentials():
    """
    Guesses with less.
    """
    (sure,) = run_check(launch_config_secrets, configuration(script=LEAK))
    (guess,) = run_check(launch_config_secrets, configuration(script=GUESS))

    assert (Status.FAIL, Severity.HIGH) == (sure.status, sure.severity)
    assert (Status.FAIL, Severity.MEDIUM) == (guess.status, guess.severity)


def test_passes_references():
    """
    The host fetches what it needs.
    """
    assert [Status.PASS] == statuses(run_check(launch_config_secrets, configuration(script=CLEAN)))


def test_needs_user_data():
    """
    AWS gives an empty text where there is none.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(launch_config_secrets, configuration()))


def test_does_not_guess_what_is_packed():
    """
    What cannot be read may hold anything.
    """
    assert [Status.UNKNOWN] == statuses(run_check(launch_config_secrets, configuration(script=b"\xff\xfe\x00\x80")))
