import pytest

from awsaudit import Gap, GapKind
from awsaudit.access import (
    DIRECT,
    PolicyKind,
    PolicySet,
    Request,
    Unread,
    Verdict,
    evaluate,
    evaluate_all,
    parse_policy,
    role,
    root_user,
    service,
    user,
)
from awsaudit.resources.kms import Grant
from tests.access.documents import ROLE, USER
from tests.estate import FOREIGN, OWN, allow, deny, document


ALLOW, DENY, CONDITIONAL = Verdict.ALLOW, Verdict.DENY, Verdict.CONDITIONAL
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROOT = f"arn:aws:iam::{OWN}:root"
STRANGER = f"arn:aws:iam::{FOREIGN}:role/app"
LINKED = f"arn:aws:iam::{FOREIGN}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
GAP = Gap(OWN, "eu-west-1", "kms", "GetKeyPolicy", "AccessDenied", GapKind.DENIED)
MAY = parse_policy(document(allow("kms:*")), PolicyKind.IDENTITY)
BOUND = parse_policy(document(allow("s3:*")), PolicyKind.BOUNDARY)


def key_policy(*statements):
    return parse_policy(document(*statements), PolicyKind.KEY)


def of(*principals, **more):
    return key_policy(*(allow("kms:*", Principal={"AWS": p}, **more) for p in principals))


def grant(grantee=ROLE, *operations, **more):
    return Grant("g1", grantee, None, operations or ("Decrypt", "DescribeKey"), **more)


def verdict(by=None, action="kms:Decrypt", *, context=DIRECT, **policies):
    return evaluate(Request(by or role(ROLE), action, KEY, context=context), PolicySet(**policies)).verdict


def test_policies_of_identities_count_where_the_key_says_so():
    """
    An identity's policy is of use only if the key policy names its account ("Key policies in AWS KMS").
    """
    assert ALLOW is verdict(identity=(MAY,), key=of(ROOT))
    assert ALLOW is verdict(identity=(MAY,), key=of(OWN))
    assert DENY is verdict(identity=(MAY,), key=of(USER))
    assert DENY is verdict(identity=(MAY,), key=key_policy())
    assert DENY is verdict(identity=(MAY,), key=of(FOREIGN))
    assert DENY is verdict(key=of(ROOT))
    assert DENY is verdict(identity=(MAY,), boundary=BOUND, key=of(ROOT))


def test_the_delegation_may_hang_on_a_condition():
    """
    What the statement that names the account asks for is asked of every identity's policy.
    """
    key = of(ROOT, Condition={"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}})
    via = DIRECT.with_({"kms:ViaService": "s3.eu-west-1.amazonaws.com"})

    assert DENY is verdict(identity=(MAY,), key=key)
    assert ALLOW is verdict(identity=(MAY,), key=key, context=via)


def test_who_is_named_needs_nothing_else():
    """
    A key policy that names a principal of the account lets it in alone ("Key policies in AWS KMS").
    """
    assert ALLOW is verdict(key=of(ROLE))
    assert ALLOW is verdict(user(USER), key=of(USER))
    assert DENY is verdict(boundary=BOUND, key=of(ROLE))
    assert ALLOW is verdict(key=of("*"))


def test_the_root_user_needs_the_key_policy_too():
    """
    Not even the root user uses a key whose policy does not name the account ("Default key policy").
    """
    assert ALLOW is verdict(root_user(OWN), key=of(ROOT))
    assert DENY is verdict(root_user(OWN), key=of(ROLE))


@pytest.mark.parametrize("named", [FOREIGN, STRANGER, "*"])
def test_another_account_needs_both(named):
    """
    A stranger needs the key policy and one of its own ("Allowing users in other accounts to use a KMS key").
    """
    assert ALLOW is verdict(role(STRANGER), identity=(MAY,), key=of(named))
    assert DENY is verdict(role(STRANGER), key=of(named))
    assert DENY is verdict(role(STRANGER), identity=(MAY,), key=of(ROOT))


def test_a_key_policy_that_could_not_be_read_is_unknown():
    """
    It may delegate, grant or deny.
    """
    unread = Unread("the key policy", PolicyKind.KEY, GAP)

    assert CONDITIONAL is verdict(identity=(MAY,), key=unread)
    assert CONDITIONAL is verdict(key=unread)


def test_the_policy_of_the_resource_may_be_that_of_the_key():
    """
    Without a key policy of its own, what hangs on the resource is it.
    """
    assert ALLOW is verdict(resource=of(ROLE))
    assert DENY is verdict(resource=of(ROLE), key=of(USER))


def test_a_grant_lets_its_grantee_in():
    """
    An active grant allows its operations to its grantee, without any policy ("Grants in AWS KMS").
    """
    one = {"grants": (grant(),), "key": of(ROOT)}

    assert ALLOW is verdict(**one)
    assert ALLOW is verdict(action="kms:decrypt", **one)
    assert DENY is verdict(action="kms:Encrypt", **one)
    assert DENY is verdict(role(ROLE + "2"), **one)
    assert DENY is verdict(user(USER), **one)
    decision = evaluate(Request(role(ROLE), "kms:Decrypt", KEY), PolicySet(**one))
    assert "the grant g1" in [str(reason) for reason in decision.allowed_by]


def test_a_grant_to_a_session_is_for_that_session():
    """
    The grantee may be an assumed role's session, the account's root user, or a service ("Grants in AWS KMS").
    """
    session = f"arn:aws:sts::{OWN}:assumed-role/app/one"

    assert ALLOW is verdict(role(ROLE, "one"), grants=(grant(session),))
    assert DENY is verdict(role(ROLE, "two"), grants=(grant(session),))
    assert ALLOW is verdict(root_user(OWN), grants=(grant(ROOT),))
    assert ALLOW is verdict(service("rds.amazonaws.com"), grants=(grant("rds.amazonaws.com"),))


def test_a_grant_never_beats_a_deny():
    """
    A grant can allow and not deny; a Deny of any policy stands ("Grants in AWS KMS").
    """
    assert DENY is verdict(grants=(grant(),), key=key_policy(deny("kms:Decrypt", Principal="*")))
    assert DENY is verdict(
        grants=(grant(),), identity=(parse_policy(document(deny("kms:*")), PolicyKind.IDENTITY),), key=of(ROOT)
    )


def test_grants_that_could_not_be_read_are_unknown():
    """
    One of them may let the principal in.
    """
    unread = Unread("the grants", PolicyKind.KEY, GAP)

    assert CONDITIONAL is verdict(grants=(unread,), key=of(ROOT))
    assert ALLOW is verdict(grants=(unread,), identity=(MAY,), key=of(ROOT))
    assert ALLOW is verdict(grants=(unread, grant()), key=of(ROOT))


@pytest.mark.parametrize("form", ["encryption_context_equals", "encryption_context_subset"])
def test_a_grant_may_ask_for_an_encryption_context(form):
    """
    Its keys are the same in either case and its values are not; it is not asked of operations that take none
    ("GrantConstraints").
    """
    grants = (grant(ROLE, "Decrypt", "DescribeKey", "Sign", **{form: {"Department": "Finance"}}),)
    context = DIRECT.with_({"kms:EncryptionContext:department": "Finance"})

    assert ALLOW is verdict(grants=grants, context=context)
    assert DENY is verdict(grants=grants, context=DIRECT.with_({"kms:EncryptionContext:department": "finance"}))
    assert DENY is verdict(grants=grants, context=DIRECT.with_(absent=["kms:EncryptionContext:department"]))
    assert CONDITIONAL is verdict(grants=grants)
    assert ALLOW is verdict(grants=grants, action="kms:DescribeKey")
    assert ALLOW is verdict(grants=grants, action="kms:Sign")
    more = context.with_({"kms:EncryptionContext:purpose": "test"})
    assert (DENY if form.endswith("equals") else ALLOW) is verdict(grants=grants, context=more)
    assert ALLOW is verdict(grants=grants, action="kms:Sign", context=more)


def test_grants_that_complete_one_another_cancel_out():
    """
    That a key of the encryption context is unknown matters, even where no policy asks for it.
    """
    context = {"encryption_context_subset": {"a": "b"}}
    conditional = key_policy(
        allow("kms:*", Principal={"AWS": ROLE}, Condition={"StringNotEquals": {"kms:EncryptionContext:a": "b"}})
    )

    assert CONDITIONAL is verdict(grants=(grant(**context),), key=of(ROOT))
    assert ALLOW is verdict(grants=(grant(**context),), key=conditional)


def test_a_grant_may_be_for_one_source():
    """
    The constraint SourceArn is as the key aws:SourceArn, and not for RetireGrant ("GrantConstraints").
    """
    source = f"arn:aws:rds:eu-west-1:{OWN}:db:orders"
    grants = (grant("rds.amazonaws.com", "Decrypt", "RetireGrant", source_arn=source),)
    by = service("rds.amazonaws.com")
    context = DIRECT.with_({"aws:SourceArn": source})

    assert ALLOW is verdict(by, grants=grants, context=context)
    assert DENY is verdict(by, grants=grants)
    assert ALLOW is verdict(by, "kms:RetireGrant", grants=grants)


def test_a_grant_to_another_account_is_in_doubt_alone():
    """
    The grantee may be in another account; whether it then needs a policy of its own AWS's pages do not say, but for a
    service-linked role, whose policy nobody changes ("Grants in AWS KMS").
    """
    grants = (grant(STRANGER), grant(LINKED))

    assert ALLOW is verdict(role(STRANGER), grants=grants, identity=(MAY,), key=of(ROOT))
    assert CONDITIONAL is verdict(role(STRANGER), grants=grants, key=of(ROOT))
    assert ALLOW is verdict(role(LINKED), grants=grants, key=of(ROOT))


def test_grants_are_about_keys_only():
    """
    A grant on a key lets nobody do anything else.
    """
    request = Request(role(ROLE), "secretsmanager:Decrypt", f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:s")

    assert DENY is evaluate(request, PolicySet(grants=(grant(),))).verdict


def test_a_key_of_aws_is_used_through_its_service():
    """
    An AWS managed key lets in whoever is in the account and comes through the service ("AWS managed keys").
    """
    own = of(
        "*", Condition={"StringEquals": {"kms:CallerAccount": OWN, "kms:ViaService": "sqs.eu-west-1.amazonaws.com"}}
    )
    via = DIRECT.with_({"kms:ViaService": "sqs.eu-west-1.amazonaws.com"})

    assert ALLOW is verdict(key=own, context=via)
    assert DENY is verdict(key=own)
    assert DENY is verdict(role(STRANGER), identity=(MAY,), key=own, context=via)


def test_reading_a_secret_needs_its_key():
    """
    Under a customer key, GetSecretValue needs kms:Decrypt as well ("Secret encryption and decryption in AWS Secrets
    Manager").
    """
    arn = f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:db-AbCdEf"
    reads = parse_policy(document(allow("secretsmanager:GetSecretValue")), PolicyKind.IDENTITY)

    def asked(*policies, key):
        return evaluate_all(
            [
                (Request(role(ROLE), "secretsmanager:GetSecretValue", arn), PolicySet(identity=policies)),
                (Request(role(ROLE), "kms:Decrypt", KEY), PolicySet(identity=policies, key=key)),
            ]
        ).verdict

    assert DENY is asked(reads, key=of(ROOT))
    assert ALLOW is asked(reads, key=of(ROLE))
    assert ALLOW is asked(reads, MAY, key=of(ROOT))
    assert CONDITIONAL is asked(reads, MAY, key=Unread("the key policy", PolicyKind.KEY, GAP))
