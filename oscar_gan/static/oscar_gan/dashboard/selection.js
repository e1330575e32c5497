// Choosing several cards: by click, by a range with Shift, all of them, or by keys.
import { toggle } from "./common.js";
import { isUndecided } from "./queue.js";

export class Selection {
    constructor(queue, bar) {
        this.queue = queue;
        this.bar = bar;
        if (!bar) return;
        bar.classList.add("is-live");
        this.count = bar.querySelector("[data-gan-chosen-count]");
        this.all = bar.querySelector("[data-gan-all]");
        toggle(bar.querySelector("[data-gan-all-label]"), true);
        toggle(bar.querySelector("[data-gan-clear]"), true);
        bar.querySelector("[data-gan-clear]").addEventListener("click", () => this.clear());
        this.all.addEventListener("change", () => this.choose(this.queue.undecided(), this.all.checked));
        queue.element.addEventListener("click", (event) => this.clicked(event));
        queue.element.addEventListener("gan-more", () => this.show());
        this.show();
    }

    get cards() {
        return this.bar ? this.queue.cards.filter((card) => pickOf(card)?.checked) : [];
    }

    /** Shift and a click choose everything from the last click to here. */
    clicked(event) {
        const pick = event.target.closest("[data-gan-pick]");
        if (!pick) return;
        const card = pick.closest("[data-gan-card]");
        const all = this.queue.cards;
        const [from, to] = [all.indexOf(this.last ?? card), all.indexOf(card)].sort((a, b) => a - b);
        if (event.shiftKey) this.choose(all.slice(from, to + 1), pick.checked);
        this.last = card;
        this.show();
    }

    /** Choose cards, or not; those that are decided cannot be chosen. */
    choose(cards, chosen) {
        for (const card of cards) {
            if (pickOf(card)) pickOf(card).checked = chosen && isUndecided(card);
        }
        this.show();
    }

    /** Choose the card if it was not chosen, and the other way round. */
    toggle(card) {
        if (!this.bar || !pickOf(card) || !isUndecided(card)) return false;
        this.choose([card], !pickOf(card).checked);
        this.last = card;
        return true;
    }

    clear() {
        this.choose(this.queue.cards, false);
    }

    show() {
        const chosen = this.cards.length;
        const { none, one, many } = this.count.dataset;
        const text = [none, one][chosen] ?? many.replace("{count}", chosen);
        if (this.count.textContent !== text) this.count.textContent = text;
        this.all.checked = chosen > 0 && chosen === this.queue.undecided().length;
        this.all.indeterminate = chosen > 0 && !this.all.checked;
        this.bar.classList.toggle("has-some", chosen > 0);
        if (!chosen) this.bar.querySelector("[data-gan-reject]").open = false;
        for (const card of this.queue.cards) card.classList.toggle("is-chosen", Boolean(pickOf(card)?.checked));
    }
}

const pickOf = (card) => card?.querySelector("[data-gan-pick]");
