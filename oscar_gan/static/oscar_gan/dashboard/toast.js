// One note at a time at the top right, with a button to undo what it tells of.
import { toggle } from "./common.js";

const SHOWN_MS = 10000;

/** Prepare the page's note; returns `say(text, {trouble, undo})`, `undo` being what its button does. */
export function prepareToast(toast) {
    const text = toast.querySelector("[data-gan-toast-text]");
    const button = toast.querySelector("[data-gan-toast-undo]");
    let timer;
    let undoIt;
    const hideLater = () => {
        clearTimeout(timer);
        timer = setTimeout(() => toast.classList.remove("is-shown"), SHOWN_MS);
    };
    button.addEventListener("click", () => undoIt?.());
    // Nobody is hurried: while one is in it, it stays.
    toast.addEventListener("focusin", () => clearTimeout(timer));
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("focusout", hideLater);
    toast.addEventListener("pointerleave", hideLater);

    return (message, { trouble = false, undo = null } = {}) => {
        undoIt = undo;
        text.textContent = message;
        toggle(button, Boolean(undo));
        toast.classList.toggle("is-trouble", trouble);
        toast.classList.add("is-shown");
        hideLater();
    };
}
