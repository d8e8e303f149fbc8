/** Charts become static SVG, without a canvas or a browser. */
import * as vega from "vega";
import { compile } from "vega-lite";
import type { Chart } from "../chart/chart.ts";
import { type Markup, trusted } from "../markup.ts";

export async function renderSvg({ drawing }: Chart): Promise<Markup> {
  const spec = drawing.language === "vega" ? drawing.spec : compile(drawing.spec).spec;
  const view = new vega.View(vega.parse(spec), { renderer: "none" });
  try {
    return trusted(withoutRoles(await view.toSVG()));
  } finally {
    view.finalize();
  }
}

/** Vega gives its marks roles without names; the figure around has a name for all of it. */
function withoutRoles(svg: string): string {
  return svg.replaceAll(/ (?:role|aria-[a-z]+)="[^"]*"/g, "");
}
