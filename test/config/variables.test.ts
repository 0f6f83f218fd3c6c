import { expect, it } from 'vitest';
import { parseConfig } from '../../src/config/parse.ts';
import { toJson } from '../../src/config/tree.ts';
import { expandVariables, readVariables } from '../../src/config/variables.ts';
import { said } from './support.ts';

function expand(text: string, vars: readonly string[]) {
  const { tree } = parseConfig(text, 'f');
  if (!tree) throw new Error('there is no tree');
  const { variables } = readVariables({ vars });
  const { tree: expanded, diagnostics, used } = expandVariables(tree, variables);
  return { json: JSON.parse(JSON.stringify(toJson(expanded))), said: diagnostics.map(said), used: [...used] };
}

it('replaces variables in values of any depth, as text', () => {
  const { json, said: problems, used } = expand('a: "${var:n}"\nb: [{ c: "x-${var:n}-${var:N}" }]\nd: 5\n', ['n=1']);
  expect(problems).toEqual([]);
  expect(json).toEqual({ a: '1', b: [{ c: 'x-1-1' }], d: 5 });
  expect(used).toEqual(['n']);
});

it('keeps what is escaped, and other dollars', () => {
  expect(expand('a: "$${var:n} ${env:HOME} $n ${n} $$ $${var:n}${var:n}"\n', ['n=1']).json).toEqual({
    a: '${var:n} ${env:HOME} $n ${n} $$ ${var:n}1',
  });
});

it('tells every variable without a value, at its place', () => {
  const { said: problems, json } = expand('a: "${var:reigon}"\nb: ["x", "${var:a-b}${var:other_one}"]\n', ['region=eu']);
  expect(problems).toEqual([
    [
      '1:4 error variable-missing',
      '`${var:reigon}` has no value',
      'give it with `--var reigon=…`, in a `--var-file` or as ZENFORM_VAR_REIGON',
    ],
    ['2:10 error variable-missing', '`${var:a-b}` has no value', 'give it with `--var a-b=…`, in a `--var-file`'],
    [
      '2:10 error variable-missing',
      '`${var:other_one}` has no value',
      'give it with `--var other_one=…`, in a `--var-file` or as ZENFORM_VAR_OTHER_ONE',
    ],
  ]);
  expect(json.a).toBe('${var:reigon}');
  expect(expand('a: "${var:region_nam}"', ['region_name=eu']).said[0]?.[2]).toContain('did you mean `region_name`?');
});

it('refuses variables that are not closed, have no name, or stand in a key', () => {
  const { said: problems } = expand('a: "${var:x"\nb: "${var:}"\nc: "${var:a b}"\n"${var:x}": 1\n', ['x=1']);
  expect(problems.map(([place, summary]) => `${place} ${summary}`)).toEqual([
    '1:4 error variable-missing `${var:` is not followed by a name and `}`',
    '2:4 error variable-missing `${var:` is not followed by a name and `}`',
    '3:4 error variable-missing `${var:` is not followed by a name and `}`',
    '4:1 error variable-missing the key `${var:x}` holds a variable; variables are replaced in values only',
  ]);
});

it('takes time in proportion to the text', () => {
  const start = performance.now();
  expect(expand(`a: '${'${var:'.repeat(400_000)}'`, []).said.length).toBe(1);
  expect(performance.now() - start).toBeLessThan(5000);
});

it('takes values from the environment, then files, then options', () => {
  const { variables, given, diagnostics } = readVariables({
    environment: { ZENFORM_VAR_FOO: 'env', ZENFORM_VAR_bar: 'env', ZENFORM_VAR_BAZ: 'env', ZENFORM_API_KEY: 'secret', PATH: '/' },
    varFiles: [
      { file: 'a.vars', text: '\ufeff# comment\r\n\r\nbar = "in quotes" \r\nbaz=file=x\n' },
      { file: 'b.vars', text: 'Empty=' },
    ],
    vars: ['BAZ= kept '],
  });
  expect(diagnostics).toEqual([]);
  expect(Object.fromEntries(variables)).toEqual({ foo: 'env', bar: 'in quotes', baz: ' kept ', empty: '' });
  expect([...given].sort()).toEqual(['bar', 'baz', 'empty']);
});

it('tells bad lines with their places, and never a value', () => {
  const { diagnostics } = readVariables({
    environment: { ZENFORM_VAR_X: 'hunter1', ZENFORM_VAR_x: 'hunter2' },
    varFiles: [{ file: 'a.vars', text: 'a=1\n  hunter3\n1x=hunter4\n=hunter5' }],
    vars: ['hunter6', 'a b=hunter7'],
  });
  expect(diagnostics.map((one) => `${one.place?.file ?? ''}:${said(one)[0]} ${one.summary}`)).toEqual([
    ':undefined:undefined error usage `ZENFORM_VAR_x` is in the environment twice, in upper and lower case, with different values',
    'a.vars:2:3 error usage the line is not NAME=VALUE',
    'a.vars:3:1 error usage the line is not NAME=VALUE',
    'a.vars:4:1 error usage the line is not NAME=VALUE',
    ':undefined:undefined error usage a `--var` has no `=`',
    ':undefined:undefined error usage `--var a b=…` has no proper name: letters, digits, `_` and `-` are allowed',
  ]);
  expect(JSON.stringify(diagnostics)).not.toContain('hunter');
});
