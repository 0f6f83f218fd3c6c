import { type Address, kindOf } from '../../core/address.ts';
import { compare } from '../../core/diagnostic.ts';
import { badCharacter } from '../characters.ts';
import { blockText, plainly } from '../edit/render.ts';
import { rewrite } from '../edit/rewrite.ts';
import type { Mapping, SourceDocument, Tree } from '../tree.ts';
import { checkText, validateDocument } from '../validate.ts';
import { expandVariables } from '../variables.ts';
import { adoptOne, type Ground, type Want } from './adopt.ts';
import type { OpenFile } from './files.ts';

export type { Ground, Want } from './adopt.ts';
export { placesIn } from './locate.ts';

/** A file with its text before and after; without a text before it is new. */
export interface FileEdit {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** What was adopted, and what not and why. */
export interface Adoption {
  readonly edits: readonly FileEdit[];
  readonly adopted: readonly Address[];
  readonly left: readonly { readonly address: Address; readonly reason: string }[];
}

interface Progress {
  files: readonly OpenFile[];
  readonly adopted: { readonly address: Address; readonly touched: readonly string[] }[];
  readonly left: { readonly address: Address; readonly reason: string }[];
}

/** Writes live's side of what is wanted into the files. Pure: texts in, texts out; what the language forbids is left out and told. */
export function adopt(documents: readonly SourceDocument[], wants: readonly Want[], ground: Ground): Adoption {
  const start = documents.map(({ file, raw, overlay }): OpenFile => ({ file, tree: raw, overlay }));
  const sorted = [...wants].sort((a, b) => rank(a) - rank(b) || compare(a.address, b.address));
  const all = attempt(sorted, start, ground, false);
  // One by one only where something is not allowed: who is to blame has to be found.
  const faulty = all.files.some((file, index) => file !== start[index] && faultIn(file, ground) !== undefined);
  const { files, adopted, left } = faulty ? attempt(sorted, start, ground, true) : all;
  const texts = new Map(documents.map(({ file, bytes }) => [file, Buffer.from(bytes).toString('utf8')]));
  const edits: FileEdit[] = [];
  const stuck = new Set<string>();
  for (const [index, file] of files.entries()) {
    if (file === start[index]) continue;
    const before = texts.get(file.file);
    const after =
      before === undefined ? freshText(file.tree, documents, file.file) : withMark(before, (text) => rewrite(text, file.tree));
    if (after === undefined) stuck.add(file.file);
    else if (after !== before) edits.push({ file: file.file, before, after });
  }
  const failed = adopted.filter(({ touched }) => touched.some((file) => stuck.has(file)));
  return {
    edits,
    adopted: adopted.filter((one) => !failed.includes(one)).map(({ address }) => address),
    left: [
      ...left,
      ...failed.map(({ address, touched }) => ({
        address,
        reason: `${touched.find((file) => stuck.has(file))} cannot be edited without writing it anew`,
      })),
    ].sort((a, b) => compare(a.address, b.address)),
  };
}

/** Removals first, then things before what they hold. */
function rank({ change, address }: Want): number {
  if (change?.action === 'create') return 0;
  const order = ['organization', 'workspace', 'project', 'team', 'service_account', 'member', 'role', 'service_account_key'];
  const at = order.indexOf(kindOf(address));
  return change?.action === 'update' ? 1 : at < 0 ? 20 : 2 + at;
}

function attempt(wants: readonly Want[], start: readonly OpenFile[], ground: Ground, checking: boolean): Progress {
  const progress: Progress = { files: start, adopted: [], left: [] };
  for (const want of wants) {
    const result = adoptOne(want, progress.files, ground);
    const before = progress.files;
    const fault = 'reason' in result ? result.reason : checking ? firstFault(result.files, before, ground) : undefined;
    if (fault !== undefined || 'reason' in result) progress.left.push({ address: want.address, reason: fault ?? '' });
    else {
      progress.files = result.files;
      progress.adopted.push({ address: want.address, touched: result.touched });
    }
  }
  return progress;
}

function firstFault(files: readonly OpenFile[], before: readonly OpenFile[], ground: Ground): string | undefined {
  for (const [index, file] of files.entries()) {
    const fault = file === before[index] ? undefined : faultIn(file, ground);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Why a file would be refused. */
function faultIn({ file, tree }: OpenFile, ground: Ground): string | undefined {
  if (hasOdd(tree)) return 'it holds characters that no file may hold';
  const { tree: said, diagnostics } = expandVariables(tree, ground.variables);
  const document = { file, tree: said };
  return [...diagnostics, ...checkText(document), ...validateDocument(document)].find(({ severity }) => severity === 'error')
    ?.summary;
}

function hasOdd(tree: Tree): boolean {
  if (tree.type === 'scalar') return typeof tree.value === 'string' && isOdd(tree.value);
  if (tree.type === 'list') return tree.items.some(hasOdd);
  return [...tree.entries].some(([key, { value }]) => isOdd(key) || hasOdd(value));
}

const isOdd = (text: string) => badCharacter(text) !== undefined || /\p{Surrogate}/u.test(text);

const mark = '\ufeff';

/** Edits a text that may begin with a byte order mark. */
function withMark(text: string, edit: (text: string) => string | undefined): string | undefined {
  if (!text.startsWith(mark)) return edit(text);
  const edited = edit(text.slice(1));
  return edited === undefined ? undefined : `${mark}${edited}`;
}

const modeline = /^# yaml-language-server: .*(?=\r?\n)/;

/** The text of a new file, with the first line that its siblings have. */
function freshText(tree: Mapping, documents: readonly SourceDocument[], file: string): string {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const sibling = documents.find((one) => one.file.startsWith(folder) && !one.file.slice(folder.length).includes('/'));
  const first = sibling && modeline.exec(Buffer.from(sibling.bytes).toString('utf8'))?.[0];
  return `${first ? `${first}\n` : ''}${blockText(tree, 0, plainly)}\n`;
}
