"""A cluster that is not there, is something else, has nobody or others: one message, in time."""

import socket
import sys
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from experiments import cluster
from experiments.cluster import ClusterError, check_cluster
from experiments.worker import own_version

pytest.importorskip("distributed")


@contextmanager
def listening(answer):
    """A port on which something else than a scheduler listens."""
    held = []

    def serve():
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            held.append(connection)
            connection.sendall(answer)

    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("answer", [None, b"", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n" * 4])
def test_no_scheduler_is_told_in_time(monkeypatch, answer):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    began = time.monotonic()
    with listening(answer or b"") as address:
        given = "tcp://127.0.0.1:1" if answer is None else address
        with pytest.raises(ClusterError, match=rf"no Dask scheduler answers at {given} within 1 s.*dask scheduler"):
            check_cluster(given)
    assert time.monotonic() - began < 20


def client(answers):
    return SimpleNamespace(wait_for_workers=lambda *given, **named: None, run=lambda *given, **named: answers)


def test_workers_with_other_versions_are_refused():
    cluster._check_workers("tcp://a:1", client({"tcp://b:2": own_version()}))
    older = {**own_version(), "engine": "older", "numpy": "1.0"}
    with pytest.raises(ClusterError, match=r"worker tcp://b:3 has engine older instead of .*, numpy 1.0 instead of"):
        cluster._check_workers("tcp://a:1", client({"tcp://b:2": own_version(), "tcp://b:3": older}))
    with pytest.raises(ClusterError, match="cannot load fangpin"):
        cluster._check_workers("tcp://a:1", client({"tcp://b:3": ModuleNotFoundError("No module named 'experiments'")}))


def test_a_scheduler_without_workers():
    def wait(*given, **named):
        raise TimeoutError

    with pytest.raises(ClusterError, match=r"tcp://a:1 has no workers.*dask worker tcp://a:1"):
        cluster._check_workers("tcp://a:1", SimpleNamespace(wait_for_workers=wait))


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r'pip install "fangpin\[cluster\]"'):
        check_cluster("local")
