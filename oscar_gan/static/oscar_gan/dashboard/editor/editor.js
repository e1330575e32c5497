// The editor of a photo's outline: points, brush, eraser and patches on two layers.
import { picture, toggle } from "../common.js";
import { Stroke } from "./brush.js";
import { prepareControls } from "./controls.js";
import { Draft } from "./draft.js";
import { History } from "./history.js";
import { prepareInput } from "./input.js";
import { Layers } from "./layers.js";
import { readMatte } from "./loading.js";
import { mark, put } from "./marks.js";
import { Overlay } from "./overlay.js";
import { Patches } from "./patches.js";
import { prepareSaving } from "./saving.js";
import { Zoom } from "./zoom.js";

export async function openEditor(form) {
    const find = (name) => form.querySelector(`[data-gan-${name}]`);
    const { dataset } = form;
    const frame = find("stage");
    const sheet = find("sheet");
    const layers = await ask([]);
    if (!layers) return;

    const overlay = new Overlay(find("overlay"), layers);
    const history = new History(layers, changed);
    const draft = new Draft(dataset.source, form.elements.base.value);
    const zoom = new Zoom(frame, sheet, zoomed);
    const controls = prepareControls(form, layers, {
        tool: () => { input.lift(); ring(); if (controls.tool === "patches") patchesOf(); },
        size: ring,
        view: (name) => { overlay.view = name; overlay.draw(); },
        zoom: (direction) => zoom.step(direction),
        undo: () => turn("undo"),
        redo: () => turn("redo"),
        load,
    });
    let stroke = null; // under way, with the brush or the eraser
    let filling = null; // under way, with patches
    let last = null; // where the last stroke ended, for straight lines
    let patches = null;
    let waiting = []; // points that the shop is working out
    let queue = Promise.resolve();

    const input = prepareInput(frame, sheet, zoom, {
        tool: () => controls.tool,
        step(fine) {
            if (controls.tool !== "brush" && controls.tool !== "eraser") return 0;
            return (fine ? 1 : Math.max(1, controls.radius / 2)) / layers.width;
        },
        cross(x, y) {
            put(find("cross"), x, y);
            for (const circle of form.querySelectorAll("[data-gan-ring]")) put(circle, x, y, ["cx", "cy"]);
        },
        moved: (x, y) => say(`${percent(x)}, ${percent(y)}`),
        pen: (isDown) => say(isDown ? dataset.penDown : dataset.penUp),
        key: (key) => controls.key(key),
        point(x, y) {
            const point = [controls.kind.value, round(x), round(y)];
            waiting.push(point);
            show();
            queue = queue.then(() => heed(point));
        },
        press(x, y, straight) {
            if (waiting.length) return;
            if (controls.tool === "patches") return startFilling(x, y);
            const value = controls.tool === "brush" ? 255 : 0;
            stroke = new Stroke(layers, controls.layer.value, value, controls.radius);
            if (straight && last) overlay.draw(stroke.to(...last));
            drawTo(x, y);
        },
        drag(x, y) {
            if (stroke) drawTo(x, y);
            else if (filling) fillAt(x, y);
        },
        release() {
            if (stroke) history.add({ [stroke.name]: stroke.before });
            if (filling?.before) history.add({ [filling.name]: filling.before });
            if (stroke) told();
            stroke = filling = null;
        },
        cancel() {
            if (stroke) overlay.draw(stroke.cancel());
            if (filling?.before) {
                layers[filling.name].set(filling.before);
                overlay.draw();
            }
            stroke = filling = null;
        },
    });
    window.addEventListener("resize", () => { rescale(); ring(); });
    prepareSaving(form, { layers, history, draft, say, settled: () => queue });
    await restore();
    sheet.style.setProperty("--gan-aspect", layers.width / layers.height);
    for (const name of ["tools", "bar", "under", "overlay"]) toggle(find(name), true);
    toggle(find("still"), false);
    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    rescale();
    show();

    function drawTo(x, y) {
        last = [x * layers.width, y * layers.height];
        overlay.draw(stroke.to(...last));
    }

    async function patchesOf() {
        if (patches) return;
        say(dataset.working);
        try {
            patches = await Patches.load(dataset.patchesUrl);
            say("");
        } catch {
            say(dataset.unreachable);
        }
    }

    function startFilling(x, y) {
        if (!patches) return patchesOf();
        const name = controls.layer.value;
        const value = patches.isFull(patches.at(x, y), layers, name) ? 0 : 255;
        filling = { name, value, before: layers[name].slice(), seen: new Set() };
        fillAt(x, y);
        say(value ? dataset.filled : dataset.cleared);
    }

    function fillAt(x, y) {
        const number = patches.at(x, y);
        if (filling.seen.has(number)) return;
        filling.seen.add(number);
        overlay.draw(patches.fill(number, layers, filling.name, filling.value));
    }

    /** Let the shop work out one more point on what there is now. */
    async function heed(point) {
        say(dataset.working);
        const fresh = await ask([...history.points, point], history.isPainted);
        waiting = waiting.filter((each) => each !== point);
        if (!fresh) return show();
        become(fresh, point);
        const [kind, x, y] = point;
        say(`${controls.kindName(kind)}: ${percent(x)}, ${percent(y)}. ${covered()}`);
    }

    /** Ask the shop for layers after some points; null, and said why, where it has none. */
    async function ask(points, isPainted = false) {
        const body = new FormData();
        body.set("base", form.elements.base.value);
        body.set("clicks", JSON.stringify(points));
        try {
            if (isPainted) body.set("layers", await layers.png(), "layers.png");
            const answer = await picture(dataset.previewUrl, body);
            if (answer.blob) return await Layers.read(answer.blob);
            say(answer.message);
        } catch {
            say(dataset.unreachable);
        }
        return null;
    }

    function become(fresh, point = null) {
        const before = { product: layers.product.slice(), protect: layers.protect.slice() };
        layers.product.set(fresh.product);
        layers.protect.set(fresh.protect);
        history.add(before, point);
    }

    async function restore() {
        const kept = draft.take("refused" in dataset);
        if (!kept) return;
        try {
            const fresh = await Layers.read(kept);
            if (fresh.width !== layers.width || fresh.height !== layers.height) return;
            become(fresh);
            if (history.isChanged) say(dataset.restored);
        } catch {
            // What cannot be read is no loss.
        }
    }

    async function load(file) {
        const name = controls.layer.value;
        try {
            const values = await readMatte(file, layers.width, layers.height);
            const before = layers[name].slice();
            layers[name].set(values);
            history.add({ [name]: before });
            say(dataset.loaded.replace("%(layer)s", controls.layer.dataset.name));
            return true;
        } catch ({ code, size }) {
            const text = dataset[code] || dataset.noPicture;
            const photo = sheet.querySelector(".gan-photo");
            const wanted = `${photo.getAttribute("width")} × ${photo.getAttribute("height")}`;
            say(text.replace("%(size)s", `${size?.width} × ${size?.height}`).replace("%(wanted)s", wanted));
            return false;
        }
    }

    function turn(name) {
        if (waiting.length) return;
        history[name]();
        say(`${name === "undo" ? dataset.undone : dataset.redone} ${covered()}`);
    }

    function changed(box) {
        if (box) overlay.draw(box);
        draft.note(layers, history.isChanged);
        show();
    }

    function show() {
        find("undo").disabled = !history.canUndo;
        find("redo").disabled = !history.canRedo;
        find("marks").replaceChildren(...[...history.points, ...waiting].map(mark));
        ring();
    }

    function zoomed(factor) {
        frame.classList.toggle("is-enlarged", factor > 1);
        find("zoom-text").textContent = percent(factor);
        rescale();
        ring();
    }

    function rescale() {
        overlay.zoom(layers.width / (sheet.offsetWidth || layers.width));
        overlay.draw();
    }

    /** The ring shows how large the brush is. */
    function ring() {
        const shown = controls.tool === "brush" || controls.tool === "eraser";
        const radius = shown ? (controls.radius * sheet.offsetWidth) / layers.width : 0;
        for (const circle of form.querySelectorAll("[data-gan-ring]")) circle.setAttribute("r", radius);
    }

    function told() {
        say(`${controls.toolName}: ${controls.layer.dataset.name}. ${covered()}`);
    }

    function covered() {
        return dataset.covers.replace("%(percent)s", percent(layers.coverage()));
    }

    function say(text) {
        find("status").textContent = text;
    }
}

const round = (share) => Math.round(share * 1e4) / 1e4;
const percent = (share) => `${Math.round(100 * share)} %`;
