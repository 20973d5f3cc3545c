/**
 * What is wrong with a name that a person may choose freely, of a contender or of a tool: it must be seen in a table, and
 * be told from the others there. Null when nothing is.
 */
export const wrongWithName = (name: string, before: readonly string[]): string | null => {
  if (name.trim() === '')
    return `got ${name === '' ? 'an empty name' : 'a name of spaces only'}; allowed: a name that can be seen`;
  // An object would take it for its prototype.
  if (name === '__proto__') return 'got `__proto__`; allowed: any other name';
  const alike = before.find((other) => other.trim() === name.trim());
  if (alike === undefined) return null;
  return `got \`${name}\`, which only spaces at its ends tell from \`${alike}\`; allowed: another name`;
};
