"""The embedded broker: messages appear whole, in order, and only in their queue."""

import threading

import pytest
from kombu import Connection

from shop import broker


@pytest.fixture
def connection(tmp_path, monkeypatch):
    from kombu.transport import TRANSPORT_ALIASES

    monkeypatch.setitem(TRANSPORT_ALIASES, "filesystem", "shop.broker:Transport")
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    options["control_folder"] = str(tmp_path / "control")
    with Connection("filesystem://", transport_options=options) as made:
        yield made


def test_messages_come_back_in_order_from_their_queue(connection, tmp_path):
    assert isinstance(connection.default_channel, broker.Channel)
    one, other = connection.SimpleQueue("one"), connection.SimpleQueue("other")
    for number in range(3):
        one.put({"number": number})
    other.put({"number": 9})
    assert [one.get(timeout=1).payload["number"] for _ in range(3)] == [0, 1, 2]
    assert other.get(timeout=1).payload == {"number": 9}
    assert not list(tmp_path.glob("*.part"))


def test_a_reader_never_sees_half_a_message(connection, tmp_path):
    channel = connection.default_channel
    payload = {"body": "x" * 200_000}
    seen, stop = [], threading.Event()

    def watch():
        while not stop.is_set():
            seen.extend(path.stat().st_size for path in tmp_path.glob("*.msg") if path.exists())

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(60):
        channel._put("q", payload)
    stop.set()
    watcher.join()
    assert len(list(tmp_path.glob("*.q.msg"))) == 60
    assert seen
    assert min(seen) > 200_000


def test_the_shop_uses_it():
    from kombu.transport import resolve_transport

    import shop.celery  # noqa: F401

    assert resolve_transport("filesystem") is broker.Transport
