from awsaudit.resources.acm import Certificate
from awsaudit.testing import call_faults
from tests.test_collect import Session, collect


ARN = "arn:aws:acm:eu-west-1:111122223333:certificate"


def listed(id_, kind="AMAZON_ISSUED", *, in_use=True):
    return {
        "CertificateArn": f"{ARN}/{id_}",
        "DomainName": "example.com",
        "Status": "ISSUED",
        "Type": kind,
        "InUse": in_use,
        "NotAfter": "2027-01-01T00:00:00Z",
    }


def test_keys_of_every_kind_are_listed_and_renewals_of_those_in_use():
    """
    Imported certificates are never renewed; without a filter ACM leaves out most kinds of keys.
    """
    session = Session()
    stub = session.stub("acm")
    every = [listed("issued"), listed("imported", "IMPORTED"), listed("idle", in_use=False)]
    kinds = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
    stub.add_response("list_certificates", {"CertificateSummaryList": every}, {"Includes": {"keyTypes": kinds}})
    renewal = {
        "RenewalStatus": "PENDING_VALIDATION",
        "DomainValidationOptions": [{"DomainName": "example.com"}],
        "UpdatedAt": "2026-11-01T00:00:00Z",
    }
    stub.add_response(
        "describe_certificate", {"Certificate": {"RenewalSummary": renewal}}, {"CertificateArn": f"{ARN}/issued"}
    )

    found = {each.arn.rpartition("/")[2]: each.renewal for each in collect(session, Certificate).every(Certificate)}

    assert {"issued": "PENDING_VALIDATION", "imported": None, "idle": None} == found
    stub.assert_no_pending_responses()


def test_the_calls_exist():
    """
    Operations, parameters and results, in botocore's service model.
    """
    assert [] == list(call_faults(Certificate))
