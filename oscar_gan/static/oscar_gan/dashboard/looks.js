// Prints, styles and photos on the generate form, with a small preview as soon as one is ticked.
import { preparePhotos } from "./photos.js";
import { fieldsOf, prepareLookPreview, prepareSliders } from "./preview.js";

const STYLES = "[data-gan-style], [data-gan-preset]";
let lastPrint = null;
let lastStyle = null;
const form = document.querySelector("[data-gan-generate]");
if (form) {
    prepareSliders(form);
    preparePhotos(form);
    prepareSection(form, "print", printQuery);
    prepareSection(form, "style", styleQuery);
}

/** Look again whenever something in the section, or the photo, changes. */
function prepareSection(form, kind, queryOf) {
    const section = form.querySelector(`[data-gan-look=${kind}]`);
    const figure = section.querySelector("[data-gan-look-preview]");
    if (!figure) return;
    const show = prepareLookPreview(figure);
    const look = (event) => {
        const query = section.open ? queryOf(section, event) : null;
        const source = form.querySelector("[data-gan-source]:checked");
        show(query && source ? `${source.dataset.lookUrl}?${query}` : "");
    };
    section.addEventListener("input", look);
    section.addEventListener("toggle", look);
    form.querySelectorAll("[data-gan-source]").forEach((source) => source.addEventListener("change", look));
    // The matte may have come meanwhile.
    form.querySelector("[data-gan-matte]").addEventListener("load", look);
    look();
}

/** The print ticked last, laid as the fields say. */
function printQuery(section, event) {
    const ticked = [...section.querySelectorAll("[data-gan-print]:checked")];
    if (event?.target.matches?.("[data-gan-print]:checked")) lastPrint = event.target;
    const chosen = ticked.includes(lastPrint) ? lastPrint : ticked.at(-1);
    if (!chosen) return null;
    const query = fieldsOf(section, (name) => name.startsWith("place-"));
    query.set("print", chosen.value);
    return query;
}

/** The style touched last, if it is ticked. */
function styleQuery(section, event) {
    const ticked = (style) => style?.querySelector("[data-gan-tick]:checked");
    const touched = event?.target.closest?.(STYLES);
    if (ticked(touched)) lastStyle = touched;
    const chosen = ticked(lastStyle)
        ? lastStyle
        : [...section.querySelectorAll(STYLES)].findLast(ticked);
    if (!chosen) return null;
    if (chosen.dataset.ganPreset) return new URLSearchParams({ preset: chosen.dataset.ganPreset });
    const query = fieldsOf(chosen, (name) => name.startsWith("style-"));
    query.set("style", chosen.dataset.ganStyle);
    return query;
}
