// Pointing at places of a picture: by mouse, by finger, or by a cross moved with the arrow keys.

const STEP = 0.02;
const FINE = 0.004;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Call `point(x, y)`, fractions of width and height, whenever somebody points into `stage`.
 *
 * The stage takes the focus; arrow keys move `cross`, an SVG within the stage's,
 * Shift makes the steps small, Enter or Space sets the point. `moved(x, y)` hears of each step.
 */
export function preparePointing(stage, cross, { point, moved }) {
    const at = { x: 0.5, y: 0.5 };

    function move(x, y) {
        at.x = Math.min(1, Math.max(0, x));
        at.y = Math.min(1, Math.max(0, y));
        cross.setAttribute("x", `${100 * at.x}%`);
        cross.setAttribute("y", `${100 * at.y}%`);
    }

    stage.addEventListener("click", (event) => {
        const box = stage.getBoundingClientRect();
        move((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
        point(at.x, at.y);
    });
    stage.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const step = event.shiftKey ? FINE : STEP;
        if (ARROWS[event.key]) {
            const [right, down] = ARROWS[event.key];
            move(at.x + right * step, at.y + down * step);
            moved(at.x, at.y);
        } else if (event.key === "Enter" || event.key === " ") {
            point(at.x, at.y);
        } else {
            return;
        }
        event.preventDefault();
    });
    move(at.x, at.y);
}
