import { jsonOf } from '../engine/engine';
import { startWaitingHost } from '../engine/waiting';
import { AFTER, images, wanWorkflow } from '../engine/workflows';
import { startSandboxProcess } from './sandboxProcess';

const ITEMS = 100;
const SECRET = 'whsec_bench';

/**
 * 100 images waited for by one execution of n8n's engine, in either mode: how many requests each run
 * takes, the one that starts it included, and how long after the last run's end the items are there.
 */
async function main(): Promise<void> {
	const rows: object[] = [];
	for (const completion of ['polling', 'callback']) {
		for (const spreadMs of [2500, 10_000]) {
			const sandbox = await startSandboxProcess({
				spreadMs,
				callbackSecrets: [{ secret: SECRET, isCurrent: true }],
			});
			const { url: baseUrl, apiKey } = sandbox;
			const host = await startWaitingHost({
				runflowApi: { apiKey, baseUrl, organizationId: '', callbackSecrets: SECRET },
			});
			const items = Array.from({ length: ITEMS }, (_, index) => ({ prompt: `image ${index}` }));
			const workflow = wanWorkflow(
				{
					operation: 'proEdit',
					completion,
					prompt: '={{ $json.prompt }}',
					images: images('https://example.com/1.png'),
				},
				items,
			);
			const outcome = await host.start(workflow).ended;
			const endedAt = Date.now();
			const good = jsonOf(outcome.items(AFTER)).filter(({ status }) => status === 'succeeded');
			const { requests, runs, lastEnd } = await sandbox.report();
			if (good.length !== ITEMS || runs !== ITEMS) throw new Error(`Only ${good.length} items`);
			const all = Object.values(requests).reduce((sum, count) => sum + count, 0);
			rows.push({
				completion,
				'runs last (s)': `${spreadMs / 1000} to ${(2 * spreadMs) / 1000}`,
				'requests per run': (all / ITEMS).toFixed(2),
				'last end to items (ms)': endedAt - lastEnd,
			});
			await Promise.all([host.close(), sandbox.close()]);
		}
	}
	console.table(rows);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
