// Before and after on one card: a slider that wipes, and the original while a button is held.

/** Wire what is in `root`; cards that come later are wired when they come. */
export function prepareCompare(root) {
    for (const wipe of root.querySelectorAll("[data-gan-wipe][hidden]")) wipe.hidden = false;
    for (const button of root.querySelectorAll("[data-gan-hold][hidden]")) button.hidden = false;
}

/** Listen once for all cards of a queue. */
export function listenForCompare(queue) {
    queue.addEventListener("input", ({ target }) => {
        if (!target.matches("[data-gan-slide]")) return;
        compareOf(target).style.setProperty("--gan-at", `${target.value}%`);
    });
    const on = (type, held, wanted = () => true) =>
        queue.addEventListener(type, (event) => {
            const button = event.target.closest?.("[data-gan-hold]");
            if (button && wanted(event)) hold(compareOf(button), held);
        }, true);
    on("pointerdown", true);
    for (const end of ["pointerup", "pointerleave", "pointercancel", "blur", "keyup"]) on(end, false);
    on("keydown", true, ({ key }) => key === " " || key === "Enter");
}

/** Lay the original over the picture, or take it away again. */
export const hold = (compare, held) => compare?.classList.toggle("is-held", held);

export const compareOf = (element) =>
    element?.closest("[data-gan-card]")?.querySelector("[data-gan-compare]");
