// What `cdktf.json` names: the files of `configs/` as a stack, constructed with `cdktf`, or with `cdktn` where that is asked for. `cdktf
// synth`, `diff` and `deploy` run it; `npm run synth` does so without them.
import { parseArgs } from 'node:util';
import { type Gates, gateKinds } from '../src/constructs/gate-kinds.ts';
import { ConfigurationError, constructs } from '../src/constructs/index.ts';

const { values } = parseArgs({
  options: {
    library: { type: 'string', default: 'cdktf' },
    gates: { type: 'string', default: 'null_resource' },
    out: { type: 'string' },
    now: { type: 'string' },
  },
});
const gates = gateKinds.find((kind) => kind === values.gates);
if (!gates || !['cdktf', 'cdktn'].includes(values.library)) {
  console.error(`usage: npm run synth -- [--library cdktf|cdktn] [--gates ${gateKinds.join('|')}] [--out DIR] [--now DATE]`);
  process.exit(1);
}

try {
  await (values.library === 'cdktf' ? withCdktf(gates) : withCdktn(gates));
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

/** The gates are those of `@cdktf/provider-null`. */
async function withCdktf(gates: Gates): Promise<void> {
  const [cdktf, nullModule] = await Promise.all([import('cdktf'), import('@cdktf/provider-null')]);
  const app = new cdktf.App(values.out === undefined ? {} : { outdir: values.out });
  tell(await constructs(cdktf).fromYaml(app, 'configs', { gates, nullModule, ...day() }));
  app.synth();
}

async function withCdktn(gates: Gates): Promise<void> {
  const cdktn = await import('cdktn');
  const app = new cdktn.App(values.out === undefined ? {} : { outdir: values.out });
  tell(await constructs(cdktn).fromYaml(app, 'configs', { gates, ...day() }));
  app.synth();
}

function day(): { now?: string } {
  return values.now === undefined ? {} : { now: values.now };
}

/** The command lines of the libraries show warnings by themselves. */
function tell({
  diagnostics,
}: {
  readonly diagnostics: readonly { readonly severity: string; readonly summary: string }[];
}): void {
  if (process.env.CDKTF_OUTDIR === undefined)
    for (const { severity, summary } of diagnostics) console.error(`${severity}: ${summary}`);
}
