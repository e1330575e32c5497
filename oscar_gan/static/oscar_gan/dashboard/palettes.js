// Palettes on the generate form tick their colours in place; without this they reload the page.
import { Eyedropper } from "./eyedropper.js";

const form = document.querySelector("[data-gan-generate]");
if (form) {
    preparePalettes(form.querySelector("[data-gan-palettes]"));
    preparePicking(form.querySelector("[data-gan-picking]"));
}

function preparePalettes(bar) {
    if (!bar) return;
    const links = bar.querySelectorAll("[data-gan-palette]");
    for (const link of links) {
        link.addEventListener("click", (event) => {
            event.preventDefault();
            const keys = link.dataset.keys.split(" ").filter(Boolean);
            for (const tick of form.querySelectorAll("input[name=colours]")) {
                tick.checked = keys.includes(tick.value);
            }
            for (const other of links) {
                other.classList.toggle("active", other === link);
                if (other === link) other.setAttribute("aria-current", "true");
                else other.removeAttribute("aria-current");
            }
            const name = link.firstChild.textContent.trim();
            bar.querySelector("[data-gan-palette-status]").textContent =
                bar.dataset.ticked.replace("%(name)s", name);
            form.dispatchEvent(new Event("input", { bubbles: true }));
        });
    }
}

function preparePicking(details) {
    const area = form.querySelector("[data-gan-more]");
    const dropper = new Eyedropper(details.querySelector("[data-gan-dropper]"), (colour) => {
        area.value = [area.value.trim(), colour].filter(Boolean).join("\n");
        area.dispatchEvent(new Event("input", { bubbles: true }));
    });
    const load = () => {
        const source = form.querySelector("[data-gan-source]:checked");
        if (details.open && source) dropper.load(source.dataset.pickUrl);
    };
    details.hidden = false;
    details.addEventListener("toggle", load);
    form.querySelectorAll("[data-gan-source]").forEach((source) => source.addEventListener("change", load));
}
