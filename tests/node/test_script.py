"""Where scripts and documents start clients of a chain."""

import textwrap

from awsaudit.node.script import commands_in


def only(text):
    commands = commands_in(textwrap.dedent(text))
    assert 1 == len(commands), commands
    return commands[0]


def test_joins_lines_and_leaves_comments():
    """
    A command goes on after a backslash; what stands in a comment is not started.
    """
    command = only(r"""
        #!/bin/bash
        # besu --rpc-http-host=0.0.0.0
        geth \
          --http \
          --http.addr 127.0.0.1 &
    """)

    assert (("--http", ""), ("--http.addr", "127.0.0.1")) == command.flags


def test_puts_variables_in():
    """
    Values and whole lists of flags may come from variables of the same text.
    """
    command = only("""
        ADDRESS=0.0.0.0
        FLAGS="--http --http.addr ${ADDRESS} --http.port ${PORT:-8545}"
        exec geth $FLAGS
    """)

    assert ("--http.addr", "0.0.0.0") in command.flags  # noqa: S104 - what is looked for
    assert ("--http.port", "8545") in command.flags
    assert () == command.unseen


def test_says_what_variables_hide():
    """
    What nobody sets in the text is unseen.
    """
    assert ("variable",) == only("geth --http $EXTRA").unseen


def test_reads_units():
    """
    A unit that the text writes is read; one that it only starts is unseen.
    """
    written = only("""
        cat > /etc/systemd/system/geth.service <<EOF
        [Service]
        ExecStart=/usr/bin/geth --http --http.addr 0.0.0.0
        EOF
        systemctl enable --now geth
    """)

    assert (("--http", ""), ("--http.addr", "0.0.0.0")) == written.flags  # noqa: S104 - what is looked for
    assert ("unit",) == only("systemctl enable --now lighthouse-beacon.service").unseen


def test_reads_lists_of_cloud_init():
    """
    A command may be a list.
    """
    command = only("""
        #cloud-config
        runcmd:
          - [ geth, --http, "--http.addr=0.0.0.0" ]
    """)

    assert ("--http.addr", "0.0.0.0") in command.flags  # noqa: S104 - what is looked for


def test_reads_containers_of_documents():
    """
    Image, command, ports, variables and network stand beside each other, in any order.
    """
    besu, geth = commands_in(
        textwrap.dedent("""
            services:
              besu:
                command:
                  - --rpc-http-enabled
                  - --host-allowlist=*
                image: hyperledger/besu:latest
                environment:
                  - BESU_RPC_HTTP_HOST=0.0.0.0
                ports:
                  - "127.0.0.1:8545:8545"
              web:
                image: nginx
                command: ["--http.addr=0.0.0.0"]
              geth:
                image: ethereum/client-go
                network_mode: host
                command: >
                  --http
                  --http.addr 0.0.0.0
            """)
    )

    assert ("besu", ()) == (besu.client, besu.published)
    assert {
        ("BESU_RPC_HTTP_HOST", "0.0.0.0"),  # noqa: S104 - what is looked for
        ("--rpc-http-enabled", ""),
        ("--host-allowlist", "*"),
    } == set(besu.flags)
    assert (None, (("--http", ""), ("--http.addr", "0.0.0.0"))) == (geth.published, geth.flags)  # noqa: S104


def test_tells_containers_of_a_list_apart():
    """
    Each item of a list of containers has what stands in it.
    """
    first, second = commands_in(
        textwrap.dedent("""
            containers:
              - name: el
                image: ethereum/client-go
                args: ["--http"]
              - name: cl
                image: sigp/lighthouse
                args: ["lighthouse", "bn"]
            """)
    )

    assert (("--http", ""),) == first.flags
    assert ("lighthouse", "beacon", ()) == (second.client, second.part, second.flags)


def test_reads_files_that_the_text_writes():
    """
    Keys of a file are flags; geth's are called otherwise.
    """
    besu = only("""
        cat > /etc/besu.toml <<EOF
        rpc-http-enabled=true
        rpc-http-host="0.0.0.0"
        EOF
        besu --config-file=/etc/besu.toml
    """)
    geth = only("""
        tee /etc/geth.toml <<EOF
        HTTPHost = "0.0.0.0"
        HTTPModules = ["eth", "admin"]
        EOF
        geth --config /etc/geth.toml
    """)

    assert (("--rpc-http-enabled", "true"), ("--rpc-http-host", "0.0.0.0")) == besu.flags  # noqa: S104
    assert () == besu.unseen
    assert ("--http.api", "eth,admin") in geth.flags
    assert ("--http", "") in geth.flags


def test_says_what_files_hide():
    """
    A file that came with the image, or from elsewhere, is unseen.
    """
    assert ("file",) == only("teku --config-file=/etc/teku.yaml").unseen
