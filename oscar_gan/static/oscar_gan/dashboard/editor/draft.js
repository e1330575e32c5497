// What is not saved yet survives a reload and a refusal: kept in this tab's own storage.

const WAIT = 400;

export class Draft {
    #timer = 0;
    #turn = 0;

    /** `source` and `base` name the photo and the version that was started from. */
    constructor(source, base) {
        this.key = `gan-outline-${source}-${base}`;
        this.sentKey = `gan-outline-sent-${source}`;
    }

    /** The layers as they were left, as a PNG, or null. `refused`: the shop sent the page back. */
    take(refused) {
        const sent = sessionStorage.getItem(this.sentKey);
        sessionStorage.removeItem(this.sentKey);
        if (sent === this.key && !refused) sessionStorage.removeItem(this.key); // it was saved
        const kept = sessionStorage.getItem(this.key);
        return kept ? blobOf(kept) : null;
    }

    /** Keep the layers soon; without changes, forget them. */
    note(layers, isChanged) {
        clearTimeout(this.#timer);
        const mine = ++this.#turn;
        if (!isChanged) return sessionStorage.removeItem(this.key);
        this.#timer = setTimeout(async () => {
            const text = await textOf(await layers.png());
            if (mine === this.#turn) this.#keep(text);
        }, WAIT);
    }

    /** The form is on its way with these layers; null: it leaves them out. */
    async sent(png) {
        clearTimeout(this.#timer);
        this.#turn++;
        if (png) this.#keep(await textOf(png));
        sessionStorage.setItem(this.sentKey, this.key);
    }

    #keep(text) {
        try {
            sessionStorage.setItem(this.key, text);
        } catch {
            sessionStorage.removeItem(this.key); // no room: leaving the page asks, all the same
        }
    }
}

/** Bytes as base64, since storage holds text. */
async function textOf(blob) {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) {
        text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    }
    return btoa(text);
}

function blobOf(text) {
    return new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
}
