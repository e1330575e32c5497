"""Load a page as a shopper's browser does, nothing cached, and read what Chromium measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

WATCH = """
window.seen = {lcp: 0, element: "", cls: 0};
new PerformanceObserver(list => { for (const entry of list.getEntries()) {
  seen.lcp = entry.startTime; seen.element = entry.url || entry.element?.tagName; } })
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const entry of list.getEntries())
  if (!entry.hadRecentInput) seen.cls += entry.value; })
  .observe({type: "layout-shift", buffered: true});
"""
MAIN = "[data-gan-strip] img, #product_gallery .carousel-item.active img"
PATIENCE_MS = 180_000
"""A slow connection on a busy machine still comes to an end."""
SETTLE_MS = 1500
"""After the network is quiet: late paints and shifts."""


@dataclass(frozen=True)
class Device:
    """A screen, a processor this many times slower than ours, and a connection."""

    name: str
    width: int
    height: int
    pixel_ratio: float
    slower: int = 1
    network: dict | None = field(default=None)


PHONE = Device(
    "phone, 4G",
    412,
    823,
    2.625,
    slower=4,
    # Lighthouse's slow 4G: 1.6 Mbit/s down, 750 kbit/s up, 150 ms.
    network={
        "offline": False,
        "latency": 150,
        "downloadThroughput": 1_638_400 / 8,
        "uploadThroughput": 768_000 / 8,
    },
)
DESKTOP = Device("desktop, no throttle", 1280, 900, 1)


def load(browser, device: Device, url: str) -> dict[str, float]:
    """One visit with an empty cache: times in ms, weights in kB."""
    with _Visit(browser, device, url) as visit:
        page = visit.open(url)
        seen = page.evaluate("window.seen")
        return {
            "lcp": seen["lcp"],
            "cls": seen["cls"],
            "requests": len(visit.sizes),
            "bytes": sum(visit.sizes.values()) / 1000,
            "pictures": sum(s for u, s in visit.urls() if "/media/" in u) / 1000,
            "main": page.evaluate(
                "async s => { const i = document.querySelector(s); await i.decode();"
                " const b = await (await fetch(i.currentSrc)).blob();"
                " return (await createImageBitmap(b)).width; }",
                MAIN,
            ),
        }


def choose(browser, device: Device, url: str, key: str) -> dict[str, float]:
    """Point at another colour, click it, and wait until its picture is on the screen."""
    with _Visit(browser, device, url) as visit:
        page = visit.open(url)
        swatch = page.locator(f"[data-gan-key='{key}']")
        page.evaluate("""document.addEventListener("gan:colour", () =>
            requestAnimationFrame(() => requestAnimationFrame(
              () => { window.swapped = performance.now() - window.clicked; })))""")
        page.evaluate(
            "k => document.querySelector(`[data-gan-key='${k}']`).addEventListener('click',"
            " () => { window.clicked = performance.now(); })",
            key,
        )
        if device.network is None:  # a mouse points before it clicks; a finger does not
            swatch.hover()
            page.wait_for_timeout(300)
        swatch.click()
        page.wait_for_function("window.swapped")
        page.wait_for_timeout(300)
        return page.evaluate("({swap: window.swapped, cls: window.seen.cls})")


class _Visit:
    """A window of its own whose downloads are counted as they cross the wire."""

    def __init__(self, browser, device: Device, url: str) -> None:
        self.device = device
        self.sizes: dict[str, float] = {}
        self._urls: dict[str, str] = {}
        self._context = browser.new_context(
            viewport={"width": device.width, "height": device.height},
            device_scale_factor=device.pixel_ratio,
            is_mobile=device.slower > 1,
            has_touch=device.slower > 1,
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self._page = self._context.new_page()
        self._host = urlsplit(url).netloc

    def __enter__(self) -> _Visit:
        client = self._context.new_cdp_session(self._page)
        client.send("Network.enable")
        client.send("Network.setCacheDisabled", {"cacheDisabled": False})
        client.on("Network.requestWillBeSent", self._asked)
        client.on("Network.loadingFinished", self._came)
        if self.device.network:
            client.send("Network.emulateNetworkConditions", self.device.network)
        if self.device.slower > 1:
            client.send("Emulation.setCPUThrottlingRate", {"rate": self.device.slower})
        self._page.add_init_script(WATCH)
        return self

    def __exit__(self, *exception) -> None:
        self._context.close()

    def open(self, url: str):
        self._page.goto(url, wait_until="load")
        self._page.wait_for_load_state("networkidle")
        self._page.wait_for_timeout(SETTLE_MS)
        return self._page

    def urls(self):
        return [(self._urls.get(key, ""), size) for key, size in self.sizes.items()]

    def _asked(self, event) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _came(self, event) -> None:
        if urlsplit(self._urls.get(event["requestId"], "")).netloc == self._host:
            self.sizes[event["requestId"]] = event["encodedDataLength"]
