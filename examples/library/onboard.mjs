// @ts-check
// A service that takes people on: it writes the configuration itself, shows what would change, and applies it. No files, no terminal.
//
//     ZENFORM_API_URL=… ZENFORM_API_KEY=… node onboard.mjs grace@acme.io data-science
import { apply, load, plan } from 'zenform';

const [email = '', team = ''] = process.argv.slice(2);
const { ZENFORM_API_URL: apiUrl = '', ZENFORM_API_KEY: key = '' } = process.env;

const configuration = await load({
  files: {
    'onboarding.yaml': `
organization: { name: acme }
members: { ${JSON.stringify(email)}: {} }
teams: { ${JSON.stringify(team)}: {} }
workspaces:
  acme-prod:
    access_mode: add
    access: { Workspace Viewer: { members: [${JSON.stringify(email)}] } }
`,
  },
});
for (const { severity, code, summary, place } of configuration.diagnostics)
  console.log(`${severity} ${code} at ${place?.file}:${place?.line}: ${summary}`);
if (!configuration.valid) process.exit(1);

const server = { apiUrl, key };
const planned = await plan(configuration, { server });
for (const { action, address } of planned.plan?.changes ?? []) console.log(`${action} ${address}`);

let requests = 0;
const applied = await apply(configuration, {
  server,
  // Whoever calls decides: here, that nothing is ever taken away.
  confirm: (fresh) => fresh.changes.every(({ action }) => action === 'create'),
  onEvent: (event) => {
    if (event.event === 'request') requests++;
    if (event.event === 'step' && event.status !== 'started')
      console.log(`${event.status} ${event.address}${event.message ? `: ${event.message}` : ''}`);
  },
});
for (const { severity, summary } of applied.diagnostics) if (severity === 'error') console.log(`error: ${summary}`);
console.log(applied.verified ? 'done and verified' : 'not done', requests > 0 ? 'over the API' : '');
process.exitCode = applied.verified ? 0 : 1;
