import type { Diagnostic } from '../diagnostic.ts';
import type { Call } from '../kind.ts';
import type { Change } from '../plan.ts';

/** Commands that stand in the files run only where whoever runs zenform lets them. */
export function execGuard(planned: readonly { readonly change: Change; readonly calls: readonly Call[] }[]): Diagnostic[] {
  return planned.flatMap(({ change, calls }) => {
    const command = calls.flatMap(({ secret }) => (secret && 'exec' in secret.to ? [secret.to.exec.join(' ')] : []))[0];
    if (command === undefined) return [];
    return [
      {
        code: 'exec-not-allowed' as const,
        severity: 'error' as const,
        summary: `the secret of ${change.address} would go to the command \`${command}\``,
        hint: 'give --allow-exec, if the files may run commands here',
        address: change.address,
        ...(change.place ? { place: change.place } : {}),
      },
    ];
  });
}
