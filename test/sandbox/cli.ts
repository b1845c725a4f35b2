import { parseArgs } from 'node:util';

import { startSandbox } from './index';
import type { Switches } from './switches';

/** `tsx test/sandbox/cli.ts --port 8787 --storage-port 8788 --switches '{"runDurationMs":5000}'` */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '8787' },
			'storage-port': { type: 'string', default: '8788' },
			switches: { type: 'string', default: '{}' },
		},
	});
	const sandbox = await startSandbox({
		...(JSON.parse(values.switches) as Partial<Switches>),
		port: Number(values.port),
		storagePort: Number(values['storage-port']),
		// Without the query: it holds the signatures.
		onRequest: ({ host, method, path, status, fault }) => {
			console.log([host, method, path, status, fault ?? ''].join(' ').trimEnd());
		},
	});
	console.log(
		`API      ${sandbox.url}\nStorage  ${sandbox.storageUrl}\nKey      ${sandbox.apiKey}`,
	);
	console.log(`Sample   ${sandbox.sampleUrl('sneaker.png')}`);
	process.once('SIGINT', () => void sandbox.close());
	process.once('SIGTERM', () => void sandbox.close());
}

void main();
