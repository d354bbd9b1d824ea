import copy
import datetime

import attrs
import jsonschema
import pytest

from awsaudit import Finding, Hop, Status
from awsaudit.change import Baseline
from awsaudit.check import Suppression
from awsaudit.native import LEFT_OUT
from awsaudit.report import CheckInfo, Coverage
from awsaudit.schema import SCHEMA


VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


def described(schema):
    """Yield each member's schema, however deep."""
    for member in schema.get("properties", {}).values():
        yield member
        yield from described(member)
    for definition in schema.get("$defs", {}).values():
        yield from described(definition)


@pytest.fixture
def plain(make_report, make_finding, refusal):
    unknown = make_finding("ledger", Status.UNKNOWN, gaps=(refusal.shortfalls[0].gap,))
    path = (Hop("internet", "internet"), Hop("orders", "AWS::SQS::Queue", "its policy", holds=None))
    accepted = Suppression("known", datetime.date(2027, 1, 1), "ops")
    report = make_report(unknown, make_finding(tags={"team": "web"}, path=path, suppression=accepted), coverage=refusal)
    earlier = make_report(make_finding("ledger"), make_finding("gone"))

    return attrs.evolve(Baseline.of(earlier).compare(report), trend=(earlier.tally(), report.tally())).to_json()


def test_is_a_schema():
    """
    The schema itself is of draft 2020-12.
    """
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_describes_every_member():
    """
    No member is without a word on what it means, unless it refers to a definition that has one.
    """
    assert [] == [
        member for member in described(SCHEMA) if not {"description", "$ref", "const", "properties"} & member.keys()
    ]


def test_admits_reports(plain):
    """
    A report with failures, unknowns and shortfalls fits.
    """
    VALIDATOR.validate(plain)


def test_knows_every_member(plain):
    """
    The schema names exactly what a report holds.
    """
    definitions = SCHEMA["$defs"]

    assert plain.keys() == SCHEMA["properties"].keys()
    assert plain["scan"].keys() == SCHEMA["properties"]["scan"]["properties"].keys()
    without, within = sorted(plain["findings"], key=len)
    assert within.keys() == definitions["finding"]["properties"].keys()
    assert without.keys() == set(definitions["finding"]["required"])
    assert within["path"][0].keys() == definitions["hop"]["properties"].keys()
    assert plain["changes"].keys() == SCHEMA["properties"]["changes"]["properties"].keys()
    assert plain["trend"][0].keys() == definitions["tally"]["properties"].keys()
    assert within["suppression"].keys() == definitions["suppression"]["properties"].keys()
    assert {field.name for field in attrs.fields(CheckInfo)} == definitions["check"]["properties"].keys()
    assert {field.name for field in attrs.fields(Coverage)} == definitions["coverage"]["properties"].keys()
    assert {"fingerprint", *(field.name for field in attrs.fields(Finding))} == set(
        definitions["finding"]["properties"]
    )
    assert set(LEFT_OUT) == definitions["finding"]["properties"].keys() - set(definitions["finding"]["required"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda plain: plain.pop("scan"),
        lambda plain: plain.update(schema_version=2),
        lambda plain: plain["scan"].update(started="yesterday"),
        lambda plain: plain["findings"][0].update(status="FAIL"),
        lambda plain: plain["findings"][0].update(severity=3),
        lambda plain: plain["findings"][0].update(fingerprint="abc"),
        lambda plain: plain["findings"][0]["resource"]["tags"].update(team=1),
        lambda plain: plain["findings"][0].pop("gaps"),
        lambda plain: plain["findings"][1].update(path=["internet"]),
        lambda plain: plain["findings"][1]["path"][1].pop("holds"),
        lambda plain: plain["findings"][1]["path"][1].update(holds="maybe"),
        lambda plain: plain["scan"]["coverage"]["shortfalls"][0]["gap"].update(kind="refused"),
        lambda plain: plain["changes"].update(new=["abc"]),
        lambda plain: plain["changes"]["fixed"][0].pop("status"),
        lambda plain: plain["trend"][0].update(unknown="none"),
    ],
)
def test_refuses_what_is_no_report(plain, spoil):
    """
    A missing member, a word that does not exist and a wrong type are errors.
    """
    spoiled = copy.deepcopy(plain)
    spoil(spoiled)

    assert not VALIDATOR.is_valid(spoiled)
