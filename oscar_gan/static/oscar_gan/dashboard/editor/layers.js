// The two layers of an outline as arrays of bytes: what is product, what of it stays as it is.
// They travel as one PNG, red the product, green what stays (see imaging/layers.py).

export const NAMES = ["product", "protect"];

export class Layers {
    constructor(width, height) {
        this.width = width;
        this.height = height;
        this.product = new Uint8ClampedArray(width * height);
        this.protect = new Uint8ClampedArray(width * height);
    }

    static async read(blob) {
        const { data, width, height } = await pixelsOf(blob);
        const layers = new Layers(width, height);
        for (let i = 0, at = 0; i < data.length; i += 4, at++) {
            layers.product[at] = data[i];
            layers.protect[at] = data[i + 1];
        }
        return layers;
    }

    get whole() {
        return { left: 0, top: 0, right: this.width, bottom: this.height };
    }

    /** The layers as a PNG. */
    png() {
        const canvas = new OffscreenCanvas(this.width, this.height);
        const context = canvas.getContext("2d");
        const image = context.createImageData(this.width, this.height);
        for (let at = 0, i = 0; at < this.product.length; at++, i += 4) {
            image.data[i] = this.product[at];
            image.data[i + 1] = this.protect[at];
            image.data[i + 3] = 255;
        }
        context.putImageData(image, 0, 0);
        return canvas.convertToBlob({ type: "image/png" });
    }

    /** Share of the picture that is recoloured, 0 to 1. */
    coverage() {
        let sum = 0;
        for (let at = 0; at < this.product.length; at++) {
            sum += this.product[at] * (255 - this.protect[at]);
        }
        return sum / (255 * 255 * this.product.length);
    }

    /** Copy out a part of one layer. */
    cut(name, { left, top, right, bottom }) {
        const part = new Uint8ClampedArray((right - left) * (bottom - top));
        for (let y = top, to = 0; y < bottom; y++, to += right - left) {
            part.set(this[name].subarray(y * this.width + left, y * this.width + right), to);
        }
        return part;
    }

    /** Put back a part that was cut out. */
    paste(name, { left, top, right, bottom }, part) {
        const width = right - left;
        for (let y = top, from = 0; y < bottom; y++, from += width) {
            this[name].set(part.subarray(from, from + width), y * this.width + left);
        }
    }

    /** The smallest part in which a layer differs from `values`; null where nothing does. */
    difference(name, values) {
        const box = { left: this.width, top: this.height, right: 0, bottom: 0 };
        for (let y = 0, at = 0; y < this.height; y++) {
            for (let x = 0; x < this.width; x++, at++) {
                if (this[name][at] !== values[at]) {
                    box.left = Math.min(box.left, x);
                    box.right = Math.max(box.right, x + 1);
                    box.top = Math.min(box.top, y);
                    box.bottom = y + 1;
                }
            }
        }
        return box.right ? box : null;
    }
}

/** The pixels of an encoded picture, scaled to width × height if given; rejects what is none. */
export async function pixelsOf(blob, width, height) {
    const options = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
    const bitmap = await createImageBitmap(blob, options);
    const size = { width: bitmap.width, height: bitmap.height };
    const canvas = new OffscreenCanvas(width || bitmap.width, height || bitmap.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return { data, width: canvas.width, height: canvas.height, size };
}

/** The smallest box around two. */
export function around(one, other) {
    if (!one || !other) return one || other;
    return {
        left: Math.min(one.left, other.left),
        top: Math.min(one.top, other.top),
        right: Math.max(one.right, other.right),
        bottom: Math.max(one.bottom, other.bottom),
    };
}
