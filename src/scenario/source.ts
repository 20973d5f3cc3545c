/**
 * YAML text -> Tree, with all that YAML lets a person get wrong answered in plain words: texts that need quotes, keys
 * given twice, several documents, aliases that contain themselves or explode (the "billion laughs"), files far too large.
 * Merge keys (`<<`) are not part of YAML 1.2 and are unknown keys like any other.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  parseDocument,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { ScenarioError, type Mistake, type Place } from '../core/scenario-error.ts';
import { describeValue } from '../core/units.ts';
import { movedTo, type Branch, type Entry, type Leaf, type Tree } from './tree.ts';

/** Characters; beyond it the file is refused unread. */
const LONGEST_TEXT = 1_000_000;
/** Values after aliases are spelled out. */
const MOST_VALUES = 100_000;
const DEEPEST = 40;

export interface Source {
  readonly tree: Tree;
  /** Oddities that are not errors, each with its place in front. */
  readonly warnings: readonly string[];
}

/** Reads one YAML document. Throws ScenarioError with every mistake that can be told at once. */
export const parseSource = (file: string, text: string): Source => {
  refuseLong(file, text, 'a scenario');
  const lines = new LineCounter();
  const document = guarded(file, () => parseDocument(text, optionsWith(lines)));
  const placeAt = placesOf(file, lines);
  const tree = treeOf(document, file, text, placeAt);
  if (tree === null) {
    throw new ScenarioError('the file is empty; allowed: a scenario', { file, line: 1, column: 1 });
  }
  const warnings = document.warnings.map((warning) => {
    const { line, column } = placeAt(warning.pos[0]);
    return `${file}:${line}:${column}  ${firstLine(warning.message)}`;
  });
  return { tree, warnings };
};

/** Reads all documents of a file, divided by `---`; empty ones are left out. Throws ScenarioError. */
export const parseDocuments = (file: string, text: string): readonly Tree[] => {
  refuseLong(file, text, 'a file');
  const lines = new LineCounter();
  const documents = guarded(file, () => parseAllDocuments(text, optionsWith(lines)));
  const placeAt = placesOf(file, lines);
  return [...documents].flatMap((document) => treeOf(document, file, text, placeAt) ?? []);
};

type PlaceAt = (offset: number) => Place;

const refuseLong = (file: string, text: string, what: string): void => {
  if (text.length <= LONGEST_TEXT) return;
  const size = (text.length / 1e6).toFixed(1);
  throw new ScenarioError(`${what} of ${size} MB; allowed: at most 1 MB`, { file });
};

const optionsWith = (lineCounter: LineCounter) => ({
  lineCounter,
  uniqueKeys: false,
  prettyErrors: false,
});

const placesOf =
  (file: string, lines: LineCounter): PlaceAt =>
  (offset) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };

/** Null when the document is empty. */
const treeOf = (
  document: Document.Parsed,
  file: string,
  text: string,
  placeAt: PlaceAt,
): Tree | null => {
  if (document.errors.length > 0) {
    const told = document.errors.slice(0, 5);
    if (told.some(({ message }) => message.includes('call stack'))) throw tooDeep(file);
    throw ScenarioError.of(told.map((error) => yamlMistake(error, text, placeAt)));
  }
  if (document.contents === null) return null;
  const reading = new Reading(text, placeAt);
  const tree = reading.read(document.contents, 0);
  if (reading.mistakes.length > 0) throw ScenarioError.of(reading.mistakes);
  return tree;
};

/** A value given on the command line, as a tree whose place is the argument. Throws ScenarioError. */
export const parseArgument = (argument: string, text: string): Tree => {
  const place: Place = { file: argument };
  if (text.trim() === '') return { kind: 'leaf', value: null, place };
  try {
    return movedTo(place, parseSource(argument, text).tree);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    throw ScenarioError.of(error.mistakes.map(({ message }) => ({ message, place })));
  }
};

const guarded = <T>(file: string, parse: () => T): T => {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep(file);
    throw error;
  }
};

const tooDeep = (file: string): ScenarioError =>
  new ScenarioError(`nested too deep; allowed: ${DEEPEST} levels`, { file });

const firstLine = (message: string): string => message.split('\n')[0] ?? message;

interface YamlError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

const yamlMistake = (error: YamlError, text: string, placeAt: PlaceAt): Mistake => {
  const place = placeAt(error.pos[0]);
  if (error.code === 'MULTIPLE_DOCS') {
    return { message: 'a second document begins here; allowed: one scenario a file', place };
  }
  const line = text.split('\n')[(place.line ?? 1) - 1] ?? '';
  const needsQuotes = /^\s*(?:-\s+)?[^\s'"[{][^:]*:\s+[^\s'"[{|>&*!].*(?::\s| #)/.test(line);
  const advice = needsQuotes
    ? 'this text contains `: ` or ` #`, which mean something in YAML; quote the text'
    : `not YAML: ${firstLine(error.message)}`;
  return { message: advice, place };
};

/** One walk over YAML's own tree: resolves aliases by sharing, and counts what they would spell out. */
class Reading {
  readonly mistakes: Mistake[] = [];
  readonly #text: string;
  readonly #placeAt: PlaceAt;
  readonly #anchors = new Map<string, Tree | 'open'>();
  readonly #sizes = new WeakMap<Tree, number>();

  constructor(text: string, placeAt: PlaceAt) {
    this.#text = text;
    this.#placeAt = placeAt;
  }

  read(node: Node, depth: number): Tree {
    const place = this.#placeAt(node.range?.[0] ?? 0);
    if (depth > DEEPEST)
      throw new ScenarioError(`nested too deep; allowed: ${DEEPEST} levels`, place);
    if (isAlias(node)) return this.#aliased(node.source, place);
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const tree = this.#built(node, place, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, tree);
    return tree;
  }

  #built(node: Node, place: Place, depth: number): Tree {
    if (isMap(node)) return this.#map(node, place, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.read(item as Node, depth + 1));
      return this.#sized({ kind: 'list', items, place }, items);
    }
    return this.#sized(leaf(node as Scalar, place), []);
  }

  #map(node: YAMLMap, place: Place, depth: number): Branch {
    const entries = new Map<string, Entry>();
    for (const pair of node.items) {
      const keyNode = pair.key as Node;
      const keyPlace = this.#placeAt(keyNode.range?.[0] ?? 0);
      const key = this.#key(keyNode, keyPlace);
      if (key === null) continue;
      const before = entries.get(key);
      if (before !== undefined) {
        const { line } = before.keyPlace;
        this.#mistake(`\`${key}\` is given twice; the first is in line ${line}`, keyPlace);
      }
      const valueNode = pair.value as Node | null;
      if (depth === 0 && key === 'question') this.#checkQuestion(valueNode);
      const empty: Leaf = { kind: 'leaf', value: null, place: keyPlace };
      entries.set(key, { keyPlace, value: valueNode ? this.read(valueNode, depth + 1) : empty });
    }
    const children = [...entries.values()].map(({ value }) => value);
    return this.#sized({ kind: 'map', entries, place }, children);
  }

  /** A key as it was written, so that `5` and `0x5` keep their names. */
  #key(node: Node, place: Place): string | null {
    const allowed = 'allowed: a plain text such as `breaker`';
    if (!isScalar(node)) {
      const got = isMap(node) ? 'a map' : isSeq(node) ? 'a list' : 'an alias';
      this.#mistake(`got ${got} for a key; ${allowed}`, place);
      return null;
    }
    const key = node.source ?? String(node.value);
    if (key !== '' || node.type !== 'PLAIN') return key;
    this.#mistake(`a key is missing before the colon; ${allowed}`, place);
    return null;
  }

  #aliased(name: string, place: Place): Tree {
    const tree = this.#anchors.get(name);
    if (tree === 'open') throw new ScenarioError(`the alias \`*${name}\` contains itself`, place);
    if (tree === undefined) throw new ScenarioError(`no anchor \`&${name}\` before here`, place);
    return tree;
  }

  #sized<T extends Tree>(tree: T, children: readonly Tree[]): T {
    const size = children.reduce((sum, child) => sum + (this.#sizes.get(child) ?? 1), 1);
    if (size > MOST_VALUES) {
      const message = `more than ${MOST_VALUES} values once its aliases are spelled out`;
      throw new ScenarioError(message, tree.place);
    }
    this.#sizes.set(tree, size);
    return tree;
  }

  /**
   * YAML cuts an unquoted text at ` #` without a word. Two spaces before and one after the `#` is how a comment is
   * set; anything closer was meant as part of the question.
   */
  #checkQuestion(node: Node | null): void {
    if (!isScalar(node) || node.type !== 'PLAIN' || !node.range) return;
    const rest = this.#text.slice(node.range[1], node.range[2]).split('\n')[0] ?? '';
    if (!rest.includes('#') || /^\s{2,}#(?:\s|$)/.test(rest)) return;
    const cut = describeValue(node.value);
    const message = `question: YAML reads ${cut} and takes the rest for a comment; quote the text`;
    this.#mistake(message, this.#placeAt(node.range[1]));
  }

  #mistake(message: string, place: Place): void {
    this.mistakes.push({ message, place });
  }
}

const leaf = (node: Scalar, place: Place): Leaf => {
  const { value } = node;
  const plain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : null;
  return { kind: 'leaf', value: plain, place };
};
