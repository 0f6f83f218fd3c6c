import type { Reporter, TestModule } from 'vitest/node';

/** Ends the output with what the contract with ZenML rests on: the versions that ran, how many exchanges were compared, and what did not run. */
export default class PeerSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const versions = new Map<string, string>();
    const missing = new Set<string>();
    const compared = { recorded: 0, live: 0, calls: 0 };
    let skipped = 0;
    for (const module of modules)
      for (const test of module.children.allTests()) {
        const meta = test.meta();
        for (const [name, version] of Object.entries(meta.peers ?? {})) versions.set(name, version);
        for (const name of ['recorded', 'live', 'calls'] as const) compared[name] += meta.compared?.[name] ?? 0;
        if (meta.missing === undefined) continue;
        missing.add(meta.missing);
        skipped += 1;
      }
    const lines = [
      ...[...missing].map((reason) => `SKIPPED: ${skipped} tests with a real ZenML server or client, because ${reason}`),
      ...(versions.size === 0 ? [] : [[...versions].map(([name, version]) => `${name} ${version}`).join(', ')]),
      ...(compared.live === 0 ? [] : [`${compared.live} exchanges of the real server are as recorded`]),
      ...(compared.recorded === 0 ? [] : [`${compared.recorded} recorded exchanges are as the emulator's`]),
      ...(compared.calls === 0 ? [] : [`${compared.calls} calls of real servers and clients were answered by the emulator`]),
    ];
    if (lines.length > 0) console.log(`\n${lines.map((line) => ` Real peers: ${line}`).join('\n')}\n`);
  }
}
