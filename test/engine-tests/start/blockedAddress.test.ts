import type { INodeParameters } from 'n8n-workflow';

import { createEngine, type Engine } from '../../engine/engine';
import { protectFromSsrf } from '../../engine/ssrfProtection';
import { binary, images, sources, wanWorkflow } from '../../engine/workflows';
import { gradientPng } from '../../sandbox/media/png';
import { useBench } from '../context';
import { CALLBACK, PARAMETERS, useTrigger } from '../trigger/context';

/** N8N_SSRF_PROTECTION_ENABLED blocks the addresses of this machine, and nothing else is blocked. */
const BLOCKED = 'n8n blocks this address (127.0.0.1)';
const NOT_STARTED = 'No run was started.';
const SETTINGS = ['N8N_SSRF_PROTECTION_ENABLED', 'N8N_SSRF_ALLOWED_HOSTNAMES'];

const bench = useBench();
const trigger = useTrigger();
let switchOff: () => void = () => undefined;

afterEach(() => {
	switchOff();
});

/** The engine in front of an API that n8n does not block, by the name of this machine, whose storage it does block. */
async function engineOfAllowedApi(): Promise<Engine> {
	switchOff = protectFromSsrf(['localhost']);
	const baseUrl = bench.sandbox.url.replace('127.0.0.1', 'localhost');
	return await createEngine({ runflowApi: { apiKey: bench.sandbox.apiKey, baseUrl } });
}

const edit: INodeParameters = {
	operation: 'proEdit',
	prompt: 'Make it blue',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.02 },
};

it.each(['immediately', 'polling'])(
	'says that no run was started where n8n blocks the API: %s',
	async (completion) => {
		switchOff = protectFromSsrf([]);
		const { error } = await bench.run({ ...edit, completion });
		expect(error?.message).toBe(`${BLOCKED} [item 0]`);
		for (const words of [...SETTINGS, NOT_STARTED]) expect(error?.description).toContain(words);
		expect(bench.sandbox.requests).toEqual([]);
	},
);

it('starts no run where n8n blocks the storage of a file', async () => {
	const base64 = gradientPng(64, 48, 1).toString('base64');
	const data = { base64, mimeType: 'image/png', fileName: 'a.png' };
	const engine = await engineOfAllowedApi();
	const { error } = await engine.run(
		wanWorkflow({ ...edit, images: sources(binary('data')) }, [{}], {}, [{ data }]),
	);
	expect(error?.message).toBe(`Images: image 1 could not be uploaded: ${BLOCKED} [item 0]`);
	for (const words of [...SETTINGS, NOT_STARTED]) expect(error?.description).toContain(words);
	expect(bench.sandbox.posts('/runs')).toEqual([]);
	// It is not tried again: nothing but the setting helps.
	expect(bench.sandbox.posts('/asset-uploads')).toHaveLength(1);
});

it('names the setting where n8n blocks the storage of an output', async () => {
	const engine = await engineOfAllowedApi();
	const { error } = await engine.run(wanWorkflow({ ...edit, downloadOutputs: true }));
	expect(error?.message).toBe(`Output 1 of 1 could not be downloaded: ${BLOCKED} [item 0]`);
	for (const words of [...SETTINGS, 'You do not pay again', 'with Download Outputs switched off']) {
		expect(error?.description).toContain(words);
	}
	expect(bench.sandbox.posts('/runs')).toHaveLength(1);
	expect(bench.sandbox.requests.filter(({ host }) => host === 'storage')).toEqual([]);
});

it('starts the workflow of the trigger without a file that n8n blocks', async () => {
	trigger.host.parameters = { ...PARAMETERS, options: { downloadOutputs: true } };
	switchOff = protectFromSsrf([]);
	const outputs = [{ url: trigger.sandbox.sampleUrl('sneaker.png'), type: 'image' }];
	expect((await trigger.send({ ...CALLBACK, output: { outputs } })).status).toBe(200);
	expect(trigger.host.executions[0]?.items[0]).not.toHaveProperty('binary');
	expect(trigger.host.logs).toEqual([
		expect.stringContaining(
			`starts the workflow without a file. Output 1 of 1 could not be downloaded: ${BLOCKED}. N8N_SSRF_PROTECTION_ENABLED is on.`,
		),
	]);
});

it('says in the log of the trigger what blocks the API', async () => {
	trigger.host.parameters = { ...PARAMETERS, options: { fullRun: true } };
	switchOff = protectFromSsrf([]);
	expect((await trigger.send(CALLBACK)).status).toBe(503);
	expect(trigger.host.logs).toEqual([expect.stringContaining(BLOCKED)]);
	expect(trigger.host.logs[0]).toContain('N8N_SSRF_ALLOWED_HOSTNAMES');
	expect(trigger.sandbox.requests).toEqual([]);
});
