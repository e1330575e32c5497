// Tiles of prints: weights from the shop, coloured here with exact inks, mixed in linear light.

const STEPS = 4096;
const BYTE_OF_LINEAR = new Uint8ClampedArray(STEPS);
for (let step = 0; step < STEPS; step += 1) {
    const light = step / (STEPS - 1);
    BYTE_OF_LINEAR[step] = Math.round(
        255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055),
    );
}

/** How much of each ink lies where, at this side in pixels. */
export class Weights {
    constructor(pixels, side, inks) {
        this.pixels = pixels;
        this.side = side;
        this.inks = inks;
    }

    /** Fetch the picture of weights once; resolves to those of each side asked for. */
    static async load(url, inks, ...sides) {
        const response = await fetch(url, { credentials: "same-origin" });
        if (!response.ok) throw new Error(`${url} answered ${response.status}`);
        const image = await createImageBitmap(await response.blob(), {
            colorSpaceConversion: "none",
            premultiplyAlpha: "none",
        });
        return sides.map((side) => {
            const canvas = new OffscreenCanvas(side, side);
            const context = canvas.getContext("2d", { willReadFrequently: true });
            context.imageSmoothingQuality = "high";
            context.drawImage(image, 0, 0, side, side);
            return new Weights(context.getImageData(0, 0, side, side).data, side, inks);
        });
    }

    /** The picture of the tile in these inks, `#RRGGBB` each. */
    coloured(inks) {
        const tables = inks.slice(0, this.inks).map(shares);
        const last = tables.length - 1;
        const out = new ImageData(this.side, this.side);
        for (let at = 0; at < this.pixels.length; at += 4) {
            let red = 0, green = 0, blue = 0, rest = 255;
            for (let ink = 0; ink <= last; ink += 1) {
                const weight = ink === last ? Math.max(0, rest) : this.pixels[at + ink];
                rest -= weight;
                red += tables[ink][weight];
                green += tables[ink][256 + weight];
                blue += tables[ink][512 + weight];
            }
            out.data[at] = byte(red);
            out.data[at + 1] = byte(green);
            out.data[at + 2] = byte(blue);
            out.data[at + 3] = 255;
        }
        return out;
    }
}

/** Paint a picture onto a canvas of any size, repeated `across` times over its width. */
export function paint(canvas, picture, across = 1) {
    const tile = new OffscreenCanvas(picture.width, picture.height);
    tile.getContext("2d").putImageData(picture, 0, 0);
    const context = canvas.getContext("2d");
    const side = canvas.width / across;
    context.imageSmoothingQuality = "high";
    for (let top = 0; top < canvas.height; top += side) {
        for (let left = 0; left < canvas.width; left += side) {
            context.drawImage(tile, left, top, side, side);
        }
    }
}

/** For each weight, what an ink adds to the light of red, green and blue. */
function shares(ink) {
    const table = new Float32Array(3 * 256);
    for (let channel = 0; channel < 3; channel += 1) {
        const value = parseInt(ink.slice(1 + 2 * channel, 3 + 2 * channel), 16) / 255;
        const light = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
        for (let weight = 0; weight < 256; weight += 1) {
            table[256 * channel + weight] = (light * weight) / 255;
        }
    }
    return table;
}

const byte = (light) => BYTE_OF_LINEAR[Math.min(STEPS - 1, Math.round(light * (STEPS - 1)))];
