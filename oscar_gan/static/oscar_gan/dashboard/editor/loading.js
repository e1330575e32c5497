// A matte from a file, into one layer. What does not fit is told before it is unpacked.
import { pixelsOf } from "./layers.js";

const SHAPES = 0.01;
/* By how much the shapes of a matte and its photo may differ. */
const GREY = 24;
/* Levels between the channels of a pixel from which on it has a colour. */

/** The values of a layer of `width` × `height`, or a rejection with `code` and, maybe, `size`. */
export async function readMatte(file, width, height) {
    const size = await sizeOfPng(file);
    if (!size) throw trouble("noPicture");
    const across = size.width * height;
    const down = size.height * width;
    if (Math.abs(across - down) > SHAPES * down) throw trouble("otherShape", size);
    let data;
    try {
        ({ data } = await pixelsOf(file, width, height));
    } catch {
        throw trouble("noPicture");
    }
    const values = new Uint8ClampedArray(width * height);
    let coloured = 0;
    for (let at = 0, i = 0; at < values.length; at++, i += 4) {
        const [red, green, blue, alpha] = data.subarray(i, i + 4);
        const low = Math.min(red, green, blue);
        if (alpha && Math.max(red, green, blue) - low > GREY) coloured++;
        values[at] = ((red + green + blue) * alpha) / (3 * 255);
    }
    if (coloured > 0.01 * values.length) throw trouble("coloured");
    return values;
}

/** Width and height by the first bytes of a PNG; null if it is none. */
async function sizeOfPng(file) {
    const head = new DataView(await file.slice(0, 24).arrayBuffer());
    if (head.byteLength < 24 || head.getUint32(0) !== 0x89504e47) return null;
    return { width: head.getUint32(16), height: head.getUint32(20) };
}

function trouble(code, size) {
    return Object.assign(new Error(code), { code, size });
}
