// Pick a colour from a picture: by click or keys, the average of 5 × 5 pixels shown enlarged.
import { toggle } from "./common.js";
import { preparePointing } from "./pointing.js";

const AROUND = 2; // pixels to each side of the middle one that are averaged
const LENS = 11; // pixels across the lens
const LARGEST = 1600;

/** Draw a picture (a Blob) upright onto `canvas`, no larger than a screen. */
export async function drawPicture(blob, canvas) {
    const picture = await createImageBitmap(blob, { imageOrientation: "from-image" });
    const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const brush = canvas.getContext("2d", { willReadFrequently: true });
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
}

export class Eyedropper {
    /** `use(colour)` is called with #RRGGBB when the person wants the picked colour. */
    constructor(root, use) {
        this.find = (name) => root.querySelector(`[data-gan-${name}]`);
        this.root = root;
        this.canvas = this.find("dropper-canvas");
        this.colour = "";
        this.loaded = "";
        const stage = this.find("dropper-stage");
        preparePointing(stage, this.find("dropper-cross"), {
            point: (x, y) => this.pick(x, y),
            moved: (x, y) => this.look(x, y),
        });
        stage.addEventListener("pointermove", (event) => {
            const box = stage.getBoundingClientRect();
            this.look((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
        });
        this.find("use").addEventListener("click", () => use(this.colour));
        this.find("dropper-file").addEventListener("change", (event) => {
            if (event.target.files[0]) this.show(event.target.files[0]);
        });
        this.prepareScreen();
    }

    /** Show the picture at this address. */
    async load(url) {
        if (url === this.loaded) return;
        this.loaded = url;
        try {
            const response = await fetch(url, { credentials: "same-origin" });
            if (!response.ok) throw new Error(String(response.status));
            const blob = await response.blob();
            if (url === this.loaded) await this.show(blob, url);
        } catch {
            this.trouble(true);
        }
    }

    async show(blob, url = "") {
        this.loaded = url;
        try {
            await drawPicture(blob, this.canvas);
            this.find("dropper-stage").classList.add("is-filled");
            this.trouble(false);
        } catch {
            this.trouble(true);
        }
    }

    trouble(shown) {
        this.find("dropper-trouble").textContent = this.root.dataset.unreadable;
        toggle(this.find("dropper-trouble"), shown);
    }

    /** The lens follows; nothing is picked yet. */
    look(x, y) {
        const { left, top } = this.place(x, y);
        const half = (LENS - 1) / 2;
        const lens = this.find("lens");
        const brush = lens.getContext("2d");
        const zoom = lens.width / LENS;
        brush.imageSmoothingEnabled = false;
        brush.fillStyle = "#fff";
        brush.fillRect(0, 0, lens.width, lens.height);
        brush.drawImage(this.canvas, left - half, top - half, LENS, LENS, 0, 0, lens.width, lens.height);
        const inner = (half - AROUND) * zoom;
        const side = (2 * AROUND + 1) * zoom;
        for (const [colour, width] of [["#fff", 4], ["#000", 1.5]]) {
            brush.strokeStyle = colour;
            brush.lineWidth = width;
            brush.strokeRect(inner, inner, side, side);
        }
        return this.average(left, top);
    }

    pick(x, y) {
        this.choose(this.look(x, y));
    }

    choose(colour) {
        this.colour = colour;
        this.find("picked").textContent = colour;
        this.find("picked").title = this.root.dataset.average;
        this.find("picked-swatch").setAttribute("fill", colour);
        this.find("use").disabled = false;
    }

    place(x, y) {
        const { width, height } = this.canvas;
        return {
            left: Math.min(width - 1, Math.max(0, Math.floor(x * width))),
            top: Math.min(height - 1, Math.max(0, Math.floor(y * height))),
        };
    }

    /** The mean of the light, not of the numbers that stand for it. */
    average(left, top) {
        const { width, height } = this.canvas;
        const x = Math.max(0, left - AROUND);
        const y = Math.max(0, top - AROUND);
        const across = Math.min(width, left + AROUND + 1) - x;
        const down = Math.min(height, top + AROUND + 1) - y;
        const brush = this.canvas.getContext("2d", { willReadFrequently: true });
        const { data } = brush.getImageData(x, y, across, down);
        const sums = [0, 0, 0];
        for (let i = 0; i < data.length; i += 4) {
            for (let c = 0; c < 3; c += 1) sums[c] += linear(data[i + c]);
        }
        const digits = sums.map((sum) => encoded(sum / (data.length / 4)).toString(16).padStart(2, "0"));
        return `#${digits.join("")}`.toUpperCase();
    }

    /** The browser's own eyedropper, where there is one, reaches beyond the page. */
    prepareScreen() {
        if (!("EyeDropper" in window)) return;
        const button = this.find("screen");
        toggle(button, true);
        button.addEventListener("click", async () => {
            try {
                const { sRGBHex } = await new window.EyeDropper().open();
                this.choose(sRGBHex.toUpperCase());
            } catch {
                // given up with Escape
            }
        });
    }
}

const linear = (byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

const encoded = (light) =>
    Math.round(255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055));
