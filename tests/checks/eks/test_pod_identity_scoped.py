import pytest

from awsaudit import Severity, Status
from awsaudit.resources.eks import DESCRIBE_POD_IDENTITY, LIST_POD_IDENTITIES, PodIdentityAssociation
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.pod_identity_scoped import pod_identity_scoped
from tests.checks.iam.tokens import corrected
from tests.estate import document, role


CLUSTER = "arn:aws:eks:eu-west-1:111122223333:cluster/validators"
DEPLOY = "arn:aws:iam::111122223333:role/deploy"
TAG = "aws:RequestTag/"


def pods(condition=None, *more, **other):
    statement = {"Effect": "Allow", "Principal": {"Service": "pods.eks.amazonaws.com"}}
    statement |= {"Action": ["sts:AssumeRole", "sts:TagSession"], **other}
    return role("deploy", trust=document(statement | ({"Condition": condition} if condition else {}), *more))


@pytest.fixture
def association(make_cluster):
    """
    Return a function that makes an association of jobs/loader in the cluster "validators".
    """

    def make(role_arn=DEPLOY, id_="a-1", *, cluster="validators", described=True, **more):
        arn = f"arn:aws:eks:eu-west-1:111122223333:podidentityassociation/{cluster}/{id_}"
        listed = {"associationArn": arn, "clusterName": cluster, "namespace": "jobs", "serviceAccount": "loader"}
        calls = {LIST_POD_IDENTITIES: listed}
        if described:
            calls[DESCRIBE_POD_IDENTITY] = {**listed, "roleArn": role_arn, **more}
        return fake(PodIdentityAssociation, calls, parent=make_cluster(name=cluster))

    return make


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringLike": {f"{TAG}kubernetes-namespace": "*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:eks:*:*:cluster/*"}},
        {"StringEqualsIfExists": {"aws:SourceAccount": "111122223333"}},
        {"StringNotEquals": {f"{TAG}eks-cluster-name": "test"}},
    ],
)
def test_flags_a_role_for_any_cluster(condition, association):
    """
    The command binds it to the cluster that uses it, and the role then passes.
    """
    (finding,) = run_check(pod_identity_scoped, pods(condition), association())

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert CLUSTER in finding.fix
    assert [Status.PASS] == statuses(run_check(pod_identity_scoped, corrected(finding), association()))


def test_binds_to_all_clusters_that_use_it(association):
    """
    None of them loses the role.
    """
    two = (association(), association(id_="a-2", cluster="relays"))
    (finding,) = run_check(pod_identity_scoped, pods(), *two)

    assert f'["{CLUSTER.replace("validators", "relays")}","{CLUSTER}"]' in finding.fix
    assert [Status.PASS] == statuses(run_check(pod_identity_scoped, corrected(finding), *two))


@pytest.mark.parametrize("unlisted", [(), (PodIdentityAssociation,)])
def test_binds_to_the_account_where_no_cluster_is_known(unlisted):
    """
    Nobody uses it, or that could not be seen: the fail is as sure.
    """
    (finding,) = run_check(pod_identity_scoped, pods(), unlisted=unlisted)

    assert Status.FAIL is finding.status
    assert '"aws:SourceAccount":"111122223333"' in finding.fix
    assert [Status.PASS] == statuses(run_check(pod_identity_scoped, corrected(finding), unlisted=unlisted))


def test_binds_to_the_account_where_tags_are_off(association):
    """
    A condition on tags would lock the pods out.
    """
    (finding,) = run_check(pod_identity_scoped, pods(), association(disableSessionTags=True))

    assert '"aws:SourceAccount":"111122223333"' in finding.fix


def test_gives_no_command_where_others_are_in_the_statement():
    """
    A condition on clusters would lock EC2 out.
    """
    (finding,) = run_check(
        pod_identity_scoped, pods(Principal={"Service": ["pods.eks.amazonaws.com", "ec2.amazonaws.com"]})
    )

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnEquals": {"aws:SourceArn": CLUSTER}},
        {"StringEquals": {"aws:SourceAccount": "111122223333"}},
        {"StringEquals": {"aws:SourceOrgID": "o-exampleorgid"}},
        {"StringEquals": {f"{TAG}eks-cluster-arn": CLUSTER}},
        {"StringEquals": {f"{TAG}eks-cluster-name": "validators"}},
        {"StringLike": {f"{TAG}kubernetes-namespace": "jobs-*"}},
        {"StringEquals": {f"{TAG}kubernetes-service-account": "loader"}},
    ],
)
def test_accepts_a_condition_on_cluster_or_service_account(condition, association):
    """
    Each of those that Pod Identity sends.
    """
    assert [Status.PASS] == statuses(run_check(pod_identity_scoped, pods(condition), association()))


def test_flags_tags_that_are_switched_off(association):
    """
    No pod gets the role: the command switches them on.
    """
    tagged = pods({"StringEquals": {f"{TAG}kubernetes-namespace": "jobs"}})
    (finding,) = run_check(pod_identity_scoped, tagged, association(disableSessionTags=True))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert (
        "aws eks update-pod-identity-association --region eu-west-1 --cluster-name validators --association-id a-1 "
        "--no-disable-session-tags"
    ) == finding.fix
    assert finding.path[-1].holds is False


def test_tags_that_are_off_do_not_matter_where_none_are_asked_for(association):
    """
    The condition is on the source.
    """
    sourced = pods({"ArnEquals": {"aws:SourceArn": CLUSTER}})

    assert [Status.PASS] == statuses(run_check(pod_identity_scoped, sourced, association(disableSessionTags=True)))


def test_a_target_role_asks_for_the_external_id(association):
    """
    The command adds the association's, and the role then passes.
    """
    first = "arn:aws:iam::111122223333:role/first"
    trusted = {"Effect": "Allow", "Principal": {"AWS": first}, "Action": "sts:AssumeRole"}
    chained = association(first, targetRoleArn=DEPLOY, externalId="eu-west-1/111122223333/validators/jobs/loader")
    (finding,) = run_check(pod_identity_scoped, role("deploy", trust=document(trusted)), chained)

    assert "lets first in without the external id" in finding.message
    assert [Status.PASS] == statuses(run_check(pod_identity_scoped, corrected(finding), chained))


def test_a_target_role_of_others_gets_no_command(association):
    """
    The statement is for the whole account: whoever else uses it knows no external id.
    """
    trusted = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}
    chained = association("arn:aws:iam::111122223333:role/first", targetRoleArn=DEPLOY, externalId="x")
    (finding,) = run_check(pod_identity_scoped, role("deploy", trust=document(trusted)), chained)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_does_not_judge_other_roles(association):
    """
    Pods do not get it.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(pod_identity_scoped, role("node"), association("arn:x")))


def test_does_not_know_whether_tags_are_on(association):
    """
    Associations could not be listed, or one of them not be read.
    """
    tagged = pods({"StringEquals": {f"{TAG}kubernetes-namespace": "jobs"}})

    assert [Status.UNKNOWN] == statuses(run_check(pod_identity_scoped, tagged, unlisted=[PodIdentityAssociation]))
    assert [Status.UNKNOWN] == statuses(run_check(pod_identity_scoped, tagged, association(described=False)))
    assert [Status.UNKNOWN] == statuses(run_check(pod_identity_scoped, fake(Role)))


def test_does_not_know_what_hangs_on_the_unknown():
    """
    An operator that nobody knows may let anybody in, or nobody.
    """
    doubtful = pods({"StringMaybe": {"aws:SourceAccount": "111122223333"}})

    assert [Status.UNKNOWN] == statuses(run_check(pod_identity_scoped, doubtful))
