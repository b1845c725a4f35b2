import type { SandboxRun } from '../sandbox';
import { sendChatMessage } from './chat';
import { readExamples } from './examples';
import { callbackExamples } from './exampleTests/callbacks';
import { download, itemsOf, jsonOf, linkOf, promptOf } from './exampleTests/execution';
import { runflowExamples } from './exampleTests/runflowNode';
import { posted, SNEAKER, useExamples } from './exampleTests/useExamples';
import { openForm, submitForm } from './form';
import { FILES_FOLDER } from './setup';
import { activateWorkflow, PACKAGE_PREFIX, takesCredential } from './workflows';

// One n8n for all of them: a start takes longer than most of what is done here.
const examples = useExamples();
const { example } = examples;

describe('the example', () => {
	callbackExamples(examples);
	runflowExamples(examples);

	example('edit-product-photo', 'outputs the finished picture, paid once', async (workflow) => {
		const execution = await examples.execute(workflow);
		const run = examples.onlyRun();
		expect(run.input).toMatchObject({ image_urls: [SNEAKER], num_images: 1 });
		expect(itemsOf(execution, 'Edit Photo')).toEqual([
			{
				json: examples.finished(run, { type: 'image', width: 1024, height: 1024 }, 0.075),
				binary: { data: expect.objectContaining({ mimeType: 'image/png' }) as unknown },
				pairedItem: { item: 0 },
			},
		]);
		const [item = {}] = jsonOf(execution, 'Edit Photo');
		const file = await download(linkOf(item));
		expect(file).toMatchObject({ status: 200, type: 'image/png' });
		expect(file.bytes.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
	});

	example('product-photo-to-video', 'saves the finished video, paid once', async (workflow) => {
		const execution = await examples.execute(workflow);
		const run = examples.onlyRun();
		expect(run.input).toMatchObject({ image_url: SNEAKER, duration: 5, resolution: '720p' });
		const output = { type: 'video', duration: expect.any(Number) as unknown };
		expect(jsonOf(execution, 'Make Video')).toEqual([examples.finished(run, output, 0.5)]);
		const name = `sneaker-${run.id}.mp4`;
		expect(jsonOf(execution, 'Save Video')).toMatchObject([
			{ id: run.id, fileName: `${FILES_FOLDER}/${name}` },
		]);
		const [item = {}] = jsonOf(execution, 'Make Video');
		const original = await download(linkOf(item));
		expect(original).toMatchObject({ status: 200, type: 'video/mp4' });
		expect(await examples.savedFile(name)).toEqual(original.bytes);
	});

	example(
		'edit-photos-from-form',
		'takes a photo from the form and gives the edited one back',
		async (workflow) => {
			const copy = await examples.copyOf(workflow);
			await activateWorkflow(examples.demo.session, copy);
			const form = copy.nodes.find(({ name }) => name === 'Photo Form');
			const url = `${examples.demo.n8n.url}/form/${String(form?.webhookId)}`;
			const page = await openForm(url);
			for (const label of ['Edit a photo', 'Photo', 'What should change?']) {
				expect(page).toContain(label);
			}
			const photo = await download(examples.demo.sandbox.sampleUrl('sneaker.png'));
			const ending = await submitForm(url, [
				new File([new Uint8Array(photo.bytes)], 'my-shoe.png', { type: 'image/png' }),
				'Put it on a beach',
			]);

			const run = examples.onlyRun();
			const [upload, ...more] = examples.demo.sandbox.uploads();
			expect(more).toEqual([]);
			expect(run.input).toMatchObject({
				prompt: 'Put it on a beach',
				image_urls: [`runflow://assets/${upload?.id}`],
			});
			const execution = await examples.nextExecution(copy);
			const [item = {}] = jsonOf(execution, 'Edit Photo');
			const made = await download(linkOf(item));
			expect(ending.files).toEqual([
				{
					fileName: `runflow-${run.id.slice(-8)}-1.png`,
					type: 'image/png',
					bytes: made.bytes,
				},
			]);
			expect(ending.html).toContain('Here is your picture');
			expect(ending.html.replaceAll('&amp;', '&')).toContain(`<img src="${linkOf(item)}"`);
		},
	);

	example(
		'sheet-of-prompts',
		'makes what can be made, writes back what came of each row, and reports',
		async (workflow) => {
			const prompts = Array.from({ length: 20 }, (_, index) => `Photo ${index + 1}`);
			prompts[6] = ''; // refused before the run
			prompts[12] = 'Photo 13, which fails';
			examples.sheets.rows = [
				['prompt', 'image', 'status', 'url', 'cost', 'problem'],
				...prompts.map((prompt) => [prompt, SNEAKER]),
			];
			const fails = (run: SandboxRun) => promptOf(run).includes('fails');
			examples.demo.sandbox.configure({ outcomeFor: (run) => (fails(run) ? 'failed' : undefined) });

			const copy = await examples.copyOf(workflow);
			const execution = await examples.execute(copy);
			const runs = examples.demo.sandbox.acceptedRuns();
			const sent = runs.map(promptOf);
			const paid = prompts.filter((prompt) => prompt !== '');
			expect(sent.sort()).toEqual([...paid].sort());
			expect(examples.demo.sandbox.posts()).toHaveLength(19);

			const links = new Map(
				jsonOf(execution, 'Edit Photo').map((item) => [
					runs.find(({ id }) => id === item.id)?.input.prompt,
					linkOf(item),
				]),
			);
			expect(links.size).toBe(18);
			const failed = runs.find(fails);
			expect(examples.sheets.rows.slice(1)).toEqual(
				prompts.map((prompt, index) => {
					if (index === 6) return ['', SNEAKER, 'failed', '', 0, 'Prompt is empty [item 6]'];
					if (index === 12)
						return [
							prompt,
							SNEAKER,
							'failed',
							'',
							0,
							`The provider could not read image 1. [item 12] (run ${failed?.id ?? ''})`,
						];
					return [prompt, SNEAKER, 'made', links.get(prompt), 0.075, ''];
				}),
			);
			expect(examples.sheets.writes).toHaveLength(80);
			const text = '18 made, 2 failed, cost $1.35';
			expect(examples.slack.messages).toEqual([posted(text)]);

			// Once more: there is nothing left to do, and nothing is paid for.
			const again = await examples.execute(copy);
			expect(jsonOf(again, 'Read Prompts')).toHaveLength(20);
			expect(examples.demo.sandbox.posts()).toHaveLength(19);
			expect(examples.sheets.writes).toHaveLength(80);
			expect(examples.slack.messages).toHaveLength(1);

			// The row whose run failed, after its status was cleared, with nothing in the error output.
			examples.sheets.rows[13]?.splice(2, 1, '');
			examples.demo.sandbox.configure({ outcomeFor: null });
			const [mended = {}] = jsonOf(await examples.execute(copy), 'Edit Photo');
			expect(examples.demo.sandbox.posts()).toHaveLength(20);
			const row = [prompts[12], SNEAKER, 'made', linkOf(mended), 0.075, ''];
			expect(examples.sheets.rows[13]).toEqual(row);
			expect(examples.slack.messages.slice(1)).toEqual([posted('1 made, 0 failed, cost $0.075')]);
		},
	);

	example(
		'agent-edits-pictures',
		'lets the agent edit a picture, once, and answers with its link',
		async (workflow) => {
			const copy = await examples.copyOf(workflow);
			const picture = examples.demo.sandbox.sampleUrl('sneaker.png');
			const id = await sendChatMessage(
				examples.demo.session,
				copy.id,
				'When chat message received',
				`Put the sneaker on a beach: ${picture}`,
			);
			const execution = await examples.ended(id);
			const run = examples.onlyRun();
			expect(run.input).toMatchObject({
				prompt: 'Put the sneaker of image 1 on a beach',
				image_urls: [picture],
				num_images: 1,
			});
			const [{ output } = { output: '' }] = jsonOf(execution, 'Picture Editor');
			const link = String(output).replace('Here is your picture: ', '');
			expect(link).toContain(`${examples.demo.sandbox.storageUrl}/outputs/`);
			expect((await download(link)).type).toBe('image/png');

			// What the model got about the tool: what it is for, and what the agent may choose.
			expect(examples.openAi.requests).toHaveLength(2);
			const [tool, ...others] = examples.openAi.requests[0]?.tools ?? [];
			expect(others).toEqual([]);
			expect(tool).toMatchObject({
				type: 'function',
				name: 'Wan_2_7',
				description: expect.stringContaining('Edits a picture') as unknown,
				parameters: {
					properties: {
						prompt: { type: 'string' },
						image_url: { type: 'string', description: 'The web address of the picture to edit' },
					},
					required: ['prompt', 'image_url'],
				},
			});
		},
	);
});

describe('every example', () => {
	it('has the Runflow credential in each node that takes it, the tool and the triggers too', () => {
		const chosen = Object.values(examples.demo.workflows)
			.flatMap(({ nodes }) => nodes)
			.filter(takesCredential)
			.map(({ type, credentials }) => [type, credentials?.runflowApi?.id]);
		const ofType = (name: string, count: number) =>
			Array.from({ length: count }, () => [PACKAGE_PREFIX + name, examples.demo.credential.id]);
		expect(chosen.sort()).toEqual([
			['n8n-nodes-base.httpRequest', examples.demo.credential.id],
			...ofType('runflow', 4),
			...ofType('runflowTrigger', 2),
			...ofType('wan27', 11),
			...ofType('wan27Tool', 1),
		]);
	});

	it('was executed', async () => {
		const keys = (await readExamples()).map(({ key }) => key);
		const done = keys.filter((key) => examples.passed.get(key) === true);
		process.stderr.write(`examples executed: ${done.length} of ${keys.length}\n`);
		expect(done).toEqual(keys);
	});
});
