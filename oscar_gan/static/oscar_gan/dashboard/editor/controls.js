// The editor's buttons, radio buttons and keys: which tool, which layer, how large a brush.
import { toggle } from "../common.js";

const LETTERS = { p: "points", b: "brush", e: "eraser", s: "patches", m: "move" };
const SMALLEST = 0.75;
/* Radius of the smallest brush in pixels of the layers. */
const LARGEST = 0.15;
/* Radius of the largest, as a fraction of the long side. */
const NOTCH = 4;

/** `told` hears of every change: tool(), size(), view(name), zoom(direction), undo(), redo(),
 * load(file), which says whether the file was taken. */
export function prepareControls(form, layers, told) {
    const find = (name) => form.querySelector(`[data-gan-${name}]`);
    const all = (name) => [...form.querySelectorAll(`[data-gan-${name}]`)];
    const checked = (name) => form.querySelector(`[data-gan-${name}]:checked`);
    const slider = find("size");
    const largest = LARGEST * Math.max(layers.width, layers.height);

    const controls = {
        get tool() {
            return checked("tool").value;
        },
        get toolName() {
            return checked("tool").dataset.name;
        },
        get layer() {
            return checked("layer");
        },
        get kind() {
            return checked("mode");
        },
        get radius() {
            return SMALLEST * (largest / SMALLEST) ** (slider.value / slider.max);
        },
        kindName: (kind) => form.querySelector(`[data-gan-mode][value="${kind}"]`).dataset.name,
        key,
    };

    for (const radio of all("tool")) radio.addEventListener("change", useTool);
    slider.addEventListener("input", useSize);
    for (const button of all("view")) button.addEventListener("click", () => useView(button));
    for (const button of all("zoom")) {
        button.addEventListener("click", () => told.zoom(Number(button.dataset.ganZoom)));
    }
    find("undo").addEventListener("click", told.undo);
    find("redo").addEventListener("click", told.redo);
    document.addEventListener("keydown", (event) => {
        if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
        if (event.target.matches("input[type=text], input[type=search], textarea")) return;
        event.preventDefault();
        if (event.shiftKey) told.redo();
        else told.undo();
    });
    prepareFile();
    useTool({ silent: true });
    useSize({ silent: true });
    return controls;

    function useTool({ silent } = {}) {
        for (const part of all("for")) {
            toggle(part, part.dataset.ganFor.split(" ").includes(controls.tool));
        }
        const help = checked("tool").dataset.help;
        for (const text of form.querySelectorAll(".gan-tool-help")) toggle(text, text.id === help);
        find("stage").dataset.tool = controls.tool;
        find("stage").setAttribute("aria-describedby", help);
        if (!silent) told.tool();
    }

    function useSize({ silent } = {}) {
        find("size-text").textContent = `${Math.round(2 * controls.radius)} px`;
        if (!silent) told.size();
    }

    function useView(button) {
        for (const other of all("view")) {
            other.classList.toggle("active", other === button);
            other.setAttribute("aria-pressed", String(other === button));
        }
        told.view(button.dataset.ganView);
    }

    /** A key pressed on the photo; whether it means something. */
    function key(pressed) {
        const letter = pressed.toLowerCase();
        if (LETTERS[letter]) {
            form.querySelector(`[data-gan-tool][value=${LETTERS[letter]}]`).checked = true;
            useTool();
        } else if (letter === "x") {
            const other = form.querySelector("[data-gan-layer]:not(:checked)");
            other.checked = true;
        } else if (pressed === "[" || pressed === "]") {
            slider.value = Number(slider.value) + (pressed === "]" ? NOTCH : -NOTCH);
            useSize();
        } else if ("+=-0".includes(pressed)) {
            told.zoom({ "+": 1, "=": 1, "-": -1, "0": 0 }[pressed]);
        } else {
            return false;
        }
        return true;
    }

    function prepareFile() {
        const file = form.elements.matte;
        const button = find("load");
        toggle(button, true);
        file.addEventListener("change", () => { button.disabled = !file.files.length; });
        button.disabled = !file.files.length;
        button.addEventListener("click", async () => {
            if (!(await told.load(file.files[0]))) return;
            file.value = ""; // it is in the layer: saving must not hand it in as well
            button.disabled = true;
        });
    }
}
