// Controls, picture and text of every explorer. Sizes are never computed here: a gesture
// changes a trait, Python answers with a new scene.

function element(parent, tag, attributes = {}, text = "") {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return parent.appendChild(node);
}

// On whatever takes the focus: otherwise JupyterLab takes the arrow keys to walk through cells.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

function slider(parent, model, { name, label, min, max }, signal) {
  const row = element(parent, "label");
  element(row, "span", {}, label);
  const input = element(row, "input", { type: "range", step: 1, ...OWN_KEYS });
  const readout = element(row, "output", { "aria-hidden": "true" });
  const show = () => {
    const value = model.get(name);
    // Python may set what the slider does not offer; it widens rather than lie.
    input.min = Math.min(min, value);
    input.max = Math.max(max, value);
    input.value = value;
    readout.textContent = value;
  };
  input.addEventListener("input", () => {
    model.set(name, input.valueAsNumber);
    model.save_changes();
  }, { signal });
  model.on(`change:${name}`, show);
  signal.addEventListener("abort", () => model.off(`change:${name}`, show));
  show();
}

function render({ model, el }) {
  const stop = new AbortController();
  el.classList.add("cnnlab-explorer");
  const group = element(el, "div", { role: "group", "aria-label": model.get("_shown").title });
  const controls = element(group, "div", { class: "cnnlab-controls" });
  for (const control of model.get("_controls")) slider(controls, model, control, stop.signal);
  // It scrolls on a narrow page, so it takes the focus too.
  const frame = { class: "cnnlab-picture", tabindex: 0, role: "region", "aria-label": "picture" };
  const picture = element(group, "div", { ...frame, ...OWN_KEYS });
  // The live region stays and only its words change: otherwise it would not be read aloud.
  const text = element(group, "p", { "aria-live": "polite" });
  const lines = element(group, "pre");

  const show = () => {
    const shown = model.get("_shown");
    picture.innerHTML = shown.svg;
    text.textContent = shown.text;
    lines.textContent = shown.lines.join("\n");
  };
  model.on("change:_shown", show);
  stop.signal.addEventListener("abort", () => model.off("change:_shown", show));
  show();
  return () => stop.abort();
}

export default { render };
