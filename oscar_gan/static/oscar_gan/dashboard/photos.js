// Choosing a photo of some product: search without leaving the page.
import { request } from "./common.js";

/** Make every photo chooser under `root` search in place; a new choice is a change event. */
export function preparePhotos(root) {
    root.querySelectorAll("[data-gan-photos]").forEach(prepare);
}

function prepare(chooser) {
    const words = chooser.querySelector("[data-gan-photo-words]");
    const list = chooser.querySelector("[data-gan-photo-list]");
    const status = chooser.querySelector("[data-gan-photo-status]");
    const template = chooser.querySelector("[data-gan-photo-template]");
    let turn = 0;

    async function search() {
        const mine = ++turn;
        try {
            const query = new URLSearchParams({ q: words.value });
            const { data } = await request(`${chooser.dataset.ganPhotos}?${query}`);
            if (mine === turn) show(data.photos);
        } catch {
            if (mine === turn) status.textContent = chooser.dataset.unreachable;
        }
    }

    /** The chosen photo stays where it is, in front of what was found. */
    function show(photos) {
        const chosen = list.querySelector(":checked")?.closest("label");
        const value = chosen?.querySelector("input").value;
        const found = photos.filter((photo) => String(photo.id) !== value).map(row);
        list.replaceChildren(...(chosen ? [chosen] : []), ...found);
        status.textContent = found.length ? "" : chooser.dataset.nothing;
    }

    function row(photo) {
        const label = template.content.cloneNode(true).querySelector("label");
        const radio = label.querySelector("input");
        radio.value = photo.id;
        radio.dataset.lookUrl = photo.look_url;
        label.querySelector("img").src = photo.thumbnail_url;
        label.querySelector("span:last-child").textContent = photo.title;
        return label;
    }

    chooser.querySelector("[data-gan-photo-button]").addEventListener("click", (event) => {
        event.preventDefault();
        search();
    });
    words.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        search();
    });
}
