// Cloth beside a card: mark both on the photo, the shop measures. Without it, places are typed.
import { request, toggle } from "./common.js";
import { drawPicture } from "./eyedropper.js";
import { preparePointing } from "./pointing.js";

const form = document.querySelector("[data-gan-cloth]");
if (form) prepareCloth(form);

function prepareCloth(form) {
    const find = (name) => form.querySelector(`[data-gan-cloth-${name}]`);
    const field = (name) => form.elements[name];
    const canvas = find("canvas");
    let turn = 0;

    find("numbers").open = false;
    preparePointing(find("stage"), find("cross"), {
        point: mark,
        moved: (x, y) => say(`${Math.round(100 * x)} %, ${Math.round(100 * y)} %`),
    });
    field("photo").addEventListener("change", show);
    form.addEventListener("input", (event) => {
        if (event.target.type === "number") draw();
    });
    form.addEventListener("change", (event) => {
        if (event.target.type === "number" || event.target.name === "kind") measure();
    });
    if (field("photo").files[0]) show();

    async function show() {
        const [file] = field("photo").files;
        toggle(find("tools"), false);
        toggle(find("result"), false);
        if (!file) return;
        try {
            await drawPicture(file, canvas);
            toggle(find("tools"), true);
            draw();
            say("");
            measure();
        } catch {
            find("numbers").open = true;
            say(form.dataset.unreadable);
        }
    }

    function mark(x, y) {
        const what = form.querySelector("[data-gan-cloth-mode]:checked").value;
        field(`${what}_x`).value = (100 * x).toFixed(1);
        field(`${what}_y`).value = (100 * y).toFixed(1);
        if (what === "card" && !field("cloth_x").value) {
            form.querySelector("[data-gan-cloth-mode][value=cloth]").checked = true;
        }
        draw();
        measure();
    }

    function draw() {
        for (const what of ["card", "cloth"]) {
            const spot = form.querySelector(`[data-gan-spot="${what}"]`);
            const [x, y, size] = ["x", "y", "size"].map((name) => Number(field(`${what}_${name}`).value));
            const tall = (size * canvas.width) / canvas.height;
            const known = field(`${what}_x`).value && field(`${what}_y`).value;
            spot.setAttribute("width", known ? `${size}%` : "0");
            spot.setAttribute("height", known ? `${tall}%` : "0");
            spot.setAttribute("x", `${Math.min(100 - size, Math.max(0, x - size / 2))}%`);
            spot.setAttribute("y", `${Math.min(100 - tall, Math.max(0, y - tall / 2))}%`);
        }
    }

    /** Ask the shop once both places are known; only the latest answer counts. */
    async function measure() {
        if (!field("photo").files[0]) return;
        if (!field("card_x").value) return say(field("cloth_x").value ? form.dataset.cardMissing : "");
        if (!field("cloth_x").value) return say(form.dataset.first);
        const mine = ++turn;
        say(form.dataset.working);
        try {
            const body = new FormData(form);
            body.delete("save");
            const { ok, data } = await request(window.location.pathname, { method: "POST", body });
            if (mine !== turn) return;
            toggle(find("result"), ok);
            if (!ok) return say(data.message);
            find("before").setAttribute("fill", data.before);
            find("after").setAttribute("fill", data.hex);
            find("hex").textContent = data.hex;
            find("lab").textContent = data.lab;
            find("words").textContent = data.words;
            say(`${data.hex}. ${data.words}`);
        } catch {
            if (mine === turn) say(form.dataset.unreachable);
        }
    }

    function say(text) {
        find("status").textContent = text;
    }
}
