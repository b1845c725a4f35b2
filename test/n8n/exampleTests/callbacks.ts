import { setTimeout as sleep } from 'node:timers/promises';

import { listExecutions } from '../executions';
import { FILES_FOLDER } from '../setup';
import { API_KEY } from '../testDemo';
import { activateWorkflow, type StoredWorkflow } from '../workflows';
import { download, jsonOf, linkOf, promptOf } from './execution';
import { posted, SNEAKER, START_DEADLINE_MS, type Examples } from './useExamples';

const TRIGGER = 'Runflow Trigger';

/** The examples that a callback continues or starts, and the one that makes the secret for it. */
export function callbackExamples(examples: Examples): void {
	const { example } = examples;

	example('make-signing-secret', 'makes one secret and shows it', async (workflow) => {
		examples.demo.sandbox.configure({ callbackSecrets: [] });
		const execution = await examples.execute(workflow);
		expect(jsonOf(execution, 'Show Secret')).toEqual([
			{
				callback_signing_secret: expect.stringMatching(/^whsec_\S+$/) as unknown,
				is_current: true,
			},
		]);
		const posts = examples.demo.sandbox.posts();
		expect(posts.map(({ path, json }) => [path, json])).toEqual([
			['/v1/callback-secrets', { label: 'n8n' }],
		]);
	});

	example(
		'long-videos-on-callback',
		'does not wait for all, and saves each video under the name of its scene',
		async (workflow) => {
			examples.demo.sandbox.configure({ manual: true });
			const { id } = await examples.executeUntilWaiting(workflow);
			const runs = examples.demo.sandbox.acceptedRuns();
			expect(runs.map(({ input }) => input.duration)).toEqual([10, 10]);
			for (const { id: run } of runs) examples.demo.sandbox.finishRun(run);

			const execution = await examples.ended(id);
			expect(examples.demo.sandbox.posts('/v1/models/')).toHaveLength(2);
			const byPrompt = (words: string) =>
				runs.find((run) => promptOf(run).includes(words))?.id ?? '';
			const names = [`turntable-${byPrompt('turns')}.mp4`, `street-${byPrompt('puddle')}.mp4`];
			const saved = jsonOf(execution, 'Save Video').map(({ fileName }) => fileName);
			expect(saved).toEqual(names.map((name) => `${FILES_FOLDER}/${name}`));
			for (const [index, item] of jsonOf(execution, 'Make Video').entries()) {
				const { bytes } = await download(linkOf(item));
				expect(await examples.savedFile(names[index] ?? '')).toEqual(bytes);
			}
			expect(jsonOf(execution, 'Fetch Later')).toEqual([]);
		},
	);

	example(
		'long-videos-on-callback',
		'keeps the id of a video that did not come in time',
		async (workflow) => {
			// Such an item comes out of the node after two hours.
			const late = {
				id: '0199a1b2-0000-7000-8000-000000000001',
				timed_out: true,
				message: 'The wait ended before Runflow reported the end of the run',
				description: 'It goes on.',
			};
			const copy = await examples.copyOf(workflow, { pinData: { 'Make Video': [{ json: late }] } });
			const execution = await examples.execute(copy);
			expect(jsonOf(execution, 'Fetch Later')).toEqual([
				{ scene: 'turntable', run: late.id, message: late.message, what_to_do: late.description },
			]);
			expect(jsonOf(execution, 'Save Video')).toEqual([]);
		},
	);

	example(
		'runflow-trigger',
		'continues from the callback that is pinned to it, without a run',
		async (workflow) => {
			const execution = await examples.execute(workflow, TRIGGER);
			expect(jsonOf(execution, 'Result')).toEqual([
				{ order: '1001', status: 'succeeded', url: SNEAKER },
			]);
			expect(examples.demo.sandbox.requests).toEqual([]);
		},
	);

	describe('trigger-to-slack-and-cms', () => {
		example(
			'trigger-to-slack-and-cms',
			'notifies both of the callback that is pinned to it, without a run',
			async (workflow) => {
				await examples.execute(await examples.copyOf(workflow), TRIGGER);
				expect(examples.slack.messages).toEqual([posted(`Order 1001 is ready: ${SNEAKER}`)]);
				expect(examples.cms.media).toEqual([
					{
						order: '1001',
						url: SNEAKER,
						type: 'image',
						run: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
					},
				]);
				expect(examples.demo.sandbox.requests).toEqual([]);
			},
		);

		example(
			'trigger-to-slack-and-cms',
			'notifies both of a finished run, and the team of a failed one, with the reason',
			async (workflow) => {
				const copy = await examples.copyOf(workflow);
				await activateWorkflow(examples.demo.session, copy);
				await untilRegistered(callbackUrlOf(examples, copy));
				const good = await report(examples, copy, '1002');
				const [{ url } = { url: '' }] = examples.cms.media as { url: string }[];
				expect((await download(url)).type).toBe('image/png');
				expect(examples.cms.media).toEqual([{ order: '1002', url, type: 'image', run: good }]);
				expect(examples.slack.messages).toEqual([posted(`Order 1002 is ready: ${url}`)]);

				examples.demo.sandbox.configure({ outcome: 'failed' });
				const bad = await report(examples, copy, '1003');
				expect(examples.cms.media).toHaveLength(1);
				expect(examples.slack.messages.slice(1)).toEqual([
					posted(
						`Order 1003 has no picture: run ${bad} is failed. The provider could not read image 1.`,
					),
				]);
			},
		);
	});
}

function callbackUrlOf({ demo }: Examples, { nodes }: StoredWorkflow): string {
	const trigger = nodes.find(({ name }) => name === TRIGGER);
	return `${demo.n8n.url}/webhook/${String(trigger?.webhookId)}/webhook`;
}

/** n8n knows the trigger's address a moment after the workflow was published, and answers 404 until then. */
async function untilRegistered(url: string): Promise<void> {
	const deadline = Date.now() + START_DEADLINE_MS;
	for (;;) {
		const { status } = await fetch(url, { method: 'POST', body: '{}' });
		if (status === 401) return; // it is there, and wants a signature
		if (Date.now() > deadline) throw new Error(`${url} answers ${status}.`);
		await sleep(50);
	}
}

/** Starts a run that reports to the workflow, and returns its id once the workflow has ended. */
async function report(examples: Examples, copy: StoredWorkflow, order: string): Promise<string> {
	const { sandbox, session } = examples.demo;
	const known = (await listExecutions(session, copy.id)).map(({ id }) => id);
	const response = await fetch(`${sandbox.url}/v1/models/alibaba/wan/v2.7/pro/edit/runs`, {
		method: 'POST',
		headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
		body: JSON.stringify({
			input: { prompt: 'Make it blue', image_urls: [SNEAKER] },
			callback_url: callbackUrlOf(examples, copy),
			metadata: { order },
		}),
	});
	const { id } = (await response.json()) as { id: string };
	await examples.nextExecution(copy, known);
	return id;
}
