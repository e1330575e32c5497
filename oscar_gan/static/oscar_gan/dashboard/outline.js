// The outline page: opens the editor, or waits until there is an outline to edit.
import { request, sleep } from "./common.js";
import { openEditor } from "./editor/editor.js";

const form = document.querySelector("[data-gan-outline]");
if (form) openEditor(form);
const search = document.querySelector("[data-gan-search]");
if (search) waitForOutline(search);

/** There is no outline yet: ask for one and come back when it is found. */
async function waitForOutline(search) {
    try {
        for (let pause = 400; ; pause = Math.min(pause * 1.3, 3000)) {
            const body = new URLSearchParams({ source: search.dataset.source });
            const { ok, data } = await request(search.dataset.analyseUrl, { method: "POST", body });
            if (!ok) return trouble(data.message);
            if (data.matte) return window.location.reload();
            const status = await request(data.status_url);
            if (status.data.finished && status.data.problem) return trouble(status.data.problem);
            await sleep(pause);
        }
    } catch {
        trouble(search.dataset.unreachable);
    }

    function trouble(text) {
        search.textContent = text;
    }
}
