import json
import shlex

import jmespath
import pytest

from awsaudit import Severity, Status
from awsaudit.resources.cloudtrail import SELECTORS, STATUS, TRAILS, Trail
from awsaudit.resources.codepipeline import Webhook
from awsaudit.resources.events import BUSES, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.resources.iam import Role
from awsaudit.resources.s3 import LIST, NOTIFICATION, Bucket
from awsaudit.resources.scheduler import SCHEDULES, Schedule
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.trigger_delivers import trigger_delivers
from tests.checks.codepipeline.lines import ARN, action, pipeline, source, stage, webhook
from tests.estate import FOREIGN, OWN, allow, alone, deny, role, trusting


EVENTS = trusting("events.amazonaws.com")
STARTER = f"arn:aws:iam::{OWN}:role/starter"
REPOSITORY = f"arn:aws:codecommit:eu-west-1:{OWN}:app"
STARTS = allow("codepipeline:StartPipelineExecution", resource=ARN)
PUSH = {
    "source": ["aws.codecommit"],
    "detail-type": ["CodeCommit Repository State Change"],
    "resources": [REPOSITORY],
    "detail": {
        "event": ["referenceCreated", "referenceUpdated"],
        "referenceType": ["branch"],
        "referenceName": ["main"],
    },
}
IMAGE = {
    "source": ["aws.ecr"],
    "detail-type": ["ECR Image Action"],
    "detail": {"action-type": ["PUSH"], "image-tag": ["latest"], "repository-name": ["app"], "result": ["SUCCESS"]},
}
CREATED = {
    "source": ["aws.s3"],
    "detail-type": ["Object Created"],
    "detail": {"bucket": {"name": ["drop"]}, "object": {"key": ["app.zip"]}},
}
CALLED = {
    "source": ["aws.s3"],
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {
        "eventSource": ["s3.amazonaws.com"],
        "eventName": ["PutObject", "CompleteMultipartUpload", "CopyObject"],
        "requestParameters": {"bucketName": ["drop"], "key": ["app.zip"]},
    },
}
COMMIT = source(RepositoryName="app", BranchName="main", PollForSourceChanges="false")
ECR = source("ECR", RepositoryName="app")
S3 = source("S3", S3Bucket="drop", S3ObjectKey="app.zip", PollForSourceChanges="false")
GITHUB = source("GitHub", "ThirdParty", Owner="northlight", Repo="app", Branch="main", PollForSourceChanges="false")


def line(*sources, **more):
    return pipeline(stage("Source", *sources), stage("Deploy"), **more)


def rule(pattern=None, *, name="push", bus="default", target=ARN, target_role=STARTER, **fields):
    """Return a bus, a rule on it and its target."""
    above = fake(EventBus, {BUSES: {"Name": bus, "Arn": f"arn:aws:events:eu-west-1:{OWN}:event-bus/{bus}"}})
    listed = {
        "Name": name,
        "Arn": f"arn:aws:events:eu-west-1:{OWN}:rule/{name}",
        "EventBusName": bus,
        "State": "ENABLED",
        **({"EventPattern": json.dumps(pattern)} if pattern else {}),
        **fields,
    }
    made = fake(Rule, {RULES: listed}, parent=above)
    told = {"Id": "1", "Arn": target, **({"RoleArn": target_role} if target_role else {})}

    return made, fake(Target, {TARGETS: told}, parent=made)


def starter(*statements, trust=EVENTS):
    return role("starter", *(statements or (STARTS,)), trust=trust)


def bucket(*, on=True):
    told = {"EventBridgeConfiguration": {}} if on else {"TopicConfigurations": []}
    return fake(Bucket, {LIST: {"Name": "drop", "CreationDate": "2026-01-01T00:00:00+00:00"}, NOTIFICATION: told})


def trail(*selectors, logging=True, **told):
    arn = f"arn:aws:cloudtrail:eu-west-1:{OWN}:trail/main"
    listed = {"TrailARN": arn, "Name": "main", "HomeRegion": "eu-west-1", "HasCustomEventSelectors": True}
    return fake(
        Trail, {TRAILS: listed, STATUS: {"IsLogging": logging}, SELECTORS: {"EventSelectors": list(selectors), **told}}
    )


def judge(judged, *others, **more):
    return run_check(trigger_delivers, judged, *others, *alone(), **more)


@pytest.mark.parametrize(
    ("watched", "pattern", "others"),
    [
        (COMMIT, PUSH, ()),
        (COMMIT, {"source": ["aws.codecommit"], "detail": {"repositoryName": ["app"]}}, ()),
        (COMMIT, {"detail": {"referenceName": [{"prefix": "ma"}]}}, ()),
        (ECR, IMAGE, ()),
        (S3, CREATED, (bucket(),)),
    ],
)
def test_accepts_a_rule_that_starts_the_pipeline(watched, pattern, others):
    """
    By a role that EventBridge may assume and that may start it; a wider pattern will do.
    """
    assert [Status.PASS] == statuses(judge(line(watched), *rule(pattern), starter(), *others))


def test_accepts_the_role_of_the_rule():
    """
    A target without one takes that of its rule.
    """
    assert [Status.PASS] == statuses(judge(line(COMMIT), *rule(PUSH, target_role=None, RoleArn=STARTER), starter()))


@pytest.mark.parametrize(
    ("watched", "found"),
    [
        (COMMIT, ()),
        (ECR, ()),
        (S3, (bucket(),)),
        (COMMIT, rule(PUSH, target=f"{ARN}-other")),
        (ECR, rule(IMAGE, target=f"{ARN}-other")),
    ],
)
def test_flags_a_source_without_a_rule_and_makes_one(watched, found):
    """
    Role, rule and target as the command makes them pass.
    """
    [finding] = judge(line(watched), *found, starter())
    words = shlex.split(finding.fix)
    after = {word: words[at + 1] for at, word in enumerate(words[:-1]) if word.startswith("--")}
    [target] = json.loads(after["--targets"])
    made = role(
        "start-release",
        *json.loads(after["--policy-document"])["Statement"],
        trust=json.loads(after["--assume-role-policy-document"]),
    )

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "changes of app start nothing: no rule starts the pipeline on " in finding.message
    assert ["no rule"] == [hop.resource for hop in finding.path if not hop.holds]
    assert (made.arn, ARN) == (target["RoleArn"], target["Arn"])
    anew = rule(json.loads(after["--event-pattern"]), name=after["--name"], target_role=target["RoleArn"])
    assert [Status.PASS] == statuses(judge(line(watched), *anew, made, bucket()))


@pytest.mark.parametrize(
    "pattern",
    [
        {**PUSH, "resources": [f"{REPOSITORY}-other"]},
        {**PUSH, "detail": {**PUSH["detail"], "referenceName": ["master"]}},
        {**PUSH, "detail": {**PUSH["detail"], "event": ["referenceCreated"]}},
        {**PUSH, "account": [FOREIGN]},
    ],
)
def test_flags_a_rule_that_asks_for_something_else(pattern):
    """
    Another repository, another branch, new branches only, another account.
    """
    [finding] = judge(line(COMMIT), *rule(pattern), starter())

    assert "the rule push does not ask for a push to main of app" in finding.message
    assert finding.fix.startswith("aws iam create-role ")


def test_flags_a_disabled_rule():
    """
    The command enables it.
    """
    [finding] = judge(line(COMMIT), *rule(PUSH, State="DISABLED"), starter())

    assert "the rule push is disabled" in finding.message
    assert "aws events enable-rule --region eu-west-1 --name push --event-bus-name default" == finding.fix
    assert [REPOSITORY, f"arn:aws:events:eu-west-1:{OWN}:rule/push"] == [hop.resource for hop in finding.path]


def test_a_rule_on_another_bus_is_for_something_else():
    """
    AWS's services send to the default one; whoever sends there starts the pipeline.
    """
    [finding] = judge(line(COMMIT), *rule(PUSH, bus="ours"), starter())

    assert Status.NOT_APPLICABLE is finding.status
    assert "it is started by the rule push" == finding.message


@pytest.mark.parametrize(
    ("holder", "said", "command"),
    [
        (starter(allow("s3:GetObject")), "the role starter may not start the pipeline", "aws iam put-role-policy "),
        (starter(STARTS, deny("codepipeline:*")), "the role starter may not start the pipeline", None),
        (
            starter(trust=trusting("ec2.amazonaws.com")),
            "does not trust EventBridge",
            "aws iam update-assume-role-policy ",
        ),
        (None, f"the role {STARTER} does not exist", None),
    ],
)
def test_flags_a_role_that_does_not_start_it(holder, said, command):
    """
    The way is shown up to where it breaks; against a Deny one more Allow would not help.
    """
    [finding] = judge(line(COMMIT), *rule(PUSH), *([holder] if holder else []))

    assert said in finding.message
    assert (finding.fix or "").startswith(command or "")
    assert bool(command) is bool(finding.fix)
    assert finding.path[-1].holds is False
    assert [True, True] == [hop.holds for hop in finding.path[:2]]


def test_flags_a_target_without_a_role_and_gives_it_one():
    """
    What else the target has stays.
    """
    [finding] = judge(line(COMMIT), *rule(PUSH, target_role=None))
    words = shlex.split(finding.fix)
    query = next(words[at + 1] for at, word in enumerate(words) if word == "--query")
    put = jmespath.search(query, {"Targets": [{"Id": "1", "Arn": ARN, "Input": "{}"}, {"Id": "2", "Arn": "x"}]})

    assert "the target of the rule push has no role" in finding.message
    assert [{"Id": "1", "Arn": ARN, "Input": "{}", "RoleArn": f"arn:aws:iam::{OWN}:role/start-release"}] == put


def test_flags_a_bucket_that_sends_nothing():
    """
    The command turns it on and keeps other notifications.
    """
    [finding] = judge(line(S3), *rule(CREATED), starter(), bucket(on=False))
    words = shlex.split(finding.fix)
    query = next(words[at + 1] for at, word in enumerate(words) if word == "--query")

    assert "the bucket drop does not send its events to EventBridge" in finding.message
    assert {"EventBridgeConfiguration": {}, "QueueConfigurations": [1]} == jmespath.search(
        query, {"QueueConfigurations": [1]}
    )


OBJECTS = {"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::drop/"]}]}
FIELDS = [
    {"Field": "eventCategory", "Equals": ["Data"]},
    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::drop/"]},
]


@pytest.mark.parametrize(
    "recorder",
    [
        trail(OBJECTS),
        trail({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}], "ReadWriteType": "WriteOnly"}),
        trail(AdvancedEventSelectors=[{"FieldSelectors": FIELDS}]),
    ],
)
def test_accepts_a_trail_that_records_the_object(recorder):
    """
    The older way to be told of objects; the bucket itself need not send anything.
    """
    assert [Status.PASS] == statuses(judge(line(S3), *rule(CALLED), starter(), bucket(on=False), recorder))


@pytest.mark.parametrize(
    "recorder",
    [
        trail(OBJECTS, logging=False),
        trail({**OBJECTS, "ReadWriteType": "ReadOnly"}),
        trail({"DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::other/"]}]}),
        trail({"IncludeManagementEvents": True}),
        trail(AdvancedEventSelectors=[{"FieldSelectors": [*FIELDS[:2], {"Field": "readOnly", "Equals": ["true"]}]}]),
        trail(
            AdvancedEventSelectors=[
                {"FieldSelectors": [*FIELDS, {"Field": "sessionCredentialFromConsole", "Equals": ["1"]}]}
            ]
        ),
    ],
)
def test_flags_a_trail_that_does_not_record_the_object(recorder):
    """
    Not at all, reads only, other buckets, or management events alone.
    """
    [finding] = judge(line(S3), *rule(CALLED), starter(), bucket(), recorder)

    assert "no trail records what is written to drop" in finding.message
    assert finding.fix is None


def test_asks_the_webhook_of_github():
    """
    It has to be there, and registered.
    """
    [missing] = judge(line(GITHUB), webhook(action="other"))
    [failed] = judge(line(GITHUB), webhook(errorCode="403"))

    assert [Status.PASS] == statuses(judge(line(GITHUB), webhook()))
    assert "no webhook speaks for app" in missing.message
    assert "could not be registered with GitHub: 403" in failed.message
    assert "aws codepipeline register-webhook-with-third-party --region eu-west-1 --webhook-name push" == failed.fix


@pytest.mark.parametrize(
    "watched",
    [
        source(RepositoryName="app", BranchName="main"),
        source("S3", S3Bucket="drop", S3ObjectKey="app.zip", PollForSourceChanges="true"),
        source("GitHub", "ThirdParty", Repo="app"),
        source("CodeStarSourceConnection", DetectChanges="false"),
        source("Ours", "Custom"),
        source("ECR", "Custom"),
    ],
)
def test_does_not_apply_where_nothing_waits_for_events(watched):
    """
    CodePipeline looks for changes, or the connection tells.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(line(watched)))


@pytest.mark.parametrize(
    ("others", "who"),
    [
        (rule(ScheduleExpression="rate(1 day)", name="nightly"), "the rule nightly"),
        (rule({"source": ["aws.codepipeline"]}, name="after"), "the rule after"),
        (rule({"source": ["ci"]}, name="ci", bus="ours"), "the rule ci"),
        (
            (
                pipeline(
                    stage("Next", action("x", "Invoke", "CodePipeline", configuration={"PipelineName": "release"})),
                    name="first",
                ),
            ),
            "the pipeline first",
        ),
    ],
)
def test_does_not_apply_where_something_else_starts_it(others, who):
    """
    A schedule, another event, another pipeline: that changes start nothing is meant.
    """
    [finding] = judge(line(COMMIT), *others)

    assert (Status.NOT_APPLICABLE, f"it is started by {who}") == (finding.status, finding.message)


def schedule(target, **more):
    arn = f"arn:aws:scheduler:eu-west-1:{OWN}:schedule/default/nightly"
    return fake(
        Schedule, {SCHEDULES: {"Arn": arn, "Name": "nightly", "State": "ENABLED", "Target": {"Arn": target}, **more}}
    )


def test_schedules_of_the_scheduler_start_it_too():
    """
    One that calls the API names the pipeline in its input, which is not read: the failure says so.
    """
    [finding] = judge(line(COMMIT), schedule("arn:aws:scheduler:::aws-sdk:codepipeline:startPipelineExecution"))

    assert [Status.NOT_APPLICABLE] == statuses(judge(line(COMMIT), schedule(ARN)))
    assert [Status.FAIL] == statuses(judge(line(COMMIT), schedule(ARN, State="DISABLED")))
    assert "the schedule nightly starts some pipeline, perhaps this one" in finding.message


def test_a_broken_rule_is_flagged_whatever_else_starts_the_pipeline():
    """
    Somebody meant it.
    """
    nightly = rule(ScheduleExpression="rate(1 day)", name="nightly")
    judged = judge(line(COMMIT), *rule(PUSH, State="DISABLED"), *nightly, starter())

    assert [Status.FAIL] == statuses(judged)


def test_is_medium_where_another_source_starts_the_pipeline():
    """
    It comes along at the next run.
    """
    polled = source(name="infra", RepositoryName="infra", BranchName="main")
    image = source("ECR", name="image", RepositoryName="app")
    [beside_polling] = judge(line(COMMIT, polled))
    [beside_rule] = judge(line(COMMIT, image), *rule(PUSH), starter())

    assert (Severity.MEDIUM, Severity.MEDIUM) == (beside_polling.severity, beside_rule.severity)
    assert "Source.image" == beside_rule.sub_key


def test_sources_of_other_accounts_are_unknown_from_there_on():
    """
    That they send their events here cannot be seen; that nothing here asks for them can.
    """
    abroad = {**COMMIT, "roleArn": f"arn:aws:iam::{FOREIGN}:role/source"}
    pattern = {**PUSH, "resources": [f"arn:aws:codecommit:eu-west-1:{FOREIGN}:app"]}
    [finding] = judge(line(abroad), *rule(pattern), starter())

    assert Status.UNKNOWN is finding.status
    assert f"happens in the account {FOREIGN}" in finding.message
    assert [Status.FAIL] == statuses(judge(line(abroad), *rule(PUSH), starter()))


@pytest.mark.parametrize(
    ("others", "unlisted"),
    [
        ((), [Rule]),
        (rule(PUSH), [Role]),
        ((*rule({"source": ["aws.codecommit"], "detail": {"event": [{"magic": 1}]}}), starter()), []),
        ((*rule({"source": [{"magic": 1}]}), starter()), []),
    ],
)
def test_what_could_not_be_seen_or_understood_is_unknown(others, unlisted):
    """
    The rule may be there, its role may do, its pattern may match.
    """
    assert [Status.UNKNOWN] == statuses(judge(line(COMMIT), *others, unlisted=unlisted))


def test_buckets_trails_and_webhooks_that_are_not_seen_are_unknown():
    """
    And sources that variables name.
    """
    varied = source(RepositoryName="app", BranchName="#{variables.branch}", PollForSourceChanges="false")

    assert [Status.UNKNOWN] == statuses(judge(line(S3), *rule(CREATED), starter(), unlisted=[Bucket]))
    assert [Status.UNKNOWN] == statuses(judge(line(S3), *rule(CREATED), starter()))
    assert [Status.UNKNOWN] == statuses(judge(line(S3), *rule(CALLED), starter(), bucket(), unlisted=[Trail]))
    assert [Status.UNKNOWN] == statuses(judge(line(GITHUB), unlisted=[Webhook]))
    assert [Status.UNKNOWN] == statuses(judge(line(varied)))
