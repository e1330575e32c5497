// The panel of one product: live progress, cancelling in place, a word before edits are lost.
import { request } from "./common.js";
import { follow, show } from "./progress.js";

for (const section of document.querySelectorAll("[data-gan-request]")) {
    if (!section.dataset.finished) follow(section);
    section.querySelector("[data-gan-cancel]")?.addEventListener("click", (event) => {
        event.preventDefault();
        cancel(section, event.currentTarget);
    });
}

async function cancel(section, button) {
    button.disabled = true;
    try {
        const { data } = await request(button.formAction, { method: "POST" });
        if (data.summary) show(section, data);
    } catch {
        button.disabled = false;
    }
}

// Oscar's product form does not warn before unsaved edits are lost; our links out of it do.
const form = document.getElementById("create_update_product_form");
if (form) {
    let dirty = false;
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("change", () => { dirty = true; });
    for (const link of document.querySelectorAll("[data-gan-leave]")) {
        link.addEventListener("click", (event) => {
            if (dirty && !window.confirm(link.dataset.ganLeave)) event.preventDefault();
        });
    }
}
