// The page of the eyedropper: a photo of the shop or one's own, a colour, a new colourway.
import { Eyedropper } from "./eyedropper.js";
import { preparePhotos } from "./photos.js";

const page = document.querySelector("[data-gan-pick-page]");
if (page) {
    const dropper = new Eyedropper(page.querySelector("[data-gan-dropper]"), (colour) => {
        window.location = `${page.dataset.createUrl}?${new URLSearchParams({ colour })}`;
    });
    preparePhotos(document);
    document.addEventListener("change", (event) => {
        if (!event.target.matches("[data-gan-photo]")) return;
        dropper.load(page.dataset.photoUrl.replace("/0/", `/${event.target.value}/`));
        page.scrollIntoView({ block: "nearest" });
    });
}
