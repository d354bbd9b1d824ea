import pytest

from awsaudit import Status, Trust
from awsaudit.resources.dynamodb import POLICY, Table
from awsaudit.resources.iam import Role
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.dynamodb.lock_table_writers import lock_table_writers
from tests.checks.dynamodb.tables import ARN, table
from tests.checks.policies import policy_in
from tests.estate import FOREIGN, OWN, allow, alone, deny, document, managed, role, user


WRITE = allow("dynamodb:PutItem", "dynamodb:DeleteItem", resource=ARN)
CI = Trust(ci_roles=(f"arn:aws:iam::{OWN}:role/deploy",))
BOUND = f"arn:aws:iam::{OWN}:policy/bound"


def judge(*others, of=None, **more):
    return run_check(lock_table_writers, of or table(), *others, *alone(), **more)


def test_deploy_roles_and_administrators_pass():
    """
    The roles of the configuration pass, and administrators are counted; who only reads is none.
    """
    reader = role("web", allow("dynamodb:GetItem"))
    [finding] = judge(role("deploy", WRITE), role("admin", allow("*")), reader, trust=CI)

    assert (Status.PASS, ("1 administrators may write to it, too",)) == (finding.status, finding.notes)


@pytest.mark.parametrize(
    ("holder", "said"),
    [
        (user("ada", WRITE), "the user ada may write to it, dynamodb:PutItem"),
        (role("ops", allow("dynamodb:Update*")), "the role ops may write to it, dynamodb:UpdateItem"),
        (role("app", allow("dynamodb:*")), "the role app may write to it"),
    ],
)
def test_flags_other_writers(holder, said):
    """
    Users and roles, with the policy that lets them.
    """
    [finding] = judge(holder, trust=CI)

    assert Status.FAIL is finding.status
    assert said in finding.message
    assert [holder.arn, ARN] == [hop.resource for hop in finding.path]


def test_the_fix_leaves_it_to_deployment():
    """
    The table's policy, with the denial that the command adds, makes it pass; without deploy roles there is no command.
    """
    [finding] = judge(role("ops", WRITE), trust=CI)
    closed = table(policy_in(finding.fix, "--policy"))

    assert [Status.PASS] == statuses(judge(role("ops", WRITE), role("deploy", WRITE), of=closed, trust=CI))
    assert judge(role("ops", WRITE))[0].fix is None


@pytest.mark.parametrize(
    "holder",
    [
        user("ada", allow("dynamodb:*", resource=f"{ARN}-other")),
        user("ada", WRITE, deny("dynamodb:*")),
        role("ops", WRITE, boundary=BOUND),
        role("aws", WRITE, path="/aws-service-role/replication.dynamodb.amazonaws.com/"),
    ],
)
def test_accepts_who_may_not(holder):
    """
    Other tables, denials, boundaries; roles of AWS's own.
    """
    assert [Status.PASS] == statuses(judge(holder, managed(BOUND, allow("s3:*"))))


@pytest.mark.parametrize("principal", [{"AWS": FOREIGN}, "*"])
def test_flags_writers_from_outside(principal):
    """
    By the table's policy, known ones too: they are no deploy roles of the account.
    """
    open_ = table(document({**WRITE, "Principal": principal}))

    assert [Status.FAIL] == statuses(judge(of=open_))


def test_asks_the_policy_of_the_table():
    """
    It lets in one who has no right of their own.
    """
    ada = user("ada")
    shared = table(document({**WRITE, "Principal": {"AWS": ada.arn}}))

    assert [Status.FAIL] == statuses(judge(ada, of=shared))


@pytest.mark.parametrize("key", [(("id", "HASH"),), (("LockID", "HASH"), ("at", "RANGE"))])
def test_does_not_apply_to_other_tables(key):
    """
    Terraform asks for that key and no other.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(user("ada", WRITE), of=table(key=key)))


def test_what_cannot_be_seen_is_unknown():
    """
    A policy that was refused, and roles that could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(judge(of=table(results=[(POLICY, refused(Table, POLICY))])))
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[Role]))
