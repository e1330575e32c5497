// The cards of the review queue: which is next, where the arrows lead, more when few are left.
import { toggle } from "./common.js";

const AHEAD = 3; // pictures fetched and decoded before somebody looks at them
const FEW = 8; // undecided cards below which the next ones are fetched

export class Queue {
    constructor(element) {
        this.element = element;
        this.rest = document.querySelector("[data-gan-rest]");
        this.exhausted = !("refills" in element.dataset);
        element.addEventListener("focusin", () => this.prepareNext());
    }

    get cards() {
        return [...this.element.querySelectorAll("[data-gan-card]")];
    }

    get current() {
        return document.activeElement?.closest("[data-gan-card]") ?? this.cards[0];
    }

    card(id) {
        return this.element.querySelector(`[data-gan-card="${id}"]`);
    }

    undecided() {
        return this.cards.filter(isUndecided);
    }

    /** Undecided cards behind `card`, then those before it. */
    following(card) {
        const all = this.cards;
        const at = all.indexOf(card);
        return [...all.slice(at + 1), ...all.slice(0, at)].filter(isUndecided);
    }

    /** Focus the next undecided card, or the way on where there is none. */
    advance(card) {
        const [next] = this.following(card);
        this.showRest();
        (next ?? this.rest?.querySelector("a"))?.focus();
    }

    showRest() {
        toggle(this.rest, this.undecided().length === 0);
    }

    /** The card that an arrow leads to, from the focused one. */
    neighbour(key) {
        const all = this.cards;
        const at = all.indexOf(document.activeElement?.closest("[data-gan-card]"));
        if (at < 0) return all[0];
        const top = all[0].getBoundingClientRect().top;
        const across = all.filter((card) => card.getBoundingClientRect().top === top).length;
        const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across };
        return all[Math.max(0, Math.min(all.length - 1, at + steps[key]))];
    }

    /** Fetch and decode the pictures that come next, so that a decision never waits for one. */
    prepareNext() {
        for (const card of this.following(this.current).slice(0, AHEAD)) {
            for (const image of card.querySelectorAll("img[loading=lazy]")) {
                image.loading = "eager";
                image.decode().catch(() => {}); // it says so itself where it stands
            }
        }
    }

    /** Append the next cards when few are left: the same page again, without what is here. */
    async refill() {
        if (this.exhausted || this.refilling || this.undecided().length > FEW) return;
        this.refilling = true;
        try {
            const response = await fetch(window.location.href, { credentials: "same-origin" });
            const page = new DOMParser().parseFromString(await response.text(), "text/html");
            const known = new Set(this.cards.map((card) => card.id));
            const found = [...page.querySelectorAll("[data-gan-queue] [data-gan-card]")];
            const fresh = found.filter((card) => !known.has(card.id));
            // While decisions are on their way, the shop still lists what is decided here.
            const left = this.undecided().length;
            this.exhausted = response.ok && !fresh.length && found.length <= left;
            const waiting = this.rest?.contains(document.activeElement);
            for (const card of fresh) this.element.append(document.adoptNode(card.parentElement));
            if (waiting && fresh.length) fresh[0].focus();
            this.element.dispatchEvent(new CustomEvent("gan-more"));
            this.showRest();
            this.prepareNext();
        } catch {
            // The shop does not answer: the next decision tries again.
        } finally {
            this.refilling = false;
        }
    }
}

export const isUndecided = (card) => card.dataset.status === "awaiting_review";
