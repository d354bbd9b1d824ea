import json


def test_prints_the_plan_and_asks_nothing(cli):
    """
    --dry-run needs no credentials: it names every call, how often it is made, and sends none.
    """
    done = cli("scan", "--dry-run", "-c", "sqs-encryption", "--region", "eu-west-1,eu-central-1")

    assert (0, "") == (done.code, done.err)
    assert (
        "SERVICE  OPERATION           CALLS  MADE\n"
        "sqs      GetQueueAttributes         each AWS::SQS::Queue\n"
        "sqs      ListQueues              2  each region\n"
        "sts      GetCallerIdentity       1  once\n"
        "\n"
        "1 check of 2 services: 3 calls, and those whose number hangs on what there is; nothing was sent\n"
    ) == done.out


def test_has_two_forms(cli):
    """
    A form that the plan has not is refused.
    """
    assert "error: the plan has the forms table and json, not html\n" == cli("scan", "--dry-run", "-f", "html").err


def test_regions_are_asked_for_where_none_is_named(cli):
    """
    Without --region one more call lists the regions, and how often a listing is made is not known.
    """
    calls = json.loads(cli("scan", "--dry-run", "-c", "sqs-encryption", "-f", "json").out)

    assert [
        ("DescribeRegions", 1, "once"),
        ("GetQueueAttributes", None, "each AWS::SQS::Queue"),
        ("ListQueues", None, "each region"),
        ("GetCallerIdentity", 1, "once"),
    ] == [(call["operation"], call["calls"], call["for"]) for call in calls]
    assert ["sqs:ListQueues"] == calls[2]["actions"]
