// A round soft brush: how far each pixel is covered follows from its distance to the stroke.
import { around } from "./layers.js";

const SOFT = 0.3;
/* Part of the radius over which the tip fades out; at least one pixel. */

export class Stroke {
    #covered; // 0 to 255 per pixel: lines that cross do not add up
    #at = null;

    /** Paint `value`, 255 or 0, into one of the layers. */
    constructor(layers, name, value, radius) {
        this.layers = layers;
        this.name = name;
        this.value = value;
        this.radius = Math.max(0.5, radius);
        this.before = layers[name].slice();
        this.#covered = new Uint8Array(layers.width * layers.height);
    }

    /** Go on to a place in pixels; returns the part of the picture that this changed. */
    to(x, y) {
        const from = this.#at || { x, y };
        this.#at = { x, y };
        return this.#line(from, this.#at);
    }

    /** Give back what was there before. */
    cancel() {
        this.layers[this.name].set(this.before);
        return this.layers.whole;
    }

    #line(from, to) {
        const { width, height } = this.layers;
        const layer = this.layers[this.name];
        const soft = Math.max(1, SOFT * this.radius);
        const reach = this.radius + soft / 2;
        const box = clipped(around(square(from, reach), square(to, reach)), width, height);
        const along = { x: to.x - from.x, y: to.y - from.y };
        const length = along.x ** 2 + along.y ** 2 || 1;
        for (let y = box.top; y < box.bottom; y++) {
            for (let x = box.left; x < box.right; x++) {
                const right = x + 0.5 - from.x;
                const down = y + 0.5 - from.y;
                const part = Math.min(1, Math.max(0, (right * along.x + down * along.y) / length));
                const away = Math.hypot(right - part * along.x, down - part * along.y);
                const cover = Math.min(255, Math.round((255 * (reach - away)) / soft));
                const at = y * width + x;
                if (cover <= this.#covered[at]) continue;
                this.#covered[at] = cover;
                layer[at] = this.before[at] + ((this.value - this.before[at]) * cover) / 255;
            }
        }
        return box;
    }
}

function square({ x, y }, reach) {
    return { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
}

function clipped({ left, top, right, bottom }, width, height) {
    return {
        left: Math.max(0, Math.floor(left)),
        top: Math.max(0, Math.floor(top)),
        right: Math.min(width, Math.ceil(right)),
        bottom: Math.min(height, Math.ceil(bottom)),
    };
}
