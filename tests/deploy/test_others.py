import os
import re
import shlex
import shutil
import subprocess

import hcl2
import pytest
import yaml

from cfnlint.decode import decode_str

from awsaudit.cli.command import run
from awsaudit.deploy import KINDS


IMAGE = f"registry.example.com/awsaudit@sha256:{'1' * 64}"
ROLE = "arn:aws:iam::111122223333:role/scan"
HOSTILE = "s3://reports/50% of $(reboot) 'it'.html"
OTHERS = {
    "cron": ("--at", "04:30"),
    "systemd": ("--at", "04:30"),
    "kubernetes": ("--at", "04:30", "--image", IMAGE, "-o", HOSTILE),
    "bitbucket": ("--image", IMAGE, "--role", ROLE),
    "github": ("--at", "04:30", "--role", ROLE),
}

# https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/ and the pages that it links
FIELDS = {
    "": {"apiVersion", "kind", "metadata", "spec", "automountServiceAccountToken"},
    "metadata": {"name", "namespace", "labels", "annotations"},
    "spec": {
        "schedule",
        "timeZone",
        "concurrencyPolicy",
        "startingDeadlineSeconds",
        "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit",
        "jobTemplate",
    },
    "spec.jobTemplate": {"spec"},
    "spec.jobTemplate.spec": {"backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished", "template"},
    "spec.jobTemplate.spec.template": {"spec"},
    "spec.jobTemplate.spec.template.spec": {
        "serviceAccountName",
        "automountServiceAccountToken",
        "restartPolicy",
        "securityContext",
        "containers",
        "volumes",
    },
    "spec.jobTemplate.spec.template.spec.securityContext": {
        "runAsNonRoot",
        "runAsUser",
        "runAsGroup",
        "fsGroup",
        "seccompProfile",
    },
    "spec.jobTemplate.spec.template.spec.containers": {
        "name",
        "image",
        "command",
        "env",
        "resources",
        "securityContext",
        "volumeMounts",
    },
    "spec.jobTemplate.spec.template.spec.containers.securityContext": {
        "allowPrivilegeEscalation",
        "readOnlyRootFilesystem",
        "capabilities",
    },
}


def words_of(text):
    """
    Return the words of the one line in *text* that scans.
    """
    (line,) = [line for line in text.splitlines() if " scan " in line and not line.lstrip().startswith("#")]
    return line.strip()


@pytest.mark.parametrize("kind", OTHERS)
def test_what_it_runs_is_a_command_of_ours(kind, printed, capsys):
    """
    The command in it is one that awsaudit understands, the selection as it was given.
    """
    text = printed(kind, "--service", "sqs", "--region", "eu-west-1", *OTHERS[kind])
    if kind == "kubernetes":
        job = list(yaml.safe_load_all(text))[-1]
        words = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"]
    else:
        words = shlex.split(words_of(text).strip('- "').replace(r"\%", "%"))
    words = words[words.index("scan") :]
    code = run([*words, "--dry-run", "-q"])

    assert 0 == code
    assert {"--service=sqs", "--region=eu-west-1"} == set(words[1:3])
    assert "sqs" in capsys.readouterr().out


@pytest.mark.parametrize("kind", KINDS)
def test_holds_no_placeholder(kind, printed):
    """
    Nothing is left to be filled in.
    """
    given = {**OTHERS, "fargate": ("--image", IMAGE)}
    text = printed(kind, *given.get(kind, ()))

    assert not re.search(r"@\{|#%|<[A-Z_]{3,}>|YOUR|CHANGEME|example\.com/(?!awsaudit@)", text)


def test_cron(printed):
    """
    The line has a time, a user and a command of the shell, and no percent sign that cron would take for an end.
    """
    line = words_of(printed("cron", "--at", "04:30", "-o", HOSTILE))
    minute, hour, *_, user, command = line.split(maxsplit=6)

    assert ("30", "4", "awsaudit") == (minute, hour, user)
    assert not re.search(r"(?<!\\)%", command)
    subprocess.run(["sh", "-n", "-c", command.replace(r"\%", "%")], check=True)
    assert HOSTILE == shlex.split(command.replace(r"\%", "%"))[-1]


def test_systemd(printed, tmp_path):
    """
    The units are ones that systemd finds nothing wrong with.
    """
    if shutil.which("systemd-analyze") is None:
        pytest.skip("there is no systemd-analyze to ask")
    assert "" == printed("systemd", "--at", "04:30", "--to", str(tmp_path), "-q")
    files = sorted(tmp_path.iterdir())
    service = files[0].read_text()
    # The command need not be installed where the test runs.
    files[0].write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", service, flags=re.MULTILINE))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, files)], capture_output=True, text=True, check=False
    )

    assert ["awsaudit.service", "awsaudit.timer"] == [file.name for file in files]
    assert (0, "") == (checked.returncode, checked.stderr)
    assert "OnCalendar=*-*-* 04:30:00 UTC" in files[1].read_text()


def test_unit_words(printed):
    """
    What systemd would replace or split is escaped.
    """
    assert "\"s3://reports/50%% of $$(reboot) 'it'.html\"" in printed("systemd", "-o", HOSTILE)


def test_kubernetes(printed):
    """
    The manifests have only fields that Kubernetes documents; the job may do nothing but scan.
    """
    manifests = list(yaml.safe_load_all(printed("kubernetes", *OTHERS["kubernetes"], "--role", ROLE)))
    for manifest in manifests:
        for path, allowed in FIELDS.items():
            for found in _at(manifest, path):
                assert set() == set(found) - allowed, path
    namespace, account, job = manifests
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]

    assert ["Namespace", "ServiceAccount", "CronJob"] == [manifest["kind"] for manifest in manifests]
    assert ROLE == account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"]
    assert ("30 4 * * *", "Forbid", 0) == (
        job["spec"]["schedule"],
        job["spec"]["concurrencyPolicy"],
        job["spec"]["jobTemplate"]["spec"]["backoffLimit"],
    )
    assert (IMAGE, HOSTILE) == (container["image"], container["command"][-1])
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert "Namespace" == namespace["kind"]


def _at(manifest, path):
    found = [manifest]
    for name in filter(None, path.split(".")):
        below = [item[name] for item in found if name in item]
        found = [item for value in below for item in (value if isinstance(value, list) else [value])]
    return found


@pytest.mark.parametrize("kind", ["bitbucket", "github"])
def test_pipelines_run(kind, printed, tmp_path):
    """
    The script of the step puts the token where AWS's clients look for it, and scans.
    """
    document = yaml.safe_load(printed(kind, *OTHERS[kind], "--region", "eu-central-1"))
    environment = {"HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path), "BITBUCKET_STEP_OIDC_TOKEN": "a token"}
    if kind == "bitbucket":
        (step,) = document["pipelines"]["custom"]["awsaudit"]
        script = "\n".join(["set -e", *step["step"]["script"]])
        assert step["step"]["oidc"] is True
    else:
        job = document["jobs"]["scan"]
        script = "\n".join(["set -eo pipefail", *(step["run"] for step in job["steps"])])
        environment |= {name: str(value) for name, value in job["env"].items()}
        environment |= {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "bearer", "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token?x=1"}
        assert {"id-token": "write"} == document["permissions"]
    tools = tmp_path / "tools"
    tools.mkdir()
    _tool(tools, "awsaudit", 'echo "$AWS_ROLE_ARN $AWS_DEFAULT_REGION $(cat "$AWS_WEB_IDENTITY_TOKEN_FILE") $*"')
    _tool(tools, "python", ":")
    _tool(
        tools,
        "python3",
        'if [ "$1" = -m ]; then mkdir -p "$3/bin"; ln -s "$(command -v pip)" "$3/bin/pip"; else cat; fi',
    )
    _tool(tools, "pip", ":")
    _tool(tools, "curl", 'printf "a token"')
    environment["PATH"] = f"{tools}:{os.environ['PATH']}"
    subprocess.run(["bash", "-n", "-c", script], check=True)
    done = subprocess.run(["bash", "-c", script], env=environment, check=True, capture_output=True, text=True)

    assert f"{ROLE} eu-central-1 a token scan --region=eu-central-1 --no-progress --fail-on high\n" == done.stdout


def _tool(folder, name, script):
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_terraform(printed):
    """
    The module holds the two templates, letter by letter, and is valid HCL.
    """
    text = printed("terraform", "--at", "04:30")
    inner = {
        match[1]: re.sub(r"([$%])\1\{", r"\1{", match[2])
        for match in re.finditer(r"^  (\w+) = <<-YAML\n(.*?)^  YAML$", text, re.DOTALL | re.MULTILINE)
    }
    unindented = {
        name: "".join(line.removeprefix("    ") for line in content.splitlines(keepends=True))
        for name, content in inner.items()
    }
    resources = hcl2.loads(re.sub(r"<<-YAML\n.*?^  YAML$", '"template"', text, flags=re.DOTALL | re.MULTILINE))[
        "resource"
    ]

    assert unindented["member_role"].splitlines()[2:] == printed("member-role").splitlines()[2:]
    assert (
        decode_str(unindented["organization"])[0]["Resources"]
        == decode_str(printed("organization", "--at", "04:30"))[0]["Resources"]
    )
    assert 5 == len(resources)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("kubernetes", "-o", "s3://reports/a.html"), "`awsaudit deploy kubernetes` needs --image"),
        (("kubernetes", "-o", "s3://reports/a.html", "--image", "awsaudit:latest"), "by its digest"),
        (("kubernetes", "-o", "a.html", "--image", IMAGE), "a job's own files go with it"),
        (("github",), "`awsaudit deploy github` needs --role"),
        (("github", "--role", "admin"), "not the ARN of a role"),
        (("lambda", "--image", IMAGE), "`awsaudit deploy lambda` has no use for --image"),
        (("cron", "--at", "25:00"), "--at: a time such as 03:00 is needed"),
        (("cron", "-s", "sqz"), "there is no service 'sqz'; did you mean"),
    ],
)
def test_what_is_missing_or_wrong(arguments, message, capsys):
    """
    What a kind cannot do without, has no use for, or cannot read is said before anything is printed.
    """
    code = run(("deploy", *arguments))
    captured = capsys.readouterr()

    assert (2, "") == (code, captured.out)
    assert message in captured.err
