// The page of one print: its tile in the inks that are typed.

const PAUSE = 200;
const HEX = /^#?[0-9a-f]{6}$/i;
const form = document.querySelector("[data-gan-print-form]");
if (form) prepareInks(form);

function prepareInks(form) {
    const image = form.querySelector("[data-gan-print-picture]");
    const typed = () => [...form.querySelectorAll("[data-gan-ink]")].map((field) => field.value.trim());
    let shown = String(image.dataset.inks);
    let timer;
    form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(show, PAUSE);
    });
    show(); // what was typed before an error counts too

    function show() {
        const inks = typed();
        if (String(inks) === shown || !inks.every((ink) => HEX.test(ink))) return;
        shown = String(inks);
        image.src = `${form.dataset.pictureUrl}?${new URLSearchParams(inks.map((ink) => ["ink", ink]))}`;
    }
}
