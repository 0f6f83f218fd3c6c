import fc from 'fast-check';
import { it } from 'vitest';
import * as laws from '../support/promises.ts';
import { stage } from '../support/run.ts';
import { scenarios, unfold } from '../support/scenario.ts';
import { layouts } from '../support/layout.ts';
import { edits } from '../support/edits.ts';
import { settings } from '../support/switches.ts';
import { recipes } from '../support/world.ts';
import { linesOf, stateOf } from '../support/state.ts';
import { expected } from '../support/expected.ts';

it('explore', async () => {
  const seed = Number(process.env.SEED ?? 1), n = Number(process.env.N ?? 200), only = process.env.ONLY;
  const law = (laws as any)[process.env.LAW ?? 'converges'];
  const any = fc.nat(999);
  const args: any = { followsBase: [recipes, edits, layouts, settings], comesBack: [recipes, settings], comesBackWhole: [recipes, settings], isOrderBlind: [scenarios, layouts], isOneWrite: [recipes, any, any, layouts, settings],
    survives: [scenarios, fc.record({ at: any, when: fc.constantFrom('before', 'after') })], takesAcceptance: [scenarios, any, any], keepsSecrets: [scenarios, any],
    shrugsOff: [scenarios, any, fc.constantFrom(...(['before', 'after'] as const).flatMap((when) => ['drop', 'truncate', ...[429, 500, 502, 503].map((status) => ({ status }))].map((d) => ({ when, do: d }))))],
    isNotEmpty: [scenarios, any, fc.constantFrom(403, 404, 500)], removesNothing: [scenarios, any, any] }
  const all: any[] = fc.sample(fc.tuple(...(args[process.env.LAW ?? ''] ?? [scenarios])) as any, { seed, numRuns: n });
  const groups = new Map<string, number[]>();
  const start = Date.now();
  for (const [index, scenario] of all.entries()) {
    if (only && Number(only) !== index) continue;
    try { await law(...scenario); }
    catch (error: any) {
      const text = String(error.message).split('\n')[0]!.slice(0, 90) + ' | ' + JSON.stringify(error.actual ?? error.stack?.split('\n')[1])?.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').slice(0, 260);
      groups.set(text, [...(groups.get(text) ?? []), index]);
      if (only) { const [x, y] = [error.actual, error.expected]; if (Array.isArray(x) && Array.isArray(y)) console.log('D', x.filter((l: any) => !y.includes(l)).map((l: any) => '+' + JSON.stringify(l)), y.filter((l: any) => !x.includes(l)).map((l: any) => '-' + JSON.stringify(l))); console.log(JSON.stringify(scenario)); console.log(error.message, error.diff ?? '', JSON.stringify(error.expected, null, 1)?.slice(0, 3000), '\nACTUAL', JSON.stringify(error.actual, null, 1)?.slice(0, 6000)); }
    }
    if (only && !process.env.ARGS) {
      const { world, draft, conditions, files } = unfold(scenario[0]);
      const on = stage(world, (scenario[0] as any).switches);
      const before = stateOf(on.emulator.world());
      console.log(JSON.stringify(scenario[0].switches), JSON.stringify(scenario[0].edits));
      for (const [name, text] of Object.entries(files)) console.log(`--- ${name}\n${text}`);
      console.log(linesOf(before).join('\n'));
      const applied = await on.apply(files);
      console.log(applied.plan?.changes.map((c) => `${c.action} ${c.address} ${c.because ?? ''} ${JSON.stringify(c.fields)}`).join('\n'));
      console.log(applied.plan?.steps.map((s) => `${s.id} ${s.change} ${s.method} ${s.path} ${JSON.stringify(s.query ?? '')} ${JSON.stringify(s.body ?? '')} [${s.needs}]`).join('\n'));
      console.log(applied.outcomes.filter((o) => o.status !== 'applied'), applied.diagnostics, applied.plan?.notChecked, applied.rest);
      const target = expected(before, draft, conditions);
      const a = linesOf(stateOf(on.emulator.world()), target), b = linesOf(target.state, target);
      console.log('DIFF', a.filter((x) => !b.includes(x)).map((x) => `+${x}`), b.filter((x) => !a.includes(x)).map((x) => `-${x}`));
    }
  }
  console.log(`${all.length} in ${Date.now() - start} ms`);
  for (const [text, list] of [...groups].sort((a, b) => b[1].length - a[1].length)) console.log(list.length, list.slice(0, 5).join(','), text);
}, 600_000);
