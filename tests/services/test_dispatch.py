"""Messages: sent by name; a broker that is down delays work but breaks nothing."""

import pytest
from celery import Celery

from oscar_gan.services import dispatch


@pytest.fixture
def broker(monkeypatch, request):
    """Celery with this broker address instead of the tests' own."""
    if request.param.startswith("redis"):
        pytest.importorskip("redis")  # a shop with another broker has no client for it
    app = Celery("elsewhere", broker=request.param, set_as_current=False)
    monkeypatch.setattr(dispatch, "current_app", app)
    yield app
    app.close()


@pytest.mark.parametrize(
    "broker", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//"], indirect=True
)
def test_a_broker_that_is_down_is_logged_and_does_not_hold_the_page_up(
    broker, caplog, monkeypatch
):
    waits = []
    monkeypatch.setattr("kombu.utils.functional.sleep", waits.append)

    assert dispatch.send_task("oscar_gan.generate", "an-id", queue="interactive") is False

    assert waits == []
    assert "Could not send oscar_gan.generate('an-id',) to interactive" in caplog.text


@pytest.mark.parametrize("broker", ["memory://"], indirect=True)
def test_a_message_goes_to_the_queue_with_its_arguments(broker):
    assert dispatch.send_task("oscar_gan.generate", "an-id", queue="elsewhere") is True
    with broker.connection_for_read() as connection:
        message = connection.SimpleQueue("elsewhere").get(timeout=1)
    assert message.headers["task"] == "oscar_gan.generate"
    assert message.payload[0] == ["an-id"]
