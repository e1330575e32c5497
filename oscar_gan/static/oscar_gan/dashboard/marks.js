// A list of marks with undo and redo. Knows no page: what a mark is, its owner decides.

/** Keep marks; `changed` is called with the new list after every change. */
export class Marks {
    #done = [[]]; // lists of marks, the newest last
    #undone = [];

    constructor(changed, marks = []) {
        this.changed = changed;
        this.#done = [marks];
    }

    get all() {
        return this.#done.at(-1);
    }

    get canUndo() {
        return this.#done.length > 1;
    }

    get canRedo() {
        return this.#undone.length > 0;
    }

    add(mark) {
        this.#become([...this.all, mark]);
    }

    clear() {
        if (this.all.length) this.#become([]);
    }

    undo() {
        if (!this.canUndo) return;
        this.#undone.push(this.#done.pop());
        this.changed(this.all);
    }

    redo() {
        if (!this.canRedo) return;
        this.#done.push(this.#undone.pop());
        this.changed(this.all);
    }

    #become(marks) {
        this.#done.push(marks);
        this.#undone = [];
        this.changed(this.all);
    }
}
