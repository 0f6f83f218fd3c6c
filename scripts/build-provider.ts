// Packs the provider as Terraform's registry and mirrors have it: one zip for every platform, and the checksums of all. The same file
// serves every platform that has Node and knows what `#!` means; for Windows there is none.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { zipSync } from 'fflate';

const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const executable = `terraform-provider-zenmlpro_v${version}`;
const platforms = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64'];
const folder = 'dist/provider/release';

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const content = await readFile(`dist/provider/${executable}`);
// A fixed day, so that the same program gives the same bytes; and the mode of a program, under Unix.
const zip = zipSync(
  { [executable]: [content, { os: 3, attrs: (0o100755 << 16) >>> 0, mtime: new Date(2020, 0, 1) }] },
  { level: 9 },
);
const sums: string[] = [];
for (const platform of platforms) {
  const name = `terraform-provider-zenmlpro_${version}_${platform}.zip`;
  await writeFile(`${folder}/${name}`, zip);
  sums.push(`${createHash('sha256').update(zip).digest('hex')}  ${name}\n`);
}
await writeFile(`${folder}/terraform-provider-zenmlpro_${version}_SHA256SUMS`, sums.join(''));
const manifest = { version: 1, metadata: { protocol_versions: ['6.0'] } };
await writeFile(`${folder}/terraform-provider-zenmlpro_${version}_manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
process.stdout.write(`${folder}: ${platforms.length} zips of ${zip.length} bytes\n`);
