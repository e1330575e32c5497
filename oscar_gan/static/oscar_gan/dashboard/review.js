// Review without reloading: decisions by JSON, undo, keyboard, press-and-hold comparison.
// Every decision is a plain form, so the page works without this file.
import { request, setBadge, toggle } from "./common.js";
import { prepareShortcuts } from "./shortcuts.js";

const TOAST_MS = 8000;
const queue = document.querySelector("[data-gan-queue]");
const toast = document.querySelector("[data-gan-toast]");
const toastUndo = document.querySelector("[data-gan-toast-undo]");
const rest = document.querySelector("[data-gan-rest]");
let lastDecided = null;
let toastTimer;

if (queue) {
    queue.addEventListener("submit", decide);
    queue.querySelectorAll("[data-gan-hold]").forEach(prepareHold);
    queue.addEventListener("toggle", reveal, true); // does not bubble
    toastUndo.addEventListener("click", () => click(undoButton(lastDecided)));
    prepareShortcuts(press);
    document.addEventListener("keyup", (event) => {
        if (event.key.toLowerCase() === "b") compareOf(current())?.classList.remove("is-held");
    });
}

async function decide(event) {
    const form = event.target.closest("[data-gan-form]");
    if (!form || form.dataset.ganPlain) return;
    event.preventDefault();
    const card = form.closest("[data-gan-card]");
    const body = new FormData(form, event.submitter);
    card.setAttribute("aria-busy", "true");
    try {
        const { ok, data } = await request(form.action, { method: "POST", body });
        if (ok) show(card, data, form.dataset.ganForm);
        say(data.message, { trouble: !ok, undo: ok && form.dataset.ganForm !== "undo" });
    } catch {
        form.dataset.ganPlain = "1"; // e.g. logged out: let the page say so
        form.requestSubmit(event.submitter);
    } finally {
        card.removeAttribute("aria-busy");
    }
}

/** Bring a card up to date after a decision, then move on to the next undecided one. */
function show(card, data, action) {
    const before = card.dataset.status;
    card.dataset.status = data.status;
    setBadge(card.querySelector("[data-gan-badge]"), data.badge, data.status_label);
    const undecided = data.status === "awaiting_review";
    card.classList.toggle("is-decided", !undecided);
    toggle(card.querySelector("[data-gan-decide]"), undecided);
    toggle(card.querySelector("[data-gan-form=undo]"), !undecided);
    toggle(card.querySelector("[data-gan-publish]"), data.status === "approved");
    toggle(card.querySelector("[data-gan-decision]"), false);
    card.querySelector("[data-gan-reject]")?.removeAttribute("open");
    count(before, -1);
    count(data.status, 1);
    if (action === "undo") {
        toggle(rest, false);
        card.focus();
        if (!card.querySelector("[data-gan-decide]")) window.location.reload();
    } else {
        lastDecided = card;
        const next = nextUndecided(card);
        toggle(rest, !next);
        (next ?? rest?.querySelector("a"))?.focus();
    }
}

function count(status, step) {
    const key = status === "awaiting_review" ? "awaiting" : status;
    const badge = document.querySelector(`[data-gan-count="${key}"]`);
    if (badge) badge.textContent = Number(badge.textContent) + step;
}

function nextUndecided(card) {
    const all = cards();
    const at = all.indexOf(card);
    return [...all.slice(at + 1), ...all.slice(0, at)].find((it) => it.dataset.status === "awaiting_review");
}

const cards = () => [...queue.querySelectorAll("[data-gan-card]")];

function say(text, { trouble, undo }) {
    clearTimeout(toastTimer);
    toast.querySelector("[data-gan-toast-text]").textContent = text;
    toggle(toastUndo, undo);
    toast.classList.toggle("is-trouble", trouble);
    toast.classList.add("is-shown");
    toastTimer = setTimeout(() => toast.classList.remove("is-shown"), TOAST_MS);
}

/** Reasons that were opened below the fold come into view. */
function reveal({ target }) {
    if (target.open) target.scrollIntoView({ block: "nearest" });
}

/** While the button is held, the original lies over the variant image. */
function prepareHold(button) {
    const compare = button.closest("[data-gan-compare]");
    const hold = (held) => () => compare.classList.toggle("is-held", held);
    button.hidden = false;
    button.addEventListener("pointerdown", hold(true));
    for (const end of ["pointerup", "pointerleave", "pointercancel", "blur"]) {
        button.addEventListener(end, hold(false));
    }
    button.addEventListener("keydown", (event) => {
        if (event.key === " " || event.key === "Enter") hold(true)();
    });
    button.addEventListener("keyup", hold(false));
}

const current = () => document.activeElement?.closest("[data-gan-card]") ?? cards()[0];
const compareOf = (card) => card?.querySelector("[data-gan-compare]");

/** Do what a key stands for; false leaves the key to the browser. */
function press(event) {
    const card = current();
    const key = event.key.toLowerCase();
    const rejecting = card?.querySelector("[data-gan-reject][open]");
    if (rejecting && /^[0-9]$/.test(key)) return click(reasons(rejecting)[(Number(key) + 9) % 10]);
    switch (key) {
        case "arrowright": return move(card, 1);
        case "arrowleft": return move(card, -1);
        case "a": return click(card?.querySelector("[data-gan-decide]:not([hidden]) [data-gan-form=approve] button"));
        case "r": return openReasons(card);
        case "u": return click(undoButton(lastDecided ?? card));
        case "b": return Boolean(compareOf(card)?.classList.add("is-held") ?? compareOf(card));
        case "escape": return rejecting ? close(rejecting) : false;
        default: return false;
    }
}

const undoButton = (card) => card?.querySelector("[data-gan-form=undo]:not([hidden]) button");
const reasons = (details) => details.querySelectorAll("[name=reason]");

function click(button) {
    button?.click();
    return Boolean(button);
}

function move(card, step) {
    const all = cards();
    const at = card && card.contains(document.activeElement) ? all.indexOf(card) + step : 0;
    const next = all[Math.max(0, Math.min(all.length - 1, at))];
    next?.focus();
    return Boolean(next);
}

function openReasons(card) {
    const details = card?.querySelector("[data-gan-decide]:not([hidden]) [data-gan-reject]");
    if (!details) return false;
    details.open = true;
    reasons(details)[0].focus();
    return true;
}

function close(details) {
    details.open = false;
    details.closest("[data-gan-card]").focus();
    return true;
}
