
"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const items = Array.from(document.getElementById("list").children);
  const count = document.getElementById("count");
  const words = document.getElementById("f-t");
  const chosen = ["s", "c", "p", "d"].map((key) => [key, document.getElementById("f-" + key)]);
  const texts = new Map();
  let waiting = 0;
  const has = (item, key, value) => (" " + item.dataset[key] + " ").includes(" " + value + " ");
  const text = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const apply = () => {
    const said = words.value.trim().toLowerCase();
    let shown = 0;
    for (const item of items) {
      const fits = chosen.every(([key, box]) => !box.value || has(item, key, box.value))
        && (!said || text(item).includes(said));
      if (item.hidden === fits) item.hidden = !fits;
      if (fits) shown += 1;
    }
    const all = items.length.toLocaleString("en-GB");
    count.textContent = shown === items.length ? "All " + all + " passages are shown."
      : shown.toLocaleString("en-GB") + " of " + all + " passages are shown.";
  };
  const later = () => { clearTimeout(waiting); waiting = setTimeout(apply, 250); };
  form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
  form.addEventListener("reset", () => setTimeout(apply, 0));
  chosen.forEach(([, box]) => box.addEventListener("change", apply));
  words.addEventListener("input", later);
  form.hidden = false;
  apply();
})();
