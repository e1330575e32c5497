// Colour fields: the text is the truth, a native picker beside it helps.

document.querySelectorAll("[data-gan-colour]").forEach(preparePicker);

/** Keep a native picker and its text field the same; an asked-for colour ticks its line. */
export function preparePicker(group) {
    const picker = group.querySelector("input[type=color]");
    const text = group.querySelector("input[type=text]");
    picker.hidden = false;
    picker.addEventListener("input", () => {
        text.value = picker.value.toUpperCase();
        text.dispatchEvent(new Event("input", { bubbles: true }));
    });
    text.addEventListener("input", () => {
        if (!/^#?[0-9a-f]{6}$/i.test(text.value.trim())) return;
        picker.value = `#${text.value.trim().replace("#", "").toLowerCase()}`;
        const tick = group.closest(".gan-colour")?.querySelector("[data-gan-tick]");
        if (tick && !tick.checked) {
            tick.checked = true;
            tick.dispatchEvent(new Event("input", { bubbles: true }));
        }
    });
}
