// The publishing page: what will change follows the choice, without pressing a button.

const form = document.querySelector("[data-gan-publish-form]");
if (form) {
    form.querySelector("[data-gan-look]").hidden = true;
    form.addEventListener("change", look);
}

let latest = 0;

async function look() {
    const mine = ++latest;
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const section = form.querySelector("[data-gan-preview]");
    section.setAttribute("aria-busy", "true");
    try {
        const response = await fetch(`?${new URLSearchParams(fields)}`, { credentials: "same-origin" });
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const fresh = page.querySelector("[data-gan-preview]");
        if (mine !== latest || !fresh) return;
        // The status stays in place and gets new words, so that they are read out.
        const status = section.querySelector("[data-gan-preview-summary]");
        const words = fresh.querySelector("[data-gan-preview-summary]");
        status.replaceChildren(...words.childNodes);
        words.replaceWith(status);
        section.replaceChildren(...fresh.childNodes);
    } catch {
        form.querySelector("[data-gan-look]").hidden = false; // the button still works
    } finally {
        if (mine === latest) section.removeAttribute("aria-busy");
    }
}
