// Live progress: asks how far each request is and brings bar, states and pictures up to date.
import { request, setBadge, sleep, toggle } from "./common.js";

const BUSY = 700;
const HIDDEN = 5000;
const LONGEST = 15000;

/** Follow one request until it is finished; survives pauses and a shop that does not answer. */
export async function follow(section) {
    const summary = section.querySelector("[data-gan-summary]");
    let wait = BUSY;
    for (;;) {
        await sleep(document.hidden ? HIDDEN : wait);
        try {
            const { data } = await request(section.dataset.statusUrl);
            show(section, data);
            if (data.finished) return;
            wait = BUSY;
        } catch {
            say(summary, section.dataset.offline);
            wait = Math.min(wait * 2, LONGEST);
        }
    }
}

/** Bring one request's section and the tiles of its variant images up to date. */
export function show(section, status) {
    const bar = section.querySelector("progress");
    bar.max = status.total || 1;
    bar.value = status.total ? status.done : Number(status.finished);
    say(section.querySelector("[data-gan-summary]"), status.summary);
    toggle(section.querySelector("[data-gan-cancel]"), !status.finished);
    toggle(section.querySelector("[data-gan-review]"), status.finished);
    status.variants.forEach(showVariant);
}

/** Only what changed is spoken by screen readers. */
function say(element, text) {
    if (element.textContent !== text) element.textContent = text;
}

function showVariant(variant) {
    const tile = document.querySelector(`[data-gan-variant="${variant.id}"]`);
    if (!tile) return;
    setBadge(tile.querySelector("[data-gan-badge]"), variant.badge, variant.status_label);
    const frame = tile.querySelector("[data-gan-frame]");
    frame.classList.toggle("is-waiting", !variant.finished);
    if (variant.image_url && !frame.querySelector("img")) {
        frame.classList.replace("is-empty", "gan-checker");
        frame.replaceChildren(picture(tile, variant));
    }
    const delta = tile.querySelector("[data-gan-delta]");
    toggle(delta, variant.delta_e !== null);
    if (variant.delta_e !== null) delta.textContent = `ΔE ${variant.delta_e.toFixed(1)}`;
    const problem = tile.querySelector("[data-gan-problem]");
    toggle(problem, Boolean(variant.problem));
    problem.textContent = variant.problem;
}

function picture(tile, variant) {
    const link = document.createElement("a");
    const image = document.createElement("img");
    link.href = variant.image_url;
    image.src = variant.image_url;
    image.alt = tile.dataset.alt;
    link.append(image);
    return link;
}
