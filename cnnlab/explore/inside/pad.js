// The drawing pad: what a mouse, a finger or the arrow keys draw becomes the setting "strokes".
// It stands after explorer.js in one module and uses what is defined there.

const PAD = 28; // units of its side
const NEAR = 0.5; // units: a point closer to the one before is left out
const EVERY = 60; // milliseconds between two pictures while a stroke is drawn
const PEN = "Drawing pad. Draw with the mouse or a finger. Arrow keys move the pen, Space sets it "
  + "down and lifts it, Backspace takes a stroke back, Delete clears the pad.";

function shape(parent, tag, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(node, attributes);
  return parent.appendChild(node);
}

const line = (strokes) => strokes.map(
  (stroke) => `M${stroke.map((point) => point.join(" ")).join("L")}${stroke.length < 2 ? "h.01" : ""}`).join("");

class Pad {
  constructor(model, el, signal) {
    Object.assign(this, { model, at: [PAD / 2, PAD / 2], pen: null, sent: 0 });
    this.sheet = el.querySelector(".cnnlab-sheet");
    this.reading = el.querySelector(".cnnlab-reading");
    this.node = shape(this.sheet, "svg", { viewBox: `0 0 ${PAD} ${PAD}`, tabindex: 0,
      role: "application", "aria-label": PEN, class: "cnnlab-pad", ...OWN_KEYS });
    Object.assign(this.node.style, { position: "absolute", height: "auto", cursor: "crosshair",
      touchAction: "none", pointerEvents: "auto" });
    this.ink = shape(this.node, "path", { style: "fill: none; stroke: var(--cnnlab-ink); "
      + "stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round" });
    this.tip = shape(this.node, "circle", { r: 1, style: "fill: var(--cnnlab-paper); "
      + "stroke: var(--cnnlab-blue); stroke-width: .5" });
    const on = (type, listener) => this.node.addEventListener(type, listener, { signal });
    on("pointerdown", (event) => this.press(event));
    on("pointermove", (event) => this.pen && this.held && this.draw(this.point(event)));
    for (const type of ["pointerup", "pointercancel", "blur"]) on(type, () => this.lift());
    for (const type of ["focus", "blur"]) on(type, () => this.show());
    on("keydown", (event) => this.key(event));
    follow(model, "_shown", () => this.place(), signal);
    for (const name of ["strokes", "picture"]) follow(model, name, () => this.show(), signal);
  }

  // Into its frame in the drawing.
  place() {
    const svg = this.sheet.querySelector("svg");
    const frame = svg.querySelector("[data-pad]");
    const { width, height } = svg.viewBox.baseVal;
    const share = (name, whole) => `${(100 * frame[name].baseVal.value) / whole}%`;
    Object.assign(this.node.style, { left: share("x", width), top: share("y", height),
      width: share("width", width) });
  }

  strokes() {
    return this.model.get("picture") === "drawn" ? this.model.get("strokes") : [];
  }

  show() {
    this.ink.setAttribute("d", line(this.pen ? [...this.before, this.pen] : this.strokes()));
    setAttributes(this.tip, { cx: this.at[0], cy: this.at[1],
      visibility: this.node.matches(":focus-visible") ? "visible" : "hidden" });
  }

  send(strokes) {
    this.sent = performance.now();
    this.model.set("picture", "drawn");
    change(this.model, "strokes", strokes);
    this.show();
  }

  point({ clientX, clientY }) {
    const { left, top, width } = this.node.getBoundingClientRect();
    return [clientX - left, clientY - top].map(
      (far) => clamp(Math.round((10 * PAD * far) / width) / 10, 0, PAD));
  }

  press(event) {
    this.lift();
    this.node.setPointerCapture(event.pointerId);
    this.held = true;
    this.begin(this.point(event));
  }

  begin(point) {
    this.before = this.strokes();
    this.pen = [point];
    this.at = point;
    this.send([...this.before, this.pen]);
  }

  draw(point) {
    const [x, y] = this.pen.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) < NEAR) return;
    this.pen = [...this.pen, point];
    this.at = point;
    if (performance.now() - this.sent > EVERY) this.send([...this.before, this.pen]);
    else this.show();
  }

  lift() {
    if (!this.pen) return;
    const strokes = [...this.before, this.pen];
    this.pen = null;
    this.held = false;
    this.send(strokes);
    settle(this.model);
  }

  key(event) {
    if (isShortcut(event)) return;
    const to = destination(event, this.at, event.shiftKey ? 4 : 1);
    if (to) this.move(event);
    else if (event.key === " ") {
      if (this.pen) this.lift();
      else this.begin(this.at);
      this.say();
    } else if (event.key === "Backspace" || event.key === "Delete") {
      this.lift();
      this.send(event.key === "Delete" ? [] : this.strokes().slice(0, -1));
      settle(this.model);
    } else return;
    keep(event);
  }

  move(event) {
    const [x, y] = this.at;
    const [row, column] = destination(event, [y, x], event.shiftKey ? 4 : 1, PAD);
    const point = [clamp(column, 0, PAD), clamp(row, 0, PAD)];
    if (this.pen) this.draw(point);
    this.at = point;
    this.show();
    this.say();
  }

  say() {
    this.reading.textContent = `Pen ${this.pen ? "down" : "up"}: ${this.at[0]} from the left, ${
      this.at[1]} from the top, of ${PAD}.`;
  }
}

function renderWithPad({ model, el }) {
  const stop = new AbortController();
  const end = render({ model, el });
  const pad = new Pad(model, el, stop.signal);
  pad.place();
  pad.show();
  return () => {
    stop.abort();
    end();
  };
}

export default { render: renderWithPad };
