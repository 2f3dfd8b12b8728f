// Python's part on a page without Python: gestures are answered from what was computed ahead.

const listed = (words) => words.join(", ").replace(/, ([^,]*)$/, " and $1");

// ---- A kernel over a photograph, the one thing that is computed here: its pictures are too large.

async function greys(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, values: Float32Array.from({ length: width * height }, (_, i) => data[4 * i] / 255) };
}

function slide({ width, height, values }, { kernel, stride, padding }) {
  const [down, across] = [kernel.length, kernel[0].length];
  const [rows, columns] = [[height, down], [width, across]].map(
    ([size, k]) => Math.floor((size + 2 * padding - k) / stride) + 1);
  const found = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let u = 0; u < down; u++) {
        const row = i * stride + u - padding;
        if (row < 0 || row >= height) continue;
        for (let v = 0; v < across; v++) {
          const column = j * stride + v - padding;
          if (column >= 0 && column < width) sum += kernel[u][v] * values[row * width + column];
        }
      }
      found[i * columns + j] = sum;
    }
  }
  return found;
}

// Numbers of colours, as in images.py.
const shaded = (values, { low, high }) => Uint8Array.from(values, (value) =>
  clamp((value - low) * 254 / (high - low) + 1.5, 1, 255));

// ---- What was computed ahead

// What was computed for one kind of explorer; see pack.py for the form.
class Ahead {
  static async open(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const ahead = new Ahead(await new Response(stream).arrayBuffer());
    ahead.photos = await Promise.all(ahead.photos.map(greys));
    return ahead;
  }

  constructor(buffer) {
    const end = 4 + new DataView(buffer).getUint32(0, true);
    const [head, ...pieces] = new TextDecoder().decode(new Uint8Array(buffer, 4, end - 4)).split("\0");
    Object.assign(this, JSON.parse(head), { pieces });
    const total = this.documents.reduce((sum, each) => sum + each, 0);
    this.planes = [0, 1, 2].map((i) => new Uint8Array(buffer, end + i * total, total));
    let at = end + 3 * total;
    this.blobs = this.blobs.map((length) => new DataView(buffer, (at += length) - length, length));
    let first = 0;
    this.documents = this.documents.map((length) => [first, first += length]);
    this.stepped = new Map(this.steps.map(([from, kind, name, value, to]) =>
      [JSON.stringify([from, kind, name, value]), to]));
    this.spans = {};
    for (const { values } of this.scenes) {
      for (const [name, value] of Object.entries(values)) {
        const [least, most] = this.spans[name] ?? [value, value];
        this.spans[name] = [Math.min(least, value), Math.max(most, value)];
      }
    }
  }

  document(number) {
    const [low, middle, high] = this.planes;
    let text = "";
    for (let i = this.documents[number][0]; i < this.documents[number][1]; i++) {
      text += this.pieces[low[i] | middle[i] << 8 | high[i] << 16];
    }
    return JSON.parse(text);
  }

  step(...gesture) {
    return this.stepped.get(JSON.stringify(gesture));
  }

  knows(name, value) {
    return this.scenes.some(({ values }) => same(values[name], value));
  }

  far(name, one, other) {
    if (same(one, other)) return 0;
    const [least, most] = this.spans[name];
    return typeof one === "number" ? 0.5 + Math.abs(one - other) / (most - least || 1) : 1;
  }

  // The state with such settings, or one as near as possible: nearest in what was moved.
  nearest(wanted, moved) {
    const cost = ({ values }) => Object.entries(wanted).reduce((sum, [name, value]) => {
      const weight = moved.includes(name) ? 1000 : name === this.chosen ? 0.1 : 1;
      return sum + weight * this.far(name, value, values[name]);
    }, 0);
    const costs = this.scenes.map(cost);
    return costs.indexOf(Math.min(...costs));
  }
}

class Answers extends Model {
  constructor(ahead, { start, selected, essentials }, el) {
    super({ selected, _width: el.clientWidth, _asked: "", _told: {}, _settled: 0 });
    Object.assign(this, { ahead, start, essentials, el, at: -1, drawn: {}, history: [start], place: 0 });
    this.go(start);
  }

  save_changes() {
    const names = this.changed();
    const { values } = this.ahead.scenes[this.at];
    const moved = names.filter((name) => name in values);
    if (moved.length) this.move(moved);
    if (names.includes("_width")) this.go(this.at);
    if (names.includes("_asked")) this.lens(this.get("_asked"));
    if (names.includes("_settled")) this.note();
  }

  // From where the last gesture ended, so that one way of a slider is one gesture.
  move(names) {
    const { ahead, history, place, state } = this;
    const before = history[place];
    const wanted = { ...ahead.scenes[before].values };
    for (const name of names) wanted[name] = state[name];
    const unknown = names.find((name) => typeof wanted[name] === "string"
      && !ahead.knows(name, wanted[name]));
    const step = names.length === 1 && ahead.step(before, "set", names[0], wanted[names[0]]);
    this.go(unknown ? before : step || step === 0 ? step : ahead.nearest(wanted, names));
    const { values } = ahead.scenes[this.at];
    const along = this.get("_controls").filter(({ name }) => name in values && name !== ahead.chosen
      && !names.includes(name) && !same(values[name], wanted[name]));
    if (unknown) this.say("What is typed needs Python: open the notebook for that. "
      + "The worked examples are on this page.");
    else if (step === undefined || step === false) this.tell(along, names);
  }

  tell(along, names) {
    if (!along.length || names.includes(this.ahead.chosen)) return;
    const words = along.map(({ label }) => `“${label}”`);
    this.say(`This page does not have every combination. The nearest it has is shown: ${
      listed(words)} moved, too. The notebook has them all.`);
  }

  // The numbers around a cell that is too small for its own.
  lens(key) {
    const plane = this.get("_shown").planes?.find(
      ({ name }) => key.startsWith(name.endsWith(":") ? name : `${name},`));
    if (!plane) return;
    const { name, first, rows } = plane;
    const [j, i = 0] = key.slice(name.length).split(",").filter(Boolean).map(Number).toReversed();
    const far = [-2, -1, 0, 1, 2];
    const near = far.map((u) => far.map((v) => rows[i - first[0] + u]?.[j - first[1] + v] ?? ""));
    this.put("_told", { key, near, marks: {}, text: `${spoken(key)}: ${near[2][2]}` });
  }

  // A number in a cell is changed by Enter, by typing or by two clicks; here it is said why not.
  refuse({ target, type, key, ctrlKey, metaKey, altKey }) {
    const cell = target.closest?.("[data-key]")?.dataset.key.split(":")[0];
    if (!this.get("_shown").typed?.includes(cell) || ctrlKey || metaKey || altKey) return;
    if (type === "dblclick" || /^(Enter|F2|[-−0-9.])$/.test(key)) {
      setTimeout(() => this.say("To change a number needs Python: open the notebook for that."));
    }
  }

  say(words) {
    this.el.querySelector(".cnnlab-reading").textContent = words;
  }

  note() {
    if (this.at !== this.history[this.place]) {
      this.history = [...this.history.slice(0, this.place + 1), this.at];
      this.place = this.history.length - 1;
    }
    this.can();
  }

  can() {
    this.put("_can", [this.place > 0, this.place < this.history.length - 1]);
  }

  send({ type, name, key, label, value }) {
    if (type === "painted") return;
    this.note();
    if (type === "undo" || type === "redo") {
      this.place = clamp(this.place + (type === "redo" ? 1 : -1), 0, this.history.length - 1);
      this.go(this.history[this.place]);
      this.can();
      return;
    }
    const { ahead, at } = this;
    const { selected } = this.state;
    const to = type === "reset" ? this.start
      : type === "press" ? ahead.step(at, type, name, selected) ?? ahead.step(at, type, name, "")
        : ahead.step(at, type, key ?? label, value ?? null);
    if (to === undefined) {
      this.go(at);
      this.say("This needs Python: open the notebook for that.");
      return;
    }
    this.go(to);
    this.note();
  }

  // Settings before their picture, so that no picture is seen with old sliders.
  go(number) {
    const { ahead } = this;
    const { values, parts, images, selected, recipe } = ahead.scenes[number];
    const width = String(ahead.widths.findLast((each) => each <= this.get("_width")) ?? ahead.widths[0]);
    this.at = number;
    for (const [name, value] of Object.entries(values)) this.put(name, value);
    if (this.drawn.controls !== parts.controls) this.put("_controls", this.ranked(parts.controls));
    if (this.drawn.tables !== parts.tables) this.put("_tables", ahead.document(parts.tables));
    this.drawn = parts;
    for (const [name, blob] of Object.entries(images)) this.put(name, ahead.blobs[blob]);
    const shown = { ...ahead.document(parts.shown), ...ahead.document(parts[width]) };
    if (recipe) this.compute(recipe, shown.images);
    if (!shown.links?.[this.state.selected]) this.put("selected", selected);
    this.can();
    this.put("_shown", shown, true); // the same picture once more, too: fields may hold other words
  }

  compute(recipe, images) {
    const photo = this.ahead.photos[recipe.photo];
    const found = { photo: photo.values, response: slide(photo, recipe) };
    for (const [name, image] of Object.entries(images)) {
      this.put(image.shades, new DataView(shaded(found[name], image).buffer));
      this.put(image.values, new DataView(found[name].buffer));
    }
  }

  // The essential controls first, in the order that the lecture asks for.
  ranked(number) {
    const { essentials } = this;
    const rank = ({ name }) => (essentials.includes(name) ? essentials.indexOf(name) : Infinity);
    return this.ahead.document(number)
      .map((control) => ({ ...control, essential: essentials.includes(control.name) }))
      .toSorted((one, other) => (rank(one) === rank(other) ? 0 : rank(one) - rank(other)));
  }
}

const stores = new Map();
function opened(kind) {
  if (!stores.has(kind)) {
    stores.set(kind, Ahead.open(document.querySelector(`[data-store="${kind}"]`).textContent.trim()));
  }
  return stores.get(kind);
}

export async function revive(place, { kind, ...facts }) {
  if (!document.querySelector(`[data-store="${kind}"]`)) return; // another program's
  const ahead = await opened(kind);
  const el = document.createElement("div");
  place.replaceChildren(el);
  const model = new Answers(ahead, facts, el);
  render({ model, el });
  // Before explorer.js, which ends what it answers.
  for (const type of ["dblclick", "keydown"]) el.addEventListener(type, (event) => model.refuse(event), true);
}
