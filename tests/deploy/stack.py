"""
Deploys a CloudFormation template into moto, and those of its resources that moto's CloudFormation passes over by their own API.
"""

import io
import json
import re
import warnings
import zipfile

import boto3

from cfnlint.decode import decode_str
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT


REGION = "eu-west-1"
PSEUDO = {"AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::Region": REGION}


class Stack:
    """
    A stack in moto.
    """

    def __init__(self, name, body, parameters):
        self.name = name
        document, problems = decode_str(body)
        assert not problems
        self.template = document
        defaults = {key: value["Default"] for key, value in document["Parameters"].items() if "Default" in value}
        self.parameters = {**defaults, **parameters}
        cloudformation = boto3.client("cloudformation", region_name=REGION)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            cloudformation.create_stack(
                StackName=name,
                TemplateBody=body,
                Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
                Capabilities=["CAPABILITY_NAMED_IAM"],
            )
            found = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        self.ids = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in found if "PhysicalResourceId" in r}
        for logical, resource in document["Resources"].items():
            make = _MAKE.get(resource["Type"])
            if make and ("Condition" not in resource or self._holds(resource["Condition"])):
                make(self, logical, self.resolved(resource["Properties"]))

    def resolved(self, value):
        """
        Return *value* without intrinsic functions.
        """
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        if not isinstance(value, dict):
            return value
        for name, function in _FUNCTIONS.items():
            if name in value:
                return function(self, value[name])
        resolved = {key: self.resolved(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not None}

    def _if(self, parts):
        name, then, otherwise = parts
        return self.resolved(then if self._holds(name) else otherwise)

    def _sub(self, value):
        text, names = (value, {}) if isinstance(value, str) else value
        for name, item in names.items():
            text = text.replace(f"${{{name}}}", self.resolved(item))
        return re.sub(r"\$\{([^}]+)\}", lambda found: str(self._named(found[1])), text)

    def _get(self, path):
        return self._attribute(*path)

    def _holds(self, condition):
        # The templates' conditions are all of one form: a parameter is not empty.
        (compared,) = self.template["Conditions"][condition]["Fn::Not"]
        return self.resolved(compared["Fn::Equals"][0]) != ""

    def _named(self, name):
        return self._attribute(*name.split(".")) if "." in name else self._ref(name)

    def _ref(self, name):
        if name == "AWS::StackName":
            return self.name
        if name == "AWS::NoValue":
            return None
        return {**PSEUDO, **self.parameters, **self.ids}[name]

    def _attribute(self, logical, attribute):
        kind, physical = self.template["Resources"][logical]["Type"], self.ids[logical]
        if attribute == "QueueName":
            return physical.rpartition("/")[2]
        assert attribute == "Arn"
        return {
            "AWS::KMS::Key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{physical}",
            "AWS::Logs::LogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{physical}:*",
            "AWS::S3::Bucket": f"arn:aws:s3:::{physical}",
            "AWS::SQS::Queue": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{physical.rpartition('/')[2]}",
            "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/{physical}",
            "AWS::Lambda::Function": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{physical}",
        }[kind]


_FUNCTIONS = {"Ref": Stack._ref, "Fn::GetAtt": Stack._get, "Fn::If": Stack._if, "Fn::Sub": Stack._sub}


def _bucket_policy(_, __, properties):
    boto3.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"]))


def _topic_policy(_, __, properties):
    for topic in properties["Topics"]:
        boto3.client("sns", region_name=REGION).set_topic_attributes(
            TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(properties["PolicyDocument"])
        )


def _subscription(_, __, properties):
    boto3.client("sns", region_name=REGION).subscribe(**properties)


def _alarm(stack, logical, properties):
    boto3.client("cloudwatch", region_name=REGION).put_metric_alarm(AlarmName=f"{stack.name}-{logical}", **properties)


def _schedule(stack, logical, properties):
    boto3.client("scheduler", region_name=REGION).create_schedule(Name=f"{stack.name}-{logical}", **properties)


def _invoke_config(_, __, properties):
    boto3.client("lambda", region_name=REGION).put_function_event_invoke_config(**properties)


def _role(stack, logical, properties):
    # moto keeps a template's inline policies in a form that it cannot read again, and attaches none.
    for arn in properties.get("ManagedPolicyArns", ()):
        boto3.client("iam").attach_role_policy(RoleName=stack.ids[logical], PolicyArn=arn)
    for policy in properties.get("Policies", ()):
        boto3.client("iam").put_role_policy(
            RoleName=stack.ids[logical],
            PolicyName=policy["PolicyName"],
            PolicyDocument=json.dumps(policy["PolicyDocument"]),
        )


def _key(stack, logical, properties):
    # As with roles.
    boto3.client("kms", region_name=REGION).put_key_policy(
        KeyId=stack.ids[logical], PolicyName="default", Policy=json.dumps(properties["KeyPolicy"])
    )


def _bucket(stack, logical, properties):
    # moto reads no more of a bucket than its name and its encryption.
    s3, name = boto3.client("s3", region_name=REGION), stack.ids[logical]
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"])
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=properties["VersioningConfiguration"])


def _machine(stack, _, properties):
    # moto's interpreter knows none of the machines that a template makes.
    client = boto3.client("stepfunctions", region_name=REGION)
    known = [machine["name"] for machine in client.list_state_machines()["stateMachines"]]
    if properties["StateMachineName"] not in known:
        client.create_state_machine(
            name=properties["StateMachineName"],
            definition=properties["DefinitionString"],
            roleArn=properties["RoleArn"],
        )


def _inline_policy(_, __, properties):
    for role in properties["Roles"]:
        boto3.client("iam").put_role_policy(
            RoleName=role,
            PolicyName=properties["PolicyName"],
            PolicyDocument=json.dumps(properties["PolicyDocument"]),
        )


_MAKE = {
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SNS::TopicPolicy": _topic_policy,
    "AWS::SNS::Subscription": _subscription,
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Lambda::EventInvokeConfig": _invoke_config,
    "AWS::KMS::Key": _key,
    "AWS::S3::Bucket": _bucket,
    "AWS::StepFunctions::StateMachine": _machine,
    "AWS::IAM::Policy": _inline_policy,
    "AWS::IAM::Role": _role,
}


def put_code():
    """
    Put a zip where the templates look for the function's code, and return the parameters that say so.
    """
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_public_access_block(
        Bucket="code",
        PublicAccessBlockConfiguration=dict.fromkeys(
            ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
        ),
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("awsaudit/__init__.py", "")
    s3.put_object(Bucket="code", Key="awsaudit.zip", Body=packed.getvalue())

    return {"CodeBucket": "code", "CodeKey": "awsaudit.zip", "Email": "security@example.com"}
