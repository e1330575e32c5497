// Generators: follows trainings while they go, and asks before rolling back.
import { request, setBadge, sleep, toggle } from "./common.js";

const BUSY = 2000;
const HIDDEN = 10000;
const LONGEST = 30000;

/** Follow one training until it ends; survives pauses and a shop that does not answer. */
async function follow(section) {
    let wait = BUSY;
    for (;;) {
        await sleep(document.hidden ? HIDDEN : wait);
        try {
            const { ok, data } = await request(section.dataset.statusUrl);
            if (!ok) throw new Error("no status");
            show(section, data);
            if (data.finished) return;
            wait = BUSY;
        } catch {
            write(section, "summary", section.dataset.offline);
            wait = Math.min(wait * 2, LONGEST);
        }
    }
}

function show(section, status) {
    const bar = section.querySelector("progress");
    bar.max = status.total || 1;
    bar.value = status.done;
    setBadge(section.querySelector("[data-gan-badge]"), status.badge, status.label);
    for (const [name, text] of Object.entries(status.texts)) write(section, name, text);
    toggle(section.querySelector("[data-gan-text=problem]"), Boolean(status.texts.problem));
    toggle(section.querySelector("[data-gan-cancel]"), !status.finished);
    toggle(section.querySelector("[data-gan-result]"), status.finished);
    if (status.charts !== undefined) draw(status);
}

/** Only what changed is spoken by screen readers. */
function write(section, name, text) {
    const element = section.querySelector(`[data-gan-text=${name}]`);
    if (element.textContent !== text) element.textContent = text;
}

const drawn = {};

function draw(status) {
    for (const [name, html] of Object.entries(status.charts)) {
        if (html === drawn[name]) continue;
        const page = new DOMParser().parseFromString(html, "text/html");
        const charts = document.querySelector(`[data-gan-charts=${name}]`);
        charts.replaceChildren(...page.body.childNodes);
        drawn[name] = html;
    }
    const figure = document.querySelector("[data-gan-samples]");
    const image = figure.querySelector("img");
    toggle(figure, Boolean(status.samples));
    if (status.samples && image.getAttribute("src") !== status.samples) image.src = status.samples;
}

for (const section of document.querySelectorAll("[data-gan-training]")) {
    if (!section.dataset.finished) follow(section);
}

// The dialog posts to the page that would ask the same question.
const dialog = document.querySelector("[data-gan-dialog]");
for (const link of document.querySelectorAll("[data-gan-ask]")) {
    link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        dialog.querySelector("form").action = link.href;
        dialog.querySelector("[data-gan-question]").textContent = link.dataset.ganAsk;
        dialog.showModal();
    });
}
dialog?.querySelector("[data-gan-close]").addEventListener("click", () => dialog.close());
