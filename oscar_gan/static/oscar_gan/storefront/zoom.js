/**
 * Enlarged pictures in a <dialog>: buttons, keys, pinch, wheel and drag. Fetched at the first
 * click on a picture; without it that click opens the file, as the link says.
 */

const SCALES = [1, 1.5, 2, 3, 4];
const bound = new WeakSet();
let opener, links, at, scale;

const find = (dialog, name) => dialog.querySelector(`[data-gan-${name}]`);

/** Show the picture behind `link`; false where the page has no dialog for it. */
export function open(link) {
  const section = link.closest("[data-gan-region]");
  const dialog = section?.querySelector("[data-gan-zoom]");
  if (!dialog) return false;
  if (!bound.has(dialog)) bind(dialog);
  bound.add(dialog);
  opener = link;
  links = [...section.querySelectorAll("[data-gan-open]")];
  dialog.showModal();
  show(dialog, links.indexOf(link));
  return true;
}

function show(dialog, index) {
  at = (index + links.length) % links.length;
  const picture = links[at].querySelector("picture").cloneNode(true);
  const image = picture.querySelector("img");
  const small = links[at].querySelector("img").currentSrc;
  if (small) image.style.backgroundImage = `url("${small}")`; // until the large one is there
  image.loading = "eager";
  image.draggable = false;
  find(dialog, "stage").replaceChildren(picture);
  resize(dialog, 1);
}

/** Scale the picture about a point of the stage (its middle by default). */
function resize(dialog, wanted, x = 0.5, y = 0.5) {
  const stage = find(dialog, "stage");
  const old = scale ?? 1;
  scale = Math.min(Math.max(wanted, 1), SCALES.at(-1));
  const px = (stage.scrollLeft + x * stage.clientWidth) / old;
  const py = (stage.scrollTop + y * stage.clientHeight) / old;
  stage.style.setProperty("--gan-scale", scale);
  stage.scrollTo(px * scale - x * stage.clientWidth, py * scale - y * stage.clientHeight);
  // Twice the pixels at once, so that the first enlargement is sharp without waiting.
  const sizes = `${Math.ceil(stage.clientWidth * Math.max(2, scale))}px`;
  for (const part of stage.querySelectorAll("source, img")) part.sizes = sizes;
  const place = find(dialog, "place");
  place.textContent = place.dataset.ganPlace
    .replace("{number}", at + 1)
    .replace("{total}", links.length)
    .replace("{percent}", Math.round(scale * 100));
  dialog.classList.toggle("gan-zoom--large", scale > 1);
  find(dialog, "scale='-1'").disabled = scale === 1;
  find(dialog, "scale='1'").disabled = scale === SCALES.at(-1);
}

function step(dialog, direction) {
  const next = SCALES.filter((each) => (each - scale) * direction > 0.01);
  if (next.length) resize(dialog, direction > 0 ? next[0] : next.at(-1));
}

function bind(dialog) {
  const stage = find(dialog, "stage");
  let drag, moved, pinch;
  const spot = ({ clientX, clientY }) => {
    const box = stage.getBoundingClientRect();
    return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  };
  const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);

  dialog.addEventListener("close", () => opener.focus());
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.ganTurn) show(dialog, at + Number(button.dataset.ganTurn));
    else if (button?.dataset.ganScale) step(dialog, Number(button.dataset.ganScale));
    else if (button) dialog.close();
    else if (!moved && event.target.matches("img")) {
      resize(dialog, scale > 1 ? 1 : 2, ...spot(event));
    }
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const { key } = event;
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      key
    ] ?? [0, 0];
    if (key === "+" || key === "=") step(dialog, 1);
    else if (key === "-") step(dialog, -1);
    else if (key === "0") resize(dialog, 1);
    else if (scale > 1 && (x || y)) stage.scrollBy(x * 80, y * 80);
    else if (x && links.length > 1) show(dialog, at + x);
    else return;
    event.preventDefault();
  });
  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return; // what a trackpad's pinch sends
    event.preventDefault();
    resize(dialog, scale * Math.exp(-event.deltaY / 200), ...spot(event));
  });
  stage.addEventListener("touchstart", ({ touches }) => {
    pinch = touches.length === 2 ? { apart: apart(touches), scale } : undefined;
  });
  stage.addEventListener(
    "touchmove",
    (event) => {
      if (!pinch || event.touches.length !== 2) return;
      event.preventDefault();
      const [a, b] = event.touches;
      const middle = { clientX: (a.clientX + b.clientX) / 2, clientY: (a.clientY + b.clientY) / 2 };
      resize(dialog, (pinch.scale * apart(event.touches)) / pinch.apart, ...spot(middle));
    },
    { passive: false },
  );
  stage.addEventListener("pointerdown", (event) => {
    moved = false;
    drag = event.pointerType === "mouse" && !event.button ? event : undefined;
  });
  dialog.addEventListener("pointermove", (event) => {
    if (!drag || !event.buttons) return;
    moved ||= Math.hypot(event.clientX - drag.clientX, event.clientY - drag.clientY) > 4;
    if (moved) stage.scrollBy(-event.movementX, -event.movementY);
  });
}
