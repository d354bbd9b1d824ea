import json
import os
import subprocess
import sys

import pytest

from awsaudit.testing import run_check
from awsaudit_checks.codebuild.artifact_encryption import artifact_encryption
from awsaudit_checks.codebuild.cache_shared import cache_shared
from awsaudit_checks.codebuild.image_pinned import image_pinned
from awsaudit_checks.codebuild.insecure_ssl import insecure_ssl
from awsaudit_checks.codebuild.logging import logging
from awsaudit_checks.codebuild.privileged_mode import privileged_mode
from tests.checks.codebuild.building import ENVIRONMENT, GITHUB, PULL_REQUESTS, project


# What the command line of AWS does with --query: it is applied to the answer before that is printed.
AWS = f"""#!{sys.executable}
import json, os, pathlib, sys
import jmespath

given = sys.argv[1:]
answers = json.loads(os.environ["ANSWERS"])
if "--query" in given:
    found = jmespath.search(given[given.index("--query") + 1], answers[given[1]])
    print(found if isinstance(found, str) else json.dumps(found))
else:
    pathlib.Path(os.environ["GOT"]).write_text(json.dumps(given))
"""
HARD = {"name": "GREETING", "value": 'it\'s "hard" to quote $HOME `id`'}
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/ci/builder"
PLAIN = {"type": "S3", "location": "releases", "encryptionDisabled": True}
SHARED = {"type": "S3", "location": "caches/beacon", "cacheNamespace": "all"}
INLINE = {**GITHUB, "buildspec": "version: 0.2\nphases: {}\n"}


@pytest.mark.parametrize(
    ("check", "fields", "option", "changed"),
    [
        (
            privileged_mode,
            {"source": INLINE, "environment": {**ENVIRONMENT, "privilegedMode": True, "environmentVariables": [HARD]}},
            "--environment",
            {**ENVIRONMENT, "privilegedMode": False, "environmentVariables": [HARD]},
        ),
        (
            image_pinned,
            {"environment": {**ENVIRONMENT, "image": f"{IMAGE}:2", "environmentVariables": [HARD]}},
            "--environment",
            {**ENVIRONMENT, "image": f"{IMAGE}@sha256:abc", "environmentVariables": [HARD]},
        ),
        (
            logging,
            {"logsConfig": {"cloudWatchLogs": {"status": "DISABLED", "groupName": "builds"}}},
            "--logs-config",
            {"cloudWatchLogs": {"status": "ENABLED", "groupName": "builds"}},
        ),
        (artifact_encryption, {"artifacts": PLAIN}, "--artifacts", {**PLAIN, "encryptionDisabled": False}),
        (
            artifact_encryption,
            {"secondaryArtifacts": [{**PLAIN, "artifactIdentifier": "maps"}]},
            "--secondary-artifacts",
            [{**PLAIN, "encryptionDisabled": False, "artifactIdentifier": "maps"}],
        ),
        (
            insecure_ssl,
            {"source": {**INLINE, "insecureSsl": True}},
            "--source",
            {**INLINE, "insecureSsl": False},
        ),
        (
            insecure_ssl,
            {"secondarySources": [{**GITHUB, "insecureSsl": True, "sourceIdentifier": "config"}]},
            "--secondary-sources",
            [{**GITHUB, "insecureSsl": False, "sourceIdentifier": "config"}],
        ),
        (
            cache_shared,
            {"cache": SHARED, "webhook": PULL_REQUESTS},
            "--cache",
            {**SHARED, "cacheNamespace": "checks-pull-requests"},
        ),
    ],
)
def test_changes_one_setting_and_keeps_the_others(check, fields, option, changed, tmp_path):
    """
    Run by a shell, the command gives AWS the structure back as it was, but for the setting.
    """
    (finding,) = run_check(check, project("checks", **fields), project(cache=SHARED))
    aws = tmp_path / "aws"
    aws.write_text(AWS)
    aws.chmod(0o755)
    answers = {
        "batch-get-projects": {"projects": [fields]},
        "describe-images": {"imageDetails": [{"imageDigest": "sha256:abc"}]},
    }
    told = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ANSWERS": json.dumps(answers), "GOT": str(tmp_path / "got")}
    subprocess.run(["bash", "-c", finding.fix], check=True, env=told)
    got = json.loads((tmp_path / "got").read_text())

    assert ["codebuild", "update-project", "--region", "eu-west-1", "--name", "checks", option] == got[:7]
    assert changed == json.loads(got[7])
