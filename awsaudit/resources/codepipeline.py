"""
AWS CodePipeline.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import text


LIST = Call("ListPipelines", result="pipelines[]")
# Configurations of actions may hold tokens: nothing of the stages is kept.
PIPELINE = Call("GetPipeline", params={"name": "$name"}, gone=("PipelineNotFoundException",))


class Pipeline(Resource):
    """A pipeline."""

    service: ClassVar[str] = "codepipeline"
    type: ClassVar[str] = "AWS::CodePipeline::Pipeline"
    listing: ClassVar[Call] = LIST

    name = Fact(LIST, "name", text, "The pipeline's name.")
    role_arn = Fact(
        PIPELINE, "pipeline.roleArn", text, "The role of the pipeline; actions may have roles of their own."
    )

    @property
    def arn(self) -> str:
        """The pipeline's ARN; the listing tells all of it."""
        return f"arn:{self.partition}:codepipeline:{self.region}:{self.account}:{self.name}"
