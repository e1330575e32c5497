// The print designer: sheets of tiles from noise, coloured here, one of them saved as a print.
import { request, sleep, toggle } from "./common.js";
import { preparePhotos } from "./photos.js";
import { fieldsOf, prepareLookPreview, prepareSliders } from "./preview.js";
import { prepareShortcuts } from "./shortcuts.js";
import { Weights, paint } from "./tiles.js";

const GRID_SIDE = 256;
const REPEAT_SIDE = 512;
const POLL_MS = 350;
const POLL_HIDDEN_MS = 3000;
const LONGEST_MS = 15000;
const HEX = /^#?[0-9a-f]{6}$/i;

const form = document.querySelector("[data-gan-designer]");
if (form) prepareDesigner(form);

function prepareDesigner(form) {
    const find = (name) => form.querySelector(`[data-gan-${name}]`);
    const slots = [...form.querySelectorAll("[data-gan-slot]")];
    const radios = slots.map((slot) => slot.querySelector("input"));
    const lock = find("lock");
    const count = find("count");
    const inkGroups = [...form.querySelectorAll("[data-gan-ink]")];
    const status = find("status");
    const helpButton = document.querySelector("[data-gan-help-button]");
    const showPlaced = prepareLookPreview(find("look-preview"));
    let tiles = new Map(); // position → {label, inks, own, small, large}
    let turn = 0;

    prepareSliders(form);
    preparePhotos(form);
    prepareShortcuts(press);
    prepareHelp(document.querySelector("[data-gan-help]"), helpButton);

    form.addEventListener("submit", (event) => {
        const wanted = event.submitter?.dataset.ganDo;
        if (!wanted) return;
        event.preventDefault();
        create(wanted);
    });
    form.addEventListener("keydown", enterOnlySaves);
    find("codes").addEventListener("change", () => create("codes"));
    count.addEventListener("change", () => {
        showInkCount();
        create("codes");
    });
    find("tiles").addEventListener("change", choose);
    find("tiles").addEventListener("keydown", moveAmongTiles);
    lock.addEventListener("change", () => {
        say(lock.checked ? form.dataset.locked : form.dataset.unlocked);
        if (!lock.checked) fillInks(inksOf(chosen()));
        paintAll();
    });
    inkGroups.forEach((group) => group.addEventListener("input", inksChanged));
    find("place").addEventListener("input", place);
    find("place").addEventListener("toggle", place);
    window.addEventListener("popstate", () => window.location.reload());

    if (form.dataset.statusUrl) follow(form.dataset.statusUrl, { keepsInks: true });
    else create("codes");

    /** Ask for a sheet: "new" noise, "like" the chosen tile, or the "codes" as they stand. */
    async function create(wanted) {
        if (wanted === "like" && !tiles.has(chosen())) return say(form.dataset.choose);
        const body = new FormData(form);
        body.set("do", wanted);
        if (wanted === "like") {
            body.delete("ink");
            inksOf(chosen()).forEach((ink) => body.append("ink", ink));
        }
        const kept = wanted === "like" ? inksOf(chosen()) : null;
        const mine = ++turn;
        say(form.dataset.working);
        form.setAttribute("aria-busy", "true");
        try {
            const { ok, data } = await request(form.dataset.createUrl, { method: "POST", body });
            if (mine !== turn) return undefined;
            if (!ok) return stop(data.message);
            const address = data.url;
            if (form.elements.sheet.value) window.history.pushState({}, "", address);
            else window.history.replaceState({}, "", address);
            await follow(data.status_url, { kept, mine });
        } catch {
            if (mine === turn) stop(form.dataset.unreachable);
        }
        return undefined;
    }

    /** Show a sheet's tiles as they come; survives a shop that does not answer for a while. */
    async function follow(url, { kept = null, keepsInks = false, mine = ++turn }) {
        let fresh = true;
        for (let wait = POLL_MS; mine === turn; ) {
            try {
                const { data } = await request(url);
                if (mine !== turn) return;
                if (fresh) empty(data);
                fresh = false;
                await Promise.all(data.tiles.map((tile) => show(tile, data.count, kept, mine)));
                if (mine !== turn) return;
                if (keepsInks && data.tiles.length) {
                    adoptInks();
                    keepsInks = false;
                }
                if (data.finished) return stop(data.problem || data.summary);
                wait = POLL_MS;
            } catch {
                say(form.dataset.unreachable);
                wait = Math.min(wait * 2, LONGEST_MS);
            }
            await sleep(document.hidden ? POLL_HIDDEN_MS : wait);
        }
    }

    /** Make room for a new sheet; focus stays where it was. */
    function empty(sheet) {
        form.elements.sheet.value = sheet.id;
        count.value = sheet.count;
        showInkCount();
        tiles = new Map();
        for (const slot of slots) {
            slot.classList.add("is-empty");
            slot.querySelector("noscript")?.remove();
        }
    }

    async function show(tile, inks, kept, mine) {
        if (tiles.has(tile.position)) return;
        const [small, large] = await Weights.load(tile.weights_url, inks, GRID_SIDE, REPEAT_SIDE);
        if (mine !== turn) return;
        tiles.set(tile.position, { ...tile, own: kept, small, large });
        const slot = slots[tile.position];
        slot.classList.remove("is-empty");
        slot.querySelector("[data-gan-slot-label]").textContent = tile.label;
        radios[tile.position].disabled = false;
        toggle(slot.querySelector("canvas"), true);
        paintTile(tile.position);
        if (tile.position === chosen()) {
            if (!lock.checked) fillInks(inksOf(tile.position));
            paintChosen();
        }
    }

    function stop(text) {
        form.removeAttribute("aria-busy");
        say(text);
    }

    const chosen = () => Math.max(0, radios.findIndex((radio) => radio.checked));
    const typedInks = () => inkGroups.slice(0, Number(count.value)).map((group) => group.querySelector("input[type=text]").value.trim());

    /** What a tile is shown in: the typed inks while locked, else its own palette. */
    function inksOf(position) {
        const tile = tiles.get(position);
        const typed = typedInks();
        if (lock.checked && typed.every((ink) => HEX.test(ink))) return typed.map(normal);
        return tile ? (tile.own ?? tile.inks) : typed.map(normal);
    }

    /** After a reload: the inks in the fields are those of the tile that they were set for. */
    function adoptInks() {
        const position = form.elements.inks_of.value;
        const tile = tiles.get(Number(position));
        if (position !== "" && tile) tile.own = typedInks().map(normal);
    }

    function inksChanged() {
        const typed = typedInks();
        if (typed.some((ink) => !HEX.test(ink))) return;
        const tile = tiles.get(chosen());
        if (tile) tile.own = typed.map(normal);
        form.elements.inks_of.value = chosen();
        if (lock.checked) paintAll();
        else paintTile(chosen());
        paintChosen();
        place();
    }

    function fillInks(inks) {
        inks.forEach((ink, at) => {
            const group = inkGroups[at];
            group.querySelector("input[type=text]").value = ink;
            group.querySelector("input[type=color]").value = ink.toLowerCase();
        });
        form.elements.inks_of.value = chosen();
    }

    function showInkCount() {
        inkGroups.forEach((group, at) => {
            const used = at < Number(count.value);
            toggle(group, used);
            group.querySelector("input[type=text]").disabled = !used;
        });
    }

    function choose() {
        if (!lock.checked) fillInks(inksOf(chosen()));
        paintChosen();
        place();
    }

    function paintAll() {
        for (const position of tiles.keys()) paintTile(position);
        paintChosen();
        place();
    }

    function paintTile(position) {
        const tile = tiles.get(position);
        if (tile) paint(slots[position].querySelector("canvas"), tile.small.coloured(inksOf(position)));
    }

    function paintChosen() {
        const tile = tiles.get(chosen());
        toggle(find("repeat"), Boolean(tile));
        if (!tile) return;
        paint(find("repeat-canvas"), tile.large.coloured(inksOf(chosen())), 3);
        find("chosen").textContent = tile.label;
    }

    /** The tile on the chosen photo. */
    function place() {
        const section = find("place");
        const photo = section.querySelector("[data-gan-photo]:checked");
        if (!section.open || !photo?.dataset.lookUrl || !tiles.has(chosen())) return showPlaced("");
        const query = fieldsOf(section, (name) => name.startsWith("place-"));
        query.set("sheet", form.elements.sheet.value);
        query.set("tile", chosen());
        query.set("lock", "on"); // exactly these inks
        inksOf(chosen()).forEach((ink) => query.append("ink", ink));
        return showPlaced(`${photo.dataset.lookUrl}?${query}`);
    }

    /** Arrows move by rows and columns; the browser's own would go one by one. */
    function moveAmongTiles(event) {
        const columns = slots.filter((slot) => slot.offsetTop === slots[0].offsetTop).length;
        const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
        if (!step || !event.target.matches("[name=tile]")) return;
        event.preventDefault();
        const to = radios[chosen() + step];
        if (!to || to.disabled) return;
        to.checked = true;
        to.focus();
        to.dispatchEvent(new Event("change", { bubbles: true }));
    }

    /** Enter saves in the field for the name; elsewhere it only takes over what is typed. */
    function enterOnlySaves(event) {
        if (event.key !== "Enter" || !event.target.matches("input") || event.target === form.elements.name) return;
        event.preventDefault();
        if (event.target.type === "number") event.target.blur();
    }

    function press(event) {
        switch (event.key.toLowerCase()) {
            case "r": return click(form.querySelector("[data-gan-do=new]"));
            case "m": return click(form.querySelector("[data-gan-do=like]"));
            case "l": return click(lock);
            case "s": return save();
            case "?": return click(helpButton);
            case "arrowright": case "arrowleft": case "arrowup": case "arrowdown":
                return event.target === document.body && focusTile();
            default: return false;
        }
    }

    /** To the name, and from there Enter saves; at once if it has one. */
    function save() {
        const name = form.elements.name;
        if (name.value.trim()) find("save").click();
        else name.focus();
        return true;
    }

    function focusTile() {
        radios[chosen()].focus();
        return true;
    }

    function say(text) {
        if (status.textContent !== text) status.textContent = text;
    }
}

/** A list of the keys, opened by a button or by a question mark. */
function prepareHelp(dialog, button) {
    button.addEventListener("click", () => dialog.showModal());
    dialog.addEventListener("close", () => button.focus());
}

function click(element) {
    element.click();
    return true;
}

const normal = (ink) => `#${ink.replace("#", "").toUpperCase()}`;
