import type { paths as ControlPlane } from '../../api/control-plane.generated.ts';
import type { paths as Workspace } from '../../api/workspace.generated.ts';

/** A path template of the API documents. */
export type Template = keyof ControlPlane | keyof Workspace;

/** A path of the API documents with its parameters filled in, in their order; a path that no document has does not compile. */
export function path(template: Template, ...parameters: readonly string[]): string {
  let at = 0;
  return template.replace(/\{[^}]+\}/g, () => parameters[at++] ?? '');
}
