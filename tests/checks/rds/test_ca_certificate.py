import pytest

from awsaudit import Severity, Status
from awsaudit.resources.rds import AUTHORITIES, CLUSTERS, INSTANCES, RELEASES, DBCluster, DBInstance
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.rds.ca_certificate import ca_certificate


CAS = [
    {"CertificateIdentifier": "rds-ca-rsa2048-g1", "ValidTill": "2061-05-26T00:00:00Z"},
    {"CertificateIdentifier": "rds-ca-short", "ValidTill": "2027-05-01T00:00:00Z"},
]


def instance(until="2027-11-01T00:00:00Z", ca="rds-ca-rsa2048-g1", *, online=True, cas=CAS, releases=None, **fields):
    item = {
        "DBInstanceIdentifier": "deposits",
        "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:deposits",
        "DBInstanceStatus": "available",
        "Engine": "postgres",
        "EngineVersion": "17.6",
        "CACertificateIdentifier": ca,
        "CertificateDetails": {"CAIdentifier": ca, "ValidTill": until} if until else None,
        **fields,
    }
    release = {"EngineVersion": "17.6", "SupportsCertificateRotationWithoutRestart": online}
    return fake(DBInstance, {INSTANCES: item, AUTHORITIES: cas, RELEASES: [release] if releases is None else releases})


def cluster(until="2026-12-01T00:00:00Z", engine="postgres"):
    details = {"CAIdentifier": "rds-ca-rsa2048-g1", "ValidTill": until}
    item = {"DBClusterIdentifier": "ledger", "Status": "available", "Engine": engine, "CertificateDetails": details}
    return fake(DBCluster, {CLUSTERS: item, AUTHORITIES: CAS})


@pytest.mark.parametrize(
    ("fields", "message", "severity"),
    [
        ({"until": "2026-11-20T12:00:00Z"}, "the server certificate expired on 2026-11-20", Severity.HIGH),
        ({"until": "2026-12-14T13:00:00Z"}, "the server certificate expires on 2026-12-14", Severity.MEDIUM),
        (
            {"until": "2027-01-23T13:00:00Z", "online": False},
            "the server certificate expires on 2027-01-23, and a new one needs a restart",
            Severity.MEDIUM,
        ),
        ({"ca": "rds-ca-2019"}, "its authority rds-ca-2019 is retired", Severity.MEDIUM),
        (
            {"ca": "rds-ca-short"},
            "the certificate of its authority rds-ca-short expires on 2027-05-01",
            Severity.MEDIUM,
        ),
    ],
)
def test_flags_certificates_that_expire(fields, message, severity):
    """
    What has expired weighs most; what expires soon depends on whether RDS can renew it online.
    """
    (finding,) = run_check(ca_certificate, instance(**fields))

    assert Status.FAIL is finding.status
    assert message == finding.message
    assert severity is finding.severity


def test_the_command_changes_the_authority():
    """
    Another authority signs a new certificate, even where the present one is the usual choice.
    """
    (old,) = run_check(ca_certificate, instance(ca="rds-ca-2015"))
    (expiring,) = run_check(ca_certificate, instance("2026-12-01T00:00:00Z"))

    assert (
        "aws rds modify-db-instance --region eu-west-1 --db-instance-identifier deposits "
        "--ca-certificate-identifier rds-ca-rsa2048-g1" == old.fix
    )
    assert expiring.fix.endswith("--ca-certificate-identifier rds-ca-rsa4096-g1")


def test_judges_multi_az_clusters_as_one():
    """
    A Multi-AZ cluster has one certificate, and a command of its own.
    """
    (finding,) = run_check(ca_certificate, cluster())

    assert (
        "aws rds modify-db-cluster --region eu-west-1 --db-cluster-identifier ledger "
        "--ca-certificate-identifier rds-ca-rsa4096-g1" == finding.fix
    )


@pytest.mark.parametrize(
    "resource",
    [
        instance(),
        instance("2027-01-23T13:00:00Z"),
        instance(DBClusterIdentifier="ledger", Engine="aurora-mysql"),
        instance(releases=refused(DBInstance, RELEASES)),
    ],
)
def test_accepts_certificates_that_last(resource):
    """
    A certificate that RDS renews by itself passes until its last month, at instances of Aurora too.
    """
    assert [Status.PASS] == statuses(run_check(ca_certificate, resource))


def test_options_set_the_days():
    """
    Each threshold can be moved.
    """
    assert [Status.PASS] == statuses(run_check(ca_certificate, instance("2026-12-14T13:00:00Z"), min_days=14))
    assert [Status.PASS] == statuses(run_check(ca_certificate, instance(ca="rds-ca-short"), min_ca_days=90))
    assert [Status.PASS] == statuses(
        run_check(ca_certificate, instance("2027-01-23T13:00:00Z", online=False), min_days_with_restart=45)
    )


def test_accepts_a_pending_change_with_a_note():
    """
    A change to an authority that lasts is on its way; one to an authority that does not, mends nothing.
    """
    pending = {"PendingModifiedValues": {"CACertificateIdentifier": "rds-ca-rsa2048-g1"}}
    (finding,) = run_check(ca_certificate, instance(ca="rds-ca-2019", **pending))
    short = {"PendingModifiedValues": {"CACertificateIdentifier": "rds-ca-short"}}

    assert Status.PASS is finding.status
    assert ("a certificate signed by rds-ca-rsa2048-g1 takes the place of that signed by rds-ca-2019",) == finding.notes
    assert [Status.FAIL] == statuses(run_check(ca_certificate, instance(ca="rds-ca-2019", **short)))


@pytest.mark.parametrize(
    "resource",
    [
        instance(until=None),
        instance(DBClusterIdentifier="ledger"),
        instance(Engine="neptune"),
        cluster(engine="aurora-postgresql"),
    ],
)
def test_leaves_out_what_is_judged_elsewhere(resource):
    """
    Members of Multi-AZ clusters, Aurora clusters, and what has no certificate are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(ca_certificate, resource))


@pytest.mark.parametrize(
    ("resource", "verdict"),
    [
        (instance(cas=[]), Status.UNKNOWN),
        (instance(cas=refused(DBInstance, AUTHORITIES)), Status.UNKNOWN),
        (instance("2027-01-23T13:00:00Z", releases=[]), Status.UNKNOWN),
        (instance("2027-01-23T13:00:00Z", releases=refused(DBInstance, RELEASES)), Status.UNKNOWN),
        (instance("2026-12-01T00:00:00Z", cas=refused(DBInstance, AUTHORITIES)), Status.FAIL),
        (instance(ca="rds-ca-2019", cas=refused(DBInstance, AUTHORITIES)), Status.FAIL),
    ],
)
def test_says_unknown_only_where_the_authority_or_version_matters(resource, verdict):
    """
    What has expired, or was signed by a retired authority, is plain without them.
    """
    assert [verdict] == statuses(run_check(ca_certificate, resource))
