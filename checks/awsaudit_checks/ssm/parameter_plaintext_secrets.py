import itertools
import re

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ssm import SECRET_WORDS, Parameter
from awsaudit_checks.leak import leak


# A parameter that is called so holds where the secret is, or what is known of it.
_ABOUT: Final = frozenset(
    {
        *(
            "arn",
            "arns",
            "name",
            "names",
            "id",
            "ids",
            "path",
            "url",
            "uri",
            "endpoint",
            "host",
            "ref",
            "version",
            "ttl",
        ),
        *(
            "expiry",
            "policy",
            "rotation",
            "enabled",
            "region",
            "alias",
            "issuer",
            "audience",
            "scope",
            "scopes",
            "file",
        ),
        *("algorithm", "length", "count", "limit", "prefix", "bucket", "address", "addresses", "symbol", "decimals"),
        *("contract", "supply", "price", "feed", "list", "node", "nodes", "peer", "peers"),
    }
)
_WORDS: Final = frozenset(word for word in SECRET_WORDS if word.isalpha()) | {"seed", "tokens"}
_KEYS: Final = ("api", "private", "access", "signing", "encryption")


@check(
    "ssm-parameter-plaintext-secrets",
    title="Secret-like parameters are SecureString",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="The type of a parameter cannot be changed: put the secret, changed where it was issued, into a SecureString of "
        "another name, let what reads it read that, and delete this one with its history. Where the value is no secret, name "
        "the parameter under `harmless`.",
        cli=None,
        url="https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html",
    ),
)
def parameter_plaintext_secrets(parameter: Parameter, *, harmless: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Whoever may read parameters reads a String without any key, and its history, too. Values are never read here: a
    parameter that is called as secrets are is a guess, and one that only its description calls so is a weaker one. A
    credential in the description itself is certain, and everybody sees it who may list parameters. A SecureString
    passes; parameters in ``harmless``, by name, and those of which nothing tells a secret are not judged.
    """
    for hit in parameter.description_secrets:
        yield leak(hit, "its description", Severity.LOW, sure=Severity.HIGH)
    if parameter.kind == "SecureString" or parameter.description_secrets:
        return
    if parameter.data_type == "aws:ec2:image":
        raise NotApplicable("its value is the id of an AMI")
    if any(fnmatchcase(parameter.name, pattern) for pattern in harmless):
        raise NotApplicable("the configuration says that it holds no secret")
    told = _told(parameter)
    if told is None:
        raise NotApplicable("neither name nor description speaks of a secret; values are not read")
    why, severity = told
    yield Problem(
        f"it is a plain {parameter.kind}, and {why}",
        expected="SecureString",
        found=parameter.kind,
        severity=severity,
    )


def _told(parameter: Parameter) -> tuple[str, Severity] | None:
    """Return why *parameter* may be a secret, and how likely that is; None if nothing tells it."""
    last = parameter.name.rstrip("/").rpartition("/")[2]
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", last)]
    if words and words[-1] in _ABOUT:
        return None
    keys = any(first in _KEYS and second == "key" for first, second in itertools.pairwise(words))
    if keys or _WORDS & set(words):
        return f"its name, {last}, is one of a secret", Severity.MEDIUM
    if parameter.description_words:
        return f"its description speaks of a {parameter.description_words[0]}", Severity.LOW

    return None
