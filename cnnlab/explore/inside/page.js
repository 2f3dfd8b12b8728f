// The same explorer on a page without Python: the network is computed here, and its numbers are
// put into the drawings that Python made. It stands after explorer.js, pad.js and model.js in one module.

const grid = (rows, columns, make) => Array.from({ length: rows },
  (_, i) => Array.from({ length: columns }, (__, j) => make(i, j)));
const sum = (list) => list.reduce((all, each) => all + each, 0);
const most = (maps) => Math.max(...maps.flat(2).map(Math.abs)) || 1;

const conv = (maps, weights, biases) => weights.map((kernels, k) => {
  const side = maps[0].length - kernels[0].length + 1;
  return grid(side, side, (i, j) => {
    let value = biases[k];
    kernels.forEach((kernel, c) => kernel.forEach((row, u) => row.forEach(
      (weight, v) => { value += weight * maps[c][i + u][j + v]; })));
    return value;
  });
});
const relu = (maps) => maps.map((map) => map.map((row) => row.map((x) => Math.max(x, 0))));
const pool = (maps) => maps.map((map) => grid(map.length / 2, map.length / 2, (i, j) =>
  Math.max(...[0, 1].flatMap((u) => map[2 * i + u].slice(2 * j, 2 * j + 2)))));

// Every layer by name: channels of rows of numbers. The image is 28 rows of 28.
export function forward(weights, image) {
  const found = { input: [image] };
  let maps = found.input;
  for (const n of [1, 2]) {
    const made = conv(maps, weights[`conv${n}.weight`], weights[`conv${n}.bias`]);
    maps = pool(relu(made));
    Object.assign(found, { [`conv${n}`]: made, [`relu${n}`]: relu(made), [`pool${n}`]: maps });
  }
  const flat = maps.flat(2);
  const scores = weights["dense.weight"].map(
    (row, k) => sum(row.map((weight, i) => weight * flat[i])) + weights["dense.bias"][k]);
  const powers = scores.map((score) => Math.exp(score - Math.max(...scores)));
  const column = (list) => [list.map((each) => [each])];
  return Object.assign(found, { flatten: column(flat), dense: column(scores),
    softmax: column(powers.map((power) => power / sum(powers))) });
}

// Strokes as a digit of MNIST; see pen.py.
export function drawn(strokes) {
  const [side, box, radius, least] = [28, 20, 1.15, 4];
  if (!strokes.length) return grid(side, side, () => 0);
  const ends = [0, 1].map((axis) => strokes.flat().map((point) => point[axis]));
  const [low, high] = [Math.min, Math.max].map((pick) => ends.map((list) => pick(...list)));
  const scale = (box - 2 * radius) / Math.max(high[0] - low[0], high[1] - low[1], least);
  const lines = strokes.flatMap((stroke) => stroke.slice(stroke.length > 1 ? 1 : 0).map(
    (point, i) => [stroke[i], point].map((each) => each.map(
      (value, axis) => (value - (low[axis] + high[axis]) / 2) * scale + side / 2))));
  const ink = ([dx, dy]) => grid(side, side, (i, j) => {
    const [x, y] = [j + 0.5 - dx, i + 0.5 - dy];
    const far = lines.map(([[a, b], [c, d]]) => {
      const [w, h] = [c - a, d - b];
      const along = clamp(((x - a) * w + (y - b) * h) / Math.max(w * w + h * h, 1e-9), 0, 1);
      return Math.hypot(x - a - along * w, y - b - along * h);
    });
    return clamp(radius + 0.5 - Math.min(...far), 0, 1);
  });
  const first = ink([0, 0]);
  const whole = sum(first.flat());
  return ink([sum(first.flatMap((row) => row.map((each, j) => each * (j + 0.5)))),
    sum(first.map((row, i) => sum(row) * (i + 0.5)))].map((mass) => side / 2 - mass / whole));
}

// What a number was computed from; see sums.py.
function origin(found, weights, [layer, c, i, j]) {
  const layers = Object.keys(found);
  const before = layers[layers.indexOf(layer) - 1];
  const all = (name) => [...found[name].keys()];
  const kernel = weights[`${layer}.weight`]?.[layer === "dense" ? i : c];
  const kind = layer.replace(/\d/, "");
  const [source, channels, top, left, high, wide] = {
    input: () => ["input", [0], i, j, 1, 1],
    conv: () => [before, all(before), i, j, kernel[0].length, kernel[0].length],
    relu: () => [before, [c], i, j, 1, 1],
    pool: () => [before, [c], 2 * i, 2 * j, 2, 2],
    flatten: () => [before, [Math.floor(i / 25)], Math.floor((i % 25) / 5), i % 5, 1, 1],
    dense: () => ["pool2", all("pool2"), 0, 0, 5, 5],
    softmax: () => [before, [0], 0, 0, 10, 1],
  }[kind]();
  const x = channels.map((n) => grid(high, wide, (u, v) => found[source][n][top + u][left + v]));
  const w = kernel && (kind === "conv" ? kernel
    : x.map((_, n) => grid(5, 5, (u, v) => kernel[25 * n + 5 * u + v])));
  const p = x.map((map, n) => map.map((row, u) => row.map((each, v) => each * (w?.[n][u][v] ?? 1))));
  return { layer, c, i, j, kind, source, channels, top, left, high, wide, x, w, p,
    value: found[layer][c][i][j], parts: p.map((map) => sum(map.flat())),
    bias: weights[`${layer}.bias`]?.[layer === "dense" ? i : c] };
}

// ---- Words, as in words.py and detail.py

const written = (value, digits) => String(Number(value.toFixed(digits))).replace("-", "−");
const number = (value) => written(value, 3);
const brief = (value) => written(value, Math.abs(value) < 10 ? 2 : 1).replace(/^(−?)0\./, "$1.");
const percent = (part) => `${part > 0.995 && part < 1 ? ">99"
  : part > 0 && part < 0.005 ? "<1" : Math.round(100 * part)} %`;
const share = (value) => percent(value).replace(">", "over ").replace("<", "under ");
const large = (value, digits = 4) => {
  if (value >= 100) return Number(value.toPrecision(4)).toLocaleString("en", { maximumFractionDigits: 0 });
  if (value >= 0.001) return String(Number(value.toPrecision(digits - 1)));
  const [factor, power] = value.toExponential(digits - 3).split("e-");
  return `${factor}·10⁻${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
};

function placeOf({ layer, c, i, j }) {
  if (["dense", "softmax"].includes(layer)) return `${layer}, class ${i}`;
  if (layer === "flatten") return `flatten, number ${i} of 200`;
  return `${layer}, ${layer === "input" ? "" : `map ${c}, `}row ${i}, column ${j}`;
}

function said(found, here) {
  const { kind, x, w, i, parts, bias, channels, top, left } = here;
  const value = number(here.value);
  const scores = found.dense[0].flat();
  if (w) return [`${x.flat(2).length} products: ${number(sum(parts))}`, `bias: ${number(bias)}`,
    `${kind === "dense" ? `score of ${i}` : "sum"}: ${value}`];
  return {
    softmax: () => [`e^${signed(scores[i])} = ${large(Math.exp(scores[i]))}`,
      `all ten: ${large(sum(scores.map(Math.exp)))}`, `share of ${i}: ${share(here.value)}`],
    relu: () => [`max(0, ${number(x[0][0][0])}) = ${value}`],
    pool: () => [`max(${x.flat(2).map(number).join(", ")})`, `= ${value}`],
    flatten: () => [`map ${channels[0]}, row ${top}, column ${left}`,
      `(${channels[0]}·5 + ${top})·5 + ${left} = ${i}`, `value: ${value}`],
    input: () => [`brightness: ${value}`],
  }[kind]();
}

// The sum, written out.
const signed = (value) => (value < 0 ? `(${number(value)})` : number(value));
function writtenOut(found, { kind, x, w }) {
  const scores = found.dense[0].flat();
  const powers = scores.map(Math.exp);
  if (kind === "softmax") return [scores.map((score) => `e^${signed(score)}`).join(" + "),
    `= ${powers.map((power) => large(power)).join(" + ")}`, `= ${large(sum(powers))}`];
  if (kind !== "conv") return [];
  const [parts, weights] = x.length > 1 ? [x, w].map((maps) => maps.map((map) => map.flat())) : [x[0], w[0]];
  return parts.map((row, n) => `${x.length > 1 ? "map" : "row"} ${n}: ${
    row.map((value, i) => `${signed(value)}·${signed(weights[n][i])}`).join(" + ")} = ${
    number(sum(row.map((value, i) => value * weights[n][i])))}`);
}

// ---- The drawing: words, shades, frames and wires in their places

const GROUP = { relu1: "conv1", pool1: "conv1", relu2: "conv2", pool2: "conv2", flatten: "conv2" };
const limit = (found, layer) => (["input", "softmax"].includes(layer) ? 1
  : most(found[GROUP[layer] ?? layer]));

function look(found, here, name) {
  const [kind, place] = name.split(":");
  const [c, u, v] = (place ?? "").split(",").map(Number);
  const scores = found.dense[0].flat();
  if (kind === "t") return [place === "here" ? placeOf(here) : said(found, here)[c] ?? ""];
  if (kind === "s") return [brief(here.parts[c])];
  if (kind === "v") return [brief(here.value), here.value / limit(found, here.layer)];
  if (kind === "k") return [String(c), 0, c === here.i];
  if (kind === "e") return [large(Math.exp(scores[c]), 3)];
  if (kind === "q") return [percent(found.softmax[0][c][0]), found.softmax[0][c][0]];
  if ("zd".includes(kind)) {
    return [kind === "z" ? brief(scores[c]) : scores[c].toFixed(1).replace("-", "−"), scores[c] / most(found.dense)];
  }
  const value = here[kind][c][u][v];
  const top = here.kind === "pool" ? most(here.x) : 0;
  const third = here.kind === "dense" && kind === "p"
    ? here.p.flat(2).map(Math.abs).toSorted((a, b) => b - a)[2] : 0;
  return [brief(value), value / (kind === "x" ? limit(found, here.source) : most(here[kind])),
    Boolean((top && value === top) || (third && Math.abs(value) >= third))];
}

function shaded(map, scale, isInput) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: map[0].length, height: map.length });
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  map.flat().forEach((value, i) => {
    const grey = Math.round(255 * value);
    image.data.set(isInput ? [grey, grey, grey, 255]
      : [...(value > 0 ? [213, 94, 0] : [0, 114, 178]), 255 * Math.min(Math.abs(value) / scale, 1)], 4 * i);
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

// A skeleton of the layer, made by Python, with the numbers of this image.
export function filled(skeleton, found, here, strokes) {
  const root = document.createElement("div");
  root.innerHTML = skeleton;
  const each = (name, act) => root.querySelectorAll(`[data-${name}]`).forEach(
    (node) => act(node, node.dataset[name]));
  const boxOf = (layer, c, i = 0, j = 0, high = 0, wide = 0) => {
    const node = root.querySelector(`[data-cells="${layer}:${c}"]`);
    const [x, y, w, h] = ["x", "y", "width", "height"].map((side) => Number(node.getAttribute(side)));
    const [rows, columns] = node.dataset.shape.split(",");
    return [x + (j * w) / columns, y + (i * h) / rows, ((wide || columns) * w) / columns, ((high || rows) * h) / rows];
  };
  found.uris ??= {};
  each("map", (node, name) => {
    const [layer, c] = name.split(":");
    found.uris[name] ??= shaded(found[layer][c], limit(found, layer), layer === "input");
    node.setAttribute("href", found.uris[name]);
  });
  each("v", (node, name) => {
    const [words, part, best] = look(found, here, name);
    const [rect, text] = ["rect", "text"].map((tag) => node.querySelector(tag));
    if (text) text.textContent = words;
    if (!rect) return;
    rect.style.fill = part ? `var(--cnnlab-${part > 0 ? "vermillion" : "blue"})` : "var(--cnnlab-paper)";
    rect.style.fillOpacity = part ? Math.abs(part) * 0.4 : 1;
    rect.style.stroke = `var(--cnnlab-${best ? "ink" : "line"})`;
    rect.style.strokeWidth = best ? 2.5 : 0.5;
  });
  const shares = found.softmax[0].flat();
  each("bar", (node, k) => {
    const best = shares[k] === Math.max(...shares);
    node.querySelector("rect").setAttribute("width", Math.round(node.dataset.full * shares[k]));
    node.querySelector("rect").style.fill = `var(--cnnlab-${best ? "blue" : "muted"})`;
    node.querySelector("text").textContent = percent(shares[k]);
  });
  each("dot", (node, zero) => {
    const [x, y] = zero.split(" ").map(Number);
    const at = here.x[0][0][0] / limit(found, here.source);
    setAttributes(node, { cx: x + 52 * at, cy: y - 76 * Math.max(at, 0) });
  });
  const { layer, c, i, j, channels, source, top, left, high, wide } = here;
  const seen = layer === "input" ? [] : channels;
  each("frame", (node, name) => node.setAttribute("d", (name === "here" ? [boxOf(layer, c, i, j, 1, 1)]
    : seen.map((n) => boxOf(source, n, top, left, high, wide)))
    .map(([x, y, w, h]) => `M${x} ${y}h${w}v${h}h${-w}z`).join("")));
  const down = root.firstElementChild.getAttribute("width") < 300;
  const row = ["dense", "flatten"].includes(layer);
  each("wire", (node, n) => {
    const [x, y, w, h] = boxOf(source, channels[n]);
    const [u, v, wide2, h2] = row ? boxOf(layer, c, i, j, 1, 1) : boxOf(layer, c);
    const part = here.parts[n];
    const [a, b, e, f] = down ? [x + w / 2, y + h, u + wide2 / 2, v] : [x + w, y + h / 2, u, v + h2 / 2];
    const [p, q] = [(a + e) / 2, (b + f) / 2];
    node.setAttribute("d", down ? `M${a} ${b}C${a} ${q} ${e} ${q} ${e} ${f}` : `M${a} ${b}C${p} ${b} ${p} ${f} ${e} ${f}`);
    node.style.stroke = `var(--cnnlab-${part > 0 ? "vermillion" : "blue"})`;
    node.style.strokeWidth = 1 + (3 * Math.abs(part)) / (Math.max(...here.parts.map(Math.abs)) || 1);
  });
  const pad = root.querySelector("[data-pad]");
  const [px, py, side] = ["x", "y", "width"].map((name) => Number(pad.getAttribute(name)));
  each("ink", (node) => node.setAttribute("d", line(strokes.map((stroke) => stroke.map(
    ([x, y]) => [px + (x * side) / PAD, py + (y * side) / PAD])))));
  return root.innerHTML;
}

// ---- Python's part: settings in, a drawing and its words out

const PLACE = ["layer", "channel", "row", "column"];

export class Inside extends Model {
  constructor(data, width) {
    const { settings, controls } = data;
    super({ ...settings, _controls: controls, _tables: [], _width: width, _asked: "", _told: {},
      _settled: 0, _can: [false, false], selected: "" });
    Object.assign(this, { data, pointed: null, at: 0 });
    this.history = [this.settings()];
    this.refresh();
  }

  save_changes() {
    const names = this.changed();
    const { worked, usual } = this.data;
    const { example } = this.state;
    if (names.some((name) => PLACE.includes(name))) this.pointed = null;
    if (names.includes("_asked")) this.pointed = this.get("_asked");
    if (example && names.includes("example")) this.restore({ ...usual, ...worked[example].settings });
    else if (example && Object.entries({ ...usual, ...worked[example].settings }).some(([name, value]) =>
      !same(this.state[name], value))) this.put("example", "");
    if (names.some((name) => name in this.data.settings || ["_width", "_asked"].includes(name))) this.refresh();
    if (names.includes("_settled")) this.note();
  }

  send({ type, name }) {
    this.note();
    const to = this.at + ({ undo: -1, redo: 1 }[type] ?? 0);
    if (to !== this.at && this.history[to]) this.restore(this.history[this.at = to]);
    if (type === "reset") this.restore(this.data.settings);
    if (name === "clear") this.restore({ picture: "drawn", strokes: [], example: "" });
    this.refresh();
    this.note();
  }

  settings() {
    return Object.fromEntries(Object.keys(this.data.settings).map((name) => [name, this.state[name]]));
  }

  restore(settings) {
    this.pointed = null;
    for (const [name, value] of Object.entries(settings)) this.put(name, value);
  }

  note() {
    if (!same(this.settings(), this.history[this.at])) {
      this.history = [...this.history.slice(0, ++this.at), this.settings()];
    }
    this.put("_can", [this.at > 0, this.at < this.history.length - 1]);
  }

  compute() {
    const { picture, strokes } = this.state;
    const name = JSON.stringify([picture, strokes]);
    if (this.name === name) return;
    this.name = name;
    this.strokes = picture === "drawn" ? strokes : [];
    const image = picture === "drawn" ? drawn(strokes)
      : grid(28, 28, (i, j) => this.data.samples[picture][28 * i + j] / 255);
    this.found = forward(this.data.weights, image);
  }

  // The number that is pointed at, or that the settings mean: of a map the greatest.
  cell() {
    const [layer, place] = (this.pointed ?? "").split(":");
    if (place) return [layer, ...place.split(",").map(Number)];
    const { layer: name, channel, row, column } = this.state;
    const maps = this.found[name];
    const c = Math.min(channel, maps.length - 1);
    const flat = maps[c].flat();
    const least = Math.max(...flat) - 1e-5; // as ALIKE in sums.py
    const best = flat.findIndex((x) => x > least);
    const wide = maps[c][0].length;
    return row < 0 ? [name, c, Math.floor(best / wide), best % wide]
      : [name, c, Math.min(row, maps[c].length - 1), clamp(column, 0, wide - 1)];
  }

  refresh() {
    this.compute();
    const { found, data, strokes, state } = this;
    const here = origin(found, data.weights, this.cell());
    const widths = Object.keys(data.skeletons).map(Number);
    const width = widths.findLast((each) => each <= this.get("_width")) ?? widths[0];
    const shares = found.softmax[0].flat();
    const best = shares.indexOf(Math.max(...shares));
    const name = state.picture === "drawn" ? strokes.length ? "your drawing" : "an empty pad" : state.picture;
    const words = `${placeOf(here)}: ${number(here.value)}`;
    const hint = `${words[0].toUpperCase()}${words.slice(1)}.`;
    const changed = Object.entries(this.settings()).filter(
      ([each, value]) => !same(value, data.first[each]));
    this.put("_shown", {
      title: data.title, stage: data.stages[width], hint, lines: writtenOut(found, here), code: "",
      svg: filled(data.skeletons[width][here.layer], found, here, strokes),
      text: `${name}: read as ${best} (${share(shares[best])}); ${words}`,
      note: `${data.worked[state.example]?.note ?? ""} ${data.meaning[here.kind]}`.trim(),
      call: `explore.InsideExplorer(${changed.map(([each, value]) => `${each}=${JSON.stringify(value)}`).join(", ")})`,
    });
    const { layer, c, i, j } = here;
    const near = grid(5, 5, (u, v) => {
      const value = found[layer][c][i + u - 2]?.[j + v - 2];
      return value === undefined ? "" : brief(value);
    });
    this.put("_told", this.pointed ? { key: `${layer}:${c},${i},${j}`, text: hint, near } : {});
  }
}

export async function enliven(el, text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const data = await new Response(stream).json();
  return renderWithPad({ model: new Inside(data, el.clientWidth), el });
}
