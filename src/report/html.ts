/**
 * The report: one HTML file, a pure function of Results. It fetches nothing, reads without JavaScript, prints, and
 * follows the reader's light or dark scheme. Its content policy allows this very style and this very script, by hash,
 * and nothing else, so that even a hole in the escaping would run nothing.
 */
import { createHash } from 'node:crypto';
import type { Results } from '../results/results.ts';
import { castOf, type Cast } from './cast.ts';
import { LIMITS, PAGE_BYTES, type Limits } from './limits.ts';
import { markup, trusted, type Markup } from './markup.ts';
import { data } from './page/data.ts';
import { details } from './page/details.ts';
import { leaderboard } from './page/leaderboard.ts';
import { method } from './page/method.ts';
import { PATTERNS } from './page/patterns.ts';
import { SCRIPT } from './page/script.ts';
import { sensitivity } from './page/sensitivity.ts';
import { STYLE } from './page/style.ts';
import { tails } from './page/tails.ts';
import { timeline } from './page/timeline.ts';
import { tradeOffs } from './page/trade-offs.ts';
import { twin } from './page/twin.ts';
import { verdict } from './page/verdict.ts';
import { TWIN_TITLE } from './twin.ts';

/** The whole document, in UTF-8 below 1 MB. */
export const renderHtml = async (results: Results): Promise<string> => {
  const cast = castOf(results);
  let page = '';
  for (const limits of LIMITS) {
    page = await renderWithin(limits, results, cast);
    if (Buffer.byteLength(page) < PAGE_BYTES) break;
  }
  return page;
};

const renderWithin = async (limits: Limits, results: Results, cast: Cast): Promise<string> => {
  const sections = [
    leaderboard(results, cast, limits),
    await sensitivity(results, limits),
    await tradeOffs(results, cast, limits),
    await tails(cast, limits),
    await twin(results, cast, limits),
    await timeline(results, cast, limits),
    details(cast, limits),
    method(results),
    data(results, cast, limits),
  ];
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="windtunnel ${results.environment.windtunnel}">
<meta name="referrer" content="no-referrer">
<title>${results.scenario.question}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${PATTERNS}
<main>
${verdict(results, cast, limits)}
${contents(sections)}
${sections}
</main>
<script>${trusted(SCRIPT)}</script>
</body>
</html>
`;
  return page.markup;
};

const hash = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const POLICY = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;

const CONTENTS: Readonly<Record<string, string>> = {
  leaderboard: 'Leaderboard',
  sensitivity: 'Which values',
  'trade-offs': 'Trade-offs',
  tails: 'Tails',
  twin: TWIN_TITLE,
  'over-time': 'Over time',
  details: 'Details',
  method: 'Method',
  data: 'Data',
};

/** Links to the sections that this report has. */
const contents = (sections: readonly Markup[]): Markup => {
  const present = Object.entries(CONTENTS).filter(([id]) =>
    sections.some(({ markup: section }) => section.includes(`<section id="${id}">`)),
  );
  return markup`<nav aria-label="Contents">
    ${present.map(([id, title]) => markup`<a href="#${id}">${title}</a>`)}
  </nav>`;
};
