"""What is kept of user data."""

import base64
import gzip

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from awsaudit.user_data import started_by, unpacked


SCRIPT = "#!/bin/bash\ngeth --http\n"


def encoded(raw):
    return base64.b64encode(raw.encode() if isinstance(raw, str) else raw).decode()


def test_unpacks_what_is_packed():
    """
    Plain, compressed, encoded twice, and in parts, each of which may be compressed.
    """
    message = MIMEMultipart()
    message.attach(MIMEText("#cloud-config\n", "cloud-config"))
    message.attach(MIMEText(SCRIPT, "x-shellscript"))

    for raw in (SCRIPT, gzip.compress(SCRIPT.encode()), encoded(SCRIPT)):
        assert (SCRIPT,) == unpacked(encoded(raw)).parts
    for raw in (message.as_bytes(), gzip.compress(message.as_bytes())):
        assert ("#cloud-config\n", SCRIPT) == unpacked(encoded(raw)).parts


def test_looks_into_files_of_documents():
    """
    cloud-init writes files that its document holds encoded.
    """
    document = f"#cloud-config\nwrite_files:\n- encoding: b64\n  content: {encoded(SCRIPT)}\n"

    assert SCRIPT in unpacked(encoded(document)).parts


def test_says_what_it_cannot_read():
    """
    Neither what is no text, nor what is cut short, nor what grows without end.
    """
    bomb = gzip.compress(b"0" * 50_000_000)

    for raw in (b"\xff\xfe\x00\x80", gzip.compress(SCRIPT.encode())[:-9], bomb):
        assert not unpacked(encoded(raw)).whole


def test_leaves_out_what_is_public():
    """
    Certificates, and those of clusters, are for everybody.
    """
    text = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n/etc/eks/bootstrap.sh --b64-cluster-ca LS0tLS1 main\n"
    lines = unpacked(encoded(text)).lines()

    assert "MIIB" not in str(lines)
    assert "LS0tLS1" not in str(lines)


def test_names_what_is_set():
    """
    A line that sets something is looked at under that name.
    """
    text = "export KEY='a b'\nEnvironment=\"TOKEN=x1\"\ndb_password: secret1\nrun --x\\\n  y\n"

    assert [{"KEY": "a b"}, {"TOKEN": "x1"}, {"db_password": "secret1"}, "run --x y"] == unpacked(encoded(text)).lines()


def test_reads_scripts_whose_shell_is_told_apart():
    """
    A container's entry point is the shell, its command the script.
    """
    [(client, part, flags, *_)] = started_by(["-c", "cd /data\nexec geth --http"], "command")

    assert ("geth", "", [["--http", ""]]) == (client, part, flags)
