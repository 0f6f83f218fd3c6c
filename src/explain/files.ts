import type { Code } from '../core/diagnostic.ts';
import { type Page, zenform } from './page.ts';

const teams = (rest: string) => ({ 'teams.yaml': rest });
const validate = 'zenform validate -f teams.yaml';
const good = { files: teams('teams: { ml: { description: Owns the models } }\n'), run: validate };

/** What can be wrong with a file before it means anything. */
export const filePages = {
  'file-unreadable': {
    more: 'The path of `-f`, `--overlay` or `--var-file` leads nowhere, may not be read, or is a folder without YAML files. Paths are relative to the working folder. A link that leads out of the folder is not followed, because a pull request could otherwise have any file of the machine read.',
    bad: { files: good.files, run: 'zenform validate -f team.yaml' },
    good,
  },
  'file-encoding': {
    more: 'Files are UTF-8, with or without a byte order mark. An editor that saves as Latin-1 or UTF-16 makes bytes that are none; save the file as UTF-8.',
    bad: { files: { 'teams.yaml': { latin1: 'teams: { ml: { description: Équipe } }\n' } }, run: validate },
    good: { files: teams('teams: { ml: { description: Équipe } }\n'), run: validate },
  },
  'file-too-large': {
    more: 'A file may have 5 MiB. Larger ones are split: any part of the tree may stand in any file, and all files together are one configuration.',
    bad: { files: { 'teams.yaml': { megabytes: 6 } }, run: validate },
    good,
  },
  'yaml-syntax': {
    more: 'The place is where reading stopped; the slip is there or a little before. Mostly it is an indentation, a bracket or quote that is not closed, or a text with `: ` in it that needs quotes.',
    bad: { files: teams('teams:\n  ml:\n    description: Owns: everything\n'), run: validate },
    good: { files: teams('teams:\n  ml:\n    description: "Owns: everything"\n'), run: validate },
  },
  'yaml-duplicate-key': {
    more: 'YAML readers take one of two equal keys and drop the other without a word, so that half of what was written would be lost. The first place is named, too.',
    bad: { files: teams('teams:\n  ml: { description: Owns it }\n  ml: {}\n'), run: validate },
    good: { files: teams('teams:\n  ml: { description: Owns it }\n  data: {}\n'), run: validate },
  },
  'yaml-unsupported': {
    more: 'Custom tags, merge keys (`<<`), several documents in one file and aliases that multiply are not read: what a reviewer sees is what is there. Plain anchors and aliases are fine.',
    bad: { files: teams('teams:\n  ml: { description: !upper owns it }\n'), run: validate },
    good,
  },
  'yaml-ambiguous': {
    more: 'Older YAML readers take such a word for a truth value, a number or a date. Quotes say that it is a text.',
    bad: { files: teams('teams:\n  no: { description: Norway }\n'), run: validate },
    good: { files: teams('teams:\n  "no": { description: Norway }\n'), run: validate },
  },
  'schema-unknown-key': {
    more: 'Every key that is not of the language is an error, so that a slip never silently manages nothing. The allowed keys of the block are listed. `zenform schema` gives editors the same knowledge.',
    bad: { files: teams('teams:\n  ml: { descripton: Owns it }\n'), run: validate },
    good,
  },
  'schema-type': {
    more: 'A number where a text is expected needs quotes; one thing where a list is expected needs brackets.',
    bad: { files: { 'zenform.yaml': 'workspaces: { dev: { version: 12 } }\n' }, run: 'zenform validate' },
    good: { files: zenform('workspaces: { dev: { version: "0.98.0" } }\n'), run: 'zenform validate' },
  },
  'schema-value': {
    more: 'The value has the right type and is not among those that the server takes: too long, empty, or with letters that a name may not have. To empty a field, write `null`.',
    bad: { files: teams('teams:\n  ml: { description: "" }\n'), run: validate },
    good: { files: teams('teams:\n  ml: { description: null }\n'), run: validate },
  },
  'schema-missing': {
    more: 'Some blocks mean nothing without a certain key: an accepted refusal without its reason, an entry of a list without the name it is for.',
    bad: { files: teams('teams:\n  ml: { members: [{ expires: 2027-01-31 }] }\n'), run: validate },
    good: {
      files: zenform('members: { ada@acme.io: {} }\nteams: { ml: { members: [{ email: ada@acme.io, expires: 2027-01-31 }] } }\n'),
      run: 'zenform validate',
    },
  },
  'merge-conflict': {
    more: 'Files are one tree, and no file wins over another, so a field stands in one of them. What shall differ between two uses of the same files goes into an overlay (`--overlay`), which may override.',
    bad: {
      files: { 'a.yaml': 'teams: { ml: { description: Owns it } }\n', 'b.yaml': 'teams: { ml: { description: Runs it } }\n' },
      run: 'zenform validate -f a.yaml -f b.yaml',
    },
    good: {
      files: { 'a.yaml': 'teams: { ml: { description: Owns it } }\n', 'b.yaml': 'teams: { ml: { description: Runs it } }\n' },
      run: 'zenform validate -f a.yaml --overlay b.yaml',
    },
  },
  'variable-missing': {
    more: 'Values come from `--var NAME=VALUE`, `--var-file FILE` or the environment variable `ZENFORM_VAR_NAME`, and from nowhere else.',
    bad: { files: teams('teams: { ml: { description: "Team of ${var:region}" } }\n'), run: validate },
    good: { files: teams('teams: { ml: { description: "Team of ${var:region}" } }\n'), run: `${validate} --var region=Oslo` },
  },
  'variable-unused': {
    more: 'A variable that was passed on purpose and is used nowhere is misspelt, there or in the files. Those of the environment are not told.',
    bad: { files: good.files, run: `${validate} --var regoin=Oslo` },
    good: { files: teams('teams: { ml: { description: "Team of ${var:region}" } }\n'), run: `${validate} --var region=Oslo` },
  },
  'name-case': {
    more: 'The server keeps names apart or not, depending on what they name, and people do not. One of the two is a slip.',
    bad: { files: teams('teams:\n  ml: {}\n  ML: {}\n'), run: validate },
    good: { files: teams('teams:\n  ml: {}\n  data: {}\n'), run: validate },
  },
  'name-lookalike': {
    more: 'A letter of another alphabet that looks like a Latin one makes another address: the invitation would go to somebody else. Invisible characters and spaces at the ends of names are told as well. International domains are written as `xn--…`.',
    bad: { files: { 'zenform.yaml': 'members: { gr\u0430ce@acme.io: {} }\n' }, run: 'zenform validate' },
    good: { files: zenform('members: { grace@acme.io: {} }\n'), run: 'zenform validate' },
  },
  'name-twice': {
    more: 'Two blocks with different keys say the same `name:`. The server would take the first and refuse the second.',
    bad: { files: zenform('workspaces:\n  staging: { name: acme-dev }\n  dev: { name: acme-dev }\n'), run: 'zenform validate' },
    good: {
      files: zenform('workspaces:\n  staging: { name: acme-staging }\n  dev: { name: acme-dev }\n'),
      run: 'zenform validate',
    },
  },
  'date-invalid': {
    more: 'A day that the calendar does not have would be another one, or none, depending on who reads it. Write YYYY-MM-DD.',
    bad: {
      files: zenform('members: { ada@acme.io: {} }\nteams: { ml: { members: [{ email: ada@acme.io, expires: 2027-02-30 }] } }\n'),
      run: 'zenform validate',
    },
    good: {
      files: zenform('members: { ada@acme.io: {} }\nteams: { ml: { members: [{ email: ada@acme.io, expires: 2027-02-28 }] } }\n'),
      run: 'zenform validate',
    },
  },
  expired: {
    more: '`expires` is the last day (UTC) on which an entry counts. After it, the entry is as if it were not written: the next apply takes the membership or the role away. Remove it from the file, or give it a later day.',
    bad: {
      files: zenform('members: { ada@acme.io: {} }\nteams: { ml: { members: [{ email: ada@acme.io, expires: 2027-01-31 }] } }\n'),
      run: 'zenform validate --now 2027-02-01',
    },
    good: {
      files: zenform('members: { ada@acme.io: {} }\nteams: { ml: { members: [{ email: ada@acme.io, expires: 2027-01-31 }] } }\n'),
      run: 'zenform validate --now 2027-01-31',
    },
  },
} satisfies Partial<Record<Code, Page>>;
