"""
Who uses the company's keys, reads its Terraform state, and logs in to its databases.

One key signs exits for one role; another one, from a trial, signs for two. The enclave's host may use one key with an
attested image only, and the other one without. moto does not tell which instances may run enclaves; DescribeInstances is
mended.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, NAME, Company
from awsaudit.demo.principal import document, make_role


_IMAGE: Final = "6f1c0d9a2b4e8f7c" * 6


def build(company: Company) -> None:
    """Build it."""
    _signing(company)
    _enclave(company)
    _state(company)
    _proxy(company)


def _signing(company: Company) -> None:
    trial = company.client("kms").create_key(
        Description="bridge trial", KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY"
    )["KeyMetadata"]["Arn"]
    both = {"Effect": "Allow", "Action": "kms:Sign", "Resource": [company.ids["key:exit-messages"], trial]}
    one = {"Effect": "Allow", "Action": "kms:Sign", "Resource": trial}
    make_role(company, "exit-signer", {"Service": "lambda.amazonaws.com"}, both)
    make_role(company, "bridge", {"Service": "lambda.amazonaws.com"}, one)


def _enclave(company: Company) -> None:
    kms, iam = company.client("kms"), company.client("iam")
    attested, plain = (
        kms.create_key(Description=f"enclave, {word}")["KeyMetadata"]["Arn"] for word in ("attested", "from a trial")
    )
    measured = {"StringEqualsIgnoreCase": {"kms:RecipientAttestation:ImageSha384": _IMAGE}}
    statements = (
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": attested, "Condition": measured},
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": plain},
    )
    make_role(company, "enclave-host", {"Service": "ec2.amazonaws.com"}, *statements)
    profile = iam.create_instance_profile(InstanceProfileName="enclave-host")["InstanceProfile"]["Arn"]
    iam.add_role_to_instance_profile(InstanceProfileName="enclave-host", RoleName="enclave-host")
    made = company.client("ec2").run_instances(
        ImageId="ami-0000000000e4c1a7e",
        MinCount=1,
        MaxCount=1,
        InstanceType="m7i.xlarge",
        SubnetId=company.ids["subnets:private"][0],
        IamInstanceProfile={"Arn": profile},
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "HttpEndpoint": "enabled"},
    )["Instances"][0]["InstanceId"]

    def amend(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for reservation in parsed["Reservations"]:
            for instance in reservation["Instances"]:
                instance["EnclaveOptions"] = {"Enabled": instance["InstanceId"] == made}

    company.front.amend("ec2", "DescribeInstances", amend)


def _state(company: Company) -> None:
    """State at home is open to an engineer; that of the standby only to the role that deploys."""
    s3 = company.client("s3")
    for name in ("tfstate", "terraform-state-standby"):
        bucket = f"{NAME}-{name}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": HOME})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    closed = {
        "Sid": "StateIsForDeployment",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:GetObjectVersion"],
        "Resource": f"arn:aws:s3:::{NAME}-terraform-state-standby/*",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/terraform-*"}},
    }
    s3.put_bucket_policy(Bucket=f"{NAME}-terraform-state-standby", Policy=document(closed))
    iam = company.client("iam")
    iam.create_user(UserName="infrastructure-intern")
    reads = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{NAME}-t*", f"arn:aws:s3:::{NAME}-t*/*"],
    }
    iam.put_user_policy(UserName="infrastructure-intern", PolicyName="read-state", PolicyDocument=document(reads))


def _proxy(company: Company) -> None:
    """A proxy beside the older ones, whose role is gone: this one reads its secret."""
    secret = company.client("secretsmanager").create_secret(
        Name="deposits/proxy", SecretString="example", KmsKeyId=company.ids["key:signer"]
    )["ARN"]
    reads = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret}
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": company.ids["key:signer"]}
    role = make_role(company, "deposits-proxy", {"Service": "rds.amazonaws.com"}, reads, decrypts)
    company.client("rds").create_db_proxy(
        DBProxyName="deposits",
        EngineFamily="POSTGRESQL",
        Auth=[{"AuthScheme": "SECRETS", "SecretArn": secret, "IAMAuth": "REQUIRED"}],
        RoleArn=role,
        VpcSubnetIds=company.ids["subnets:private"],
        VpcSecurityGroupIds=[company.ids["sg:closed"]],
        RequireTLS=True,
    )
