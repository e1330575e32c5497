// Draws the layers over the photo, in the ways that people can choose. Never by colour alone:
// what is no product is hatched, what stays as it is hatched the other way.

const OFF = [[36, 50, 79], [113, 131, 166]];
const KEPT = [[255, 193, 7], [120, 70, 0]];
const OPAQUE = { off: 217, kept: 190 };
const STRIPE = 5;
const LINE = 1.2;
/* Widths in pixels of the screen. */

export class Overlay {
    constructor(canvas, layers) {
        this.layers = layers;
        canvas.width = layers.width;
        canvas.height = layers.height;
        this.context = canvas.getContext("2d");
        this.view = "mask";
        this.zoom(1);
    }

    /** Say how many pixels of the layers make one of the screen, for stripes and lines. */
    zoom(scale) {
        this.stripe = Math.max(2, Math.round(STRIPE * scale));
        this.line = Math.max(1, Math.round(LINE * scale));
    }

    /** Draw a part of the picture anew, or all of it. */
    draw(box = this.layers.whole) {
        const { width, height } = this.layers;
        const rim = this.view === "line" ? this.line + 1 : 0; // outlines look at their neighbours
        const left = Math.max(0, box.left - rim);
        const top = Math.max(0, box.top - rim);
        const right = Math.min(width, box.right + rim);
        const bottom = Math.min(height, box.bottom + rim);
        if (right <= left || bottom <= top) return;
        const image = this.context.createImageData(right - left, bottom - top);
        const paint = PAINTERS[this.view];
        for (let y = top, to = 0; y < bottom; y++) {
            for (let x = left; x < right; x++, to += 4) paint(this, image.data, to, x, y);
        }
        this.context.putImageData(image, left, top);
    }
}

const PAINTERS = {
    photo() {},

    mask({ layers, stripe }, data, to, x, y) {
        const at = y * layers.width + x;
        const off = 255 - layers.product[at];
        const kept = layers.protect[at];
        if (off >= 128) {
            put(data, to, OFF[band(x + y, stripe)], (OPAQUE.off * off) / 255);
        } else if (kept) {
            put(data, to, KEPT[band(x - y, stripe)], (OPAQUE.kept * Math.max(kept, off)) / 255);
        } else {
            put(data, to, OFF[band(x + y, stripe)], (OPAQUE.off * off) / 255);
        }
    },

    line({ layers, line, stripe }, data, to, x, y) {
        if (isRim(layers, "product", x, y, line)) put(data, to, [0, 0, 0], 255);
        else if (isRim(layers, "product", x, y, line + 1)) put(data, to, [255, 255, 255], 255);
        else if (isRim(layers, "protect", x, y, line)) put(data, to, KEPT[band(x - y, stripe)], 255);
    },

    cut({ layers, stripe }, data, to, x, y) {
        const at = y * layers.width + x;
        const grey = band(x, 2 * stripe) ^ band(y, 2 * stripe) ? 227 : 255;
        put(data, to, [grey, grey, grey], 255 - layers.product[at]);
    },

    matte({ layers }, data, to, x, y) {
        const at = y * layers.width + x;
        const grey = (layers.product[at] * (255 - layers.protect[at])) / 255;
        put(data, to, [grey, grey, grey], 255);
    },
};

function put(data, to, colour, alpha) {
    data[to] = colour[0];
    data[to + 1] = colour[1];
    data[to + 2] = colour[2];
    data[to + 3] = alpha;
}

/** Which of two stripes a place belongs to. */
function band(place, stripe) {
    return Math.abs(Math.floor(place / stripe)) % 2;
}

/** Whether a layer passes its middle within `reach` pixels of a place. */
function isRim(layers, name, x, y, reach) {
    const { width, height } = layers;
    const layer = layers[name];
    const inside = layer[y * width + x] > 127;
    const left = Math.max(0, x - reach);
    const right = Math.min(width - 1, x + reach);
    const above = Math.max(0, y - reach) * width + x;
    const below = Math.min(height - 1, y + reach) * width + x;
    return (
        layer[y * width + left] > 127 !== inside ||
        layer[y * width + right] > 127 !== inside ||
        layer[above] > 127 !== inside ||
        layer[below] > 127 !== inside
    );
}
