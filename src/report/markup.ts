/**
 * HTML that cannot be injected into: in a template tagged `markup`, every interpolated text is escaped, and only what
 * another `markup` made, or what `trusted` vouches for, goes in as it is. A scenario's author chooses names, questions
 * and labels, and a report is mailed to people who never saw the scenario, so escaping is the default and not a habit.
 * Attributes must be quoted in the template; the escaped set covers both kinds of quotes.
 */
export interface Markup {
  readonly markup: string;
}

export type Fragment = string | number | Markup | null | readonly Fragment[];

export const markup = (strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup => ({
  markup: String.raw({ raw: strings.map(unindented) }, ...values.map(asMarkup)),
});

/** Vouches for markup made elsewhere: our own style and script, and the SVG that Vega wrote and escaped. */
export const trusted = (markup: string): Markup => ({ markup });

export const NOTHING: Markup = { markup: '' };

export const escapeText = (text: string): string =>
  text
    .replace(UNPRINTABLE, '\uFFFD')
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');

/** JSON for a `<script type="application/json">`: no text in it can end the element or open a comment. */
export const embeddedJson = (value: unknown): Markup =>
  trusted(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, asUnicodeEscape));

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Control characters, and the bidirectional overrides that would let a name rewrite the sentence around it. */

const UNPRINTABLE = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u202A-\u202E\u2066-\u2069]/g;

const asMarkup = (value: Fragment): string => {
  if (value === null) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(asMarkup).join('');
};

/** The indentation of our own source is no part of a page. */
const unindented = (text: string): string => text.replace(/\n\s*/g, '\n');

const asUnicodeEscape = (character: string): string =>
  `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
