import type { Execution } from '../executions';
import { openForm } from '../form';
import { FILES_FOLDER } from '../setup';
import type { StoredWorkflow } from '../workflows';
import { download, itemsOf, jsonOf, linkOf } from './execution';
import { SNEAKER, type Examples } from './useExamples';

/** The examples with the node Runflow, and the one that makes a video of several clips. */
export function runflowExamples(examples: Examples): void {
	approval(examples);
	twoModels(examples);
	spendingStop(examples);
	clips(examples);
}

function approval(examples: Examples): void {
	const { example } = examples;

	/** The address of the form that an execution waits for. */
	function formOf({ text }: Execution): string {
		const [url] = /https?:[^"]*\/form-waiting\/[^"]*/.exec(text) ?? [];
		if (url === undefined) throw new Error('The execution waits for no form.');
		return url;
	}

	function signatureOf(link: string): string | null {
		return new URL(link).searchParams.get('X-Amz-Signature');
	}

	/** Runs the example until it waits, and lets the link of the picture expire. */
	async function makePicture(workflow: StoredWorkflow) {
		const waiting = await examples.executeUntilWaiting(workflow);
		const [made = {}] = jsonOf(waiting, 'Edit Photo');
		const link = linkOf(made);
		examples.demo.sandbox.addFault({
			kind: 'status',
			status: 403,
			times: Infinity,
			match: {
				host: 'storage',
				where: ({ query }) => query['X-Amz-Signature'] === signatureOf(link),
			},
		});
		expect(await download(link)).toMatchObject({ status: 403 });
		return { id: waiting.id, form: formOf(waiting), link };
	}

	/** Submits the form, and waits for the end of the execution. */
	async function decide({ id, form }: { id: string; form: string }, decision: string) {
		const body = new FormData();
		body.append('field-0', decision);
		const response = await fetch(form, { method: 'POST', body });
		expect({ status: response.status, text: await response.text() }).toMatchObject({ status: 200 });
		return await examples.ended(id);
	}

	example(
		'approve-before-posting',
		'shows the picture in a form, and posts its file when it is approved, though its first link has expired',
		async (workflow) => {
			const picture = await makePicture(workflow);
			const run = examples.onlyRun();
			expect(run.input).toMatchObject({ image_urls: [SNEAKER] });
			expect(run.metadata).toEqual({ order: '1001' });
			const page = await openForm(picture.form);
			expect(page).toContain('Post this picture?');
			expect(page.replaceAll('&amp;', '&')).toContain(`<img src="${picture.link}"`);
			expect(examples.cms.files).toEqual([]);

			const execution = await decide(picture, 'Post it');
			const [item = {}] = jsonOf(execution, 'Get Picture');
			expect(item).toMatchObject({ id: run.id, status: 'succeeded', metadata: { order: '1001' } });
			const fresh = await download(linkOf(item));
			expect(fresh).toMatchObject({ status: 200, type: 'image/png' });
			expect(examples.cms.files).toEqual([
				{
					order: '1001',
					run: run.id,
					file: {
						fileName: `runflow-${run.id.slice(-8)}-1.png`,
						type: 'image/png',
						bytes: fresh.bytes,
					},
				},
			]);
			expect(examples.onlyRun().id).toBe(run.id);
		},
	);

	example(
		'approve-before-posting',
		'posts nothing when the picture is not approved',
		async (workflow) => {
			const execution = await decide(await makePicture(workflow), 'Do not post it');
			expect(itemsOf(execution, 'Approved?', 1)).toHaveLength(1);
			expect(execution.nodes['Get Picture']).toBeUndefined();
			expect(examples.cms.files).toEqual([]);
		},
	);
}

function twoModels(examples: Examples): void {
	examples.example(
		'one-model-after-another',
		'runs the second model on what the first one made, each paid once',
		async (workflow) => {
			const execution = await examples.execute(workflow);
			const { sandbox } = examples.demo;
			const [edit, video] = sandbox.acceptedRuns();
			expect(sandbox.posts().map(({ path }) => path)).toEqual([
				'/v1/models/alibaba/wan/v2.7/pro/edit/runs',
				'/v1/models/alibaba/wan/v2.7/image-to-video/runs',
			]);
			expect(edit?.input).toEqual({
				prompt: expect.stringContaining('wet asphalt') as unknown,
				image_urls: [SNEAKER],
			});
			const [picture = {}] = jsonOf(execution, 'Edit Photo');
			expect(picture).toMatchObject({ id: edit?.id, cost: 0.075 });
			expect(video?.input).toEqual({
				prompt: expect.stringContaining('Rain begins') as unknown,
				image_url: linkOf(picture),
				resolution: '720p',
				duration: 5,
			});
			expect(itemsOf(execution, 'Animate Photo')).toMatchObject([
				{
					json: { id: video?.id, status: 'succeeded', cost: 0.5 },
					binary: { data: { mimeType: 'video/mp4' } },
					pairedItem: { item: 0 },
				},
			]);
		},
	);
}

function spendingStop(examples: Examples): void {
	const { example } = examples;

	example(
		'stop-at-a-balance',
		'runs all prompts when enough is left after them',
		async (workflow) => {
			const { sandbox } = examples.demo;
			// To keep 5, and three pictures for 0.075 each.
			sandbox.configure({ balance: '5.2250' });
			const execution = await examples.execute(workflow);
			expect(jsonOf(execution, 'Get Balance')).toMatchObject([{ balance: '5.2250' }]);
			const prompts = jsonOf(execution, 'One Item per Prompt').map(({ prompt }) => prompt);
			expect(prompts).toHaveLength(3);
			const inputs = sandbox.acceptedRuns().map(({ input }) => input);
			expect(inputs.map(({ prompt }) => prompt).sort()).toEqual([...prompts].sort());
			for (const input of inputs) expect(input).toMatchObject({ image_urls: [SNEAKER] });
			expect(jsonOf(execution, 'Edit Photo').map(({ status }) => status)).toEqual([
				'succeeded',
				'succeeded',
				'succeeded',
			]);
		},
	);

	example(
		'stop-at-a-balance',
		'starts nothing and fails with the amounts when too little is left',
		async (workflow) => {
			const { sandbox } = examples.demo;
			sandbox.configure({ balance: '5.2249' });
			const { status, error } = await examples.executeUntilEnd(workflow);
			expect({ status, message: error?.message }).toEqual({
				status: 'error',
				message:
					'Nothing was started: the Runflow balance is 5.2249, and 3 pictures for 0.075 each would leave less than 5.',
			});
			expect(sandbox.posts()).toEqual([]);
		},
	);

	example(
		'stop-at-a-balance',
		'starts nothing when the balance cannot be read',
		async (workflow) => {
			const { sandbox } = examples.demo;
			sandbox.addFault({ kind: 'status', status: 401, times: Infinity });
			const { status, nodes } = await examples.executeUntilEnd(workflow);
			expect(status).toBe('error');
			expect(nodes['Enough?']).toBeUndefined();
			expect(sandbox.posts()).toEqual([]);
		},
	);
}

function clips(examples: Examples): void {
	examples.example(
		'chain-clips',
		'continues the first clip, and begins the second part with the picture that the first one ends on',
		async (workflow) => {
			const execution = await examples.execute(workflow);
			const { sandbox } = examples.demo;
			const [first, picture, continued, second] = sandbox.acceptedRuns();
			expect(sandbox.posts('/v1/models/')).toHaveLength(4);
			expect(first?.input).toMatchObject({ image_url: SNEAKER, duration: 10 });
			expect(picture?.input).toMatchObject({ image_urls: [SNEAKER] });

			const uploads = sandbox
				.uploads()
				.map(({ id, bytes }) => ({ ref: `runflow://assets/${id}`, bytes }));
			const [clip = {}] = jsonOf(execution, 'First Clip');
			expect(continued?.input).toMatchObject({
				video_url: linkOf(clip),
				end_image_url: uploads[0]?.ref,
				duration: 15,
			});
			expect(second?.input).toMatchObject({ image_url: uploads.at(-1)?.ref, duration: 10 });
			const [turning = {}] = jsonOf(execution, 'Turning Picture');
			const { bytes } = await download(linkOf(turning));
			for (const upload of uploads) expect(upload.bytes).toEqual(bytes);

			for (const [part, made] of [
				['Continue Clip', `part-1-${continued?.id}.mp4`],
				['Second Part', `part-2-${second?.id}.mp4`],
			] as const) {
				const [item = {}] = jsonOf(execution, part);
				expect(await examples.savedFile(made)).toEqual((await download(linkOf(item))).bytes);
			}
			const saved = ['Save Part 1', 'Save Part 2'].flatMap((name) => jsonOf(execution, name));
			expect(saved.map(({ fileName }) => fileName)).toEqual([
				`${FILES_FOLDER}/part-1-${continued?.id}.mp4`,
				`${FILES_FOLDER}/part-2-${second?.id}.mp4`,
			]);
		},
	);
}
