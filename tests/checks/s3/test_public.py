import pytest

from awsaudit.resources.organizations import ORGANIZATION, Organization, OrganizationAccount
from awsaudit.resources.s3 import AccountPublicAccess
from awsaudit.testing import fake, fake_inventory
from awsaudit_checks.s3.public import is_public
from tests.checks.s3.buckets import OPEN, bucket, grant, wide
from tests.estate import allow


READ = allow("s3:GetObject", resource="arn:aws:s3:::ledger/*", Principal="*")


@pytest.mark.parametrize(
    ("judged", "public"),
    [
        (bucket(), False),
        (bucket(READ), True),
        (bucket(grants=[grant("WRITE_ACP")]), True),
        (bucket(READ, grants=[grant("READ")], block={**OPEN, "RestrictPublicBuckets": True}), True),
        (bucket(READ, block={**OPEN, "RestrictPublicBuckets": True}), False),
    ],
)
def test_a_bucket_is_public_by_policy_or_acl(judged, public):
    """
    Each by itself, as far as it is not blocked.
    """
    kinds = [AccountPublicAccess, Organization, OrganizationAccount]

    assert public is is_public(
        judged, fake_inventory([judged, wide(), fake(Organization, {ORGANIZATION: None})], kinds)
    )
