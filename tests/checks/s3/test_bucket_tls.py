import pytest

from awsaudit import Severity, Status
from awsaudit.resources.s3 import POLICY, Bucket
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.s3.bucket_tls import bucket_tls
from tests.checks.policies import policy_in
from tests.checks.s3.buckets import bucket
from tests.estate import OWN, allow, deny


ITSELF, INSIDE = "arn:aws:s3:::ledger", "arn:aws:s3:::ledger/*"
BOTH = [ITSELF, INSIDE]
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}
ALL = deny("s3:*", resource=BOTH, Principal="*", Condition=PLAIN)


@pytest.mark.parametrize(
    "statements",
    [
        [ALL],
        [{**ALL, "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}],
        [{**ALL, "Condition": {"BoolIfExists": {"aws:securetransport": False}}}],
        [{**ALL, "Condition": {"StringNotEquals": {"aws:SecureTransport": "true"}}}],
        [{**ALL, "Condition": {"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}}}],
        [{**ALL, "Resource": "arn:aws:s3:::ledger*"}],
        [{**ALL, "Resource": ITSELF}, {**ALL, "Resource": INSIDE}],
        [{**ALL, "Action": "s3:*Object*"}, {**ALL, "Action": ["s3:*Bucket*", "s3:*Multi*", "s3:PutLife*"]}],
        [{"Effect": "Deny", "Principal": "*", "NotAction": "sts:*", "Resource": BOTH, "Condition": PLAIN}],
        [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": "arn:aws:s3:::x/*", "Condition": PLAIN}],
        [
            {
                "Effect": "Deny",
                "NotPrincipal": {"AWS": [f"arn:aws:iam::{OWN}:role/legacy"]},
                "Action": "s3:*",
                "Resource": BOTH,
                "Condition": PLAIN,
            }
        ],
        [{**ALL, "Condition": {**PLAIN, "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}}],
        [allow("s3:GetObject", resource=INSIDE, Principal={"AWS": OWN}), ALL],
    ],
)
def test_accepts_every_form_of_denial(statements):
    """
    In one statement or several, by what it names or leaves out.
    """
    assert [Status.PASS] == statuses(run_check(bucket_tls, bucket(*statements)))


@pytest.mark.parametrize(
    ("statements", "severity"),
    [
        ([], Severity.MEDIUM),
        (
            [allow("s3:*", resource=BOTH, Principal={"AWS": OWN}, Condition={"Bool": {"aws:SecureTransport": "true"}})],
            None,
        ),
        ([{**ALL, "Resource": INSIDE}], Severity.LOW),
        ([{**ALL, "Resource": ITSELF}], None),
        ([{**ALL, "Action": "s3:PutObject"}], None),
        ([{**ALL, "Principal": {"AWS": OWN}}], None),
        ([{**ALL, "Resource": "arn:aws:s3:::ledger/private/*"}], None),
        ([{**ALL, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}], None),
        ([{**ALL, "Condition": {**PLAIN, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}], None),
        ([{**ALL, "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}], Severity.LOW),
        ([{**ALL, "Action": "s3:PutObject", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}], None),
        ([{**ALL, "Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/app"}}}], None),
        ([{"Effect": "Deny", "NotPrincipal": {"AWS": OWN}, "Action": "s3:*", "Resource": BOTH}], None),
    ],
)
def test_flags_what_leaves_a_way_in_clear(statements, severity):
    """
    Low where only the bucket itself is left, or old TLS is denied alone; the command's policy passes.
    """
    [finding] = run_check(bucket_tls, bucket(*statements))

    assert (Status.FAIL, severity or Severity.MEDIUM) == (finding.status, finding.severity)
    mended = policy_in(finding.fix, "--policy")
    assert statements == mended["Statement"][:-1]
    assert [Status.PASS] == statuses(run_check(bucket_tls, bucket(*mended["Statement"])))


def test_denial_to_everybody_denies_it_in_clear_too():
    """
    Whatever the transport.
    """
    assert [Status.PASS] == statuses(run_check(bucket_tls, bucket(deny("s3:*", resource=BOTH, Principal="*"))))


def test_says_who_is_spared():
    """
    A denial that leaves some out passes, and is told.
    """
    spared = {**ALL, "Condition": {**PLAIN, "ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/legacy"}}}
    [finding] = run_check(bucket_tls, bucket(spared))

    assert (Status.PASS, 1) == (finding.status, len(finding.notes))
    assert () == run_check(bucket_tls, bucket(ALL))[0].notes


def test_the_fix_replaces_its_own_statement():
    """
    One of the same name that does not do.
    """
    [finding] = run_check(bucket_tls, bucket({**ALL, "Sid": "DenyPlaintext", "Resource": INSIDE}))

    assert 1 == len(policy_in(finding.fix, "--policy")["Statement"])


def test_what_was_refused_is_unknown():
    """
    A policy that cannot be read may deny it.
    """
    assert [Status.UNKNOWN] == statuses(run_check(bucket_tls, bucket(policy=refused(Bucket, POLICY))))
