import pytest

from awsaudit import Status
from awsaudit.resources.lambda_ import FUNCTIONS, Function
from awsaudit.resources.organizations import Organization
from awsaudit.testing import ACCOUNT, fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.lambda_.layer_cross_account import layer_cross_account
from awsaudit_checks.lambda_.publisher import PUBLISHERS
from tests.estate import FOREIGN, alone, member_of


def function(*layers):
    arn = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:prices"
    listed = {"FunctionArn": arn, "FunctionName": "prices", "Layers": [{"Arn": layer} for layer in layers]}
    return fake(Function, {FUNCTIONS: listed})


def layer(account, name="numbers:3"):
    return f"arn:aws:lambda:eu-west-1:{account}:layer:{name}"


def test_a_strangers_layer_fails():
    """
    The layer and its account are named; a new version of it is no new finding.
    """
    (finding,) = run_check(layer_cross_account, function(layer(FOREIGN)), *alone())

    assert finding.status is Status.FAIL
    assert f"numbers:3 is a layer of account {FOREIGN}, which nothing says you know" == finding.message
    assert FOREIGN == finding.sub_key


def test_layers_of_one_stranger_are_one_finding():
    """
    Those of two are two.
    """
    layers = layer(FOREIGN), layer(FOREIGN, "letters:1"), layer("777788889999")
    found = run_check(layer_cross_account, function(*layers), *alone())

    assert [FOREIGN, "777788889999"] == [finding.sub_key for finding in found]
    assert found[0].message.startswith("numbers:3, letters:1 are layers of account")


@pytest.mark.parametrize(
    "layers",
    [
        (),
        (layer(ACCOUNT),),
        ("arn:aws:lambda:::awslayer:AmazonLinux1703",),
        (layer("580247275435", "LambdaInsightsExtension:60"),),
    ],
)
def test_own_layers_those_of_aws_and_of_known_publishers_pass(layers):
    """
    And no layers at all.
    """
    assert [Status.PASS] == statuses(run_check(layer_cross_account, function(*layers), *alone()))


def test_a_publisher_is_named():
    """
    A note says whose layer it is.
    """
    (finding,) = run_check(layer_cross_account, function(layer("464622532012", "Datadog-Python312:97")), *alone())

    assert ("Datadog-Python312:97 is from Datadog",) == finding.notes


def test_accounts_of_the_organization_and_known_ones_pass():
    """
    Suppliers too.
    """
    judged = function(layer(FOREIGN))

    assert [Status.PASS] == statuses(run_check(layer_cross_account, judged, *member_of("o-exampleorgid", FOREIGN)))
    for trust in (Trust(accounts=(FOREIGN,)), Trust(vendors=(FOREIGN,))):
        assert [Status.PASS] == statuses(run_check(layer_cross_account, judged, *alone(), trust=trust))


def test_unknown_where_the_organization_could_not_be_seen():
    """
    The account may be of the same organization; a known publisher's is known all the same.
    """
    hidden = {"unlisted": [Organization]}

    assert [Status.UNKNOWN] == statuses(run_check(layer_cross_account, function(layer(FOREIGN)), **hidden))
    assert [Status.PASS] == statuses(run_check(layer_cross_account, function(layer("464622532012")), **hidden))


def test_publishers_are_accounts():
    """
    Twelve digits each.
    """
    assert [] == [account for account in PUBLISHERS if len(account) != 12 or not account.isdigit()]
