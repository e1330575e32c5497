// Single-letter keys, with the switch that turns them off (WCAG 2.1.4).
import { toggle } from "./common.js";

const STORED = "gan-review-shortcuts";

/** Call `press(event)` for keys outside of fields; what it says yes to is not the browser's. */
export function prepareShortcuts(press) {
    const bar = document.querySelector("[data-gan-keys]");
    if (!bar) return;
    const toggleSwitch = bar.querySelector("[data-gan-keys-switch]");
    toggleSwitch.checked = localStorage.getItem(STORED) !== "off";
    toggleSwitch.addEventListener("change", () => {
        localStorage.setItem(STORED, toggleSwitch.checked ? "on" : "off");
    });
    toggle(bar, true);
    document.addEventListener("keydown", (event) => {
        if (!toggleSwitch.checked || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.target.closest(FIELDS) || document.querySelector("dialog[open]")) return;
        if (press(event)) event.preventDefault();
    });
}

// Letters do nothing in boxes, radio buttons and sliders, so there they may be shortcuts.
const FIELDS =
    "input:not([type=radio], [type=checkbox], [type=range]), textarea, select, [contenteditable]";
