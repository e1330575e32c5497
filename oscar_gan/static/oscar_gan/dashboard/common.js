// Talking to the shop: JSON in and out, the CSRF token from the page's own form.

/** Fetch JSON; resolves to {ok, data} and rejects when the answer is no JSON (e.g. logged out). */
export async function request(url, { method = "GET", body } = {}) {
    const headers = { Accept: "application/json" };
    if (method !== "GET") {
        headers["X-CSRFToken"] = document.querySelector("[name=csrfmiddlewaretoken]").value;
    }
    const response = await fetch(url, { method, body, headers, credentials: "same-origin" });
    if (!(response.headers.get("Content-Type") || "").includes("application/json")) {
        throw new Error(`${url} answered ${response.status} without JSON`);
    }
    return { ok: response.ok, data: await response.json() };
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Show or hide an element, if it is there. */
export function toggle(element, shown) {
    if (element) element.hidden = !shown;
}

/** Swap the Bootstrap badge class and the text of a badge. */
export function setBadge(badge, name, text) {
    badge.className = `badge ${name}`;
    badge.textContent = text;
}

/** Post for a picture; resolves to {blob}, or to {message} where there is none to be had. */
export async function picture(url, body) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { Accept: "image/png, application/json", "X-CSRFToken": token };
    const response = await fetch(url, { method: "POST", body, headers, credentials: "same-origin" });
    const type = response.headers.get("Content-Type") || "";
    if (type.startsWith("image/")) return { blob: await response.blob() };
    if (!type.includes("application/json")) throw new Error(`${url} answered ${response.status}`);
    return response.json();
}
