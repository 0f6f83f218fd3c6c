/** What a command line says about files, target and scope, for the next one that is suggested. */
export interface Selection {
  readonly file?: readonly string[];
  readonly overlay?: readonly string[];
  readonly var?: readonly string[];
  readonly varFile?: readonly string[];
  readonly apiUrl?: string;
  readonly emulator?: string | true;
  readonly organization?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly base?: string;
  readonly allowDestroy?: readonly string[];
  readonly allowExec?: boolean;
  readonly accept?: readonly string[];
  readonly reinvite?: readonly string[];
  readonly markBase?: string;
  readonly now?: string;
}

/** The command that works on the same files and the same target. Values of variables are left out: they may be secret. */
export function commandLine(command: string, selection: Selection, argument?: string): string {
  const one = (name: string, value: string | undefined) => (value === undefined ? [] : [name, quoted(value)]);
  const each = (name: string, values: readonly string[] = []) => values.flatMap((value) => one(name, value));
  return [
    'zenform',
    command,
    ...(argument === undefined ? [] : [quoted(argument)]),
    ...each('-f', selection.file),
    ...each('--overlay', selection.overlay),
    ...(selection.var ?? []).flatMap((text) => ['--var', `${quoted(text.split('=')[0] ?? '')}=…`]),
    ...each('--var-file', selection.varFile),
    ...one('--api-url', selection.apiUrl),
    ...(selection.emulator === true ? ['--emulator'] : one('--emulator', selection.emulator)),
    ...one('--organization', selection.organization),
    ...each('--only', selection.only),
    ...each('--skip', selection.skip),
    ...one('--base', selection.base),
    ...each('--allow-destroy', selection.allowDestroy),
    ...(selection.allowExec ? ['--allow-exec'] : []),
    ...each('--accept', selection.accept),
    ...each('--reinvite', selection.reinvite),
    ...one('--mark-base', selection.markBase),
    ...one('--now', selection.now),
  ].join(' ');
}

/** A word as a POSIX shell has to get it. */
const quoted = (text: string) =>
  /^[\w@%+=:,./-][\w@%+=:,./~^-]*$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
