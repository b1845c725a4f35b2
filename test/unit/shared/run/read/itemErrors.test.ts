import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import {
	apiError,
	errorItem,
	errorOfItem,
	isFailure,
	invalidParameterError,
	runFailedError,
	unreadItem,
} from '../../../../../nodes/shared/run/read/itemErrors';
import { waitEndedError } from '../../../../../nodes/shared/run/read/waitErrors';
import { downloadError } from '../../../../../nodes/shared/run/output/downloadError';
import { node } from '../node';

const run = { id: 'run-1', status_code: 'running' };

it('names the parameter of a refusal, and the item', () => {
	const refusal = { parameter: 'Seed', problem: 'must be a number', advice: 'Give one.' };
	const error = invalidParameterError(node, refusal, 3);
	expect(error.message).toBe('Seed must be a number [item 3]');
	expect(error.description).toBe('Give one.');
	expect(error.context.itemIndex).toBe(3);
	const image = { ...refusal, parameter: 'Images', problem: ': image 1 is empty' };
	expect(invalidParameterError(node, image, 0).message).toBe('Images: image 1 is empty [item 0]');
});

it('repeats what Runflow says, with the run where there is one', () => {
	const text = { message: 'Refused', description: 'Do this.', code: 'NO', requestId: 'request-1' };
	const error = apiError(node, text, { itemIndex: 1, status: 422, runId: 'run-1' });
	expect(error.message).toBe('Refused [item 1]');
	expect(error.description).toBe('Do this.\nRun ID: run-1');
	expect(error.httpCode).toBe('422');
	expect(error.context).toMatchObject({
		itemIndex: 1,
		runId: 'run-1',
		requestId: 'request-1',
		code: 'NO',
	});
	const bare = apiError(node, { message: 'Refused', description: 'Do this.' }, { itemIndex: 1 });
	expect(bare.description).toBe('Do this.');
	for (const key of ['runId', 'requestId', 'code']) expect(bare.context).not.toHaveProperty(key);
});

it('keeps its own words where n8n has others for a network error', () => {
	const text = { message: 'The host said ECONNREFUSED', description: 'Look.' };
	expect(apiError(node, text, { itemIndex: 0 }).message).toBe(
		'The host said ECONNREFUSED [item 0]',
	);
});

const FREE =
	'Runflow does not charge for failed runs. Change the input if it is the reason, or run the item again.';

it.each<[string, Parameters<typeof runFailedError>[1], string, string]>([
	[
		'a run that says why it failed',
		{
			id: 'run-1',
			status_code: 'failed',
			failure_message: 'Too dark',
			failure_code: 'DARK',
			failure_stage_code: 'preprocess',
		},
		'Too dark [item 0]',
		`${FREE}\nCode: DARK.\nStage: preprocess.\nRun ID: run-1`,
	],
	[
		'one that does not',
		{ status_code: 'failed' },
		'The run failed [item 0]',
		`${FREE}\nRun ID: unknown`,
	],
	[
		'one that was cancelled',
		{ id: 'run-1', status_code: 'canceled' },
		'The run was cancelled [item 0]',
		'It was cancelled in Runflow. Run the item again if that was a mistake.\nRun ID: run-1',
	],
])('explains %s', (_what, record, message, description) => {
	const error = runFailedError(node, record, 0);
	expect(error.message).toBe(message);
	expect(error.description).toBe(description);
	expect(error.context.code).toBe(record.failure_code);
	expect(error.context.runId).toBe(record.id);
});

describe('an output that did not come', () => {
	const missing = { number: 2, of: 3, problem: 'it was late', isFinal: false, itemIndex: 4 };
	const paid = 'The run has succeeded and is paid for. You do not pay again. ';

	it('is named with its link, and how to get it', () => {
		const error = downloadError(node, run, { ...missing, link: 'https://files.example/a' });
		expect(error.message).toBe('Output 2 of 3 could not be downloaded: it was late [item 4]');
		expect(error.description).toBe(
			[
				`${paid}Switch on Retry On Fail, or retry this execution: the node then looks the run up and only downloads its outputs. The outputs are also under Runs in Runflow.`,
				'Link: https://files.example/a',
				'Run ID: run-1',
			].join('\n'),
		);
		expect(error.context).toMatchObject({ itemIndex: 4, runId: 'run-1' });
	});

	it('has other advice where a retry cannot help', () => {
		const error = downloadError(node, {}, { ...missing, isFinal: true, link: undefined });
		expect(error.description).toBe(
			[
				`${paid}Retrying with the same settings will not help. To get the links of all outputs, use a Runflow node (Run → Get) with Download Outputs switched off and this Run ID. Execute step would start a new, paid run. The outputs are also under Runs in Runflow.`,
				'Run ID: unknown',
			].join('\n'),
		);
	});

	it.each([
		[2048, true],
		[2049, false],
	])('has a link of %d characters: shown %s', (length, isShown) => {
		const link = 'x'.repeat(length);
		const { description } = downloadError(node, run, { ...missing, link });
		expect(description?.includes(`Link: ${link}`)).toBe(isShown);
	});
});

describe('the item of an error', () => {
	it('says all that is known of it', () => {
		const text = {
			message: 'Refused',
			description: 'Do this.',
			code: 'NO',
			requestId: 'request-1',
		};
		const error = apiError(node, text, { itemIndex: 1, status: 422, runId: 'run-1' });
		expect(errorItem(error, 1)).toEqual({
			json: {
				error: {
					message: 'Refused [item 1]',
					description: 'Do this.\nRun ID: run-1',
					code: 'NO',
					httpCode: '422',
					requestId: 'request-1',
					runId: 'run-1',
				},
			},
			pairedItem: { item: 1 },
		});
	});

	it.each([
		['an error of n8n’s, without a status', waitEndedError(node, 'run-1', 0), null],
		['an error without an answer', runFailedError(node, {}, 0), null],
	])('has nothing where %s says nothing', (_what, error, httpCode) => {
		expect(errorItem(error, 0).json.error).toMatchObject({ httpCode, code: null, requestId: null });
	});

	it('names the item whose parameters could not be read', () => {
		expect(unreadItem(6)).toEqual({
			json: {
				error: {
					message: 'The parameters could not be read [item 6]',
					description:
						'One of its expressions failed. No run was started for it. Execute the step with only this item to see which.',
					code: null,
					httpCode: null,
					requestId: null,
					runId: null,
				},
			},
			pairedItem: { item: 6 },
		});
	});
});

it.each([
	[new NodeApiError(node, {}), true],
	[new NodeOperationError(node, 'x'), true],
	[new Error('x'), false],
	[{ id: 'run-1' }, false],
	[undefined, false],
])('knows an error of an item: %#', (value, expected) => {
	expect(isFailure(value)).toBe(expected);
});

it('makes an error of its item again', () => {
	const error = runFailedError(node, { id: 'run-1', failure_message: 'No', failure_code: 'x' }, 3);
	const { json } = errorItem(error, 3);
	expect(errorItem(errorOfItem(node, json, 3), 3)).toEqual({ json, pairedItem: { item: 3 } });
	const refused = apiError(
		node,
		{ message: 'Credit is used up', description: 'Add credit.' },
		{
			itemIndex: 0,
			status: 402,
		},
	);
	const item = errorItem(refused, 0);
	expect(errorItem(errorOfItem(node, item.json, 0), 0)).toEqual(item);
	expect(item.json.error).toMatchObject({ httpCode: '402' });
});
