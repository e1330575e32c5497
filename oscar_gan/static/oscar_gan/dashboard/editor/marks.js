// Signs over the photo: set points, the keyboard's cross, the ring of the brush.

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = { "product": "M-5 0H5M0-5V5", "not-product": "M-5 0H5", "keep": "M-4-4H4V4H-4Z" };

/** A point as SVG within SVG, whose place may be in per cent: a sign, not only a colour. */
export function mark([kind, x, y]) {
    const all = document.createElementNS(SVG, "svg");
    all.setAttribute("class", `gan-mark gan-mark-${kind}`);
    put(all, x, y);
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("r", "9");
    const sign = document.createElementNS(SVG, "path");
    sign.setAttribute("d", SIGNS[kind]);
    all.append(circle, sign);
    return all;
}

/** Move a sign to fractions of width and height. */
export function put(sign, x, y, names = ["x", "y"]) {
    sign.setAttribute(names[0], `${100 * x}%`);
    sign.setAttribute(names[1], `${100 * y}%`);
}
