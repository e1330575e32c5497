// Superpixels: the shop cuts the photo into patches once; here they are filled or cleared.
import { pixelsOf } from "./layers.js";

const FULL = 0.5;
/* Share of a patch from which on it counts as filled. */

export class Patches {
    /** Numbers of patches, `width` × `height`; usually smaller than the layers. */
    constructor(numbers, width, height) {
        this.numbers = numbers;
        this.width = width;
        this.height = height;
    }

    /** Fetch the map; rejects where there is none to be had. */
    static async load(url) {
        const response = await fetch(url, { credentials: "same-origin" });
        if (!response.ok) throw new Error(`${url} answered ${response.status}`);
        const { data, width, height } = await pixelsOf(await response.blob());
        const numbers = new Uint16Array(width * height);
        for (let at = 0; at < numbers.length; at++) {
            numbers[at] = data[4 * at] + 256 * data[4 * at + 1];
        }
        return new Patches(numbers, width, height);
    }

    /** The number of the patch at fractions of width and height. */
    at(x, y) {
        const column = Math.min(this.width - 1, Math.floor(x * this.width));
        const row = Math.min(this.height - 1, Math.floor(y * this.height));
        return this.numbers[row * this.width + column];
    }

    /** Whether most of a patch is in a layer. */
    isFull(number, layers, name) {
        let inside = 0;
        let all = 0;
        this.#each(number, layers, (at, share) => {
            inside += share * layers[name][at];
            all += 255 * share;
        });
        return inside >= FULL * all;
    }

    /** Fill (255) or clear (0) a patch of a layer; returns the part of the picture changed. */
    fill(number, layers, name, value) {
        const layer = layers[name];
        return this.#each(number, layers, (at, share) => {
            layer[at] += (value - layer[at]) * share;
        });
    }

    /** Call `visit(place, share)` for the pixels of a patch.
     *
     * The share falls from 1 to 0 beyond the patch's rim: its steps do not show, and between two
     * patches that are both filled nothing is left out.
     */
    #each(number, layers, visit) {
        const box = this.#boxOf(number);
        const across = this.width / layers.width;
        const down = this.height / layers.height;
        const part = {
            left: Math.max(0, Math.floor((box.left - 1) / across)),
            right: Math.min(layers.width, Math.ceil((box.right + 1) / across)),
            top: Math.max(0, Math.floor((box.top - 1) / down)),
            bottom: Math.min(layers.height, Math.ceil((box.bottom + 1) / down)),
        };
        for (let y = part.top; y < part.bottom; y++) {
            for (let x = part.left; x < part.right; x++) {
                const near = this.#near(number, (x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5);
                if (near > 0) visit(y * layers.width + x, Math.min(1, 2 * near));
            }
        }
        return part;
    }

    /** How much of the four numbers around a place is `number`, by nearness. */
    #near(number, x, y) {
        const left = Math.floor(x);
        const top = Math.floor(y);
        let sum = 0;
        for (const [row, weightDown] of [[top, 1 - (y - top)], [top + 1, y - top]]) {
            for (const [column, weight] of [[left, 1 - (x - left)], [left + 1, x - left]]) {
                if (this.#is(number, column, row)) sum += weightDown * weight;
            }
        }
        return sum;
    }

    #is(number, column, row) {
        const x = Math.min(this.width - 1, Math.max(0, column));
        const y = Math.min(this.height - 1, Math.max(0, row));
        return this.numbers[y * this.width + x] === number;
    }

    #boxOf(number) {
        const box = { left: this.width, top: this.height, right: 0, bottom: 0 };
        for (let y = 0, at = 0; y < this.height; y++) {
            for (let x = 0; x < this.width; x++, at++) {
                if (this.numbers[at] !== number) continue;
                box.left = Math.min(box.left, x);
                box.right = Math.max(box.right, x + 1);
                box.top = Math.min(box.top, y);
                box.bottom = y + 1;
            }
        }
        return box;
    }
}
