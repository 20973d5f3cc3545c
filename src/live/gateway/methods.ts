/** What the name of a method says: may it be repeated, and under which label is it counted? */

/** Methods that change nothing, or nothing more when repeated; calls of tools are judged by their annotations. */
const REPEATABLE: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
]);

export const isRepeatable = (method: string): boolean => REPEATABLE.has(method);

/** A method as a label of meters: those that clients make up are one. */
export const labelOf = (method: string): string =>
  REPEATABLE.has(method) || method === 'tools/call' ? method : 'other';
