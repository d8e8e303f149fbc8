/** What tests ask of an open report. Each function runs in the page, so it is whole in itself. */

export interface PageWidth {
  readonly contentPx: number;
  readonly visiblePx: number;
}

export function pageWidth(): PageWidth {
  const { scrollWidth, clientWidth } = document.documentElement;
  return { contentPx: Math.max(scrollWidth, document.body.scrollWidth), visiblePx: clientWidth };
}

export interface LinkTarget {
  readonly href: string;
  readonly exists: boolean;
}

export function linkTargets(): readonly LinkTarget[] {
  return [...document.querySelectorAll("a[href]")].map((link) => {
    const href = link.getAttribute("href") ?? "";
    const id = decodeURIComponent(href.slice(1));
    const isSamples = href === "records.jsonl";
    return { href, exists: isSamples || document.getElementById(id) !== null };
  });
}

/** The levels of the headings in their order. */
export function headings(): readonly number[] {
  return [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map((heading) =>
    Number(heading.tagName.slice(1)),
  );
}

/** The name of each picture and chart; "" where it has none. Those hidden from all are left out. */
export function accessibleNames(): readonly string[] {
  const nameOf = (element: Element): string => {
    const title = element.tagName === "svg" ? element.querySelector(":scope > title") : null;
    return (
      element.getAttribute("aria-label") ??
      element.getAttribute("alt") ??
      title?.textContent ??
      ""
    ).trim();
  };
  return [...document.querySelectorAll("img, svg, canvas, [role=img]")]
    .filter((element) => element.closest("[aria-hidden=true]") === null)
    .map((element) => nameOf(element.closest("[role=img]") ?? element));
}

export interface TextContrast {
  readonly text: string;
  /** From 1 to 21, as WCAG 2.2 defines it. */
  readonly ratio: number;
}

/** The contrast of each piece of text below `selector` with the colours painted behind it. */
export function contrasts(selector: string): readonly TextContrast[] {
  type Color = readonly [number, number, number, number];
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (context === null) throw new TypeError("no canvas");
  const parse = (css: string): Color => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = css;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top: Color, below: Color): Color => {
    const mix = (index: 0 | 1 | 2) => top[index] * top[3] + below[index] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  };
  const backgroundOf = (element: Element | null): Color => {
    if (element === null) return parse("Canvas");
    const own = parse(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, backgroundOf(element.parentElement));
  };
  const luminance = (color: Color): number => {
    const linear = (index: 0 | 1 | 2) => {
      const share = color[index] / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(0) + 0.7152 * linear(1) + 0.0722 * linear(2);
  };
  const hasText = (element: Element) =>
    [...element.childNodes].some(({ nodeType, textContent }) => {
      return nodeType === Node.TEXT_NODE && (textContent ?? "").trim() !== "";
    });
  return [...document.querySelectorAll(`${selector} *`)].filter(hasText).map((element) => {
    const background = backgroundOf(element);
    const ink = over(parse(getComputedStyle(element).color), background);
    const [dark = 0, light = 0] = [luminance(ink), luminance(background)].toSorted((a, b) => a - b);
    return { text: (element.textContent ?? "").trim(), ratio: (light + 0.05) / (dark + 0.05) };
  });
}

/** Chooses a value of a filter of the matrix as a person would. */
export function chooseFilter({ name, value }: { readonly name: string; readonly value: string }): {
  readonly rows: readonly string[];
  readonly status: string;
} {
  const select = document.querySelector(`#filters [name="${name}"]`);
  if (!(select instanceof HTMLSelectElement)) throw new TypeError(`no filter ${name}`);
  select.value = value;
  select.dispatchEvent(new Event("input", { bubbles: true }));
  const rows = [...document.querySelectorAll<HTMLElement>("#cells tbody tr:has(td[data-state])")];
  return {
    rows: rows.filter((row) => row.checkVisibility()).map((row) => row.innerText),
    status: document.getElementById("filter-status")?.textContent ?? "",
  };
}
