import type { Address } from './address.ts';

/** A position in a file: `file` as the user named it, `line` and `column` from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Every diagnostic there is: its code and what it means. The docs list exactly these keys. */
export const codes = {
  'file-unreadable': 'A file or folder that was named cannot be read.',
  'file-encoding': 'A file is not valid UTF-8.',
  'file-too-large': 'A file is larger than a configuration can reasonably be.',
  'yaml-syntax': 'A file is not valid YAML.',
  'yaml-duplicate-key': 'The same key stands twice in one mapping.',
  'yaml-unsupported':
    'A YAML feature that zenform does not read: aliases that explode, merge keys, custom tags, several documents.',
  'yaml-ambiguous': 'A plain scalar that other YAML readers take for something else; write it with quotes.',
  'schema-unknown-key': 'A key that the language does not know.',
  'schema-type': 'A value of the wrong type.',
  'schema-value': 'A value outside what is allowed.',
  'schema-missing': 'A key that must be there is missing.',
  'merge-conflict': 'The same field or list is given twice.',
  'variable-missing': 'A `${var:name}` has no value.',
  'variable-unused': 'A variable was given that no file uses.',
  'name-case': 'Two names differ only by case.',
  'name-lookalike': 'An e-mail address holds characters that look like others.',
  'name-twice': 'Two resources would have the same name on the server.',
  'date-invalid': 'A date that does not exist.',
  expired: 'An entry is past its `expires` date and counts as not written.',
  'role-unknown': 'A role that neither the files nor the organization have.',
  'role-level': 'A role that belongs to another level than the place where it is used.',
  'role-ambiguous': 'Several roles fit one name.',
  'reference-unknown': 'A person, team or service account that is not declared in the files.',
  'reference-missing': 'A person, team or service account that is neither declared nor live.',
  'reference-absent': 'Something is used that the files declare absent.',
  'member-without-role': 'A holder of a workspace or project role without an organization role.',
  'organization-missing': 'The files name no organization, or the one they name cannot be found.',
  'organization-mismatch': 'Files, options and server do not mean the same organization.',
  'name-duplicate-live': 'Several live objects have one name; zenform does not guess.',
  'rename-both-live': 'The old and the new name of a rename are both live.',
  'immutable-field': 'A field that cannot change differs.',
  'field-not-clearable': 'A field was removed from the files and has no empty value on the server.',
  'field-not-supported': 'The server does not have a field that the files set.',
  'custom-roles-unsupported': 'Custom roles are defined, but the target is not known to support that.',
  'removals-not-seen': 'Without a base, removals from files are not seen.',
  'invitation-lapsed':
    'Somebody who was declared before is neither a member nor invited any more; they are not invited again unasked.',
  'base-unreadable': 'The base revision cannot be read.',
  'base-not-moved': 'The ref of --mark-base cannot be moved, or was not, because not everything was applied and verified.',
  'not-checked': 'Something could not be read, so it is neither compared nor changed.',
  'as-far-as-visible': 'The caller does not see everything, so nothing is removed.',
  'caller-kept': 'The caller holds a role that a complete list does not have; zenform does not take it from itself.',
  'unmanaged-admin': 'Somebody outside the files is Organization Admin.',
  'orphan-grant': 'A live role assignment points to something that no longer exists.',
  protected: 'A deletion of something protected.',
  'destroy-needs-word': 'Deleting data needs a second word.',
  'mass-change': 'Much of what is live of a kind would be changed or deleted at once.',
  'ignore-expired': 'An `ignore_drift` entry is past its end and counts no longer.',
  'not-adopted': 'Something that differs was not written into the files.',
  'lock-out': 'Too few Organization Admins would be left, or the one who runs this would lose its own rights.',
  'allowed-domains': 'Somebody of an e-mail domain that the files do not allow would get something.',
  'unsafe-order': 'In no order of the steps everybody keeps what they have, and nothing else, on the way.',
  'exec-not-allowed': 'A secret would go to a command, and running commands of the files was not allowed.',
  'accept-not-needed': 'Something is accepted that no guard refuses.',
  'selection-reference': 'A selected change needs something outside the selection.',
  'selection-empty': 'An `--only` or `--skip` pattern matches nothing.',
  unreachable: 'The server cannot be reached.',
  unauthorized: 'The server refuses the credentials.',
  'credentials-missing': 'There is no key or token.',
  'target-differs': "The target's own document says that it would refuse a call.",
  'plan-unusable': 'A saved plan cannot be read, or is for another organization or API.',
  'plan-stale': 'A change is not the one that was reviewed, because live or the files have moved since.',
  usage: 'The command line is wrong.',
  'api-error': 'The server answered with an error.',
  'right-missing': 'The one who runs this lacks the right to a change.',
  'limit-reached': 'The subscription does not allow any more of something.',
  'workspace-not-up': 'A workspace failed, or did not come up in time.',
  'ownership-by-server': 'The server did not take a value although it accepted the request.',
  'enrollment-key': 'An enrolled workspace has a key that is shown once.',
  'key-expired': 'An API key is past its end.',
  'terraform-cannot': 'Something that the files say does nothing in Terraform, or less than here.',
} as const;

export type Code = keyof typeof codes;
export type Severity = 'error' | 'warning' | 'note';

/** A problem, or a remark, that the reader can act on. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  /** What is wrong, in one line, without a full stop. */
  readonly summary: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly address?: Address;
  readonly place?: Place;
  /** Other places that belong to it, such as the first of two duplicates. */
  readonly related?: readonly Place[];
}

const rank: Record<Severity, number> = { error: 0, warning: 1, note: 2 };

/** Diagnostics in reading order: by file, line and column (those without a place last), then by severity, code and text. */
export function sortDiagnostics(diagnostics: Iterable<Diagnostic>): Diagnostic[] {
  const key = (d: Diagnostic) => d.place?.file ?? '\uffff';
  return [...diagnostics].sort(
    (a, b) =>
      compare(key(a), key(b)) ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
      rank[a.severity] - rank[b.severity] ||
      compare(a.code, b.code) ||
      compare(a.address ?? '', b.address ?? '') ||
      compare(a.summary, b.summary),
  );
}

/** Whether anything in the list stops the work. */
export function hasErrors(diagnostics: Iterable<Diagnostic>): boolean {
  for (const d of diagnostics) if (d.severity === 'error') return true;
  return false;
}

/** Order of strings by code unit: the same on every machine, unlike a locale's. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
