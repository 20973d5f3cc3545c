/** Prose in which no line breaks between a figure and its unit. Tables and files keep the plain space, which greps find. */
export const unbroken = (text: string): string =>
  text.replace(/(?<=\d) (?=%|(?:ms|s|min|h|points)\b)/g, '\u00A0');
