// Theme, search, copy buttons, and boxes that scroll: what a page does by itself.
{
  const root = document.documentElement;
  const make = (parent, tag, words, attributes = {}) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.textContent = words;
    parent.append(node);
    return node;
  };

  const theme = document.getElementById("theme");
  const dress = () => {
    const dark = root.dataset.theme === "dark";
    theme.textContent = dark ? "light" : "dark";
    theme.setAttribute("aria-label", `${theme.textContent} colours`);
    document.body.dataset.jpThemeLight = !dark; // as the explorers know it from JupyterLab
  };
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = theme.textContent;
    try { localStorage.setItem("cnnlab-theme", root.dataset.theme); } catch { /* this page only */ }
    dress();
  });
  dress();
  // Paper is light, whatever the screen is.
  let shown;
  addEventListener("beforeprint", () => {
    shown = root.dataset.theme;
    root.dataset.theme = "light";
    dress();
  });
  addEventListener("afterprint", () => {
    root.dataset.theme = shown;
    dress();
  });

  for (const box of document.querySelectorAll(".jp-InputArea .highlight")) {
    const button = make(box, "button", "copy", { type: "button", "aria-label": "copy the code" });
    button.addEventListener("click", async () => {
      const code = box.querySelector("pre").textContent;
      try {
        await navigator.clipboard.writeText(code);
        button.textContent = "copied";
      } catch {
        getSelection().selectAllChildren(box.querySelector("pre"));
        button.textContent = "selected: now copy";
      }
    });
  }

  // What scrolls takes the focus, so that keys can scroll it.
  const reach = () => {
    const formulas = [...document.querySelectorAll("main math")];
    for (const math of formulas) math.classList.remove("scroll");
    const { clientWidth } = document.documentElement;
    const wide = formulas.filter((math) => math.getBoundingClientRect().right > clientWidth);
    for (const math of wide) math.classList.add("scroll"); // a line with it cannot break there
    for (const box of document.querySelectorAll("main pre, main .scroll")) {
      if (box.closest(".cnnlab-explorer")) continue;
      if (box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", box.matches("pre") ? "code or output" : "wide content");
      } else for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  };
  reach();
  addEventListener("resize", reach);

  const field = document.getElementById("search");
  const found = document.getElementById("found");
  let index = null;
  const load = () => new Promise((done, failed) => {
    const script = make(document.head, "script", "", { src: field.dataset.source });
    script.addEventListener("load", done);
    script.addEventListener("error", failed);
  });
  async function prepare() {
    await load();
    const made = elasticlunr();
    made.setRef("id");
    made.saveDocument(false);
    for (const name of ["title", "page", "text"]) made.addField(name);
    cnnlabSections.forEach((section, id) => made.addDoc({ id, ...section }));
    return made;
  }
  const around = (text, words) => {
    const at = Math.max(0, text.toLowerCase().indexOf(words.toLowerCase()) - 60);
    return `${at ? "…" : ""}${text.slice(at, at + 180)}…`;
  };
  async function show() {
    const words = field.value.trim();
    if (!words) return found.replaceChildren();
    index ??= prepare();
    const fields = { title: { boost: 5 }, page: { boost: 2 }, text: { boost: 1 } };
    let hits = [];
    try {
      hits = (await index).search(words, { fields, bool: "AND", expand: true });
    } catch {
      found.textContent = "The search needs the file search.js beside this page.";
      return;
    }
    if (words !== field.value.trim()) return;
    found.replaceChildren();
    if (!hits.length) found.textContent = `Nothing is found for “${words}”.`;
    const list = make(found, "ol", "");
    for (const { ref } of hits.slice(0, 10)) {
      const { href, page, title, text } = cnnlabSections[ref];
      const item = make(list, "li", "");
      make(item, "a", title, { href });
      make(item, "small", `${page}. ${around(text, words)}`);
    }
  }
  field?.addEventListener("input", show);
}
