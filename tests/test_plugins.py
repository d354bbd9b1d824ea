import importlib
import sys
import textwrap

import pytest

from awsaudit import PluginError
from awsaudit.plugins import load_checks, load_format


PACK = '''
from awsaudit import Problem, Remediation, Severity, check
from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import optional_text, text

LIST = Call("ListTopics", result="Topics[]")

class Topic(Resource):
    """A topic, declared by somebody else."""
    service = "sns"
    type = "AWS::SNS::Topic"
    listing = LIST
    arn = Fact(LIST, "TopicArn", text)

@check("sns-topic-named", title="Topics carry the team's prefix", severity=Severity.LOW, remediation=Remediation(
    "Rename it.", cli=None, url="https://docs.aws.amazon.com/sns/"))
def topic_named(topic: Topic, *, prefix: str = "team-"):
    """Others find their topics by it."""
    if not topic.arn.rpartition(":")[2].startswith(prefix):
        yield Problem("another prefix")
'''


@pytest.fixture(name="pack")
def _pack(tmp_path):
    """A third-party pack, as pip would install it."""
    folder = tmp_path / "site"
    package = folder / "foreign_checks" / "sns"
    package.mkdir(parents=True)
    (folder / "foreign_checks" / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "topic_named.py").write_text(PACK)
    info = folder / "foreign-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[awsaudit.checks]\nforeign = foreign_checks\n")
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    yield package / "topic_named.py"
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith("foreign_checks")]:
        del sys.modules[name]
    importlib.invalidate_caches()


def test_finds_a_foreign_pack_with_its_own_resource_type(pack):
    """
    A stranger's pack comes in by the entry point and keeps the same rules.
    """
    from awsaudit.plan import plan
    from awsaudit.testing import faults

    found = load_checks()["sns-topic-named"]

    assert [] == list(faults(found))
    assert "sns:ListTopics" in plan([found]).actions()


def test_a_pack_that_does_not_import_stops_with_its_name(pack):
    """
    A broken pack is an error that names the module, never a smaller scan.
    """
    pack.write_text("import nothing_of_this_name")

    with pytest.raises(PluginError, match=r"foreign_checks\.sns\.topic_named failed to load: ModuleNotFoundError"):
        load_checks()


def test_two_checks_of_one_id_stop(pack, tmp_path):
    """
    An id belongs to one check.
    """
    (tmp_path / "mine.py").write_text(PACK)

    with pytest.raises(PluginError, match="two checks are called sns-topic-named"):
        load_checks([tmp_path / "mine.py"])


def test_takes_checks_from_a_path(tmp_path):
    """
    A file, or a folder of them, brings checks; one without any, or one that fails, is an error.
    """
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "mine.py").write_text(PACK)
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "broken.py").write_text(textwrap.dedent("1 / 0"))

    assert "sns-topic-named" in load_checks([tmp_path / "more"])
    for name, says in (("none.py", "there is no"), ("empty.py", "no check in"), ("broken.py", "ZeroDivisionError")):
        with pytest.raises(PluginError, match=says):
            load_checks([tmp_path / name])


def test_an_unknown_format_names_those_there_are():
    """
    The error lists the formats.
    """
    with pytest.raises(PluginError, match=r"no report format 'pdf'; there are .*json"):
        load_format("pdf")
