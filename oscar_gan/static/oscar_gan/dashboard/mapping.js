// Mapping colours: a line per base colour of the product, as many as were found in the photo.
import { preparePicker } from "./colour.js";
import { toggle } from "./common.js";

/** Returns a function that shows a palette, `[{colour, percent}]`; one colour needs no mapping. */
export function prepareMapping(section) {
    const rows = section.querySelector("[data-gan-map-rows]");
    const template = section.querySelector("[data-gan-map-template]");
    const shown = () => [...rows.querySelectorAll("[name=map_base]")].map((field) => field.value);

    return (palette) => {
        const several = palette.length > 1 ? palette : [];
        toggle(section, several.length > 0);
        // What was typed stays while the colours are the same.
        if (String(shown()) === String(several.map(({ colour }) => colour))) return;
        rows.replaceChildren(...several.map(row));
        rows.dispatchEvent(new Event("input", { bubbles: true }));
    };

    function row({ colour, percent }) {
        const line = template.content.cloneNode(true).querySelector("[data-gan-map-row]");
        line.querySelector("[name=map_base]").value = colour;
        line.querySelector("rect").setAttribute("fill", colour);
        line.querySelector("[data-gan-map-base]").textContent = colour;
        line.querySelector("[data-gan-map-percent]").textContent = percent;
        line.querySelector("input[type=color]").value = colour.toLowerCase();
        const target = line.querySelector("[data-gan-map-target]");
        target.setAttribute("aria-label", `${target.dataset.label} ${colour}`);
        preparePicker(line.querySelector("[data-gan-colour]"));
        return line;
    }
}
