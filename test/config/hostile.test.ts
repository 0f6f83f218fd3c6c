import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { toJson } from '../../src/config/tree.ts';
import { spot } from './support.ts';

const many = (text: string, count: number) => text.repeat(count);
const bomb = `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from(
  { length: 12 },
  (_, i) => `a${i + 1}: &a${i + 1} [${many(`*a${i}, `, 10)}]`,
).join('\n')}`;

/** What stands in the file, and what is said about it, in order. */
const table: readonly (readonly [name: string, content: string | Uint8Array, ...said: string[]])[] = [
  ['empty', ''],
  ['only a comment', '# nothing\n'],
  ['only a document start', '---\n'],
  ['a UTF-8 byte order mark', Buffer.from('\ufeffa: x\n')],
  ['CRLF', 'a: x\r\nb: z\r\n'],
  ['JSON', '{ "a": [1, true, null, "x"] }'],
  ['a date', 'expires: 2027-01-31\n'],
  ['an explicit core tag', 'a: !!str 12\n'],
  ['a quoted word of YAML 1.1', 'a: "no"\nb: ["on"]\n'],
  ['__proto__ and friends', '__proto__: { x: 1 }\nconstructor: 1\nprototype: 2\n'],
  ['an unused anchor and a simple alias', 'a: &a [x]\nb: *a\nc: &c x\n'],
  ['exactly 100 levels', `${many('{a: ', 100)}1${many('}', 100)}`],
  ['a very long line', `a: ${many('x', 4_000_000)}`],

  [
    'duplicate keys, all of them',
    'a: 1\nb: 2\na: 3\nc: { d: 1, d: 2 }\n"b": 4\n',
    '3:1 error yaml-duplicate-key',
    '4:12 error yaml-duplicate-key',
    '5:1 error yaml-duplicate-key',
  ],
  ['a tab as indentation', 'a:\n\tb: 1\n', '2:1 error yaml-syntax'],
  ['a tab behind good lines', 'a:\n  b: 1\n\tc: 2\n', '3:1 error yaml-syntax'],
  ['two mistakes', 'a: @b\nc: `d\n', '1:4 error yaml-syntax', '2:4 error yaml-syntax'],
  ['a duplicate before a syntax error', 'a: 1\na: 2\nb: @x\n', '3:4 error yaml-syntax', '2:1 error yaml-duplicate-key'],
  ['a duplicate behind a syntax error, where nothing is sure', 'a: @x\nb: 1\nb: 2\n', '1:4 error yaml-syntax'],
  ['an open bracket', 'a: [1, 2\nb: 3\n', '2:1 error yaml-syntax'],
  ['an open quote', 'a: "x\nb: 1\n', '3:1 error yaml-syntax'],
  ['a text with a colon', 'a: b: c\n', '1:4 error yaml-syntax'],
  ['a list, then a key', '- a\nb: 1\n', '2:1 error yaml-syntax', '1:1 error schema-type'],
  ['a list', '[]', '1:1 error schema-type'],
  ['a text', 'hello', '1:1 error schema-type'],
  ['null', '~', '1:1 error schema-type'],
  ['an unknown tag', 'a: !foo x\n', '1:4 error yaml-unsupported'],
  ['a binary', 'a: 1\nb: !!binary aGk=\n', '2:4 error yaml-unsupported'],
  ['a function', 'a: !!js/function "x"\n', '1:4 error yaml-unsupported'],
  ['a set', 'a: !!set { x }\n', '1:4 error yaml-unsupported'],
  ['several documents', 'a: 1\n---\nb: 2\n---\nc: 3\n', '2:1 error yaml-unsupported'],
  ['a directive', '%YAML 1.1\n---\na: 1\n', '1:1 error yaml-unsupported'],
  ['a merge key', 'a: &a { x: 1 }\nb:\n  <<: *a\n', '3:3 error yaml-unsupported'],
  ['an alias without anchor', 'a: *x\n', '1:4 error yaml-unsupported'],
  ['an alias in itself', 'a: &x [*x]\n', '1:8 error yaml-unsupported'],
  ['an alias as a key', 'a: &x z\n*x : 1\n', '2:1 error yaml-unsupported'],
  ['an alias bomb', bomb, '5:45 error yaml-unsupported'],
  [
    'aliases that nest too deep',
    `a: &a ${many('[', 60)}${many(']', 60)}\nb: ${many('[', 60)}*a${many(']', 60)}`,
    '2:64 error yaml-unsupported',
  ],
  ['a list as a key', '? [a]\n: b\n', '1:3 error yaml-unsupported'],
  ['a template', '{{ x }}: 1\n', '1:1 error yaml-unsupported'],
  ['a missing key', ': x\n', '1:1 error yaml-syntax'],
  [
    'keys that are no texts',
    '123: a\ntrue: b\n~: c\n1e3: d\n012: e\n0x10: f\n',
    '1:1 error yaml-ambiguous',
    '2:1 error yaml-ambiguous',
    '3:1 error yaml-ambiguous',
    '4:1 error yaml-ambiguous',
    '5:1 error yaml-ambiguous',
    '6:1 error yaml-ambiguous',
  ],
  [
    'words of YAML 1.1 as keys',
    'no: a\nYes: b\non: c\nOFF: d\ny: e\n',
    '1:1 error yaml-ambiguous',
    '2:1 error yaml-ambiguous',
    '3:1 error yaml-ambiguous',
    '4:1 error yaml-ambiguous',
    '5:1 error yaml-ambiguous',
  ],
  ['words of YAML 1.1 in a list', 'a: [on, n]\n', '1:5 error yaml-ambiguous', '1:9 error yaml-ambiguous'],
  [
    'words of YAML 1.1 as values',
    'a: no\nb: 1_000\nc: 12:30:45\n',
    '1:4 warning yaml-ambiguous',
    '2:4 warning yaml-ambiguous',
    '3:4 warning yaml-ambiguous',
  ],
  [
    'numbers that JSON cannot hold',
    'a: .inf\nb: .nan\nc: 9007199254740993\n',
    '1:4 error yaml-ambiguous',
    '2:4 error yaml-ambiguous',
    '3:4 error yaml-ambiguous',
  ],
  ['NUL', 'a: x\nb: \u0000\n', '2:4 error yaml-syntax'],
  ['other control characters', 'a: \u0007\nb: \u009f\n', '1:4 error yaml-syntax', '2:4 error yaml-syntax'],
  ['control characters by escape', 'a: "\\0"\n"\\e": 1\n', '1:4 error yaml-unsupported', '2:1 error yaml-unsupported'],
  ['text direction', 'a: \u202ex\n', '1:4 error yaml-syntax'],
  ['half a character by escape', 'a: "\\uD800"\n', '1:4 error yaml-unsupported'],
  ['old Mac line ends', 'a: 1\rb: 2\r', '1:5 error yaml-syntax'],
  ['UTF-16', Buffer.from('\ufeffa: 1', 'utf16le'), '1:1 error file-encoding'],
  ['UTF-16 without a mark', Buffer.from('a: 1\nb: 2\n', 'utf16le'), '1:2 error yaml-syntax'],
  ['Latin-1', Buffer.from('a: 1\nb: caf\xe9\n', 'latin1'), '2:7 error file-encoding'],
  [
    'an overlong sequence after a mark',
    Buffer.concat([Buffer.from('\ufeffä: 1\n'), Buffer.from([0x61, 0xc0, 0x80])]),
    '2:2 error file-encoding',
  ],
  ['a cut sequence', Buffer.from([0x61, 0xe2, 0x82]), '1:2 error file-encoding'],
  ['a surrogate in UTF-8', Buffer.from([0x61, 0xed, 0xa0, 0x80]), '1:2 error file-encoding'],
  ['50 MB', Buffer.alloc(50_000_000, 97), '1:1 error file-too-large'],
  ['10,000 brackets', many('[', 10_000), '1:102 error yaml-unsupported'],
  ['10,000 objects', many('{"a":', 10_000), '1:506 error yaml-unsupported'],
  ['10,000 lists', many('- ', 10_000), '1:203 error yaml-unsupported'],
  [
    '1,000 levels of indentation',
    Array.from({ length: 1000 }, (_, i) => `${many(' ', i)}a:`).join('\n'),
    '102:102 error yaml-unsupported',
  ],
  ['101 levels', `${many('{a: ', 101)}1${many('}', 101)}`, '1:405 error yaml-unsupported'],
  ['two million signs', `a: [${many('x,', 1_000_000)}]`, '1:666667 error file-too-large'],
  ['a million closing brackets', many(']', 1_000_000), '1:1 error yaml-syntax'],
];

describe('hostile files', () => {
  it.each(table)('%s', (_name, content, ...said) => {
    const { tree, diagnostics } = parseConfig(content, 'f.yaml');
    expect(diagnostics.map(spot)).toEqual(said);
    if (said.length === 0) expect(tree?.type).toBe('mapping');
    for (const { place } of diagnostics) expect(place?.file).toBe('f.yaml');
  });

  it('gives no tree for what is not YAML, and one for what only has bad names', () => {
    expect(parseConfig('a: @b\n', 'f').tree).toBeUndefined();
    expect(toJson(parseConfig('123: x\n', 'f').tree ?? never())).toEqual({ 123: 'x' });
  });

  it('says what a person needs', () => {
    const words = (content: string | Uint8Array) =>
      parseConfig(content, 'f').diagnostics.map(({ summary, hint }) => `${summary} | ${hint}`);
    expect(words('a:\n\tb: 1\n')).toEqual(['a tab is used as indentation | indent with spaces']);
    expect(words(Buffer.from('b: caf\xe9', 'latin1'))).toEqual([
      'byte 6 of the file (0xE9) is not valid UTF-8 | save the file as UTF-8',
    ]);
    expect(words('123: x')).toEqual(['the key `123` is a number to YAML, not a text | write it with quotes: "123"']);
    expect(words('no: x')).toEqual(['`no` is a text here and a boolean to other YAML readers | write it with quotes: "no"']);
    expect(words('a: { <<: 1 }')).toEqual(['merge keys (`<<`) are not read | write the keys out']);
    expect(words('a: \u202e')[0]).toContain('U+202E');
  });

  it('names the first of two duplicates', () => {
    const [found] = parseConfig('x:\n  a: 1\n  a: 2\n', 'f').diagnostics;
    expect(found?.related).toEqual([{ file: 'f', line: 2, column: 3 }]);
  });

  it('keeps the place of every key and value', () => {
    const tree = parseConfig('teams:\n  ml:\n    members: [ada, "bob"]\n    roles:\n', 'f').tree ?? never();
    const teams = tree.entries.get('teams')?.value;
    const ml = teams?.type === 'mapping' ? teams.entries.get('ml') : undefined;
    const members = ml?.value.type === 'mapping' ? ml.value.entries.get('members')?.value : undefined;
    expect(ml?.keyPlace).toEqual({ file: 'f', line: 2, column: 3 });
    expect(members?.place).toEqual({ file: 'f', line: 3, column: 14 });
    expect(members?.type === 'list' && members.items.map(({ place }) => place.column)).toEqual([15, 20]);
    const roles = ml?.value.type === 'mapping' ? ml.value.entries.get('roles')?.value : undefined;
    expect(roles?.place).toEqual({ file: 'f', line: 4, column: 5 });
  });
});

function never(): never {
  throw new Error('there is no tree');
}
