// The outline page: points say what is product; the shop answers with the new outline.
import { picture, request, sleep, toggle } from "./common.js";
import { Marks } from "./marks.js";
import { preparePointing } from "./pointing.js";

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = { "product": "M-5 0H5M0-5V5", "not-product": "M-5 0H5", "keep": "M-4-4H4V4H-4Z" };
const form = document.querySelector("[data-gan-outline]");
if (form) prepareOutline(form);
const search = document.querySelector("[data-gan-search]");
if (search) waitForOutline(search);

function prepareOutline(form) {
    const find = (name) => form.querySelector(`[data-gan-${name}]`);
    const stage = find("stage");
    const matte = find("matte");
    const status = find("status");
    const original = matte.getAttribute("src");
    const marks = new Marks(changed, JSON.parse(form.elements.clicks.value || "[]"));
    let turn = 0;

    const mode = () => form.querySelector("[data-gan-mode]:checked");
    preparePointing(stage, find("cross"), {
        point: (x, y) => marks.add([mode().value, round(x), round(y)]),
        moved: (x, y) => say(`${percent(x)}, ${percent(y)}`),
    });
    find("undo").addEventListener("click", () => marks.undo());
    find("redo").addEventListener("click", () => marks.redo());
    find("clear").addEventListener("click", () => marks.clear());
    form.addEventListener("keydown", (event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
        if (event.target.matches("input[type=text], textarea")) return;
        event.preventDefault();
        if (event.shiftKey) marks.redo();
        else marks.undo();
    });
    window.addEventListener("beforeunload", (event) => {
        if (marks.all.length && !form.dataset.leaving) event.preventDefault();
    });
    form.addEventListener("submit", () => { form.dataset.leaving = "1"; });
    prepareViews(form, stage);
    toggle(find("tools"), true);
    changed(marks.all);

    function changed(all) {
        form.elements.clicks.value = JSON.stringify(all);
        find("undo").disabled = !marks.canUndo;
        find("redo").disabled = !marks.canRedo;
        find("clear").disabled = !all.length;
        find("marks").replaceChildren(...all.map(draw));
        look(all);
    }

    /** Show what the marks make of the outline; only the latest answer counts. */
    async function look(all) {
        const mine = ++turn;
        if (!all.length) {
            matte.src = original;
            return say("");
        }
        say(form.dataset.working);
        try {
            const body = new URLSearchParams({ base: form.elements.base.value, clicks: JSON.stringify(all) });
            const answer = await picture(form.dataset.previewUrl, body);
            if (mine !== turn) return;
            if (!answer.blob) return say(answer.message);
            const before = matte.src;
            matte.src = URL.createObjectURL(answer.blob);
            if (before.startsWith("blob:")) URL.revokeObjectURL(before);
            say(sentence(all.at(-1)));
        } catch {
            if (mine === turn) say(form.dataset.unreachable);
        }
    }

    function sentence([kind, x, y]) {
        const name = form.querySelector(`[data-gan-mode][value="${kind}"]`).dataset.name;
        return `${name}: ${percent(x)}, ${percent(y)}`;
    }

    function say(text) {
        status.textContent = text;
    }
}

/** A mark as SVG within SVG, whose place may be in per cent: a sign, not only a colour. */
function draw([kind, x, y]) {
    const mark = document.createElementNS(SVG, "svg");
    mark.setAttribute("class", `gan-mark gan-mark-${kind}`);
    mark.setAttribute("x", `${100 * x}%`);
    mark.setAttribute("y", `${100 * y}%`);
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("r", "9");
    const sign = document.createElementNS(SVG, "path");
    sign.setAttribute("d", SIGNS[kind]);
    mark.append(circle, sign);
    return mark;
}

function prepareViews(form, stage) {
    const buttons = form.querySelectorAll("[data-gan-view]");
    for (const button of buttons) {
        button.addEventListener("click", () => {
            stage.dataset.view = button.dataset.ganView;
            for (const other of buttons) {
                other.classList.toggle("active", other === button);
                other.setAttribute("aria-pressed", String(other === button));
            }
        });
    }
}

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

const round = (share) => Math.round(share * 1e4) / 1e4;
const percent = (share) => `${Math.round(100 * share)} %`;
