import fnmatch

from collections.abc import Iterator
from typing import Final

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance, Vpc


# CloudFormation, Terraform, Pulumi, Crossplane, CDK, and what makes instances for EKS and Auto Scaling.
_ORIGIN: Final = (
    "aws:cloudformation:stack-name", "managedby", "managed-by", "managed_by", "terraform*", "pulumi*", "crossplane*",
    "aws-cdk*", "iac", "iac-*", "provisioner", "aws:autoscaling:groupname", "eks:nodegroup-name", "karpenter.sh/*",
    "aws:eks:cluster-name",
)  # fmt: skip
_MOST: Final = 3


@check(
    "ec2-iac-tags",
    title="Resources show their IaC origin",
    severity=Severity.INFO,
    remediation=Remediation(
        text="Let the tool that makes it tag what it makes: default_tags of Terraform's provider, stack tags of "
        "CloudFormation.",
        cli=None,
        terraform='provider "aws" {\n  default_tags {\n    tags = {\n      ManagedBy   = "terraform"\n'
        '      owner       = "platform"\n      environment = "production"\n    }\n  }\n}',
        url="https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    ),
)
def iac_tags(resource: Instance | Vpc, *, required: tuple[str, ...] = ("owner", "environment")) -> Iterator[Problem]:
    """
    What no code describes is changed by hand, and nobody knows whether it may go. Instances and VPCs pass that a tag of
    CloudFormation, Terraform, Pulumi or another tool names, or what starts instances for others, and that carry the keys of
    ``required`` in whatever case.
    """
    keys = {key.lower() for key in resource.tags}
    origin = any(fnmatch.fnmatchcase(key, glob) for key in keys for glob in _ORIGIN)
    missing = [key for key in required if key.lower() not in keys]
    told = [*([] if origin else ["no tag tells what made it"]), *(f"the tag {key} is missing" for key in missing)]
    if told:
        yield Problem(
            "; ".join(told),
            expected="tags for origin, owner and environment",
            found=", ".join(sorted(keys)[:_MOST]) or "none",
        )
