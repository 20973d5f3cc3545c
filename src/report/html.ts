/**
 * The report: one HTML file, a pure function of Results. It fetches nothing, reads without JavaScript, prints, and
 * follows the reader's light or dark scheme. Its content policy allows this very style and this very script, by hash,
 * and nothing else, so that even a hole in the escaping would run nothing.
 */
import { createHash } from 'node:crypto';
import type { Results } from '../results/results.ts';
import { invalidReason } from '../results/validity.ts';
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
    await tails(results, cast, limits),
    await twin(results, cast, limits),
    await timeline(results, cast, limits),
    details(results, cast, limits),
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
<title>${invalidReason(results) === null ? '' : 'Invalid: '}${results.scenario.question}</title>
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

const SECTION = /^<section id="([^"]+)">\s*<h2>([^<]+)<\/h2>/;

/** Links to the sections that this report has, under their own headings. */
const contents = (sections: readonly Markup[]): Markup => {
  const links = sections.flatMap(({ markup: section }) => {
    const [, id = '', heading = ''] = SECTION.exec(section) ?? [];
    return id === '' ? [] : [markup`<a href="#${id}">${trusted(heading)}</a>`];
  });
  return markup`<nav aria-label="Contents">
    ${links}
  </nav>`;
};
