import pytest

from awsaudit import Status
from awsaudit.resources.iam import SUMMARY, VIRTUAL_MFA, AccountCredentials
from awsaudit.testing import ACCOUNT, fake, run_check, statuses
from awsaudit_checks.iam.root_hardware_mfa import root_hardware_mfa


ROOT = f"arn:aws:iam::{ACCOUNT}:root"


def judged(*devices, mfa=1, **more):
    summary = {"AccountMFAEnabled": mfa, **more}
    return run_check(root_hardware_mfa, fake(AccountCredentials, {SUMMARY: summary, VIRTUAL_MFA: list(devices)}))


@pytest.mark.parametrize(
    "device",
    [
        {"SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/phone", "User": {"Arn": ROOT}},
        {"SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/root-account-mfa-device"},
    ],
)
def test_a_virtual_device_fails(device):
    """
    By whose it is, or by the name that the console gives it.
    """
    (finding,) = judged(device)

    assert finding.status is Status.FAIL
    assert device["SerialNumber"] in finding.message


def test_a_device_of_a_user_is_none_of_the_root_user():
    """
    With a second factor and no virtual device it is a hardware key or passkey.
    """
    users = {"SerialNumber": f"arn:aws:iam::{ACCOUNT}:mfa/ada", "User": {"Arn": f"arn:aws:iam::{ACCOUNT}:user/ada"}}

    assert [Status.PASS] == statuses(judged(users))
    assert [Status.PASS] == statuses(judged())


def test_without_a_second_factor_or_a_password_there_is_none_to_judge():
    """
    The former is another check's finding.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judged(mfa=0))
    assert [Status.NOT_APPLICABLE] == statuses(judged(AccountPasswordPresent=0))


def test_devices_that_were_refused_are_unknown():
    """
    The summary alone does not tell them apart.
    """
    found = run_check(root_hardware_mfa, fake(AccountCredentials, {SUMMARY: {"AccountMFAEnabled": 1}}))

    assert [Status.UNKNOWN] == statuses(found)
