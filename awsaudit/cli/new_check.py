"""
``awsaudit new-check``.
"""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import pkgutil
import re

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from attrs import frozen

import awsaudit.resources

from awsaudit.cli.command import verb
from awsaudit.cli.terminal import say
from awsaudit.config import Config
from awsaudit.declare import Fact, Kind, Resource
from awsaudit.errors import ConfigError
from awsaudit.parser import flag, optional_text
from awsaudit.plugins import load_checks, package_of
from awsaudit.selection import nearest


_ID: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_PACK: Final = Path("checks/awsaudit_checks")
_TESTS: Final = Path("tests/checks")
_FOLDER: Final = click.Path(path_type=Path, file_okay=False)


@verb(
    click.Argument(["id_"], metavar="ID"),
    click.Option(["--type", "type_"], metavar="TYPE", help="Resource type to judge, such as AWS::SQS::Queue."),
    click.Option(["--pack"], type=_FOLDER, default=_PACK, show_default=True, help="Folder of the pack."),
    click.Option(["--tests"], type=_FOLDER, default=_TESTS, show_default=True, help="Folder of its tests."),
)
def new_check(config: Config, id_: str, type_: str | None, pack: Path, tests: Path) -> None:
    """
    Write the check ID and its test, ready to edit; never over a file that exists.

    ID is service-noun-property, in lower case, and names the good state: sqs-queue-tagged.
    """
    service, _, rest = id_.partition("-")
    name = rest.replace("-", "_")
    if not _ID.fullmatch(id_) or not name.isidentifier() or keyword.iskeyword(name):
        raise ConfigError(f"not a check id: {id_!r}; write service-noun-property in lower case")
    if id_ in load_checks():
        raise ConfigError(f"there is a check {id_} already")
    if not pack.is_dir():
        raise ConfigError(f"there is no pack of checks in {pack}; name its folder with --pack")
    draft = Draft(id_, name, pack.name, *_judged(service, rest, type_))
    check, test = pack / package_of(service) / f"{name}.py", tests / service / f"test_{name}.py"
    for file in (check, test):
        if file.exists():
            raise ConfigError(f"there is a {file} already; it is left as it is")
    _write(pack / package_of(service) / "__init__.py", f'"""Checks of {service}."""\n', config, keep=True)
    _write(check, draft.check(), config)
    _write(test, draft.test(), config)


def _write(file: Path, content: str, config: Config, *, keep: bool = False) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(content)
    except FileExistsError:
        if not keep:
            raise ConfigError(f"there is a {file} already; it is left as it is") from None
        return
    except OSError as error:
        raise ConfigError(f"cannot write {file}: {error.strerror}") from error
    if not config.quiet:
        say(f"wrote {file}")


def _judged(service: str, rest: str, type_: str | None) -> tuple[Kind, str]:
    """Return the type that a check of this name is about, and the name of a fact of it to begin with."""
    kinds = list(_kinds())
    if type_ is not None:
        found = [kind for kind in kinds if kind.type == type_]
        if not found:
            raise ConfigError(f"there is no resource type {type_}{nearest(type_, (kind.type for kind in kinds))}")
    else:
        found = [kind for kind in kinds if kind.__module__.rpartition(".")[2] == package_of(service)]
        if not found:
            modules = sorted({kind.__module__.rpartition(".")[2] for kind in kinds})
            raise ConfigError(
                f"there is no module awsaudit.resources.{service}{nearest(service, modules)}; "
                "declare its resource types first, or name one with --type"
            )
    kind = max(found, key=lambda k: _likeness(k, rest))
    facts = [fact for name, fact in kind.facts().items() if name not in {"arn", "name", "tags", kind.label}]
    if not facts:
        raise ConfigError(f"{kind.type} has no fact to check yet")

    return kind, max(facts, key=lambda fact: (fact.parse is flag, _simple(fact), fact.call != kind.listing)).name


def _kinds() -> Iterator[Kind]:
    for info in pkgutil.iter_modules(awsaudit.resources.__path__, "awsaudit.resources."):
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Resource) and value.__module__ == info.name:
                yield value


def _likeness(kind: Kind, rest: str) -> int:
    """Return how many letters of the id name the type; the first type of a module goes before equals."""
    name = _snake(kind.__name__).replace("_", "-")
    return len(name) if name in rest else 0


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def _simple(fact: Fact[Any]) -> bool:
    """Tell whether an answer that holds the fact can be written down by rule."""
    return fact.parse in {flag, optional_text} and fact.path.isidentifier()


@frozen
class Draft:
    """
    A check to be.

    Args:
        id: Its id.

        name: The function's name.

        pack: The pack's package.

        kind: What it judges.

        about: The name of the fact that it looks at, to begin with.
    """

    id: str
    name: str
    pack: str
    kind: Kind
    about: str

    def fact(self) -> Fact[Any]:
        """Return the fact that it looks at."""
        return self.kind.facts()[self.about]

    @property
    def _condition(self) -> str:
        subject = f"{_snake(self.kind.__name__)}.{self.about}"
        return f"not {subject}" if self.fact().parse is flag else f"{subject} is None"

    def check(self) -> str:
        """Return the check's module."""
        title = self.name.replace("_", " ").capitalize()
        return f'''from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from {self.kind.__module__} import {self.kind.__name__}


@check(
    "{self.id}",
    title="{title}",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="What to do, in one to three sentences.",
        cli=None,
        url="https://docs.aws.amazon.com/",
    ),
)
def {self.name}({_snake(self.kind.__name__)}: {self.kind.__name__}) -> Iterator[Problem]:
    """
    What goes wrong, for whom, and what passes, in two to six lines.
    """
    if {self._condition}:
        yield Problem("what was found", expected="what should be there", found="what is there")
'''

    def test(self) -> str:
        """Return its test."""
        module = importlib.import_module(self.kind.__module__)
        constants = [name for name, value in vars(module).items() if value is self.fact().call and name.isupper()]
        call = constants[0] if constants else f"{self.kind.__name__}.{self.about}.call"
        names = ", ".join([*constants[:1], self.kind.__name__] if _simple(self.fact()) else [self.kind.__name__])
        cases = self._cases(call) if _simple(self.fact()) else ""
        return f'''from awsaudit import Status
from {self.kind.__module__} import {names}
from awsaudit.testing import fake, run_check, statuses
from {self.pack}.{self.id.partition("-")[0]}.{self.name} import {self.name}


{cases}def test_does_not_guess():
    """
    Where AWS refused the evidence, the verdict is unknown.
    """
    assert [Status.UNKNOWN] == statuses(run_check({self.name}, fake({self.kind.__name__})))
'''

    def _cases(self, call: str) -> str:
        good = "True" if self.fact().parse is flag else '"set"'
        bad = "False" if self.fact().parse is flag else "None"
        cases = (
            ("flags_what_is_wrong", "What is wrong has a problem.", "FAIL", bad),
            ("passes", "What is right passes.", "PASS", good),
        )
        return "".join(
            f'''def test_{name}():
    """
    {sentence}
    """
    {_snake(self.kind.__name__)} = fake({self.kind.__name__}, {{{call}: {{"{self.fact().path}": {value}}}}})

    assert [Status.{status}] == statuses(run_check({self.name}, {_snake(self.kind.__name__)}))


'''
            for name, sentence, status, value in cases
        )
