// Mouse, pen, fingers and keys on the photo, told as places: fractions of width and height.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAINTING = ["brush", "eraser", "patches"];
const STEP = 0.02;
const FINE = 0.004;

/** Tell `actions` what somebody does on `sheet`, which lies in the scrolling `frame`.
 *
 * actions: tool() names the tool; step(fine) is how far an arrow key goes, if the tool knows better;
 * press(x, y, shift), drag(x, y), release() and cancel() make a stroke; point(x, y) sets a point;
 * moved(x, y) hears of the cross; pen(isDown) of the brush that Space puts down; key(key) of others.
 */
export function prepareInput(frame, sheet, zoom, actions) {
    const cursor = { x: 0.5, y: 0.5 };
    const fingers = new Map();
    let stroke = false; // a pointer paints
    let pen = false; // the keyboard's brush is down
    let grip = null; // a pointer drags the photo
    let pinch = null;

    const paints = () => PAINTING.includes(actions.tool());
    const place = (event) => {
        const box = sheet.getBoundingClientRect();
        return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    };

    function move(x, y) {
        cursor.x = Math.min(1, Math.max(0, x));
        cursor.y = Math.min(1, Math.max(0, y));
        actions.cross(cursor.x, cursor.y);
    }

    function lift() {
        if (!pen) return;
        pen = false;
        actions.release();
        actions.pen(false);
    }

    sheet.addEventListener("pointerdown", (event) => {
        if (event.pointerType === "touch") fingers.set(event.pointerId, event);
        if (fingers.size === 2) return startPinch();
        if (event.button === 1 || (actions.tool() === "move" && event.pointerType !== "touch")) {
            grip = event;
            sheet.setPointerCapture(event.pointerId);
            return event.preventDefault();
        }
        if (event.button !== 0 || !paints()) return;
        event.preventDefault(); // which would also give it the focus
        frame.focus({ preventScroll: true });
        lift();
        sheet.setPointerCapture(event.pointerId);
        move(...place(event));
        stroke = true;
        actions.press(cursor.x, cursor.y, event.shiftKey);
    });

    sheet.addEventListener("pointermove", (event) => {
        if (fingers.has(event.pointerId)) fingers.set(event.pointerId, event);
        if (pinch) return movePinch();
        if (grip) {
            frame.scrollLeft -= event.clientX - grip.clientX;
            frame.scrollTop -= event.clientY - grip.clientY;
            grip = event;
            return;
        }
        if (!stroke) return paints() && !pen ? move(...place(event)) : undefined;
        const all = event.getCoalescedEvents?.() || [];
        for (const each of all.length ? all : [event]) {
            move(...place(each));
            actions.drag(cursor.x, cursor.y);
        }
    });

    for (const name of ["pointerup", "pointercancel"]) {
        sheet.addEventListener(name, (event) => {
            fingers.delete(event.pointerId);
            pinch = null;
            grip = null;
            if (!stroke) return;
            stroke = false;
            if (name === "pointerup") actions.release();
            else actions.cancel();
        });
    }

    function startPinch() {
        if (stroke) actions.cancel(); // the first finger was no stroke
        stroke = false;
        pinch = { ...spread(), factor: zoom.factor };
    }

    function movePinch() {
        const now = spread();
        frame.scrollLeft -= now.x - pinch.x;
        frame.scrollTop -= now.y - pinch.y;
        zoom.to((pinch.factor * now.distance) / pinch.distance, now);
        pinch = { ...pinch, x: now.x, y: now.y };
    }

    function spread() {
        const [one, other] = [...fingers.values()];
        return {
            x: (one.clientX + other.clientX) / 2,
            y: (one.clientY + other.clientY) / 2,
            distance: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1,
        };
    }

    sheet.addEventListener("click", (event) => {
        if (actions.tool() !== "points") return;
        move(...place(event));
        actions.point(cursor.x, cursor.y);
    });

    frame.addEventListener("wheel", (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        zoom.step(event.deltaY < 0 ? 1 : -1, { x: event.clientX, y: event.clientY });
    }, { passive: false });

    frame.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (ARROWS[event.key]) {
            if (actions.tool() === "move") return; // the browser scrolls
            const step = actions.step(event.shiftKey) || (event.shiftKey ? FINE : STEP) / zoom.factor;
            const [right, down] = ARROWS[event.key];
            const shape = sheet.offsetWidth / sheet.offsetHeight;
            move(cursor.x + right * step, cursor.y + down * step * shape);
            zoom.show(cursor.x, cursor.y);
            if (pen) actions.drag(cursor.x, cursor.y);
            else actions.moved(cursor.x, cursor.y);
        } else if (event.key === "Enter" || event.key === " ") {
            press(event.key === " ");
        } else if (event.key === "Escape" && pen) {
            lift();
        } else if (!actions.key(event.key)) {
            return;
        }
        event.preventDefault();
    });
    frame.addEventListener("blur", lift);

    function press(stays) {
        if (actions.tool() === "points") return actions.point(cursor.x, cursor.y);
        if (!paints() || pen) return lift();
        actions.press(cursor.x, cursor.y, false);
        if (!stays || actions.tool() === "patches") return actions.release();
        pen = true;
        actions.pen(true);
    }

    move(cursor.x, cursor.y);
    return { lift };
}
