// The page of one print: its tile in the inks that are typed.

const form = document.querySelector("[data-gan-print-form]");
if (form) {
    const image = form.querySelector("[data-gan-print-picture]");
    let timer;
    form.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => {
            const inks = [...form.querySelectorAll("[data-gan-ink]")].map((field) => field.value.trim());
            if (inks.some((ink) => !/^#?[0-9a-f]{6}$/i.test(ink))) return;
            const query = new URLSearchParams(inks.map((ink) => ["ink", ink]));
            image.src = `${form.dataset.pictureUrl}?${query}`;
        }, 200);
    });
}
