from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import AccountCredentials


# The serial number of a virtual device that was set up in the console as the root user.
_CONSOLE: Final = ":mfa/root-account-mfa-device"


@check(
    "iam-root-hardware-mfa",
    title="The root user's MFA is a hardware key or passkey, not a virtual token",
    severity=Severity.HIGH,
    equivalents=("prowler:iam_root_hardware_mfa_enabled",),
    remediation=Remediation(
        text="Sign in as the root user, register a security key or passkey under Security credentials, then remove the "
        "virtual device there. In an organization, remove the root credentials of member accounts instead.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html",
    ),
)
def root_hardware_mfa(credentials: AccountCredentials) -> Iterator[Problem]:
    """
    The code of a virtual device can be read off by a page that looks like AWS's, and its seed is in the backup of
    somebody's phone. A security key or passkey answers to AWS alone. A root user without a password, or without any second
    factor, is not judged: the latter is another check's finding.
    """
    if credentials.root_password is False:
        raise NotApplicable("the root user has no password")
    if not credentials.root_mfa:
        raise NotApplicable("the root user has no second factor at all: iam-root-mfa-enabled judges it")
    for device in credentials.virtual_mfa:
        if device.user_arn == credentials.arn or device.serial.endswith(_CONSOLE):
            yield Problem(
                f"the root user signs in with the virtual device {device.serial}",
                expected="a security key or passkey",
                found="a virtual device",
                sub_key=device.serial,
            )
