// Review without reloading and without a mouse: decisions by JSON, undo, many at once, keyboard.
// Every decision is a plain form, so the page works without this file.
import { request, setBadge, toggle } from "./common.js";
import { compareOf, hold, listenForCompare, prepareCompare } from "./compare.js";
import { Queue, isUndecided } from "./queue.js";
import { Selection } from "./selection.js";
import { prepareShortcuts } from "./shortcuts.js";
import { prepareToast } from "./toast.js";
import { prepareZoom } from "./zoom.js";

const element = document.querySelector("[data-gan-queue]");
const bulk = document.querySelector("[data-gan-bulk]");
const done = []; // ids of what was decided together, the latest last
let queue, selection, say, openZoom;
let sent = Promise.resolve(); // decisions reach the shop one after the other, in order
let waiting = 0; // how many of them are on their way

if (element) {
    queue = new Queue(element);
    selection = new Selection(queue, bulk);
    say = prepareToast(document.querySelector("[data-gan-toast]"));
    openZoom = prepareZoom(document.querySelector("[data-gan-zoom-dialog]"), press);
    prepareCompare(element);
    listenForCompare(element);
    element.addEventListener("gan-more", () => prepareCompare(element));
    element.addEventListener("submit", decide);
    element.addEventListener("click", zoomInstead);
    element.addEventListener("toggle", reveal, true); // does not bubble
    bulk?.addEventListener("submit", decideMany);
    prepareShortcuts(press);
    const help = document.querySelector("[data-gan-help]"); // closed, it leads back by itself
    document.querySelector("[data-gan-help-button]")?.addEventListener("click", () => help.showModal());
    document.addEventListener("keyup", ({ key }) => {
        if (key.toLowerCase() === "b") hold(compareOf(queue.current), false);
    });
    window.addEventListener("beforeunload", (event) => {
        if (waiting) event.preventDefault(); // the browser asks; nothing is lost in silence
    });
    // Back from another page: at the card one came from.
    const back = window.location.hash && document.querySelector(window.location.hash);
    if (back && element.contains(back)) back.focus();
}

/** Do something after everything that was sent before it. */
function inTurn(work) {
    waiting += 1;
    sent = sent.then(work).finally(() => { waiting -= 1; });
}

/** Move on at once; should the shop refuse, the card is undecided again and a note says why. */
function decide(event) {
    const form = event.target.closest("[data-gan-form]");
    if (!form || form.dataset.ganPlain) return;
    event.preventDefault();
    const card = form.closest("[data-gan-card]");
    if (card.hasAttribute("aria-busy")) return;
    const body = new FormData(form, event.submitter);
    const before = card.dataset.status;
    card.setAttribute("aria-busy", "true");
    selection.choose([card], false);
    const entry = [card.dataset.ganCard];
    if (isUndecided(card)) {
        done.push(entry); // so that an undo, sent after this, takes back the right one
        card.dataset.status = "sent";
        queue.advance(card);
    }
    inTurn(async () => {
        try {
            const { ok, data } = await request(form.action, { method: "POST", body });
            card.dataset.status = before;
            if (ok) settle([{ card, data }], data);
            else forget(entry);
            say(data.message, { trouble: !ok, undo: ok && data.status !== "awaiting_review" ? undo : null });
        } catch {
            card.dataset.status = before;
            forget(entry);
            form.dataset.ganPlain = "1"; // e.g. logged out: let the page say so
            return void setTimeout(() => form.requestSubmit(event.submitter));
        } finally {
            card.removeAttribute("aria-busy");
            queue.showRest();
        }
        return queue.refill();
    });
}

/** One decision about all chosen cards, in one request. */
function decideMany(event) {
    if (bulk.dataset.ganPlain) return;
    event.preventDefault();
    const body = new FormData(bulk, event.submitter);
    if (!selection.cards.length) return;
    sendMany(body, () => {
        bulk.dataset.ganPlain = "1";
        bulk.requestSubmit(event.submitter);
    });
}

/** Take back what was decided last; again for what was decided before that. */
function undo() {
    const last = done.pop();
    if (!last) return click(undoButton(queue.current));
    const body = new FormData();
    body.set("decision", "undone");
    last.forEach((id) => body.append("variants", id));
    sendMany(body, () => window.location.reload());
    return true;
}

function sendMany(body, giveUp) {
    inTurn(async () => {
        try {
            const { ok, data } = await request(bulk.action, { method: "POST", body });
            const outcomes = (data.outcomes ?? []).map((outcome) => ({ card: queue.card(outcome.id), data: outcome }));
            const undone = body.get("decision") === "undone";
            if (ok) settle(outcomes, data);
            const made = outcomes.filter((each) => each.card && !each.data.problem);
            if (made.length && !undone) done.push(made.map((each) => each.card.dataset.ganCard));
            say(data.message, {
                trouble: !ok || outcomes.some((each) => each.data.problem),
                undo: ok && !undone ? undo : null,
            });
            if (undone) made[0]?.card.focus();
            else if (made.length) queue.advance(made[0].card);
        } catch {
            return void setTimeout(giveUp);
        }
        return queue.refill();
    });
}

/** Bring cards up to date after a decision about them. */
function settle(outcomes, { pace }) {
    for (const { card, data } of outcomes) if (card) show(card, data);
    const text = document.querySelector("[data-gan-pace]");
    if (text && pace) text.textContent = pace;
    selection.choose(outcomes.map(({ card }) => card).filter(Boolean), false);
    queue.showRest();
}

function forget(entry) {
    if (done.includes(entry)) done.splice(done.indexOf(entry), 1);
}

function show(card, data) {
    count(card.dataset.status, -1);
    count(data.status, 1);
    card.dataset.status = data.status;
    setBadge(card.querySelector("[data-gan-badge]"), data.badge, data.status_label);
    const undecided = isUndecided(card);
    card.classList.toggle("is-decided", !undecided);
    toggle(card.querySelector("[data-gan-decide]"), undecided);
    toggle(card.querySelector("[data-gan-form=undo]"), !undecided);
    toggle(card.querySelector("[data-gan-publish]"), data.status === "approved");
    toggle(card.querySelector("[data-gan-decision]"), false);
    card.querySelector("[data-gan-reject]")?.removeAttribute("open");
    if (undecided && !card.querySelector("[data-gan-decide]")) window.location.reload();
}

function count(status, step) {
    const key = status === "awaiting_review" ? "awaiting" : status;
    const badge = document.querySelector(`[data-gan-count="${key}"]`);
    if (badge) badge.textContent = Number(badge.textContent) + step;
}

/** Reasons that were opened below the fold come into view. */
function reveal({ target }) {
    if (target.open) target.scrollIntoView({ block: "nearest" });
}

function zoomInstead(event) {
    const link = event.target.closest("[data-gan-zoom]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openZoom(link.closest("[data-gan-card]"));
}

/** Do what a key stands for; false leaves the key to the browser. */
function press(event) {
    const card = queue.current;
    const key = event.key.toLowerCase();
    const several = selection.cards.length > 0;
    const place = several ? bulk : card;
    const rejecting = place?.querySelector("[data-gan-reject][open]");
    if (rejecting && /^[0-9]$/.test(key)) return click(reasons(rejecting)[(Number(key) + 9) % 10]);
    if (key.startsWith("arrow")) return event.target.type === "range" ? false : move(event);
    switch (key) {
        case "a": return click(several ? bulk.querySelector("[value=approved]") : approveButton(card));
        case "r": return openReasons(several ? bulk : card?.querySelector("[data-gan-decide]:not([hidden])"));
        case "u": return undo();
        case "b": return Boolean(compareOf(card)) && (hold(compareOf(card), true), true);
        case "x": return selection.toggle(card);
        case "z": return openZoom(card);
        case "g": return leave(card?.querySelector("[data-gan-again]"));
        case "?": return click(document.querySelector("[data-gan-help-button]"));
        case "escape": return escape(rejecting, several);
        default: return false;
    }
}

const approveButton = (card) => card?.querySelector("[data-gan-decide]:not([hidden]) [data-gan-form=approve] button");
const undoButton = (card) => card?.querySelector("[data-gan-form=undo]:not([hidden]) button");
const reasons = (details) => details.querySelectorAll("[name=reason]");

function click(button) {
    button?.click();
    return Boolean(button);
}

/** Follow a link once nothing is on its way any more. */
function leave(link) {
    sent.then(() => link?.click());
    return Boolean(link);
}

/** Arrows move; with Shift they choose what they leave and where they get to. */
function move({ key, shiftKey }) {
    const from = document.activeElement?.closest("[data-gan-card]");
    const to = queue.neighbour(key);
    if (shiftKey) selection.choose([from, to].filter(Boolean), true);
    to?.focus();
    return Boolean(to);
}

function openReasons(place) {
    const details = place?.querySelector("[data-gan-reject]");
    if (!details) return false;
    details.open = true;
    reasons(details)[0].focus();
    return true;
}

function escape(rejecting, several) {
    if (rejecting) {
        rejecting.open = false;
        (rejecting.closest("[data-gan-card]") ?? queue.current)?.focus();
    } else if (several) {
        selection.clear();
    }
    return Boolean(rejecting) || several;
}
