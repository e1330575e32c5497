// A publishing run: its page is fetched anew until nothing is left to do.
import { sleep } from "./common.js";

const POLL_MS = 2000;
const shown = document.querySelector("[data-gan-run]");
if (shown?.hasAttribute("data-gan-working")) follow();

async function follow() {
    for (;;) {
        await sleep(POLL_MS);
        try {
            const response = await fetch(window.location.href, { credentials: "same-origin" });
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            const fresh = page.querySelector("[data-gan-run]");
            if (!fresh) return;
            const status = shown.querySelector("[role=status]");
            if (!fresh.hasAttribute("data-gan-working")) return window.location.reload();
            status.textContent = fresh.querySelector("[role=status]").textContent;
        } catch {
            return; // the link to reload is there
        }
    }
}
