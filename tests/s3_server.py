"""A real S3 server over HTTP for tests: moto's, in a process of its own, faulty on demand."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3

from tests import faulty_s3

BUCKET = "shop"
KEYS = {"access_key": "tester", "secret_key": "tester-secret", "region_name": "eu-west-1"}
PUBLIC_MEDIA = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{BUCKET}/media/*",
        }
    ],
}


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def run() -> Iterator[str]:
    """Start the server with an empty bucket whose media/ is public; yields its address."""
    with run_faulty() as (address, _orders):
        yield address


@contextmanager
def run_faulty() -> Iterator[tuple[str, Path]]:
    """The same; yields its address and the file that tells it how to fail (`faulty_s3.order`)."""
    port = free_port()
    with TemporaryDirectory() as folder:
        orders = Path(folder, "orders.json")
        faulty_s3.order(orders, None)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faulty_s3", str(port), str(orders)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        try:
            _wait_for(port, process)
            create_bucket(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}", orders
        finally:
            process.terminate()
            process.wait(timeout=10)


def _wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The S3 server did not start; run `python -m tests.faulty_s3` to see why.")


def create_bucket(endpoint: str) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
        region_name=KEYS["region_name"],
    )
    client.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": KEYS["region_name"]}
    )
    client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(PUBLIC_MEDIA))
