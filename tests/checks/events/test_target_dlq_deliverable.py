import json
import shlex

import jmespath
import pytest

from awsaudit import Status
from awsaudit.resources.events import Target
from awsaudit.resources.sqs import Queue
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.target_dlq_deliverable import target_dlq_deliverable


QUEUE = "arn:aws:sqs:eu-west-1:111122223333:lost"
RULE = "arn:aws:events:eu-west-1:111122223333:rule/beacon/slots"
KEY = "arn:aws:kms:eu-west-1:111122223333:key/k-1"
FOR_RULE = {"ArnEquals": {"aws:SourceArn": RULE}}
ENCRYPT = ("kms:GenerateDataKey*", "kms:Decrypt")


@pytest.fixture(name="judge")
def judge_fixture(rule, target):
    """Return a function that judges a rule with one target, whose dead-letter queue has an ARN."""

    def judge(*others, arn=QUEUE, **options):
        judged = rule()
        one = target(judged, DeadLetterConfig={"Arn": arn})
        return run_check(target_dlq_deliverable, judged, one, *others, **options)

    return judge


@pytest.mark.parametrize(
    "condition",
    [
        {},
        FOR_RULE,
        {"ArnLike": {"aws:SourceArn": "arn:aws:events:*:111122223333:rule/*"}},
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"Bool": {"aws:SecureTransport": "true"}},
    ],
)
def test_accepts_a_queue_that_admits_the_rule(judge, queue, admits, condition):
    """
    Whatever the conditions, as long as they fit; encryption with the key that SQS owns does not matter.
    """
    admitting = admits("sqs:SendMessage", resource=QUEUE, **condition)

    assert [Status.PASS] == statuses(judge(queue("lost", admitting)))
    assert [Status.PASS] == statuses(judge(queue("lost", admitting, SqsManagedSseEnabled="true")))


def test_flags_a_queue_without_a_policy(judge, queue):
    """
    The command writes one, with which the check passes; the path ends at the queue.
    """
    (finding,) = judge(queue())

    assert "what target 1 does not take is lost: the queue lost does not let EventBridge send to it" == finding.message
    start = "aws sqs set-queue-attributes --region eu-west-1 --queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/lost "
    assert finding.fix.startswith(start)
    policy = json.loads(json.loads(shlex.split(finding.fix)[-1])["Policy"])
    assert FOR_RULE == policy["Statement"][0]["Condition"]
    assert [Status.PASS] == statuses(judge(queue("lost", *policy["Statement"])))
    assert [RULE, "target 1", QUEUE] == [hop.resource for hop in finding.path]
    assert [True, True, False] == [hop.holds for hop in finding.path]


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnEquals": {"aws:SourceArn": RULE.replace("slots", "other")}},
        {"ArnEquals": {"aws:SourceArn": RULE.replace("beacon/", "")}},
        {"StringEquals": {"aws:SourceAccount": "444455556666"}},
    ],
)
def test_flags_conditions_that_do_not_fit(judge, queue, admits, condition):
    """
    Another rule, the same name on another bus, another account.
    """
    (finding,) = judge(queue("lost", admits("sqs:SendMessage", **condition)))

    assert Status.FAIL is finding.status
    assert 2 == len(json.loads(json.loads(shlex.split(finding.fix)[-1])["Policy"])["Statement"])


def test_the_command_keeps_other_rules(rule, target, queue):
    """
    Rules that share the queue are all let in: the command for one does not undo that for another.
    """
    one, other = rule(), rule("forks")
    targets = [target(each, DeadLetterConfig={"Arn": QUEUE}) for each in (one, other)]
    (finding,) = run_check(target_dlq_deliverable, one, *targets, queue(), other)

    sources = json.loads(json.loads(shlex.split(finding.fix)[-1])["Policy"])["Statement"][0]["Condition"]
    assert {"ArnEquals": {"aws:SourceArn": [RULE.replace("slots", "forks"), RULE]}} == sources


def test_a_denial_has_no_command(judge, queue, admits):
    """
    One more Allow would not help.
    """
    (finding,) = judge(queue("lost", admits("sqs:SendMessage"), admits("sqs:*", effect="Deny")))

    assert Status.FAIL is finding.status
    assert finding.fix is None


def test_flags_a_queue_that_is_gone(judge):
    """
    The command makes it again under its name, open for the rule.
    """
    (finding,) = judge()

    assert "what target 1 does not take is lost: the queue lost does not exist" == finding.message
    words = shlex.split(finding.fix)
    assert ["aws", "sqs", "create-queue", "--region", "eu-west-1", "--queue-name", "lost"] == words[:7]
    assert FOR_RULE == json.loads(json.loads(words[-1])["Policy"])["Statement"][0]["Condition"]


@pytest.mark.parametrize("arn", [f"{QUEUE}.fifo", QUEUE.replace("eu-west-1", "eu-central-1")])
def test_flags_queues_that_cannot_be_one(judge, arn):
    """
    FIFO queues and those of another region; the command makes a new one and gives it to this target only.
    """
    (finding,) = judge(arn=arn)

    assert Status.FAIL is finding.status
    words = shlex.split(finding.fix.replace("$(", "").replace(")", " )"))
    start = words.index("--query") + 1
    query = " ".join(words[start : words.index("--output")]).replace(" )", ")")
    answer = {"Targets": [{"Id": "1", "Arn": "arn:f", "DeadLetterConfig": {"Arn": arn}}, {"Id": "2", "Arn": "arn:g"}]}
    mended = {"Arn": "arn:aws:sqs:eu-west-1:111122223333:beacon-slots-dlq"}
    assert [{"Id": "1", "Arn": "arn:f", "DeadLetterConfig": mended}] == jmespath.search(query, answer)


@pytest.mark.parametrize("reference", [KEY, "k-1"])
def test_accepts_a_key_that_admits_the_service(judge, queue, admits, key, reference):
    """
    By whatever name the queue knows its key.
    """
    encrypted = queue("lost", admits("sqs:SendMessage"), KmsMasterKeyId=reference)

    assert [Status.PASS] == statuses(judge(encrypted, key(admits(*ENCRYPT))))
    assert [Status.PASS] == statuses(judge(encrypted, key(admits(*ENCRYPT, **FOR_RULE))))


@pytest.mark.parametrize("actions", [(), ("kms:Decrypt",), ("kms:GenerateDataKey",)])
def test_flags_a_key_that_does_not(judge, queue, admits, key, actions):
    """
    Both actions are asked for; the command adds a statement to the key's policy.
    """
    encrypted = queue("lost", admits("sqs:SendMessage"), KmsMasterKeyId=KEY)
    (finding,) = judge(encrypted, key(*([admits(*actions)] if actions else [])))

    assert "the key of the queue lost does not let EventBridge encrypt" in finding.message
    added = json.loads(shlex.split(finding.fix)[-1])["Statement"][1:]
    assert [Status.PASS] == statuses(judge(encrypted, key(*added)))
    assert [True, True, True, False] == [hop.holds for hop in finding.path]


def test_flags_the_key_of_aws(judge, queue, admits, key):
    """
    It lets no service in; the command takes the key that SQS owns.
    """
    for reference, others in (("alias/aws/sqs", []), (KEY, [key(manager="AWS")])):
        (finding,) = judge(queue("lost", admits("sqs:SendMessage"), KmsMasterKeyId=reference), *others)

        assert "the key of the queue lost is AWS's own, which lets no service in" in finding.message
        assert {"KmsMasterKeyId": "", "SqsManagedSseEnabled": "true"} == json.loads(shlex.split(finding.fix)[-1])


def test_flags_a_key_that_cannot_be_used(judge, queue, admits, key):
    """
    A key that is disabled or about to be deleted encrypts nothing.
    """
    encrypted = queue("lost", admits("sqs:SendMessage"), KmsMasterKeyId=KEY)
    enable = f"aws kms enable-key --region eu-west-1 --key-id {KEY}"
    cancel = f"aws kms cancel-key-deletion --region eu-west-1 --key-id {KEY}"
    for state, fix in (("Disabled", enable), ("PendingDeletion", f"{cancel} && {enable}")):
        (finding,) = judge(encrypted, key(admits(*ENCRYPT), state=state))

        assert f"the key of the queue lost is {state}" in finding.message
        assert fix == finding.fix


def test_flags_a_key_that_is_gone(judge, queue, admits):
    """
    The queue goes on naming a key that was deleted.
    """
    (finding,) = judge(queue("lost", admits("sqs:SendMessage"), KmsMasterKeyId="k-9"))

    assert "the key of the queue lost does not exist" in finding.message


@pytest.mark.parametrize("fields", [{}, {"State": "DISABLED"}, {"ManagedBy": "guardduty.amazonaws.com"}])
def test_does_not_judge_rules_without_one(rule, target, fields):
    """
    Nor disabled rules and those of AWS services.
    """
    judged = rule(**fields)
    extra = {"DeadLetterConfig": {"Arn": QUEUE}} if fields else {}

    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_dlq_deliverable, judged, target(judged, **extra)))


def test_does_not_know_what_it_cannot_see(judge, rule, queue, admits, key):
    """
    Another account's queue or key, a refused attribute or key policy, conditions on what nobody can tell.
    """
    foreign = KEY.replace("111122223333", "444455556666")
    admitting = admits("sqs:SendMessage")
    hanging = admits("sqs:SendMessage", StringEquals={"aws:SourceOrgID": "o-exampleorgid"})

    assert [Status.UNKNOWN] == statuses(judge(arn=QUEUE.replace("111122223333", "444455556666")))
    assert [Status.UNKNOWN] == statuses(judge(queue(hidden=True)))
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[Queue]))
    assert [Status.UNKNOWN] == statuses(judge(queue("lost", hanging)))
    assert [Status.UNKNOWN] == statuses(judge(queue("lost", admitting, KmsMasterKeyId=foreign)))
    assert [Status.UNKNOWN] == statuses(judge(queue("lost", admitting, KmsMasterKeyId=KEY), key(hidden=True)))
    alias = foreign.replace("key/k-1", "alias/lost")
    assert [Status.UNKNOWN] == statuses(judge(queue("lost", admitting, KmsMasterKeyId=alias)))
    assert [Status.UNKNOWN] == statuses(run_check(target_dlq_deliverable, rule(), unlisted=[Target]))
