import pytest

from awsaudit.resources.ecr import LIST, REGISTRY_SCANNING, RegistryScanning, Repository
from awsaudit.testing import fake


@pytest.fixture(name="repository")
def _repository():
    """Make a repository of listing fields; results of detail calls go by call."""

    def make(details=None, name="validators", **fields):
        arn = f"arn:aws:ecr:eu-west-1:111122223333:repository/{name}"
        return fake(Repository, {LIST: {"repositoryArn": arn, "repositoryName": name, **fields}, **(details or {})})

    return make


@pytest.fixture(name="registry")
def _registry():
    """Make the registry's scanning configuration."""

    def make(scan_type="BASIC", *rules):
        return fake(RegistryScanning, {REGISTRY_SCANNING: {"scanType": scan_type, "rules": list(rules)}})

    return make


@pytest.fixture(name="pushed")
def _pushed():
    """Make what is kept of images, by the moments that they were pushed."""

    def make(*moments):
        digests = [f"sha256:{at}{'a' * 63}" for at in range(len(moments))]
        return [{"imageDigest": d, "imagePushedAt": m, "imageTags": []} for d, m in zip(digests, moments, strict=True)]

    return make


@pytest.fixture(name="scanned")
def _scanned():
    """Make what DescribeImageScanFindings answers."""

    def make(status="COMPLETE", description=None, **counts):
        if status is None:
            return {"error_code": "ScanNotFoundException"}
        findings = {"imageScanFindings": {"findingSeverityCounts": counts}} if counts else {}
        return {"imageScanStatus": {"status": status, "description": description}, **findings}

    return make
