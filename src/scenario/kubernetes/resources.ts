/**
 * The resources of manifest files: every document, `List`s taken apart, each with the place it was written at. What is
 * no resource at all is the user's mistake, and a Helm template is told apart from bad YAML.
 */
import { ScenarioError } from '../../core/scenario-error.ts';
import { parseDocuments } from '../source.ts';
import { at, placeOf, type Branch, type Tree } from '../tree.ts';

export interface Resource {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly tree: Branch;
}

export interface ManifestFile {
  /** As shown in messages. */
  readonly file: string;
  readonly text: string;
}

/** Throws ScenarioError. */
export const resourcesOf = ({ file, text }: ManifestFile): readonly Resource[] => {
  const resources = documentsOf({ file, text }).flatMap(resourcesIn);
  if (resources.length > 0) return resources;
  throw new ScenarioError('no resource in this file; allowed: Kubernetes manifests', { file });
};

const documentsOf = ({ file, text }: ManifestFile): readonly Tree[] => {
  try {
    return parseDocuments(file, text).filter((tree) => tree.kind !== 'leaf' || tree.value !== null);
  } catch (error) {
    if (!(error instanceof ScenarioError) || !text.includes('{{')) throw error;
    const message = 'this looks like a template; allowed: what `helm template` renders of it';
    throw new ScenarioError(message, error.mistakes[0]?.place ?? { file });
  }
};

const resourcesIn = (tree: Tree): readonly Resource[] => {
  if (tree.kind !== 'map')
    throw new ScenarioError('allowed: a Kubernetes resource, a map with `kind`', tree.place);
  const kind = textAt(tree, 'kind');
  const apiVersion = textAt(tree, 'apiVersion');
  if (kind === null || apiVersion === null) {
    const missing = kind === null ? 'kind' : 'apiVersion';
    throw new ScenarioError(`${missing}: missing; is this a Kubernetes manifest?`, tree.place);
  }
  const items = tree.entries.get('items')?.value;
  if (kind === 'List' && items?.kind === 'list') return items.items.flatMap(resourcesIn);
  const name = at(tree, ['metadata', 'name']);
  if (name?.kind !== 'leaf' || typeof name.value !== 'string')
    throw new ScenarioError(`metadata.name: missing`, placeOf(tree, ['metadata', 'name']));
  return [{ kind, apiVersion, name: name.value, tree }];
};

const textAt = (tree: Branch, key: string): string | null => {
  const value = tree.entries.get(key)?.value;
  return value?.kind === 'leaf' && typeof value.value === 'string' ? value.value : null;
};

/** `Deployment mcp-server` */
export const titleOf = ({ kind, name }: Resource): string => `${kind} ${name}`;
