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

const COUNTED: ReadonlySet<string> = new Set([
  ...REPEATABLE,
  'tools/call',
  'tasks/get',
  'tasks/update',
  'tasks/cancel',
  'tasks/result',
  'tasks/list',
]);

/** A method as a label of meters: those that clients make up are one. */
export const labelOf = (method: string): string => (COUNTED.has(method) ? method : 'other');
