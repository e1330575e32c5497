// Sending the editor's work with the page's own form, fetching it as a file, not losing it.
import { picture, toggle } from "../common.js";

/** `settled()` resolves when no point is being worked out any more. */
export function prepareSaving(form, { layers, history, draft, say, settled }) {
    let leaving = false;

    // Before anybody else hears of it, such as the script that puts buttons to sleep.
    form.addEventListener("submit", async (event) => {
        if (leaving) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const { submitter } = event;
        const png = await fill();
        await draft.sent(png);
        // In a task of its own: while this event is under way, browsers ignore another submission.
        setTimeout(() => submit(submitter));
    }, { capture: true });
    window.addEventListener("beforeunload", (event) => {
        if (history.isChanged && !leaving) event.preventDefault();
    });
    window.addEventListener("pageshow", () => { leaving = false; }); // back again, from its cache
    toggle(form.querySelector("[data-gan-download-saved]"), false);
    const button = form.querySelector("[data-gan-download]");
    toggle(button, true);
    button.addEventListener("click", download);

    function submit(submitter) {
        leaving = true;
        // Oscar disables the button that was clicked, and the form would leave its value out.
        const asleep = submitter?.disabled;
        if (asleep) submitter.disabled = false;
        form.requestSubmit(submitter);
        if (asleep) submitter.disabled = true;
    }

    /** Put all that was done into the form; resolves to the layers' PNG, or null if untouched. */
    async function fill() {
        await settled();
        form.elements.clicks.value = JSON.stringify(history.points);
        const files = new DataTransfer();
        const png = history.isChanged ? await layers.png() : null;
        const handedIn = form.elements.matte.files.length > 0;
        // Points alone the shop works out again, on the photo's own pixels.
        if (history.isPainted && !handedIn) {
            files.items.add(new File([png], "layers.png", { type: "image/png" }));
        }
        form.elements.layers.files = files.files;
        return png;
    }

    async function download() {
        say(form.dataset.working);
        try {
            await fill();
            const body = new FormData(form);
            body.delete("matte");
            body.set("download", "1");
            const answer = await picture(window.location.href, body);
            if (!answer.blob) return say(answer.message);
            const link = document.createElement("a");
            link.href = URL.createObjectURL(answer.blob);
            link.download = `matte-${form.dataset.source}.png`;
            link.click();
            setTimeout(() => URL.revokeObjectURL(link.href), 1000);
            say("");
        } catch {
            say(form.dataset.unreachable);
        }
    }
}
