// Before and after side by side, enlarged and moved together, by keys, buttons, wheel or drag.

const LEVELS = [1, 1.5, 2, 3, 4, 6, 8];
const STEP = 12; // per cent of the pane per press of an arrow, at level 1

/** Prepare the dialog; returns `open(card)`. `press(event)` gets the keys that are not its own. */
export function prepareZoom(dialog, press) {
    const find = (name) => dialog.querySelector(`[data-gan-${name}]`);
    const panes = find("panes");
    const view = { level: 0, x: 0, y: 0 };

    const show = () => {
        const scale = LEVELS[view.level];
        const most = 50 * (1 - 1 / scale); // no further than the picture's edge
        view.x = Math.max(-most, Math.min(most, view.x));
        view.y = Math.max(-most, Math.min(most, view.y));
        panes.style.setProperty("--gan-scale", scale);
        panes.style.setProperty("--gan-x", `${view.x}%`);
        panes.style.setProperty("--gan-y", `${view.y}%`);
        find("zoom-level").textContent = `${Math.round(100 * scale)} %`;
    };
    const zoom = (step) => {
        view.level = Math.max(0, Math.min(LEVELS.length - 1, view.level + step));
    };
    const actions = {
        "+": () => zoom(1),
        "=": () => zoom(1),
        "-": () => zoom(-1),
        0: () => { view.level = 0; },
        ArrowLeft: () => { view.x += STEP / LEVELS[view.level]; },
        ArrowRight: () => { view.x -= STEP / LEVELS[view.level]; },
        ArrowUp: () => { view.y += STEP / LEVELS[view.level]; },
        ArrowDown: () => { view.y -= STEP / LEVELS[view.level]; },
    };
    const act = (key) => {
        actions[key]?.();
        show();
        return key in actions;
    };

    dialog.addEventListener("click", ({ target }) => act(target.closest("[data-gan-do]")?.dataset.ganDo));
    dialog.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const key = event.key.toLowerCase();
        if (key === "b") panes.classList.add("is-held");
        else if (key === "z") dialog.close();
        else if (!act(event.key) && !(["a", "r"].includes(key) && decide(event))) return;
        event.preventDefault();
        event.stopPropagation(); // it was for here, not for the page behind
    });
    dialog.addEventListener("keyup", ({ key }) => {
        if (key.toLowerCase() === "b") panes.classList.remove("is-held");
    });
    panes.addEventListener("wheel", (event) => {
        event.preventDefault();
        zoom(event.deltaY < 0 ? 1 : -1);
        show();
    }, { passive: false });
    panes.addEventListener("pointerdown", (event) => panes.setPointerCapture(event.pointerId));
    panes.addEventListener("pointermove", (event) => {
        if (!panes.hasPointerCapture(event.pointerId)) return;
        const { width, height } = find("zoom-after").parentElement.getBoundingClientRect();
        view.x += (100 * event.movementX) / width / LEVELS[view.level];
        view.y += (100 * event.movementY) / height / LEVELS[view.level];
        show();
    });

    /** A decision closes the dialog, then is the card's. */
    function decide(event) {
        dialog.close();
        return press(event);
    }

    return (card) => {
        const link = card?.querySelector("[data-gan-zoom]");
        if (!link) return false;
        const { before } = link.dataset;
        find("zoom-title").textContent = card.getAttribute("aria-label");
        find("zoom-after").src = link.href;
        find("pane-before").hidden = !before;
        for (const image of dialog.querySelectorAll("[data-gan-zoom-before]")) {
            if (before) image.src = before;
            else image.removeAttribute("src");
        }
        Object.assign(view, { level: 0, x: 0, y: 0 });
        show();
        dialog.showModal();
        return true;
    };
}
