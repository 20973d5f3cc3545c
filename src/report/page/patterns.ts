/** SVG patterns shared by every drawing on the page: breaker and health states, and "not told apart from the best". */
import { trusted, type Markup } from '../markup.ts';

const stripes = (id: string, colour: string, angle: number, step: number, width: number): string =>
  `<pattern id="${id}" width="${step}" height="${step}" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})">` +
  `<rect width="${step}" height="${step}" fill="${colour}" fill-opacity=".32"/><rect width="${width}" height="${step}" fill="${colour}"/></pattern>`;

export const PATTERNS: Markup = trusted(
  `<svg class="hidden" width="0" height="0" aria-hidden="true"><defs>${[
    stripes('state-open', 'var(--state-open)', 45, 5, 2.6),
    stripes('state-half-open', 'var(--state-half-open)', 0, 4, 1.6),
    stripes('state-unhealthy', 'var(--state-unhealthy)', -45, 7, 2),
    stripes('state-draining', 'var(--state-draining)', 90, 4, 1.4),
    stripes('state-starting', 'var(--state-starting)', 90, 7, 1),
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1.3" height="7" fill="var(--hatch)"/></pattern>',
  ].join('')}</defs></svg>`,
);
