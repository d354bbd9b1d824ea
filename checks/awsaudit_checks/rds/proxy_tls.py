from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBProxy


@check(
    "rds-proxy-tls",
    title="RDS Proxy requires TLS",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Require TLS once every client connects with it; clients without are refused from then on.",
        cli="aws rds modify-db-proxy --region {region} --db-proxy-name {name} --require-tls",
        terraform='resource "aws_db_proxy" "this" {\n  name        = {name}\n  require_tls = true\n}',
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html",
    ),
)
def proxy_tls(proxy: DBProxy) -> Iterator[Problem]:
    """
    Clients send their database passwords and queries to the proxy. Where TLS is not required, a client that does not ask for
    it sends them in clear over the network, and nobody notices. A proxy that refuses such clients passes.
    """
    if proxy.status in {"creating", "deleting"}:
        raise NotApplicable(f"it is {proxy.status}")
    if not proxy.requires_tls:
        yield Problem("connections without TLS are accepted", expected="TLS required", found="TLS optional")
