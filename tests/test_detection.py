"""
Who looks for secrets, and when. The values are put together here, so that no scanner takes this file for a leak.
"""

import hashlib
import json
import os
import stat
import sys
import threading

import pytest

from structlog.testing import capture_logs

from awsaudit.collect import Collector
from awsaudit.declare import Call, Fact, Resource
from awsaudit.detection import Detection, SecretSettings, find_kingfisher
from awsaudit.errors import ConfigError, EvidenceMissing
from awsaudit.inventory import Inventory, Target
from awsaudit.live import Live, Tuning
from awsaudit.parser import secret_hits, text
from awsaudit.plan import plan_facts
from awsaudit.secrets import Hit, digest, hits
from tests.test_collect import AS_OF, Session


TOKEN = "gh" + "p_" + "a1B2c3D4e5F6g7H8i9" * 2
OTHER = "gh" + "p_" + "z9Y8x7W6v5U4t3S2r1" * 2
NEW = "acme" + "_k3y_" + "q7Zr91xKfM2wTbnV4c"
"""A key of a vendor that only the fake Kingfisher knows."""


# Answers as Kingfisher 2.14 does; what it saw of its surroundings is left in a file.
FAKE = f"""#!{sys.executable}
import json, os, re, stat, sys
seen = sys.stdin.buffer.read()
folder = os.environ["TMPDIR"]
about = {{"arguments": sys.argv[1:], "environment": sorted(os.environ), "folder": folder,
         "mode": stat.S_IMODE(os.stat(folder).st_mode), "input": seen.decode()}}
open(os.path.join(os.path.dirname(sys.argv[0]), "about.json"), "w").write(json.dumps(about))
open(os.path.join(folder, "stdin_input"), "wb").write(seen)
%s
for number, line in enumerate(seen.split(b"\\n"), 1):
    for kind, name in ((rb"acme_k3y_\\w+", "acme-key"), (rb"generic\\w+", "generic-key")):
        for match in re.finditer(kind, line):
            place = {{"line": number, "column_start": match.start(), "column_end": match.end() - 1,
                     "snippet": "[REDACTED:51829997]"}}
            print(json.dumps({{"rule": {{"id": "betterleaks." + name, "name": name}}, "finding": place}}))
print(json.dumps({{"audit": {{"summary": {{}}}}}}))
sys.exit(200)
"""


@pytest.fixture(name="binary")
def _binary(tmp_path):
    return fake(tmp_path)


def fake(folder, more=""):
    path = folder / "kingfisher"
    path.write_text(FAKE % more)
    path.chmod(0o700)
    return path


def about(binary):
    return json.loads((binary.parent / "about.json").read_text())


# What is allowed


def test_an_allowed_value_is_no_hit():
    """
    The hash is that of the secret, or of the whole text that holds it; other secrets beside it are still told.
    """
    for value in (TOKEN, f"use {TOKEN} here"):
        assert [] == hits(value, "x", allowed={digest(TOKEN)}) == hits(value, "x", allowed={digest(value)})
    assert [] == hits(json.dumps({"a": TOKEN}), "x", allowed={digest(TOKEN)})
    assert [] == hits("Welcome" + "2024!", "DB_PASSWORD", allowed={digest("Welcome" + "2024!")})
    (hit,) = hits(f"{TOKEN} {OTHER}", "x", allowed={digest(TOKEN)})
    assert "github-token" == hit.detector


def test_a_hit_holds_no_hash():
    """
    A weak password is found again by hashing guesses, so no hit tells a hash.
    """
    value = "Welcome" + "2024!"
    (hit,) = hits(value, "DB_PASSWORD")

    assert hashlib.sha256(value.encode()).hexdigest()[:8] not in json.dumps(hit.as_json())


@pytest.mark.parametrize("allow", [[TOKEN], ["sha256:12"], [7], 7])
def test_refuses_what_is_no_hash_and_does_not_repeat_it(allow):
    """
    Somebody may have written the secret itself.
    """
    with pytest.raises(ConfigError, match="allow: ") as caught:
        SecretSettings(allow=allow)
    assert TOKEN not in str(caught.value)
    with pytest.raises(ConfigError, match="true or false"):
        SecretSettings(kingfisher="yes")


# Kingfisher


def test_asks_kingfisher_once_about_all_values(binary):
    """
    What it finds becomes typed hits of the values that hold it, masked; a guess at the same value goes.
    """
    detection = Detection(binary=binary)
    found = [
        detection.hits({"Variables": {"RELAY": NEW, "note": "nothing at all", "API_KEY": NEW}}, "env"),
        detection.hits("first line\nsecond " + NEW + "\n", "script"),
        detection.hits("generic0123456789", "script"),
        detection.hits(TOKEN, "GITHUB"),
    ]
    assert ["env.Variables.API_KEY"] == [hit["name"] for hit in found[0]]
    detection.finish()

    masked = f"acm… ({len(NEW)} characters)"
    assert [
        {Hit(f"env.Variables.{name}", "kingfisher:acme-key", masked, typed=True) for name in ("RELAY", "API_KEY")},
        {Hit("script", "kingfisher:acme-key", masked, typed=True)},
        set(),
        {Hit("GITHUB", "github-token", "ghp_… (40 characters)", typed=True)},
    ] == [set(map(Hit.from_json, hits)) for hits in found]
    assert TOKEN not in about(binary)["input"]


def test_a_gist_shows_nothing_that_kingfisher_found(binary):
    """
    What it knows to be a secret is not shown as part of a location.
    """
    detection = Detection(binary=binary)
    gists = [detection.gist(f"https://git.example/{path}", "location", ()) for path in (NEW, "a/repository")]
    detection.finish()

    assert [None, "https://git.example/a/repository"] == [gist["shown"] for gist in gists]
    assert [["kingfisher:acme-key"], []] == [[hit["detector"] for hit in gist["hits"]] for gist in gists]


def test_kingfisher_is_offline_and_alone(binary, monkeypatch):
    """
    It validates nothing, has no credentials, writes where nobody else can read, and nothing of that is left.
    """
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    detection = Detection(binary=binary)
    detection.hits(NEW, "x")
    detection.finish()
    seen = about(binary)

    assert {"--no-validate", "--no-update-check", "--redact", "-"} <= set(seen["arguments"])
    assert {"HOME", "PATH", "TMPDIR"} >= set(seen["environment"]) - {"LC_CTYPE"}
    assert stat.S_IRWXU == seen["mode"]
    assert not os.path.exists(seen["folder"])  # noqa: PTH110 - it is a text


def test_what_is_allowed_is_no_hit_of_kingfisher_either(binary):
    """
    One list for all detectors.
    """
    detection = Detection(SecretSettings(allow=(digest(NEW),)), binary)
    kept = detection.hits(f"use {NEW}", "x")
    detection.finish()

    assert [] == kept


@pytest.mark.parametrize(
    "more", ["sys.exit(3)", "print('{'); sys.exit(200)", 'print(\'{"rule": {"id": "x"}}\'); sys.exit(0)']
)
def test_where_kingfisher_fails_nothing_is_clean(tmp_path, more):
    """
    A value that was not looked at to the end is unreadable, one with a hit stays a hit; the log repeats no value.
    """
    detection = Detection(binary=fake(tmp_path, more))
    clean, leaky = detection.hits("nothing at all", "x"), detection.hits({"a": TOKEN, "b": "nothing at all"}, "x")
    with capture_logs():
        detection.finish()

    assert [None] == clean
    assert ["github-token"] == [hit["detector"] for hit in leaky]
    with pytest.raises(TypeError):
        secret_hits(clean)
    assert not os.path.exists(about(tmp_path / "kingfisher")["folder"])  # noqa: PTH110 - it is a text


def test_without_kingfisher_nothing_waits():
    """
    No value is kept for later.
    """
    detection = Detection()
    detection.hits(NEW, "x")

    assert (False, []) == (detection.defers, detection._waiting)


@pytest.mark.skipif(find_kingfisher() is None, reason="the extra is not installed")
def test_kingfisher_itself():
    """
    The real one finds a key of a vendor that no detector of ours knows, and takes its place line by line.
    """
    key = "lin" + "_api_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9T0"
    detection = Detection(binary=find_kingfisher())
    kept = [detection.hits(value, "LINEAR") for value in ("nothing at all", f"x\ny = {key}", "nothing at all")]
    detection.finish()

    assert [[], ["kingfisher:linear-api-key"], []] == [[hit["detector"] for hit in one] for one in kept]


# In a scan


FUNCTIONS = Call("ListFunctions", result="Functions[]")


class Function(Resource):
    """A function."""

    service = "lambda"
    type = "Test::Function"
    listing = FUNCTIONS

    arn = Fact(FUNCTIONS, "FunctionArn", text)
    secrets = Fact(FUNCTIONS, "Environment.Variables", secret_hits, sensitive=True)


TOPICS = Call("ListTopics", result="Topics[]")


class Topic(Resource):
    """A topic."""

    service = "sns"
    type = "Test::Topic"
    listing = TOPICS

    arn = Fact(TOPICS, "TopicArn", text)


def collect(detection, cancelled=None):
    session, recorded, order = Session(), [], []
    for region in ("eu-west-1", "us-east-1"):
        told = [{"FunctionArn": f"arn:{region}", "Environment": {"Variables": {"RELAY": f"{NEW}{region[:2]}"}}}]
        session.stub("lambda", region).add_response("list_functions", {"Functions": told})
        session.stub("sns", region).add_response("list_topics", {"Topics": [{"TopicArn": "arn:t"}]})
    plan = plan_facts([Function.arn, Function.secrets, Topic.arn])
    target = Target("111122223333", "aws", ("eu-west-1", "us-east-1"), AS_OF)
    inventory = Inventory(target)
    collector = Collector(
        plan,
        Live(session, plan, Tuning(workers=1), detection),
        target,
        workers=1,
        record=lambda _, answer: recorded.append(json.dumps(answer, default=repr)),
        cancelled=cancelled,
        detection=detection,
    )
    for collected in collector:
        order.append(collected.kind)
        inventory.add(collected)
        if cancelled and collected.kind is Topic:
            cancelled.set()

    return inventory, recorded, order


def test_types_with_sensitive_facts_wait_for_kingfisher(binary):
    """
    One run serves all types and regions; what needs it comes last, and a snapshot holds what it found.
    """
    inventory, recorded, order = collect(Detection(binary=binary))

    assert [Topic, Topic, Function, Function] == order
    assert [["kingfisher:acme-key"]] * 2 == [[h.detector for h in f.secrets] for f in inventory.every(Function)]
    assert 2 == about(binary)["input"].count(NEW)
    assert 2 == sum("kingfisher:acme-key" in answer for answer in recorded)
    assert 4 == len(recorded)
    assert not any(NEW in answer for answer in recorded)


def test_what_is_allowed_is_no_hit_of_a_scan(binary):
    """
    The hash of one value: the other region's is still told.
    """
    inventory, _, _ = collect(Detection(SecretSettings(allow=[digest(f"{NEW}eu")]), binary))

    assert [[], ["kingfisher:acme-key"]] == [[h.detector for h in f.secrets] for f in inventory.every(Function)]


def test_a_cancelled_scan_does_not_wait_for_kingfisher(binary):
    """
    Values that it did not see are unknown.
    """
    inventory, _, _ = collect(Detection(binary=binary), threading.Event())

    assert not (binary.parent / "about.json").exists()
    for function in inventory.seen(Function, "eu-west-1"):
        with pytest.raises(EvidenceMissing):
            assert function.secrets
