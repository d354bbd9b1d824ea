from awsaudit.plan import trees_of
from awsaudit.projection import project
from awsaudit.resources.codepipeline import LIST, PIPELINE, Pipeline
from awsaudit.testing import fake


ANSWER = {
    "pipeline": {
        "name": "release",
        "roleArn": "arn:aws:iam::111122223333:role/pipeline",
        "stages": [{"actions": [{"configuration": {"OAuthToken": "in plain text"}}]}],
    }
}


def test_pipeline_is_read():
    """
    The ARN needs no call of its own.
    """
    pipeline = fake(Pipeline, {LIST: {"name": "release"}, PIPELINE: ANSWER})

    assert "arn:aws:codepipeline:eu-west-1:111122223333:release" == pipeline.arn
    assert "arn:aws:iam::111122223333:role/pipeline" == pipeline.role_arn


def test_configurations_of_actions_are_not_kept():
    """
    Nothing of the stages reaches the evidence.
    """
    tree = next(tree for call, tree in trees_of(Pipeline) if call == PIPELINE)

    assert {"pipeline": {"roleArn": ANSWER["pipeline"]["roleArn"]}} == project(tree, ANSWER)
