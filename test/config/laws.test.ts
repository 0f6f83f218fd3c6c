import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mergeDocuments } from '../../src/config/merge.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { type ConfigDocument, type Mapping, type Tree, toJson } from '../../src/config/tree.ts';
import { checkText, validateDocument } from '../../src/config/validate.ts';
import { expandVariables, readVariables } from '../../src/config/variables.ts';
import type { Place } from '../../src/core/diagnostic.ts';

const runs = Number(process.env.ZENFORM_RUNS ?? 300);

/** Text that is nearly YAML, which reaches further than any text. */
const yamlish = fc
  .array(
    fc.constantFrom(
      'a',
      'members',
      'teams',
      'ada@acme.io',
      '__proto__',
      ': ',
      ':\n',
      '\n',
      '\n  ',
      '\n- ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '#',
      '&x ',
      '*x',
      '!t ',
      '|',
      '>',
      '? ',
      '<<: ',
      '\t',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '~',
      '012',
      '1e3',
      'no',
      '\\',
      '\r\n',
      '\ufeff',
      '${var:x}',
      'é',
      '😀',
      '`',
      '@',
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
const input: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.uint8Array({ maxLength: 200 }),
  yamlish,
  yamlish.map((text) => Buffer.from(text)),
  yamlish.map((text) => Buffer.from(text, 'utf16le')),
  fc.json().map((text) => `{"teams": ${text}}`),
);

it('reads or refuses any bytes: never throws, and every place lies in the file', () => {
  fc.assert(
    fc.property(input, (content) => {
      const { tree, diagnostics } = parseConfig(content, 'f');
      expect(tree !== undefined || diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
      const text = typeof content === 'string' ? content : new TextDecoder('utf-8').decode(content);
      const lines = text.replace(/^\ufeff/, '').split('\n');
      const isInside = ({ line, column }: Place) =>
        line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 1;
      const places = [
        ...diagnostics.flatMap(({ place, related = [] }) => [...(place ? [place] : []), ...related]),
        ...(tree ? placesOf(tree) : []),
      ];
      expect(places.filter((place) => !isInside(place))).toEqual([]);
    }),
    { numRuns: runs * 5 },
  );
});

it('checks whatever can be read without throwing, at places', () => {
  fc.assert(
    fc.property(input, (content) => {
      const { tree } = parseConfig(content, 'f');
      if (!tree) return;
      const document = { file: 'f', tree: expandVariables(tree, new Map()).tree };
      for (const { place } of [...validateDocument(document), ...checkText(document)]) expect(place?.file).toBe('f');
      mergeDocuments([document, { ...document, file: 'g' }], [document]);
    }),
    { numRuns: runs * 2 },
  );
});

it('reads JSON as JSON does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
      const text = JSON.stringify(value);
      const { tree, diagnostics } = parseConfig(text, 'f');
      fc.pre(tree !== undefined && diagnostics.length === 0);
      expect(JSON.parse(JSON.stringify(toJson(tree as Mapping)))).toEqual(JSON.parse(text));
    }),
    { numRuns: runs },
  );
});

it('never reaches a prototype', () => {
  fc.assert(
    fc.property(fc.constantFrom('__proto__', 'constructor', 'prototype'), fc.constantFrom('', 'teams', 'members'), (key, at) => {
      const text =
        at === '' ? `${key}: { polluted: yes! }` : `${at}:\n  ${key}: { polluted: yes!, prototype: { polluted: yes! } }`;
      const tree = parseConfig(text, 'f').tree as Mapping;
      const merged = mergeDocuments([
        { file: 'f', tree },
        { file: 'g', tree: parseConfig(`${at || 'x'}: {}`, 'g').tree as Mapping },
      ]).tree;
      validateDocument({ file: 'f', tree });
      expect(JSON.stringify(toJson(merged))).toContain(`"${key}":{"polluted"`);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      expect((Object as unknown as Record<string, unknown>).polluted).toBeUndefined();
    }),
  );
});

const scalar = fc.constantFrom('x', 'y', 'true', '1', '~');
const block = fc.record(
  { description: scalar, roles: fc.constantFrom('[]', '[a]'), access: fc.constantFrom('{ R: { members: [x] } }', '{ S: {} }') },
  { requiredKeys: [] },
);
const section = fc.dictionary(fc.constantFrom('a', 'A', 'b', 'Ada@x.io', 'ada@x.io'), block, { maxKeys: 3 });
const file = fc
  .record(
    { zenform: fc.constant('1'), members: section, teams: section, accept: fc.constantFrom('[{ guard: a }]', '[{ guard: b }]') },
    { requiredKeys: [] },
  )
  .map((parts) =>
    Object.entries(parts)
      .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : flow(value)}`)
      .join('\n'),
  );
const flow = (value: Record<string, Record<string, string | undefined>>) =>
  `{ ${Object.entries(value)
    .map(
      ([name, fields]) =>
        `"${name}": { ${Object.entries(fields)
          .map(([key, text]) => `${key}: ${text}`)
          .join(', ')} }`,
    )
    .join(', ')} }`;
const read = (text: string, name: string): ConfigDocument => ({ file: name, tree: parseConfig(text, name).tree as Mapping });

it('merges files in any order to the same tree, with the same problems', () => {
  const shuffled = fc.array(file, { minLength: 1, maxLength: 4 }).chain((files) =>
    fc.tuple(
      fc.constant(files),
      fc.shuffledSubarray(
        files.map((_, index) => index),
        { minLength: files.length },
      ),
    ),
  );
  let conflicts = 0;
  fc.assert(
    fc.property(shuffled, ([files, order]) => {
      const documents = files.map((text, index) => read(text, `f${index}`));
      const straight = mergeDocuments(documents);
      expect(mergeDocuments(order.map((index) => documents[index] as ConfigDocument))).toEqual(straight);
      if (straight.diagnostics.length > 0) {
        conflicts += 1;
        return;
      }
      // Also under other names, which is another order in truth; only places and the order of `accept` may follow.
      const renamed = mergeDocuments(order.map((index, at) => read(files[index] as string, `f${at}`)));
      expect(renamed.diagnostics).toEqual([]);
      expect(unordered(renamed.tree)).toEqual(unordered(straight.tree));
    }),
    { numRuns: runs },
  );
  expect(conflicts).toBeGreaterThan(0);
});

it('never looks at the value of a variable again', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, value) => {
      const text = `${before.replaceAll('$', '')}\${var:x}`;
      const tree: Mapping = {
        type: 'mapping',
        place,
        entries: new Map([['a', { keyPlace: place, value: { type: 'scalar', value: text, place } }]]),
      };
      const { variables } = readVariables({ vars: [`x=${value}`] });
      expect(toJson(expandVariables(tree, variables).tree)).toEqual({ a: before.replaceAll('$', '') + value });
    }),
    {
      numRuns: runs,
      examples: [
        ['', '${var:x}'],
        ['', '$${var:x}'],
        ['', '$&'],
      ],
    },
  );
});

const place: Place = { file: 'f', line: 1, column: 1 };

function unordered(tree: Mapping) {
  const json = toJson(tree) as Record<string, unknown>;
  return { ...json, accept: ((json.accept as unknown[] | undefined) ?? []).map((one) => JSON.stringify(one)).sort() };
}

function placesOf(tree: Tree): Place[] {
  if (tree.type === 'scalar') return [tree.place];
  if (tree.type === 'list') return [tree.place, ...tree.items.flatMap(placesOf)];
  return [tree.place, ...[...tree.entries.values()].flatMap(({ keyPlace, value }) => [keyPlace, ...placesOf(value)])];
}
