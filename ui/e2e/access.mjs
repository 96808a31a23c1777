// Whether everybody can use a page: names, roles, order of headings, contrast, size of what is touched. What a page
// breaks comes back as sentences; none is good.

/** Everything that is wrong with a page for somebody who does not see it, or sees it badly. */
export async function barriers(page, { touch = false } = {}) {
  const found = await page.evaluate(inspect, touch);
  return [...found, ...(await nameless(page))];
}

const NAMED = ["button", "link", "textbox", "combobox", "checkbox", "slider", "searchbox", "img", "table", "region", "dialog", "option"];

/** Controls without a name, as the accessibility tree has them. */
async function nameless(page) {
  const tree = await page.locator("body").ariaSnapshot();
  const bare = new RegExp(`^\\s*- (${NAMED.join("|")})(:| \\[|$)`);
  const lines = tree.split("\n").filter((line) => bare.test(line) && !/: \S/.test(line));
  return [...new Set(lines.map((line) => `a ${line.trim().slice(2)} has no name`))];
}

/* Runs in the page. */
function inspect(touch) {
  const wrong = [];
  const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && 0 < element.getClientRects().length;
  const where = (element) => `<${element.tagName.toLowerCase()}${element.className?.baseVal ?? element.className ? `.${String(element.className?.baseVal ?? element.className).split(" ").slice(0, 2).join(".")}` : ""}> "${(element.textContent ?? "").trim().slice(0, 30)}"`;

  if (document.documentElement.lang === "") wrong.push("the document has no language");
  if (!document.title) wrong.push("the document has no title");
  for (const [selector, wanted] of [["h1", 1], ["main", 1]]) {
    const count = [...document.querySelectorAll(selector)].filter(shown).length;
    if (count !== wanted) wrong.push(`${count} ${selector} instead of ${wanted}`);
  }
  let level = 0;
  for (const heading of [...document.querySelectorAll("main h1, main h2, main h3, main h4")].filter(shown)) {
    const next = Number(heading.tagName[1]);
    if (level + 1 < next) wrong.push(`heading ${where(heading)} skips a level`);
    level = next;
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) wrong.push(`the id \`${id}\` is there twice`);

  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const mixed = new Map();
  const rgba = (colour) => {
    if (!mixed.has(colour)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
      mixed.set(colour, [r, g, b, a / 255]);
    }
    return mixed.get(colour);
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = rgba(getComputedStyle(at).backgroundColor);
      if (layer[3] === 0) continue;
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !element || seen.has(element)) continue;
    seen.add(element);
    if (!shown(element) || element.closest(".hidden, [aria-hidden=true], :disabled, script, style, title, .tv-lightweight-charts")) continue;
    const style = getComputedStyle(element);
    const ground = behind(element);
    const ink = over(rgba(element instanceof SVGElement ? style.fill : style.color), ground);
    const [high, low] = [light(ink), light(ground)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const large = 24 <= size || (18.66 <= size && 700 <= Number(style.fontWeight));
    if (ratio < (large ? 3 : 4.5) - 0.01) wrong.push(`${where(element)} has a contrast of ${ratio.toFixed(2)}`);
  }

  for (const frame of document.querySelectorAll("html, main, section")) {
    const more = frame.scrollWidth - frame.clientWidth;
    if (1 < more && shown(frame)) wrong.push(`${where(frame)} is ${more} pixels too wide`);
  }
  if (touch) {
    for (const control of document.querySelectorAll("button, select, input, nav a, .button")) {
      // A box that is ticked is touched by its words too.
      const element = control.type === "checkbox" ? (control.closest("label") ?? control) : control;
      if (!shown(element) || element.closest(".hidden") || element.matches(":disabled, .hidden")) continue;
      const { width, height } = element.getBoundingClientRect();
      if (width && height && (width < 24 || (height < 24 && element.type !== "range"))) wrong.push(`${where(element)} is ${Math.round(width)} by ${Math.round(height)}, too small to touch`);
    }
  }
  return wrong;
}
