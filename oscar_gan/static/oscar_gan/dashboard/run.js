// A bulk run's progress: asks how far it is and brings bar, counts and state up to date.
import { request, setBadge, sleep, toggle } from "./common.js";

const BUSY = 2000;
const LONGEST = 30000;
const section = document.querySelector("[data-gan-run]");
if (section && !section.dataset.finished) follow(section);

async function follow(section) {
    const find = (name) => section.querySelector(`[data-gan-run-${name}]`);
    for (let wait = BUSY; ;) {
        await sleep(document.hidden ? LONGEST : wait);
        try {
            const { data } = await request(section.dataset.statusUrl);
            show(data);
            if (data.finished) return;
            wait = BUSY;
        } catch {
            say(section.dataset.offline);
            wait = Math.min(wait * 2, LONGEST);
        }
    }

    function show(data) {
        const bar = find("bar");
        bar.max = data.total || 1;
        bar.value = data.done;
        setBadge(find("badge"), data.badge, data.state_label);
        say(data.summary);
        toggle(find("cancel"), !["finished", "cancelled"].includes(data.state));
        toggle(find("pause"), data.state === "working");
        toggle(find("continue"), data.state === "paused");
        for (const row of data.rows) {
            document.querySelector(`[data-gan-run-count="${row.status}"]`).textContent = row.count;
        }
    }

    function say(text) {
        const summary = find("summary");
        if (summary.textContent !== text) summary.textContent = text;
    }
}
