// What a page without Python gives explorer.js in place of a widget's model from anywidget.

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export class Model {
  constructor(state) {
    Object.assign(this, { state, listeners: new Map(), touched: new Set() });
  }

  on(event, callback) {
    this.listeners.set(event, [...this.listeners.get(event) ?? [], callback]);
  }

  off(event, callback) {
    this.listeners.set(event, this.listeners.get(event).filter((each) => each !== callback));
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.touched.add(name);
    this.put(name, value);
  }

  put(name, value, always = value instanceof DataView) {
    if (!always && same(this.state[name], value)) return;
    this.state[name] = value;
    for (const callback of this.listeners.get(`change:${name}`) ?? []) callback();
  }

  // The names of what was set since the last call.
  changed() {
    const names = [...this.touched];
    this.touched.clear();
    return names;
  }
}
