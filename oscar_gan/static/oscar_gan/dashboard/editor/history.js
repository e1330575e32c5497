// Undo and redo of changes to layers. A step keeps only the parts that it changed.
import { around, NAMES } from "./layers.js";

const LIMIT = 64e6;
/* Bytes of steps that can be undone; the oldest are forgotten beyond that. */

export class History {
    #done = [];
    #undone = [];
    #forgotten = []; // steps that cannot be undone any more; what they did counts on
    #bytes = 0;

    /** `changed(box)` is called with the part of the picture that any step has changed. */
    constructor(layers, changed) {
        this.layers = layers;
        this.changed = changed;
    }

    get canUndo() {
        return this.#done.length > 0;
    }

    get canRedo() {
        return this.#undone.length > 0;
    }

    get #standing() {
        return [...this.#forgotten, ...this.#done];
    }

    /** Points set and not undone, oldest first. */
    get points() {
        return this.#standing.flatMap((step) => (step.point ? [step.point] : []));
    }

    /** Whether the layers hold more than what the points made of them. */
    get isPainted() {
        return this.#standing.some((step) => !step.point);
    }

    get isChanged() {
        return this.#standing.length > 0;
    }

    /** Note what became of `before`, {product, protect} or one of them; `point`: what caused it. */
    add(before, point = null) {
        const parts = [];
        for (const name of NAMES.filter((each) => before[each])) {
            const box = this.layers.difference(name, before[name]);
            if (!box) continue;
            const old = cutFrom(before[name], this.layers.width, box);
            parts.push({ name, box, before: old, after: this.layers.cut(name, box) });
        }
        if (!parts.length && !point) return;
        this.#done.push({ parts, point });
        this.#undone = [];
        this.#bytes += sizeOf(parts);
        while (this.#bytes > LIMIT && this.#done.length > 1) {
            const { parts: lost, point: kept } = this.#done.shift();
            this.#bytes -= sizeOf(lost);
            this.#forgotten.push({ point: kept });
        }
        this.changed(boxOf(parts));
    }

    undo() {
        this.#turn(this.#done, this.#undone, "before");
    }

    redo() {
        this.#turn(this.#undone, this.#done, "after");
    }

    #turn(from, to, state) {
        const step = from.pop();
        if (!step) return;
        for (const part of step.parts) this.layers.paste(part.name, part.box, part[state]);
        this.#bytes += (state === "after" ? 1 : -1) * sizeOf(step.parts);
        to.push(step);
        this.changed(boxOf(step.parts));
    }
}

const sizeOf = (parts) => parts.reduce((sum, part) => sum + 2 * part.before.length, 0);
const boxOf = (parts) => parts.reduce((box, part) => around(box, part.box), null);

function cutFrom(values, width, { left, top, right, bottom }) {
    const part = new Uint8ClampedArray((right - left) * (bottom - top));
    for (let y = top, to = 0; y < bottom; y++, to += right - left) {
        part.set(values.subarray(y * width + left, y * width + right), to);
    }
    return part;
}
