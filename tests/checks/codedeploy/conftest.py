"""Deployment groups out of a few words."""

import pytest

from awsaudit.resources.codedeploy import APPLICATIONS, CONFIGURATION, DETAILS, GROUPS, Application, DeploymentGroup
from awsaudit.testing import fake


@pytest.fixture(name="group")
def _group():
    """Return a function that makes a deployment group of an application, with what AWS says of it."""

    def make(name="fleet", application="api", config=None, **details):
        parent = fake(Application, {APPLICATIONS: application})
        return fake(DeploymentGroup, {GROUPS: name, DETAILS: details, CONFIGURATION: config}, parent=parent)

    return make
