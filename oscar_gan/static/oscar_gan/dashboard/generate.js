// The generate form: matte preview and estimate. Without it the form still works.
import { prepareMapping } from "./mapping.js";
import { request, sleep, toggle } from "./common.js";

const form = document.querySelector("[data-gan-generate]");
if (form) {
    preparePreview(form);
    prepareEstimate(form);
    prepareAdding(form);
}

function preparePreview(form) {
    const preview = form.querySelector("[data-gan-preview]");
    const find = (name) => preview.querySelector(`[data-gan-${name}]`);
    const stage = find("stage");
    const showPalette = prepareMapping(form.querySelector("[data-gan-mapping]"));
    let turn = 0;

    for (const button of preview.querySelectorAll("[data-gan-view]")) {
        button.addEventListener("click", () => {
            stage.dataset.view = button.dataset.ganView;
            for (const other of preview.querySelectorAll("[data-gan-view]")) {
                other.classList.toggle("active", other === button);
                other.setAttribute("aria-pressed", String(other === button));
            }
        });
    }

    /** Ask for the matte of the chosen photo until a worker has found it. */
    async function analyse(source) {
        const mine = ++turn;
        const late = () => mine !== turn;
        preview.dataset.state = "working";
        toggle(find("trouble"), false);
        try {
            for (let pause = 400; ; pause = Math.min(pause * 1.3, 3000)) {
                const body = new URLSearchParams({ source: source.value });
                const { ok, data } = await request(form.dataset.analyseUrl, { method: "POST", body });
                if (late()) return;
                if (!ok) return trouble(data.message);
                if (data.matte) showMatte(data.matte);
                if (data.matte && !data.status_url) return;
                const problem = await finished(data.status_url, pause, late);
                if (late()) return;
                if (problem && data.matte) return; // its colours cannot be had; the matte can
                if (problem) return trouble(problem);
            }
        } catch {
            if (!late()) trouble(find("trouble").dataset.unreachable);
        }
    }

    function showMatte(matte) {
        preview.dataset.state = "ready";
        find("matte").src = matte.image_url;
        find("swatch-hex").textContent = matte.swatch;
        preview.querySelector("[data-gan-swatch] rect").setAttribute("fill", matte.swatch || "none");
        toggle(find("swatch-text"), Boolean(matte.swatch));
        find("coverage").textContent = matte.coverage;
        find("origin").textContent = matte.origin;
        toggle(find("result"), true);
        showWarnings(matte.warnings);
        showPalette(matte.palette);
    }

    function showWarnings(warnings) {
        find("warnings").replaceChildren(...warnings.map((text) => {
            const item = document.createElement("li");
            item.textContent = text;
            return item;
        }));
        toggle(find("warnings"), warnings.length > 0);
    }

    function trouble(text) {
        preview.dataset.state = "trouble";
        find("matte").removeAttribute("src");
        find("trouble").textContent = text;
        toggle(find("trouble"), true);
        toggle(find("result"), false);
        showWarnings([]);
    }

    for (const source of form.querySelectorAll("[data-gan-source]")) {
        source.addEventListener("change", () => {
            find("photo").src = source.dataset.previewUrl;
            find("matte").removeAttribute("src");
            form.querySelector("[data-gan-outline-link]").href = source.dataset.outlineUrl;
            showPalette([]);
            analyse(source);
        });
        if (source.checked) analyse(source);
    }

    form.querySelector("[data-gan-own-matte]").addEventListener("change", (event) => {
        const [file] = event.target.files;
        if (!file) return;
        turn += 1;
        preview.dataset.state = "ready";
        find("matte").src = URL.createObjectURL(file);
        find("coverage").textContent = find("trouble").dataset.own;
        find("origin").textContent = file.name;
        toggle(find("swatch-text"), false);
        toggle(find("result"), true);
        showWarnings([]);
    });
}

/** Wait until a request is finished; resolves to its problem, if it has one. */
async function finished(url, pause, late) {
    for (;;) {
        await sleep(document.hidden ? 3000 : pause);
        if (late()) return "";
        const { data } = await request(url);
        if (data.finished) return data.problem;
    }
}

function prepareEstimate(form) {
    const output = form.querySelector("[data-gan-estimate]");
    const more = form.querySelector("[data-gan-more]");
    let shown = Number(output.dataset.variants);
    let turn = 0;

    function count() {
        const typed = more.value.split(/[\n,;]+/).filter((line) => line.trim()).length;
        const mapped = [...form.querySelectorAll("[data-gan-map-target]")].some((field) => field.value.trim());
        const referring = Boolean(form.querySelector("[data-gan-photo]:checked")?.value);
        const ticked = form.querySelectorAll("[data-gan-tick]:checked").length;
        return ticked + typed + Number(mapped) + Number(referring);
    }

    async function update() {
        const variants = count();
        if (variants === shown) return;
        shown = variants;
        const mine = ++turn;
        await sleep(150);
        if (mine !== turn) return;
        try {
            const { data } = await request(`${form.dataset.estimateUrl}?variants=${variants}`);
            if (mine === turn) output.textContent = data.text;
        } catch {
            output.textContent = "";
        }
    }

    form.addEventListener("input", update);
    update(); // what was typed before an error counts too
}

function prepareAdding(form) {
    const area = form.querySelector("[data-gan-more]");
    toggle(form.querySelector("[data-gan-add]"), true);
    form.querySelector("[data-gan-add-button]").addEventListener("click", () => {
        const colour = form.querySelector("[data-gan-add-picker]").value.toUpperCase();
        area.value = [area.value.trim(), colour].filter(Boolean).join("\n");
        area.dispatchEvent(new Event("input", { bubbles: true }));
    });
}
