"""A local endpoint that plays a tape back, each answer after a fixed latency: ``python -m tests.benchmarks.endpoint TAPE SECONDS``."""

from __future__ import annotations

import asyncio
import pickle
import sys

from pathlib import Path

from tests.benchmarks.tape import key


async def main(tape, latency):
    answers = pickle.loads(Path(tape).read_bytes())["answers"]  # noqa: S301 - written by ourselves

    async def serve(reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = head.split("\r\n")
                path = lines[0].split(" ")[1]
                headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                scope = headers["authorization"].split("Credential=", 1)[1].split("/")
                found = answers.get(key(scope[3], scope[2], headers.get("x-amz-target", ""), "http://x" + path, body))
                await asyncio.sleep(latency)
                status, more, content = found or (404, {}, b'{"__type":"NotOnTape"}')
                told = "".join(f"{k}: {v}\r\n" for k, v in more.items())
                writer.write(f"HTTP/1.1 {status} X\r\n{told}Content-Length: {len(content)}\r\n\r\n".encode() + content)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
