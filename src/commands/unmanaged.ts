import { safe } from '../render/paint.ts';
import { notCheckedText } from '../render/plan.ts';
import type { Run } from './command.ts';
import { exit } from './exit.ts';
import type { Options } from './options.ts';
import { planned } from './planning.ts';

/** What is said beside the list: it must be complete, and what is unmanaged may be odd. */
const telling = new Set(['unmanaged-admin', 'orphan-grant', 'name-duplicate-live', 'as-far-as-visible']);

/** `zenform unmanaged`: what is live and not in the files. A plan that a guard refuses is no obstacle. */
export const run: Run<Options> = async (options, io, output) => {
  const { result, ending } = await planned('unmanaged', options, io, output);
  if (ending) return ending;
  const { plan, unmanaged, diagnostics } = result;
  const exitCode = plan ? exit.done : exit.error;
  const shown = plan ? diagnostics.filter(({ code }) => telling.has(code)) : diagnostics;
  const notChecked = plan?.notChecked ?? [];
  output.diagnostics(shown);
  output.text(() => unmanaged.map(({ address }) => `${safe(address)}\n`).join(''));
  if (plan && unmanaged.length === 0) output.remark('Everything that is live is in the files.\n');
  output.text((style) => notCheckedText(notChecked, style));
  return { subject: 'unmanaged', exitCode, diagnostics, unmanaged, notChecked };
};
