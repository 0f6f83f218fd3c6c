import picomatch from 'picomatch';
import type { Address } from './address.ts';
import type { Diagnostic } from './diagnostic.ts';

/** Whether an address, or something above it, matches one of the patterns. Parts of names may hold anything but `/`. */
export function matcher(patterns: readonly string[]): (address: Address) => boolean {
  const tests = patterns.map((pattern) =>
    picomatch([pattern, `${pattern}/**`], { dot: true, nonegate: true, noextglob: true, nobrace: true }),
  );
  return (address) => tests.some((matches) => matches(address));
}

/** The part of the tree that `--only` and `--skip` leave. */
export function selection(only: readonly string[], skip: readonly string[]): (address: Address) => boolean {
  const wanted = matcher(only);
  const unwanted = matcher(skip);
  return (address) => (only.length === 0 || wanted(address)) && !unwanted(address);
}

/** A warning for each pattern that selects nothing: most likely it is misspelt. */
export function emptyPatterns(
  patterns: readonly string[],
  addresses: readonly Address[],
  where = 'neither in the files nor live',
): Diagnostic[] {
  return patterns
    .filter((pattern) => !addresses.some(matcher([pattern])))
    .map((pattern) => ({
      code: 'selection-empty',
      severity: 'warning',
      summary: `\`${pattern}\` matches nothing, ${where}`,
      hint: 'addresses look like team/ml-platform or workspace/prod/project/churn',
    }));
}
