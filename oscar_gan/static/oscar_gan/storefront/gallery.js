/**
 * Storefront gallery: swatches become a radio group that swaps parts of the page in place.
 *
 * The server draws every page whole, with the right colour; this script only fetches the page
 * behind a swatch and replaces the elements marked data-gan-region by those of the same name.
 * Whatever goes wrong, the swatch is still a link and is followed as one.
 */

const SWATCH = "[data-gan-swatch]";
const PATIENCE = 600; // ms to wait for the new picture before showing the page without it
const FRESH = 30_000; // ms for which a page fetched ahead may be shown: stock and prices change

const live = document.createElement("p");
live.className = "gan-hidden";
live.setAttribute("role", "status");
document.body.append(live);

const ahead = new Map(); // pages by address, as promises
let shown = withoutHash(location.href);
let turn = 0; // counts choices, so that hurried ones end with the last

function withoutHash(url) {
  return url.split("#", 1)[0];
}

function regions(root) {
  return new Map(
    [...root.querySelectorAll("[data-gan-region]")]
      .filter((element) => !element.parentElement.closest("[data-gan-region]"))
      .map((element) => [element.dataset.ganRegion, element]),
  );
}

/** Another product's page is swapped in only where the shop marked what buys it. */
function isSwappable(url) {
  const target = new URL(url, location.href);
  return (
    target.origin === location.origin &&
    (target.pathname === location.pathname || regions(document).has("buy"))
  );
}

/** Links without this script; radios with it (WAI-ARIA Authoring Practices, radio group). */
function enhance(root) {
  for (const list of root.querySelectorAll("[data-gan-swatches]")) {
    list.setAttribute("role", "radiogroup");
    const swatches = [...list.querySelectorAll(SWATCH)];
    const chosen = swatches.find((swatch) => swatch.hasAttribute("aria-current"));
    for (const swatch of swatches) {
      swatch.parentElement.setAttribute("role", "presentation");
      swatch.setAttribute("role", "radio");
      swatch.setAttribute("aria-checked", String(swatch === chosen));
      swatch.removeAttribute("aria-current");
      swatch.tabIndex = swatch === (chosen ?? swatches[0]) ? 0 : -1;
    }
  }
  for (const strip of root.querySelectorAll("[data-gan-strip]")) {
    follow(strip);
  }
}

/** Mark the thumbnail of the picture in view. */
function follow(strip) {
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        for (const thumb of document.querySelectorAll("[data-gan-thumb]")) {
          if (thumb.hash === `#${target.id}`) thumb.setAttribute("aria-current", "true");
          else thumb.removeAttribute("aria-current");
        }
      }
    },
    { root: strip, threshold: 0.6 },
  );
  strip.querySelectorAll("[id]").forEach((slide) => watcher.observe(slide));
}

function check(swatch) {
  for (const other of swatch.closest("[data-gan-swatches]").querySelectorAll(SWATCH)) {
    other.setAttribute("aria-checked", String(other === swatch));
    other.tabIndex = other === swatch ? 0 : -1;
  }
}

async function select(swatch) {
  if (!isSwappable(swatch.href)) {
    location.assign(swatch.href);
    return;
  }
  check(swatch);
  live.textContent = swatch.dataset.ganSwatch;
  if (withoutHash(swatch.href) !== shown) {
    await show(swatch.href, { remember: true });
  }
}

/** The page behind a swatch, its picture decoded; fetched once for pointing and choosing. */
function load(url) {
  if (!ahead.has(url)) {
    const page = fetchPage(url);
    page.catch(() => ahead.delete(url));
    setTimeout(() => ahead.delete(url), FRESH);
    ahead.set(url, page);
  }
  return ahead.get(url);
}

async function fetchPage(url) {
  const response = await fetch(url, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  await preload(page);
  return page;
}

function preload(page) {
  const picture = page.querySelector("[data-gan-strip] picture")?.cloneNode(true);
  if (!picture) return undefined;
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  const image = document.adoptNode(picture).querySelector("img");
  return Promise.race([image.decode().catch(() => {}), patience]);
}

async function show(url, { remember }) {
  turn += 1;
  const mine = turn;
  try {
    const page = await load(url);
    if (mine !== turn) return;
    ahead.delete(url); // its parts move into this page
    shown = withoutHash(url); // before the focus moves, or it would be fetched ahead again
    swap(page);
    document.title = page.title;
    if (remember) history.pushState(null, "", url);
    const chosen = document.querySelector(`${SWATCH}[aria-checked="true"]`);
    document.dispatchEvent(
      new CustomEvent("gan:colour", { detail: { key: chosen?.dataset.ganKey ?? null, url } }),
    );
  } catch {
    if (mine === turn) location.assign(url);
  }
}

/** Fetch ahead what a pointer or the keyboard is on; nothing else. */
function prepare({ target }) {
  const swatch = target.closest?.(SWATCH);
  if (!swatch || navigator.connection?.saveData) return;
  if (isSwappable(swatch.href) && withoutHash(swatch.href) !== shown) {
    load(swatch.href).catch(() => {});
  }
}

function swap(page) {
  const hadFocus = document.activeElement?.matches(SWATCH);
  const fresh = regions(page);
  const stale = regions(document);
  for (const name of stale.keys()) {
    if (!fresh.has(name)) throw new Error(`The page has no region ${name}.`);
  }
  for (const [name, old] of stale) {
    const region = document.adoptNode(fresh.get(name));
    old.replaceWith(region);
    enhance(region);
  }
  document.querySelector(".gan-pictures")?.classList.add("gan-arriving");
  if (hadFocus) document.querySelector(`${SWATCH}[aria-checked="true"]`)?.focus();
}

async function enlarge(picture) {
  try {
    const { open } = await import("./zoom.js");
    if (open(picture)) return;
  } catch {
    // Not fetched, or an old browser: the link does it.
  }
  location.assign(picture.href);
}

document.addEventListener("click", (event) => {
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const swatch = event.target.closest(SWATCH);
  if (swatch) {
    event.preventDefault();
    select(swatch);
    return;
  }
  const picture = event.target.closest("[data-gan-open]");
  if (picture) {
    event.preventDefault();
    enlarge(picture);
    return;
  }
  const thumb = event.target.closest("[data-gan-thumb]");
  const slide = thumb && document.querySelector(thumb.hash);
  if (slide) {
    event.preventDefault();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const strip = slide.parentElement;
    const left = slide.offsetLeft - strip.firstElementChild.offsetLeft;
    strip.scrollTo({ left, behavior: still ? "instant" : "smooth" });
  }
});

document.addEventListener("keydown", (event) => {
  const swatch = event.target.closest?.(`${SWATCH}[role="radio"]`);
  if (!swatch || event.metaKey || event.ctrlKey || event.altKey) return;
  const swatches = [...swatch.closest("[data-gan-swatches]").querySelectorAll(SWATCH)];
  const forward = getComputedStyle(swatch).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  const step = { [forward]: 1, ArrowDown: 1, [back]: -1, ArrowUp: -1 }[event.key];
  if (event.key === " ") {
    event.preventDefault();
    select(swatch);
  } else if (step) {
    event.preventDefault();
    const next = swatches.at((swatches.indexOf(swatch) + step) % swatches.length);
    next.focus();
    // Arrows choose, as in every radio group, unless choosing would leave the page.
    if (isSwappable(next.href)) select(next);
  }
});

document.addEventListener("pointerover", prepare);
document.addEventListener("focusin", prepare);

addEventListener("popstate", () => {
  if (withoutHash(location.href) !== shown) show(location.href, { remember: false });
});

enhance(document);
