from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, by_reach, closing, opened, problem, refuse_allowed


PORTS: Final = {
    20: "FTP",
    21: "FTP",
    23: "Telnet",
    25: "SMTP",
    88: "Kerberos",
    110: "POP3",
    111: "RPC",
    135: "Windows RPC",
    139: "NetBIOS",
    143: "IMAP",
    389: "LDAP",
    445: "SMB",
    464: "Kerberos",
    512: "rexec",
    513: "rlogin",
    514: "rsh",
    636: "LDAPS",
    749: "Kerberos",
    750: "Kerberos",
    873: "rsync",
    2049: "NFS",
    2375: "Docker",
    2376: "Docker",
    2379: "etcd",
    2380: "etcd",
    4333: "mSQL",
    5000: "registries and web servers in development",
    5500: "VNC",
    5601: "Kibana",
    5900: "VNC",
    5901: "VNC",
    5902: "VNC",
    5903: "VNC",
    5985: "WinRM",
    5986: "WinRM",
    6443: "the Kubernetes API",
    8088: "YARN",
    8200: "Vault",
    8201: "Vault",
    8888: "notebooks",
    9092: "Kafka",
    10250: "the kubelet",
    10255: "the kubelet",
}


@check(
    "ec2-sg-high-risk-ports-open",
    title="Other high-risk ports are not open",
    severity=Severity.HIGH,
    equivalents=(
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_ftp_20_21",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_telnet_23",
        "prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_kafka_9092",
        "prowler:ec2_instance_port_cifs_exposed_to_internet",
        "prowler:ec2_instance_port_ftp_exposed_to_internet",
        "prowler:ec2_instance_port_telnet_exposed_to_internet",
        "prowler:ec2_instance_port_kafka_exposed_to_internet",
        "prowler:ec2_instance_port_kerberos_exposed_to_internet",
        "prowler:ec2_instance_port_ldap_exposed_to_internet",
    ),
    uses=USES,
    remediation=closing(
        "Revoke the rules, and reach these services through Session Manager, a VPN or the security groups of their clients."
    ),
)
def sg_high_risk_ports_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    Remote shells, file shares, container and cluster control, desktops: services that hand over a host to whoever
    reaches them. High where somebody on the internet reaches an interface. It is low where a rule is open and nothing
    leads to it yet, and a remark on groups without an interface. Groups named in ``allowed``, by id or name, are to be
    open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    yield from problem(group, found, by_reach(Severity.HIGH), PORTS)
