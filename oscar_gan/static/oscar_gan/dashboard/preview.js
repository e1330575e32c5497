// A look on a photo, small and at once; only the latest wish counts.
import { sleep, toggle } from "./common.js";

const PAUSE = 150;

/** Returns `show(url)`, which brings the picture of that address into the figure, or hides it. */
export function prepareLookPreview(figure) {
    const image = figure.querySelector("[data-gan-look-picture]");
    const status = figure.querySelector("[data-gan-look-status]");
    let turn = 0;
    let running = null;
    toggle(figure, true);

    return async (url) => {
        const mine = ++turn;
        running?.abort();
        if (!url) {
            clear();
            return say(status.dataset.hint);
        }
        await sleep(PAUSE);
        if (mine !== turn) return undefined;
        say(status.dataset.working);
        running = new AbortController();
        try {
            const response = await fetch(url, { credentials: "same-origin", signal: running.signal });
            const type = response.headers.get("Content-Type") || "";
            if (!type.startsWith("image/")) {
                const { message } = await response.json();
                if (mine === turn) trouble(message);
                return undefined;
            }
            const blob = await response.blob();
            if (mine === turn) show(blob);
        } catch {
            if (mine === turn) trouble(status.dataset.unreachable);
        }
        return undefined;
    };

    function show(blob) {
        clear();
        image.src = URL.createObjectURL(blob);
        say(status.dataset.ready);
    }

    function trouble(text) {
        clear();
        say(text);
    }

    function clear() {
        if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
        image.removeAttribute("src");
    }

    function say(text) {
        if (status.textContent !== text) status.textContent = text;
    }
}

/** Fields of a section as they stand in an address. */
export function fieldsOf(section, names) {
    const query = new URLSearchParams();
    for (const field of section.querySelectorAll("input, select")) {
        if (!names(field.name) || field.disabled) continue;
        if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
        query.append(field.name, field.value);
    }
    return query;
}

/** Show each slider's value beside it. */
export function prepareSliders(root) {
    for (const slider of root.querySelectorAll("[data-gan-slider]")) {
        const input = slider.querySelector("input");
        const output = slider.querySelector("output");
        const show = () => { output.textContent = input.value; };
        input.addEventListener("input", show);
        show();
    }
}
