import pytest

from awsaudit import Status
from awsaudit.resources.cloudwatch import COMPOSITE_ALARMS, METRIC_ALARMS, CompositeAlarm, MetricAlarm
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.recovery_alarms import recovery_alarms
from tests.alerts import topic


TOPIC = "arn:aws:sns:eu-west-1:111122223333:oncall"
CLOUDWATCH = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm"
OWN = {"DBInstanceIdentifier": "deposits"}


def alarm(metric, dimensions=None, *, name=None, statistic="Average", actions=(TOPIC,), enabled=True, **more):
    described = {
        "AlarmName": name or metric,
        "AlarmArn": f"{CLOUDWATCH}:{name or metric}",
        "Namespace": "AWS/RDS",
        "MetricName": metric,
        "Statistic": statistic,
        "Dimensions": [{"Name": k, "Value": v} for k, v in (OWN if dimensions is None else dimensions).items()],
        "AlarmActions": list(actions),
        "ActionsEnabled": enabled,
    }
    return fake(MetricAlarm, {METRIC_ALARMS: {**described, **more}})


def query(expression):
    metrics = [{"Id": "q", "Expression": expression}]
    return alarm("", {}, name="query", Namespace=None, MetricName=None, Statistic=None, Metrics=metrics)


CPU, STORAGE = alarm("CPUUtilization"), alarm("FreeStorageSpace")


def judge(instance, *others, **more):
    return run_check(recovery_alarms, instance, *others, **more)


def test_alarms_on_storage_and_cpu_pass(make_instance):
    """
    A database that replicates nothing needs no alarm on lag.
    """
    assert [Status.PASS] == statuses(judge(make_instance(), CPU, STORAGE))


def test_missing_alarms_are_one_problem(make_instance):
    """
    With a command that makes each of them, at the threshold that AWS recommends, and one topic for all.
    """
    [finding] = judge(make_instance(AllocatedStorage=100))

    assert "no alarm watches its storage, CPU" == finding.message
    made, storage, cpu = finding.fix.split(" && ")
    assert made.startswith("TOPIC=$(aws sns create-topic --region eu-west-1 --name database-alarms")
    assert "--metric-name FreeStorageSpace --dimensions Name=DBInstanceIdentifier,Value=deposits" in storage
    assert "--alarm-name deposits-storage" in storage
    assert "--threshold 10737418240 --comparison-operator LessThanThreshold" in storage
    assert "--threshold 90 --comparison-operator GreaterThanThreshold" in cpu
    assert cpu.endswith('--alarm-actions "$TOPIC"')


def test_new_alarms_tell_whom_others_tell(make_instance):
    """
    Where another alarm has a topic that somebody hears, the new one has it, too.
    """
    [finding] = judge(make_instance(), STORAGE, *topic("eu-west-1"))

    assert "no alarm watches its CPU" == finding.message
    assert finding.fix.startswith("aws cloudwatch put-metric-alarm --region eu-west-1 --alarm-name deposits-cpu ")
    assert finding.fix.endswith(f"--alarm-actions {TOPIC}")


@pytest.mark.parametrize(
    ("other", "status"),
    [
        (alarm("CPUUtilization", {"DBInstanceIdentifier": "other"}), Status.FAIL),
        (alarm("CPUUtilization", Namespace="AWS/EC2"), Status.FAIL),
        (alarm("CPUUtilization", {}, statistic="Maximum"), Status.PASS),
        (alarm("CPUUtilization", {}), Status.FAIL),
        (alarm("CPUUtilization", {"EngineName": "postgres"}, statistic="Maximum"), Status.PASS),
        (alarm("CPUUtilization", {"EngineName": "mysql"}, statistic="Maximum"), Status.FAIL),
        (query('SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/RDS", DBInstanceIdentifier)'), Status.PASS),
        (query("SELECT MAX(CPUUtilization) FROM \"AWS/RDS\" WHERE DBInstanceIdentifier = 'deposits'"), Status.PASS),
        (query("SELECT MAX(CPUUtilization) FROM \"AWS/RDS\" WHERE DBInstanceIdentifier = 'other'"), Status.FAIL),
        (query("SELECT MAX(CPUUtilization) FROM \"AWS/RDS\" WHERE tag.env = 'prod'"), Status.UNKNOWN),
        (query('SELECT AVG(CPUUtilization) FROM "AWS/RDS"'), Status.UNKNOWN),
        (query('SELECT MAX(CPUUtilization) FROM "AWS/EC2"'), Status.FAIL),
    ],
)
def test_knows_what_an_alarm_watches(make_instance, other, status):
    """
    The instance, the worst of several, or what a query selects.
    """
    assert [status] == statuses(judge(make_instance(), other, STORAGE))


def test_alarms_that_do_nothing_fail(make_instance):
    """
    Without an action, or with actions that are switched off.
    """
    [idle] = judge(make_instance(), alarm("CPUUtilization", actions=()), STORAGE)
    [muted] = judge(make_instance(), alarm("CPUUtilization", enabled=False), STORAGE)

    assert "its alarm CPUUtilization on CPU has no action" == idle.message
    assert "aws cloudwatch enable-alarm-actions --region eu-west-1 --alarm-names CPUUtilization" == muted.fix


def test_what_is_muted_and_what_is_missing_are_two(make_instance):
    """
    An alarm that does nothing has a repair of its own; what nothing watches stands beside it.
    """
    found = judge(make_instance(), alarm("CPUUtilization", enabled=False))

    assert {
        ("CPU", "the actions of its alarm CPUUtilization on CPU are switched off"),
        ("", "no alarm watches its storage"),
    } == {(finding.sub_key, finding.message) for finding in found}


def test_a_composite_alarm_above_passes(make_instance):
    """
    It acts in their place.
    """
    above = {"AlarmName": "any", "AlarmArn": f"{CLOUDWATCH}:any", "ActionsEnabled": True, "AlarmActions": [TOPIC]}
    composite = fake(CompositeAlarm, {COMPOSITE_ALARMS: {**above, "AlarmRule": 'ALARM("CPUUtilization")'}})

    assert [Status.PASS] == statuses(judge(make_instance(), alarm("CPUUtilization", actions=()), STORAGE, composite))


@pytest.mark.parametrize(("others", "status"), [((), Status.FAIL), ((alarm("ReplicaLag"),), Status.PASS)])
def test_replicas_need_an_alarm_on_lag(make_instance, others, status):
    """
    In seconds.
    """
    replica = make_instance(ReadReplicaSourceDBInstanceIdentifier="source")

    assert [status] == statuses(judge(replica, CPU, STORAGE, *others))


@pytest.mark.parametrize(
    ("name", "others", "wanted"),
    [
        ("beacon-1", (), "local storage"),
        ("beacon-2", (), "local storage, replica lag"),
        (
            "beacon-2",
            (alarm("AuroraReplicaLag", {"DBClusterIdentifier": "beacon"}, statistic="Maximum"),),
            "local storage",
        ),
    ],
)
def test_readers_of_aurora_need_an_alarm_on_lag(make_instance, make_cluster, name, others, wanted):
    """
    The writer does not; alarms may be on the cluster.
    """
    role = "WRITER" if name == "beacon-1" else "READER"
    member = make_instance(DBInstanceIdentifier=name, Engine="aurora-postgresql", DBClusterIdentifier="beacon")
    cpu = alarm("CPUUtilization", {"DBClusterIdentifier": "beacon", "Role": role}, statistic="Maximum")

    [finding] = judge(member, make_cluster(), cpu, *others)

    assert f"no alarm watches its {wanted}" == finding.message


def test_an_alarm_on_the_other_role_does_not_count(make_instance, make_cluster):
    """
    What is told of readers says nothing of the writer.
    """
    writer = make_instance(DBInstanceIdentifier="beacon-1", Engine="aurora-postgresql", DBClusterIdentifier="beacon")
    cpu = alarm("CPUUtilization", {"DBClusterIdentifier": "beacon", "Role": "READER"}, statistic="Maximum")

    [finding] = judge(writer, make_cluster(), cpu)

    assert "no alarm watches its local storage, CPU" == finding.message
    assert [Status.UNKNOWN] == statuses(
        judge(writer, cpu, alarm("FreeLocalStorage", {"DBInstanceIdentifier": "beacon-1"}))
    )


def test_unseen_evidence_is_unknown(make_instance):
    """
    Alarms that could not be listed, a cluster that is not there, a database that something else watches.
    """
    member = make_instance(DBClusterIdentifier="beacon")

    assert [Status.UNKNOWN] == statuses(judge(make_instance(), unlisted=[MetricAlarm]))
    assert [Status.UNKNOWN] == statuses(judge(make_instance(), CPU, STORAGE, unlisted=[CompositeAlarm]))
    assert [Status.UNKNOWN] == statuses(judge(member, CPU, STORAGE))
    assert [Status.UNKNOWN] == statuses(judge(make_instance(), monitored_elsewhere=("dep*",)))


def test_does_not_apply(make_instance):
    """
    To databases of other services.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(make_instance(Engine="docdb")))
