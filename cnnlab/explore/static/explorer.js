// Controls, picture and text of every explorer. Nothing is computed here: a gesture changes a
// trait, Python answers with a new scene; hovering and walking only show what came with it.

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

function element(parent, tag, attributes = {}, text = "") {
  const node = document.createElement(tag);
  setAttributes(node, attributes);
  node.textContent = text;
  return parent.appendChild(node);
}

const clamp = (value, least, most) => Math.min(Math.max(value, least), most);
const rounded = (value) => String(Number(value.toPrecision(3))).replace("-", "−");
const stillness = window.matchMedia("(prefers-reduced-motion: reduce)");

// ---- Keys

// On whatever takes the focus: otherwise JupyterLab takes the arrow keys to walk through cells.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

// Where a key leads from a place.
function destination({ key }, [row, column], step = 1, page = Infinity) {
  return {
    ArrowLeft: [row, column - step], ArrowRight: [row, column + step],
    ArrowUp: [row - step, column], ArrowDown: [row + step, column],
    Home: [row, -Infinity], End: [row, Infinity],
    PageUp: [row - page, column], PageDown: [row + page, column],
  }[key];
}

// Shortcuts of the browser and of JupyterLab stay theirs; what is ours stays here.
const isShortcut = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;
function keep(event) {
  event.preventDefault();
  event.stopPropagation();
}

// ---- Traits: the newest state wins, because ipywidgets sends one message at a time.

function change(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

// A gesture is done: what it set becomes a state to go back to.
function settle(model) {
  change(model, "_settled", model.get("_settled") + 1);
}

function follow(model, name, callback, signal) {
  model.on(`change:${name}`, callback);
  signal.addEventListener("abort", () => model.off(`change:${name}`, callback));
}

// ---- Controls: native inputs bring keyboard, focus and reading aloud.

// With ``values`` it slides along these, as on a logarithmic scale.
function range(row, model, { name, min, max, step, values = [] }, signal) {
  const input = element(row, "input", { type: "range", step, ...OWN_KEYS });
  const readout = element(row, "output", { "aria-hidden": "true" });
  const say = (value) => {
    readout.textContent = value;
    if (values.length) input.ariaValueText = value;
  };
  input.addEventListener("input", () => {
    const value = values[input.valueAsNumber] ?? input.valueAsNumber;
    say(value);
    change(model, name, value);
  }, { signal });
  input.addEventListener("change", () => settle(model), { signal });
  return (value) => {
    const last = values.length - 1;
    const beyond = values.findIndex((each) => each >= value);
    const place = last < 0 ? value : beyond < 0 ? last : beyond;
    // Python may set what the slider does not offer; it widens rather than lie.
    input.min = last < 0 ? Math.min(min, value) : 0;
    input.max = last < 0 ? Math.max(max, value) : last;
    input.value = place;
    say(value);
  };
}

function select(row, model, { name, options }, signal) {
  const input = element(row, "select", OWN_KEYS);
  const groups = new Map([["", input]]);
  for (const [, words, group] of options) {
    if (!groups.has(group)) groups.set(group, element(input, "optgroup", { label: group }));
    element(groups.get(group), "option", {}, words);
  }
  input.addEventListener("change", () => {
    change(model, name, options[input.selectedIndex][0]);
    settle(model);
  }, { signal });
  return (value) => { input.selectedIndex = options.findIndex(([known]) => known === value); };
}

function toggle(row, model, { name }, signal) {
  const input = element(row, "input", { type: "checkbox", ...OWN_KEYS });
  input.addEventListener("change", () => {
    change(model, name, input.checked);
    settle(model);
  }, { signal });
  return (value) => { input.checked = value; };
}

function typing(row, model, { name, max }, signal) {
  const input = element(row, "input", { type: "text", maxlength: max, spellcheck: false,
    autocomplete: "off", ...OWN_KEYS });
  const send = () => {
    change(model, name, input.value);
    settle(model);
  };
  input.addEventListener("change", send, { signal });
  input.addEventListener("keydown", (event) => { // JupyterLab keeps Enter from being a change
    if (event.key === "Enter") send();
  }, { signal });
  return (value) => { input.value = value; };
}

function file(row, model, { name, max }, signal) {
  const face = element(row, "span", { class: "cnnlab-chooser" });
  element(face, "span", { "aria-hidden": "true" }, "choose a file …");
  const input = element(face, "input", { type: "file", accept: "image/*", ...OWN_KEYS });
  const refusal = element(row, "span", { role: "status", class: "cnnlab-refusal" });
  follow(model, "_shown", () => { refusal.textContent = ""; }, signal);
  input.addEventListener("change", async () => {
    const [chosen] = input.files;
    if (!chosen) return;
    if (chosen.size > 5e7) {
      refusal.textContent = `${chosen.name} is larger than 50 MB. Choose a smaller file.`;
      return;
    }
    try {
      const image = await createImageBitmap(chosen);
      const scale = Math.min(1, max / Math.max(image.width, image.height));
      const [width, height] = [image.width, image.height].map(
        (side) => Math.max(1, Math.round(side * scale)));
      const context = new OffscreenCanvas(width, height).getContext("2d");
      context.drawImage(image, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      model.send({ type: "file", name, width, height, label: chosen.name }, undefined,
        [data.buffer]);
      refusal.textContent = "";
    } catch {
      refusal.textContent = `${chosen.name} is not an image this browser can read.`;
    }
  }, { signal });
}

const KINDS = { slider: range, select, toggle, text: typing, file };

function addControl(parent, model, control, signal, hint) {
  let row;
  const named = { "data-control": control.name, title: control.hint };
  if (control.kind === "button") {
    row = element(parent, "button", { type: "button", ...named, ...OWN_KEYS }, control.label);
    row.addEventListener("click", () => model.send({ type: "press", name: control.name }),
      { signal });
  } else {
    row = element(parent, "label", { class: `cnnlab-${control.kind}`, ...named });
    element(row, "span", {}, control.label);
    const show = KINDS[control.kind](row, model, control, signal);
    if (show) {
      const update = () => show(model.get(control.name));
      follow(model, control.name, update, signal);
      update();
    }
  }
  row.addEventListener("focusin", () => hint(control.hint), { signal });
  const conditions = Object.entries(control.when ?? {});
  const appear = () => {
    row.hidden = !conditions.every(([name, values]) => values.includes(model.get(name)));
  };
  for (const [name] of conditions) follow(model, name, appear, signal);
  appear();
}

// One tab stop for all controls of a box: up and down lead from one to the next, left and right
// change the one with the focus.
const REACHED = "input, select, button";
const reached = (box) => [...box.querySelectorAll(REACHED)].filter((node) => {
  const off = node.closest("[hidden]");
  return !off || off === box || !box.contains(off);
});

const COLUMN = { ArrowUp: -1, ArrowDown: 1 };
function makeOneStop(box, signal, steps = COLUMN) {
  const rove = (to) => {
    for (const node of box.querySelectorAll(REACHED)) node.tabIndex = node === to ? 0 : -1;
  };
  box.addEventListener("focusin", ({ target }) => target.matches(REACHED) && rove(target),
    { signal });
  box.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || isShortcut(event)) return;
    const all = reached(box);
    all[clamp(all.indexOf(event.target) + step, 0, all.length - 1)]?.focus();
    keep(event);
  }, { signal });
  return () => {
    const all = reached(box);
    rove(all.find((node) => node.tabIndex === 0) ?? all[0]);
  };
}

// The essential controls in sight, the others in a sheet that opens over the picture.
function addControls(box, sheet, model, signal, hint) {
  const stops = [makeOneStop(box, signal), makeOneStop(sheet, signal)];
  let built = new AbortController();
  signal.addEventListener("abort", () => built.abort());
  const build = () => {
    const focused = document.activeElement?.closest("[data-control]")?.dataset.control;
    built.abort();
    built = new AbortController();
    box.replaceChildren();
    sheet.replaceChildren();
    const groups = new Map();
    for (const control of model.get("_controls")) {
      const title = control.group ?? "";
      if (!control.essential && !groups.has(title)) {
        const part = element(sheet, title ? "fieldset" : "div", { class: "cnnlab-controls" });
        if (title) element(part, "legend", {}, title);
        groups.set(title, part);
      }
      addControl(control.essential ? box : groups.get(title), model, control, built.signal, hint);
    }
    for (const restop of stops) restop();
    if (focused) box.querySelector(`[data-control="${focused}"]`)?.querySelector(REACHED)?.focus();
  };
  follow(model, "_controls", build, signal);
  follow(model, "_shown", () => stops.forEach((restop) => restop()), signal);
  build();
}

// ---- Tools: more controls, undo and redo, a copy as code, the keys.

const KEYS = "Tab leads from part to part, arrow keys inside one; Enter changes a number, Space plays. "
  + "Where cells are too small for numbers, arrow keys move a lens over the picture, Page Up and "
  + "Page Down lead to other planes. Ctrl+Z undoes and Ctrl+Shift+Z redoes; Escape leads back to the cell.";

function addTools(bar, model, signal, say) {
  const press = (label, act) => {
    const button = element(bar, "button", { type: "button", ...OWN_KEYS }, label);
    button.addEventListener("click", act, { signal });
    return button;
  };
  const send = (type) => () => model.send({ type });
  const more = press("more", () => open(more.getAttribute("aria-expanded") !== "true"));
  const sheet = document.createElement("div");
  setAttributes(sheet, { class: "cnnlab-more", role: "group", "aria-label": "more controls" });
  const open = (shown) => {
    more.setAttribute("aria-expanded", shown);
    sheet.hidden = !shown;
  };
  open(false);
  const [undo, redo] = [press("undo", send("undo")), press("redo", send("redo"))];
  press("reset", send("reset"));
  press("copy as code", async () => {
    const { call } = model.get("_shown");
    try {
      await navigator.clipboard.writeText(call);
      say(`Copied: ${call}`);
    } catch {
      say(call); // a page that may not write to the clipboard shows what to copy
    }
  });
  setAttributes(press("?", () => say(KEYS)), { "aria-label": "keys", title: KEYS });
  const enable = () => model.get("_can").forEach((can, i) => {
    [undo, redo][i].setAttribute("aria-disabled", !can); // disabled, it would lose the focus
  });
  follow(model, "_can", enable, signal);
  enable();
  const stop = makeOneStop(bar, signal, { ...COLUMN, ArrowLeft: -1, ArrowRight: 1 });
  const fill = () => {
    more.hidden = model.get("_controls").every(({ essential }) => essential);
    if (more.hidden) open(false);
    stop();
  };
  follow(model, "_controls", fill, signal);
  fill();
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    open(false);
    more.focus();
    keep(event);
  }, { signal });
  return sheet;
}

// What is wrong, and what would help, one click away.
function addProblem(parent, model, signal) {
  const box = element(parent, "div", { class: "cnnlab-problem", role: "status" });
  return ({ problem = "", fixes = [] }) => {
    const face = JSON.stringify([problem, fixes]);
    if (box.dataset.face === face) return;
    box.dataset.face = face;
    box.hidden = !problem && !fixes.length;
    box.replaceChildren();
    if (problem) element(box, "p", {}, problem);
    for (const label of fixes) {
      const button = element(box, "button", { type: "button", ...OWN_KEYS }, label);
      button.addEventListener("click", () => model.send({ type: "fix", label }), { signal });
    }
  };
}

function listenToKeys(group, el, model, signal) {
  group.addEventListener("keydown", (event) => {
    const { key, ctrlKey, metaKey, shiftKey, target } = event;
    if (key === "Escape") {
      el.closest(".jp-Cell, .jp-Notebook, [tabindex]")?.focus();
      keep(event);
    } else if (key === "?" && !target.matches("input:not([type=range], [type=checkbox])")) {
      group.querySelector("[aria-label=keys]").click();
      keep(event);
    } else if ((ctrlKey || metaKey) && /^[zy]$/i.test(key) && !target.matches(".cnnlab-field, [type=text]")) {
      model.send({ type: shiftKey || key.toLowerCase() === "y" ? "redo" : "undo" });
      keep(event);
    }
  }, { signal });
}

// The widest drawing there is room for; in between, the page scales it up.
const WIDTHS = [236, 560, 900];
function reportWidth(group, model, signal) {
  const watch = new ResizeObserver(([{ contentRect: { width } }]) => {
    const fits = Math.max(WIDTHS[0], ...WIDTHS.filter((each) => each <= width));
    if (width && fits !== model.get("_width")) change(model, "_width", fits);
  });
  watch.observe(group);
  signal.addEventListener("abort", () => watch.disconnect());
}

// ---- Cells: what a key is linked to, shown on hover and focus.

const spoken = (key) => key.replace(":", " ").replaceAll(",", ", ");

// "input:0,1 2,3 4" names four cells: each place may list several.
const product = (lists) => lists.reduce(
  (found, list) => found.flatMap((row) => list.map((each) => [...row, each])), [[]]);
const places = (pattern) => pattern.split(":")[1].split(",").map((place) => place.split(" "));
function expand(pattern) {
  const [grid] = pattern.split(":");
  return product(places(pattern)).map((row) => `${grid}:${row.join(",")}`);
}

const keyed = (event) => event.target.closest?.("[data-key]")?.dataset.key;
// A cell too small to show its number carries it.
const wordsOf = (node) => node.dataset.value ?? node.querySelector("text")?.textContent ?? "";

// ---- Lens: the number of a cell that is too small to show it. A linked cell carries it; where
// there are too many to link them all, Python tells of the one that is pointed at, and its numbers.

const REACH = 2; // cells to each side that Python tells of
const numbers = (words) => words.split(",").map(Number);

// Runs of consecutive numbers: first and length.
function runs(list) {
  const found = [];
  for (const each of list) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === each) last[1] += 1;
    else found.push([each, 1]);
  }
  return found;
}

// A box of the screen in a picture's own pixels: slides are scaled.
function within(picture, box) {
  const { left, top, width } = picture.getBoundingClientRect();
  const scale = picture.offsetWidth / width;
  return new DOMRect(...[box.x - left, box.y - top, box.width, box.height].map((each) => each * scale));
}

class Lens {
  constructor(cells, signal) {
    Object.assign(this, { cells, model: cells.model, planes: [], at: null });
    this.table = element(cells.picture, "table", { class: "cnnlab-lens", "aria-hidden": "true" });
    this.table.hidden = true;
    const on = (type, listener) => cells.picture.addEventListener(type, listener, { signal });
    on("pointermove", (event) => this.point(event));
    on("keydown", (event) => this.walk(event));
    for (const type of ["pointerleave", "focusout"]) on(type, () => this.hide());
    follow(this.model, "_told", () => this.tell(), signal);
  }

  show() {
    const { name } = this.planes[this.at?.plane] ?? {};
    this.planes = [...this.cells.stage.querySelectorAll("[data-cells]")].map((node) => {
      const { cells, shape, first, step } = node.dataset;
      return { node, name: cells, shape: numbers(shape), first: numbers(first), step: Number(step) };
    });
    const plane = this.planes.findIndex((each) => each.name === name);
    if (plane < 0) this.hide();
    else this.go(plane, this.at.i, this.at.j);
  }

  hide() {
    this.at = null;
    this.table.hidden = true;
    this.outline({});
  }

  point({ target, clientX, clientY }) {
    const plane = this.planes.findIndex(({ node }) => node === target);
    if (plane < 0) return;
    const { left, top, width, height } = target.getBoundingClientRect();
    const [rows, columns] = this.planes[plane].shape;
    this.go(plane, Math.floor((rows * (clientY - top)) / height),
      Math.floor((columns * (clientX - left)) / width));
  }

  // Arrow keys lead through a plane, Page Up and Page Down to the one before and the next.
  walk(event) {
    if (event.target !== this.cells.picture || !this.planes.length || isShortcut(event)) return;
    const turn = { PageUp: -1, PageDown: 1 }[event.key] ?? 0;
    const { plane, i, j } = this.at ?? { plane: 0, i: 0, j: -1 };
    const to = destination(event, [i, j]);
    if (!to) return;
    if (turn) this.go(plane + turn, 0, 0);
    else this.go(plane, ...to);
    keep(event);
  }

  go(number, i, j) {
    const plane = clamp(number, 0, this.planes.length - 1);
    const { name, shape, first, step } = this.planes[plane];
    this.at = { plane, i: clamp(i, 0, shape[0] - 1), j: clamp(j, 0, shape[1] - 1) };
    const [row, column] = [first[0] + this.at.i * step, first[1] + this.at.j * step];
    this.key = name.endsWith(":") ? `${name}${column}` : `${name},${row},${column}`;
    this.outline({ here: [this.key] });
    if (this.model.get("_asked") === this.key) this.tell();
    else change(this.model, "_asked", this.key);
  }

  tell() {
    const { key, text, marks, near } = this.model.get("_told");
    if (!this.at || key !== this.key) return;
    this.cells.reading.textContent = text;
    this.outline({ ...marks, here: [key] });
    const { node, shape } = this.planes[this.at.plane];
    const { left, top, width, height } = node.getBoundingClientRect();
    const [wide, high] = [width / shape[1], height / shape[0]];
    this.write(near, new DOMRect(left + this.at.j * wide, top + this.at.i * high, wide, high));
  }

  // Frames over planes, which have no elements for their cells.
  outline(marks) {
    this.frames?.remove();
    const svg = this.cells.stage.firstElementChild;
    this.frames = document.createElementNS(svg.namespaceURI, "g");
    for (const [role, patterns] of Object.entries(marks)) {
      const path = document.createElementNS(svg.namespaceURI, "path");
      setAttributes(path, { class: `cnnlab-frame is-${role}`,
        d: patterns.map((pattern) => this.frame(pattern)).join("") });
      this.frames.append(path);
    }
    svg.append(this.frames);
  }

  frame(pattern) {
    const lists = places(pattern);
    const columns = lists.pop().map(Number);
    const rows = (lists.pop() ?? [0]).map(Number);
    const names = product(lists).map((each) => `${pattern.split(":")[0]}:${each.join(",")}`);
    return this.planes.filter(({ name }) => names.includes(name)).map(
      ({ node, shape, first, step }) => {
        const [x, y, width, height] = ["x", "y", "width", "height"].map(
          (side) => node[side].baseVal.value);
        const [wide, high] = [width / shape[1] / step, height / shape[0] / step];
        return product([runs(rows), runs(columns)]).map(([[row, down], [column, across]]) =>
          `M${x + (column - first[1]) * wide} ${y + (row - first[0]) * high}`
          + `h${across * wide}v${down * high}h${-across * wide}z`).join("");
      }).join("");
  }

  near(key) {
    const node = this.cells.first(key);
    const { value } = node?.dataset ?? {};
    if (value) this.write([[value]], node.getBoundingClientRect());
    else if (!this.at) this.table.hidden = true;
  }

  write(rows, box) {
    const { table, cells: { picture } } = this;
    const { offsetWidth: wide, offsetHeight: high } = picture;
    const [down, across] = [rows.length >> 1, rows[0].length >> 1];
    const reach = wide < WIDTHS[1] ? 1 : REACH;
    table.replaceChildren();
    rows.forEach((row, r) => {
      if (!row.some(Boolean) || Math.abs(r - down) > reach) return;
      const line = element(table, "tr");
      row.forEach((words, c) => {
        if (Math.abs(c - across) > reach) return;
        element(line, "td", { class: r === down && c === across ? "is-here" : "" }, words);
      });
    });
    table.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = table;
    const { left, right, top, bottom } = within(picture, box);
    const under = bottom + 8;
    const y = under + height <= high ? under : top - 8 - height;
    Object.assign(table.style, {
      left: `${clamp((left + right - width) / 2, 0, wide - width)}px`,
      top: `${clamp(y, 0, high - height)}px`,
    });
  }
}

class Cells {
  constructor(model, group, signal) {
    this.model = model;
    this.signal = signal;
    // It scrolls on a narrow page, so it takes the focus too.
    const frame = { class: "cnnlab-picture", tabindex: 0, role: "region", "aria-label": "picture" };
    this.picture = element(group, "div", { ...frame, ...OWN_KEYS });
    this.sheet = element(this.picture, "div", { class: "cnnlab-sheet" });
    this.stage = element(this.sheet, "div"); // so that canvases and fields outlive a new drawing
    this.player = element(group, "div", { class: "cnnlab-player", hidden: "" });
    // Words of any length scroll here, so that nothing below the explorer moves.
    const panel = { class: "cnnlab-panel", tabindex: 0, role: "region", "aria-label": "result" };
    this.panel = element(group, "div", { ...panel, ...OWN_KEYS });
    this.showProblem = addProblem(this.panel, model, signal);
    // It stays and only its words change: otherwise it would not be read aloud.
    this.reading = element(this.panel, "p", { class: "cnnlab-reading", "aria-live": "polite" });
    const on = (type, listener) => this.picture.addEventListener(type, listener, { signal });
    this.lens = new Lens(this, signal);
    const look = (key, act) => {
      if (!key) return;
      this[act](key);
      this.lens.near(key);
    };
    on("pointerdown", (event) => this.grab(event, keyed(event)));
    // Not when the pointer is over a cell: that could have scrolled there.
    on("pointermove", (event) => {
      if (this.held) this.pull(event);
      else if (keyed(event) !== this.at) look(keyed(event), "mark");
    });
    for (const type of ["pointerup", "pointercancel"]) on(type, () => this.drop());
    on("pointerleave", () => this.mark(model.get("selected")));
    on("focusin", (event) => look(keyed(event), "select"));
    on("click", (event) => this.first(keyed(event))?.focus());
    on("dblclick", (event) => this.edit(keyed(event)));
    on("keydown", (event) => this.walk(event, keyed(event)));
    follow(model, "selected", () => this.mark(model.get("selected")), signal);
  }

  show(shown) {
    const focused = this.picture.contains(document.activeElement)
      && document.activeElement.dataset.key;
    this.shown = shown;
    const [width, height] = shown.stage;
    this.picture.style.cssText = `--width: ${width}; --height: ${height}`;
    this.stage.innerHTML = shown.svg;
    const svg = this.stage.firstElementChild;
    this.showProblem(shown);
    this.elements = Map.groupBy(svg.querySelectorAll("[data-key]"), ({ dataset }) => dataset.key);
    this.grids = shown.grids ?? [];
    this.marked = [];
    this.places = new Map();
    this.lens.show();
    this.grids.forEach((grid) => grid.keys.forEach((row, r) => row.forEach(
      (key, c) => this.places.set(key, { grid, r, c }))));
    // Its cells take the focus: no longer one image.
    if (this.grids.length) svg.setAttribute("role", "group");
    const selected = this.model.get("selected");
    for (const grid of this.grids) {
      this.build(grid, this.places.get(selected)?.grid === grid ? selected : grid.keys[0][0]);
    }
    if (focused) this.first(focused)?.focus({ preventScroll: true });
    this.mark(this.first(this.at) ? this.at : selected); // where the pointer rests, if it does
    this.lens.tell();
  }

  first(key) {
    return this.elements.get(key)?.[0];
  }

  // Gathers the cells of a grid, which lie side by side in the picture, row by row.
  build(grid, stop) {
    const first = this.first(grid.keys[0][0]);
    const add = (parent, attributes) => {
      const node = document.createElementNS(first.namespaceURI, "g");
      setAttributes(node, attributes);
      return parent.appendChild(node);
    };
    const table = add(first.parentNode, { role: "grid", "aria-label": grid.label });
    first.before(table);
    for (const keys of grid.keys) {
      const row = add(table, { role: "row" });
      for (const key of keys) {
        const node = this.first(key);
        const label = `${spoken(key)}: ${wordsOf(node)}`;
        const tabindex = key === stop ? 0 : -1;
        setAttributes(node, { role: "gridcell", tabindex, "aria-label": label, ...OWN_KEYS });
        row.append(node);
      }
    }
  }

  // One tab stop a grid: the cell where the reader was last.
  makeStop(grid, key) {
    for (const other of grid.keys.flat()) this.first(other)?.setAttribute("tabindex", -1);
    this.first(key)?.setAttribute("tabindex", 0);
  }

  mark(key) {
    this.at = key;
    for (const [node, role] of this.marked) node.classList.remove(role);
    this.marked = [];
    const link = this.shown.links?.[key];
    this.reading.textContent = link?.text ?? this.shown.hint ?? "";
    for (const node of this.picture.querySelectorAll("[data-slot]")) {
      node.firstElementChild.textContent = link?.put?.[node.dataset.slot] ?? "";
    }
    for (const [role, keys] of Object.entries({ ...link?.marks, here: link ? [key] : [] })) {
      for (const node of keys.flatMap(expand).flatMap((each) => this.elements.get(each) ?? [])) {
        node.classList.add(`is-${role}`);
        this.marked.push([node, `is-${role}`]);
      }
    }
  }

  select(key) {
    const place = this.places.get(key);
    if (place) this.makeStop(place.grid, key);
    if (this.model.get("selected") !== key) change(this.model, "selected", key);
    this.mark(key);
  }

  walk(event, key) {
    const place = this.places.get(key);
    if (!place || event.target.tagName === "INPUT" || isShortcut(event)) return;
    const { grid: { keys }, r, c } = place;
    const drag = this.shown.links?.[key]?.drag;
    const by = drag && destination(event, [0, 0], event.shiftKey ? 10 : 1, 10);
    const to = destination(event, [r, c]);
    if (by) {
      this.nudge(drag, clamp(by[1], -1e9, 1e9), clamp(-by[0], -1e9, 1e9));
    } else if (to) {
      const row = keys[clamp(to[0], 0, keys.length - 1)];
      this.first(row[clamp(to[1], 0, row.length - 1)])?.focus();
    } else if (event.key === "Enter" || event.key === "F2") this.edit(key);
    else if (/^[-−0-9.]$/.test(event.key)) this.edit(key, event.key);
    else return;
    keep(event);
  }

  // A cell that is dragged sets numbers: each follows a way to the right and up, at its rates.
  dragged({ names }) {
    return names.map((name) => this.model.get(name));
  }

  rates({ rates, low, high }) {
    return rates ?? [[high[0] - low[0], 0], [0, high[1] - low[1]]];
  }

  put({ names, step, low, high }, to) {
    names.forEach((name, i) => {
      const stop = Number((Math.round(to[i] / step) * step).toPrecision(9));
      this.model.set(name, clamp(stop, low[i], high[i]));
    });
    this.model.save_changes();
  }

  // With a key the number that changes most takes a step.
  nudge(drag, right, up) {
    const ways = this.rates(drag).map(([x, y]) => x * right + y * up);
    const most = Math.max(...ways.slice(0, 2).map(Math.abs)) / Math.max(Math.abs(right), Math.abs(up));
    this.put(drag, this.dragged(drag).map((at, i) => at + (most ? drag.step * ways[i] / most : 0)));
    settle(this.model);
  }

  grab(event, key) {
    const drag = this.shown.links?.[key]?.drag;
    if (!drag) return;
    const plane = this.picture.querySelector(`[data-plane="${drag.plane ?? ""}"]`);
    const { width, height } = plane.getBoundingClientRect();
    this.first(key).focus();
    this.picture.setPointerCapture(event.pointerId);
    this.held = { drag, from: this.dragged(drag), at: [event.clientX, event.clientY],
      sides: [width, height] };
    event.preventDefault();
  }

  pull({ clientX, clientY }) {
    const { drag, from, at, sides } = this.held;
    const [right, up] = [(clientX - at[0]) / sides[0], (at[1] - clientY) / sides[1]];
    this.put(drag, this.rates(drag).map(([x, y], i) => from[i] + x * right + y * up));
  }

  drop() {
    if (this.held) settle(this.model);
    this.held = null;
  }

  edit(key, typed) {
    const place = this.places.get(key);
    if (!typed && this.shown.links?.[key]?.unfolds) this.model.send({ type: "edit", key, value: 1 });
    if (!place || !this.shown.edits?.includes(place.grid.name)) return;
    const node = this.first(key);
    if ("fixed" in node.dataset) return;
    const words = wordsOf(node);
    const field = this.openField(node, `new value of ${spoken(key)}`);
    field.value = typed ?? words;
    field.focus();
    if (!typed) field.select();
    const leave = () => this.first(key)?.focus({ preventScroll: true });
    // Later: a field that is being removed loses the focus too.
    field.addEventListener("blur", () => queueMicrotask(() => field.remove()));
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      // An untouched number keeps the digits that its cell has no room for.
      const done = event.key === "Enter" && (field.value === words || this.commit(key, field));
      if (done || event.key === "Escape") leave();
    });
  }

  openField(node, label) {
    const box = within(this.picture, node.getBoundingClientRect());
    const attributes = { class: "cnnlab-field", inputmode: "decimal", "aria-label": label };
    const field = element(this.picture, "input", { ...attributes, ...OWN_KEYS });
    Object.assign(field.style, {
      left: `${box.x + this.picture.scrollLeft}px`, top: `${box.y + this.picture.scrollTop}px`,
      width: `${Math.max(box.width, 56)}px`, height: `${box.height}px`,
    });
    return field;
  }

  // Shows the number at once; says so if it is none.
  commit(key, field) {
    const value = Number(field.value.trim().replace("−", "-") || NaN);
    const good = Math.abs(value) <= 1e6;
    if (good) {
      const words = this.first(key)?.querySelector("text");
      if (words) words.textContent = String(value).replace("-", "−");
      this.model.send({ type: "edit", key, value });
    } else {
      field.setAttribute("aria-invalid", "true");
      this.reading.textContent = `“${field.value}” is not a number between −1,000,000 and `
        + "1,000,000. Type one such as −1 or 0.5, or press Escape.";
    }
    return good;
  }
}

// ---- Play: walk through one grid, in the page alone.

const RATES = [1, 2, 4]; // steps a second

function addPlayer(cells, signal) {
  const bar = cells.player;
  const press = (...face) => {
    const button = element(bar, "button", { type: "button", ...OWN_KEYS });
    wear(button, ...face);
    return button;
  };
  const wear = (button, label, sign) => {
    setAttributes(button, { "aria-label": label, title: label });
    button.textContent = sign;
  };
  const [back, play, forward] = [press("step back", "◂"), press("play", "▶"), press("step", "▸")];
  const speed = press("speed: 1 step a second", "1×");
  const row = element(bar, "label");
  const words = element(row, "span");
  const scrub = element(row, "input", { type: "range", min: 0, ...OWN_KEYS });
  let keys = [];
  let timer = 0;
  let rate = 0; // in RATES
  const at = () => Math.max(keys.indexOf(cells.model.get("selected")), -1);
  const go = (i) => {
    const key = keys[(i + keys.length) % keys.length];
    if (key) cells.select(key);
  };
  const pause = () => {
    clearInterval(timer);
    timer = 0;
    wear(play, "play", "▶");
  };
  const start = () => {
    go(at() + 1);
    if (stillness.matches) return;
    timer = setInterval(() => go(at() + 1), 1000 / RATES[rate]);
    wear(play, "pause", "❚❚");
  };
  const playOrPause = () => (timer ? pause() : start());
  const on = (node, type, act) => node.addEventListener(type, act, { signal });
  on(back, "click", () => { pause(); go(at() < 0 ? -1 : at() - 1); });
  on(forward, "click", () => { pause(); go(at() + 1); });
  on(play, "click", playOrPause);
  on(speed, "click", () => {
    rate = (rate + 1) % RATES.length;
    const times = RATES[rate];
    wear(speed, `speed: ${times} ${times === 1 ? "step" : "steps"} a second`, `${times}×`);
    if (!timer) return;
    clearInterval(timer);
    timer = setInterval(() => go(at() + 1), 1000 / times);
  });
  // Space where a cell has the focus: elsewhere it presses what has it.
  on(cells.picture, "keydown", (event) => {
    if (event.key !== " " || isShortcut(event) || event.target.matches("input") || !keys.length) return;
    playOrPause();
    keep(event);
  });
  on(scrub, "input", () => { pause(); go(scrub.valueAsNumber); });
  signal.addEventListener("abort", pause);
  const place = () => { scrub.value = Math.max(at(), 0); };
  follow(cells.model, "selected", place, signal);
  return (shown) => {
    const grid = shown.play && cells.grids.find((each) => each.name === shown.play.grid);
    if (grid) bar.hidden = false;
    bar.style.visibility = grid ? "" : "hidden"; // its room stays
    keys = grid ? grid.keys.flat() : [];
    if (!grid) pause();
    words.textContent = shown.play?.label ?? "";
    scrub.max = Math.max(keys.length - 1, 0);
    place();
  };
}

// ---- Images: Python sends shades and values; colours, reading a pixel and dragging need no answer
// from it.

// 256 colours between evenly spaced ones, as bytes of RGBA.
const palettes = new Map();
const NO_NUMBER = 0xffa779cc; // red 204, green 121, blue 167: infinity, or not a number
function palette(colors) {
  const known = palettes.get(String(colors));
  if (known) return known;
  const context = new OffscreenCanvas(256, 1).getContext("2d");
  const gradient = context.createLinearGradient(1.5, 0, 255.5, 0);
  colors.forEach((color, i) => gradient.addColorStop(i / (colors.length - 1), color));
  context.fillStyle = gradient;
  context.fillRect(0, 0, 256, 1);
  const made = new Uint32Array(context.getImageData(0, 0, 256, 1).data.buffer);
  made[0] = NO_NUMBER;
  palettes.set(String(colors), made);
  return made;
}

function painted({ width, height, colors }, shades) {
  const pixels = new ImageData(width, height);
  const [dyes, out] = [palette(colors), new Uint32Array(pixels.data.buffer)];
  for (let i = 0; i < out.length; i++) out[i] = dyes[shades[i]];
  return pixels;
}

class Picture {
  constructor(name, pictures, signal) {
    Object.assign(this, { name, pictures, model: pictures.model, at: null, looks: "" });
    this.frame = element(pictures.sheet, "div", { class: "cnnlab-canvas" });
    pictures.cells.stage.before(this.frame); // under the drawing
    this.canvas = element(this.frame, "canvas", { role: "img", tabindex: 0, ...OWN_KEYS });
    this.box = this.outline("cnnlab-cursor");
    const on = (type, listener) => this.canvas.addEventListener(type, listener, { signal });
    on("pointermove", (event) => this.point(event));
    on("pointerleave", () => this.rest());
    on("pointerdown", (event) => this.grab(event));
    for (const type of ["pointerup", "pointercancel"]) on(type, () => this.drop());
    on("click", () => this.image.drag || this.choose());
    on("focus", () => this.move(...(this.at ?? this.middle())));
    on("blur", () => this.rest());
    on("keydown", (event) => this.walk(event));
  }

  outline(look) {
    return element(this.frame, "div", { class: look, hidden: "" });
  }

  show(image) {
    const shades = this.model.get(image.shades);
    const looks = JSON.stringify(image);
    if (shades === this.shades && looks === this.looks) return;
    Object.assign(this, { image, shades, looks });
    const { buffer, byteOffset, byteLength } = shades;
    this.pixels = painted(image, new Uint8Array(buffer, byteOffset, byteLength));
    this.canvas.setAttribute("aria-label", image.label);
    this.canvas.classList.toggle("is-dragged", Boolean(image.drag));
    this.paint();
  }

  // Into its frame.
  place(svg) {
    const frame = svg.querySelector(`[data-image="${this.name}"]`);
    this.frame.hidden = !frame;
    if (!frame) return;
    const [x, y, width, height] = ["x", "y", "width", "height"].map((side) => frame[side].baseVal.value);
    placeBox(this.frame, svg.viewBox.baseVal, [y, x], [height, width]);
    this.canvas.classList.toggle("is-enlarged", width >= 2 * this.image.width);
  }

  // How far it is dragged to the right and down.
  dragged() {
    return this.image.drag.names.map((name) => this.model.get(name));
  }

  // A picture that is dragged follows at once; Python's newest values come with their own place.
  shift() {
    const { drag } = this.image;
    return drag ? this.dragged().map((far, i) => far - drag.at[i]) : [0, 0];
  }

  paint() {
    const { width, height, colors } = this.image;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      Object.assign(this.canvas, { width, height });
    }
    const context = this.canvas.getContext("2d");
    [context.fillStyle] = colors;
    context.fillRect(0, 0, width, height);
    context.putImageData(this.pixels, ...this.shift());
  }

  middle() {
    return [this.image.height >> 1, this.image.width >> 1];
  }

  pixel(event) {
    const box = this.canvas.getBoundingClientRect();
    return [
      Math.floor(((event.clientY - box.top) / box.height) * this.image.height),
      Math.floor(((event.clientX - box.left) / box.width) * this.image.width),
    ];
  }

  point(event) {
    if (this.held) this.pull(event);
    this.move(...this.pixel(event));
  }

  move(row, column) {
    const { height, width } = this.image;
    this.at = [clamp(row, 0, height - 1), clamp(column, 0, width - 1)];
    this.pictures.read(this);
  }

  rest() {
    if (this.canvas === document.activeElement || this.held) return;
    this.pictures.rest(this);
  }

  choose() {
    change(this.model, "selected", `${this.name}:${this.at}`);
  }

  walk(event) {
    if (isShortcut(event)) return;
    const { drag } = this.image;
    const from = drag ? this.dragged().toReversed() : this.at;
    const to = destination(event, from, event.shiftKey ? 10 : 1);
    if (to && drag) {
      this.drag(...to.toReversed());
      settle(this.model);
    }
    else if (to) this.move(...to);
    else if (event.key === "Enter" && !drag) this.choose();
    else return;
    keep(event);
  }

  grab(event) {
    if (!this.image.drag) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.held = { from: this.dragged(), at: [event.clientX, event.clientY] };
  }

  drop() {
    if (this.held) settle(this.model);
    this.held = null;
  }

  pull(event) {
    const zoom = this.canvas.getBoundingClientRect().width / this.image.width;
    const { from, at } = this.held;
    this.drag(from[0] + Math.round((event.clientX - at[0]) / zoom),
      from[1] + Math.round((event.clientY - at[1]) / zoom));
  }

  drag(...to) {
    const { names, limit } = this.image.drag;
    names.forEach((name, i) => this.model.set(name, clamp(to[i], -limit, limit)));
    this.model.save_changes();
    this.pictures.read(this);
  }

  // The values follow their picture a moment later, in a message of their own.
  value(row, column) {
    const { width, height, values } = this.image;
    if (row < 0 || column < 0 || row >= height || column >= width) return "0";
    const bytes = this.model.get(values);
    const arrived = bytes.byteLength === 4 * width * height;
    return arrived ? rounded(bytes.getFloat32(4 * (row * width + column), true)) : "…";
  }

  words() {
    const { caption, drag } = this.image;
    const [row, column] = this.at;
    const [dx, dy] = this.shift();
    const moved = (drag?.names ?? []).map((name) => `${name} ${rounded(this.model.get(name))}`);
    const place = drag ? `${moved.join(", ")}; ` : "";
    return `${place}${caption}, row ${row}, column ${column}: ${this.value(row - dy, column - dx)}`;
  }
}

// Box of whole pixels over a picture, also beyond its edges, where it is padded.
function placeBox(box, image, [row, column], [rows, columns]) {
  box.hidden = false;
  Object.assign(box.style, {
    left: `${(100 * column) / image.width}%`, top: `${(100 * row) / image.height}%`,
    width: `${(100 * columns) / image.width}%`, height: `${(100 * rows) / image.height}%`,
  });
}

class Pictures {
  constructor(model, cells, signal) {
    Object.assign(this, { model, cells, signal, sheet: cells.sheet, views: new Map() });
  }

  show(shown) {
    const svg = this.cells.stage.firstElementChild;
    for (const [name, image] of Object.entries(shown.images ?? {})) {
      if (!this.views.has(name)) this.add(name, image);
      this.views.get(name).show(image);
    }
    for (const view of this.views.values()) view.place(svg);
    if (this.reader) this.reread(this.reader);
  }

  reread(view) {
    if (view === this.reader && !view.frame.hidden) view.move(...view.at);
  }

  add(name, image) {
    const view = new Picture(name, this, this.signal);
    this.views.set(name, view);
    follow(this.model, image.values, () => this.reread(view), this.signal);
    for (const trait of image.drag?.names ?? []) {
      follow(this.model, trait, () => view.paint(), this.signal);
    }
  }

  read(view) {
    this.reader = view;
    this.clear();
    placeBox(view.box, view.image, view.at, [1, 1]);
    const from = (view.image.windows ?? []).map((window) => this.look(window, view.at));
    this.cells.reading.textContent = [view.words(), ...from].join(", ");
  }

  // The window that a pixel was made from, outlined in the other picture.
  look({ image, caption, size, stride, offset }, at) {
    const view = this.views.get(image);
    view.window ??= view.outline("cnnlab-window");
    const start = at.map((place, i) => place * stride[i] + offset[i]);
    placeBox(view.window, view.image, start, size);
    const [rows, columns] = start.map(
      (first, i) => `${rounded(first)} to ${rounded(first + size[i] - 1)}`);
    return `made from ${caption} rows ${rows}, columns ${columns}`;
  }

  clear() {
    for (const { box, window } of this.views.values()) {
      box.hidden = true;
      if (window) window.hidden = true;
    }
  }

  rest() {
    this.reader = null;
    this.clear();
    this.cells.mark(this.model.get("selected"));
  }
}

// ---- Tables: rows one walks with the arrow keys, or numbers one types; they come in a trait of
// their own, so that a long table is sent once and not with every scene.

const sameTable = (one, other) => one && other && one.label === other.label
  && JSON.stringify(one.columns) === JSON.stringify(other.columns)
  && one.rows.length === other.rows.length
  && one.rows.every((row, r) => row.key === other.rows[r].key);

function tableField(cell, { edit, min, max, label }, model) {
  const input = element(cell, "input", {
    type: "number", min, max, "aria-label": label, ...OWN_KEYS });
  input.addEventListener("change", () => {
    if (input.validity.valid && input.value) {
      model.send({ type: "edit", key: edit, value: input.valueAsNumber });
    } else input.value = input.defaultValue;
  });
  return input;
}

function fillCell(cell, content, model) {
  if (content?.edit) {
    const input = cell.firstElementChild ?? tableField(cell, content, model);
    const { value } = content;
    input.defaultValue = value;
    if (input !== document.activeElement || input.valueAsNumber !== value) input.value = value;
  } else if (content?.share !== undefined) {
    const bar = cell.firstElementChild ?? element(cell, "span", { class: "cnnlab-bar" });
    bar.style.setProperty("--share", content.share);
    bar.textContent = content.text;
  } else cell.textContent = content;
}

function walkTable(event) {
  const cell = event.target.closest("[role=grid] tbody :is(td, th)");
  if (!cell || isShortcut(event)) return;
  const line = cell.parentElement;
  const { rows } = line.parentElement;
  const to = destination(event, [line.sectionRowIndex, cell.cellIndex], 1, 10);
  if (!to) return;
  const next = rows[clamp(to[0], 0, rows.length - 1)];
  next.cells[clamp(to[1], 0, next.cells.length - 1)].focus();
  keep(event);
}

function addTables(group, cells, signal) {
  const { model } = cells;
  const box = element(group, "div");
  const shown = [];

  const build = (place, table) => {
    place.replaceChildren();
    place.className = "cnnlab-table";
    const name = { "aria-label": table.label };
    const grid = element(place, "table", table.walk ? { role: "grid", ...name } : name);
    const head = element(element(grid, "thead"), "tr");
    for (const [label, side] of table.columns) {
      element(head, "th", { scope: "col", class: `is-${side}` }, label);
    }
    const body = element(grid, "tbody");
    table.rows.forEach((row, r) => {
      const line = element(body, "tr", { "data-key": row.key });
      row.cells.forEach((_, c) => {
        const cell = element(line, c ? "td" : "th", { class: `is-${table.columns[c][1]}` });
        if (!c) cell.scope = "row";
        if (table.walk) setAttributes(cell, { tabindex: r + c ? -1 : 0, ...OWN_KEYS });
      });
    });
  };

  const show = () => {
    const tables = model.get("_tables") ?? [];
    while (box.children.length > tables.length) box.lastElementChild.remove();
    tables.forEach((table, i) => {
      const place = box.children[i] ?? element(box, "div");
      if (!sameTable(shown[i], table)) build(place, table);
      shown[i] = table;
      table.rows.forEach((row, r) => {
        const line = place.querySelector("tbody").rows[r];
        row.cells.forEach((content, c) => fillCell(line.cells[c], content, model));
      });
    });
    shown.length = tables.length;
    mark();
  };

  const mark = () => {
    const selected = model.get("selected");
    for (const line of box.querySelectorAll("tr.is-here")) line.classList.remove("is-here");
    for (const { rows } of shown) {
      const row = rows.find(({ key }) => key === selected);
      if (!row) continue;
      box.querySelector(`tr[data-key="${row.key}"]`).classList.add("is-here");
      if (row.text) cells.reading.textContent = row.text;
    }
  };

  box.addEventListener("keydown", walkTable, { signal });
  box.addEventListener("click", (event) => event.target.closest("[tabindex]")?.focus(), { signal });
  box.addEventListener("focusin", (event) => {
    const line = event.target.closest("tbody tr");
    if (!line) return;
    if (event.target.matches("[role=grid] *")) {
      for (const stop of line.parentElement.querySelectorAll("[tabindex='0']")) stop.tabIndex = -1;
      event.target.tabIndex = 0;
    }
    cells.select(line.dataset.key);
    mark();
  }, { signal });
  follow(model, "_tables", show, signal);
  follow(model, "selected", mark, signal);
  return show;
}

function render({ model, el }) {
  const stop = new AbortController();
  const { signal } = stop;
  el.classList.add("cnnlab-explorer");
  const group = element(el, "div", { role: "group", "aria-label": model.get("_shown").title });
  const controls = { role: "group", "aria-label": "controls" };
  const box = element(group, "div", { class: "cnnlab-controls cnnlab-essentials", ...controls });
  const bar = element(group, "div", { class: "cnnlab-tools", role: "toolbar", "aria-label": "tools" });
  const over = element(group, "div", { class: "cnnlab-over" });
  const cells = new Cells(model, group, signal);
  const say = (words) => { if (words) cells.reading.textContent = words; };
  const sheet = over.appendChild(addTools(bar, model, signal, say));
  addControls(box, sheet, model, signal, say);
  const pictures = new Pictures(model, cells, signal);
  const showPlayer = addPlayer(cells, signal);
  const { panel } = cells;
  const text = element(panel, "p", { class: "cnnlab-result", "aria-live": "polite" });
  const note = element(panel, "p", { class: "cnnlab-note" });
  const showTables = addTables(panel, cells, signal);
  const lines = element(panel, "pre");
  const details = element(panel, "details");
  element(details, "summary", OWN_KEYS, "code");
  const code = element(details, "pre");

  const show = () => {
    const shown = model.get("_shown");
    cells.show(shown);
    pictures.show(shown);
    showPlayer(shown);
    showTables();
    text.textContent = shown.text;
    note.textContent = shown.note ?? "";
    lines.textContent = (shown.lines ?? []).join("\n");
    code.textContent = shown.code;
  };
  follow(model, "_shown", show, signal);
  show();
  listenToKeys(group, el, model, signal);
  reportWidth(group, model, signal);
  requestAnimationFrame(() => model.send({ type: "painted" }));
  return () => stop.abort();
}

export default { render };
