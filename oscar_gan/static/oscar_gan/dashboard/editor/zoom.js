// Enlarging the photo within its window: the window scrolls, the sheet grows.

const STEPS = [1, 1.5, 2, 3, 4, 6, 8];

export class Zoom {
    #factor = 1;

    /** `frame` scrolls, `sheet` lies in it; `changed(factor)` hears of every step. */
    constructor(frame, sheet, changed) {
        this.frame = frame;
        this.sheet = sheet;
        this.changed = changed;
    }

    /** One step larger (1) or smaller (-1), or the whole photo (0), about a place in the window. */
    step(direction, place) {
        if (!direction) return this.to(1, place);
        const larger = STEPS.find((each) => each > this.#factor + 0.01) || STEPS.at(-1);
        const smaller = STEPS.findLast((each) => each < this.#factor - 0.01) || 1;
        this.to(direction > 0 ? larger : smaller, place);
    }

    /** Enlarge to a factor; the pixel at `place`, {x, y} of the window, stays where it is. */
    to(factor, place = this.#middle) {
        const { frame, sheet } = this;
        const wanted = Math.min(STEPS.at(-1), Math.max(1, factor));
        if (wanted === this.#factor) return;
        const box = frame.getBoundingClientRect();
        const across = (frame.scrollLeft + place.x - box.left) / sheet.offsetWidth;
        const down = (frame.scrollTop + place.y - box.top) / sheet.offsetHeight;
        this.#factor = wanted;
        sheet.style.setProperty("--gan-zoom", wanted);
        frame.scrollLeft = across * sheet.offsetWidth - (place.x - box.left);
        frame.scrollTop = down * sheet.offsetHeight - (place.y - box.top);
        this.changed(wanted);
    }

    get factor() {
        return this.#factor;
    }

    /** Scroll until a place, in fractions of the sheet, is well within the window. */
    show(x, y) {
        const { frame, sheet } = this;
        frame.scrollLeft = within(frame.scrollLeft, frame.clientWidth, x * sheet.offsetWidth);
        frame.scrollTop = within(frame.scrollTop, frame.clientHeight, y * sheet.offsetHeight);
    }

    get #middle() {
        const box = this.frame.getBoundingClientRect();
        return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
    }
}

const MARGIN = 0.15;

function within(start, size, place) {
    return Math.min(place - MARGIN * size, Math.max(place - (1 - MARGIN) * size, start));
}
