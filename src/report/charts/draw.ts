/**
 * A plot becomes SVG text by Vega-Lite and Vega, without a browser or a canvas. Vega is large, so it is loaded when the
 * first chart is drawn and not when the command line starts. Its output is then cut to what a page needs: empty
 * groups, invisible labels and repeated fonts go, coordinates are rounded, and the root gets role and label.
 * Colours are CSS variables, so one drawing serves light and dark.
 */
import type { TopLevelSpec } from 'vega-lite';
import { escapeText, trusted, type Markup } from '../markup.ts';
import type { Plot } from './chart.ts';
import { FONT } from './labels.ts';

const THEME = {
  aria: false,
  background: null,
  view: { stroke: null },
  axis: {
    domainColor: 'var(--axis)',
    tickColor: 'var(--axis)',
    gridColor: 'var(--grid)',
    labelColor: 'var(--muted)',
    titleColor: 'var(--muted)',
    labelFontSize: FONT,
    titleFontSize: FONT,
    titleFontWeight: 'normal',
    tickSize: 4,
    labelPadding: 4,
    labelOverlap: 'greedy',
    labelBound: false,
    labelFlush: false,
  },
  axisY: { domain: false, ticks: false, grid: true },
  axisX: { grid: false },
  text: { color: 'var(--ink)', fontSize: FONT },
} as const;

/** `label` is the text alternative. */
export const draw = async (plot: Plot, label: string): Promise<Markup> => {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec } = compile(specOf(plot), { logger: vega.logger(vega.Error) });
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logLevel: vega.Error });
  const svg = await view.toSVG();
  view.finalize();
  return trusted(trim(svg, plot, label));
};

/** The one cast from our plots to Vega-Lite's types, which list every property of every mark. */
const specOf = ({ width, height, margin, layers }: Plot): TopLevelSpec =>
  ({
    width,
    height,
    padding: margin,
    autosize: { type: 'none' },
    background: null,
    config: THEME,
    layer: layers,
  }) as unknown as TopLevelSpec;

const trim = (svg: string, plot: Plot, label: string): string => {
  const { width, height, margin } = plot;
  const [across, down] = [width + margin.left + margin.right, height + margin.top + margin.bottom];
  const body = svg
    .slice(svg.indexOf('>') + 1)
    .replace(/<text [^>]*opacity="0"[^>]*>[^<]*<\/text>/g, '')
    .replace(/<path class="(?:background|foreground)"[^>]*\/>/g, '')
    .replace(/<[a-z][^<>]*>/g, trimTag)
    .replace(/<g>\s*<\/g>/g, '');
  return (
    `<svg role="img" aria-label="${escapeText(label)}" viewBox="0 0 ${across} ${down}" ` +
    `data-plot="${margin.left} ${margin.top} ${width} ${height}">${body}`
  );
};

/** Within one tag. Vega escapes `<` and `>` in attributes, so a tag ends where it seems to. */
const trimTag = (tag: string): string =>
  tag
    .replace(
      / (?:class|font-family|role|aria-roledescription|aria-hidden|pointer-events|xmlns:xlink)="[^"]*"/g,
      '',
    )
    .replace(/ (?:stroke-miterlimit="\d+"|opacity="1"|stroke-width="1"|font-weight="normal")/g, '')
    .replace(/(?<= (?:d|transform|x|y|x2|y2)="[^"]*)-?\d+\.\d+/g, (number) =>
      String(Number(Number(number).toFixed(1))),
    );
