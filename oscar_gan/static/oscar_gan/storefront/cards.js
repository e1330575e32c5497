/**
 * Cards in lists: the picture follows the swatch that is pointed at, and so do the card's links,
 * so that what is seen is what opens. Swatches stay links: a tap or Enter opens their colour.
 */

function follow({ target }) {
  const dot = target.closest?.("[data-gan-dot][data-gan-srcset]");
  if (!dot || dot.hasAttribute("aria-current")) return;
  const card = dot.closest("[data-gan-card], article, li:not(.gan-dots li)");
  const picture = card?.querySelector("[data-gan-card-picture] img");
  if (!picture) return;
  for (const source of picture.parentElement.querySelectorAll("source")) source.remove();
  picture.srcset = dot.dataset.ganSrcset;
  const dots = card.querySelectorAll("[data-gan-dot]");
  const own = [...card.querySelectorAll("a:not([data-gan-dot])")];
  const old = picture.closest("a")?.href;
  for (const link of own) if (link.href === old) link.href = dot.href;
  for (const other of dots) {
    if (other === dot) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
}

document.addEventListener("pointerover", follow);
document.addEventListener("focusin", follow);
