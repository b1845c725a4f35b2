import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { forgetBinaryData } from '../../engine/binaryData';
import { jsonOf, type Outcome } from '../../engine/engine';
import { startWaitingHost, type WaitingHost } from '../../engine/waiting';
import { AFTER, FAILED, images, wanWorkflow, type NodeSettings } from '../../engine/workflows';
import { startSandbox, type Sandbox } from '../../sandbox';
import { until } from '../../until';

const SECRET = 'whsec_current';

let sandbox: Sandbox;
let host: WaitingHost;

beforeAll(async () => {
	sandbox = await startSandbox({
		manual: true,
		callbackSecrets: [{ secret: SECRET, isCurrent: true }],
		callbackRetryDelaysMs: [20, 40],
	});
	host = await startWaitingHost({
		runflowApi: {
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.url,
			callbackSecrets: SECRET,
			organizationId: '',
		},
	});
});
afterEach(() => {
	jest.restoreAllMocks();
	sandbox.reset();
});
afterAll(async () => {
	await Promise.all([host.close(), sandbox.close()]);
	forgetBinaryData();
});

const edit: INodeParameters = {
	operation: 'proEdit',
	completion: 'callback',
	prompt: 'Make it blue',
	images: images('https://example.com/1.png'),
	options: { pollingInterval: 0.02 },
};
const toErrorOutput: NodeSettings = { onError: 'continueErrorOutput' };

/** A suspended execution of one item. */
interface Waiting {
	/** Of the run that it waits for. */
	id: string;
	ended: Promise<Outcome>;
}

async function suspend(
	parameters: INodeParameters = {},
	settings: NodeSettings = {},
): Promise<Waiting> {
	const held = host.start(wanWorkflow({ ...edit, ...parameters }, [{}], settings));
	expect((await held.settled).status).toBe('waiting');
	return { id: sandbox.acceptedRuns().at(-1)?.id ?? '', ended: held.ended };
}

/** What Runflow has reported of a run. */
function reported(id: string): IDataObject[] {
	return sandbox
		.deliveries(id)
		.map(({ body }): IDataObject => JSON.parse(body.toString()) as IDataObject);
}

describe.each(['canceled', 'cancelled'] as const)(
	'row 1: a cancelled run whose record says %s',
	(canceledSpelling) => {
		it.each(['canceled', 'cancelled'] as const)(
			'is one whose callback says %s, too',
			async (callbackCanceledSpelling) => {
				sandbox.configure({ canceledSpelling, callbackCanceledSpelling });
				const { id, ended } = await suspend({}, toErrorOutput);
				sandbox.finishRun(id, 'canceled');
				expect(jsonOf((await ended).items(FAILED))).toMatchObject([
					{ error: { message: 'The run was cancelled [item 0]', runId: id } },
				]);
				expect(reported(id)).toMatchObject([
					{ event: 'run.cancelled', status: callbackCanceledSpelling },
				]);
			},
		);
	},
);

it.each([
	['null', null],
	['error', { code: 'INPUT_VALIDATION_FAILED' }],
] as const)(
	'row 3: a failed run is known by its record, whose callback has as output %s',
	async (callbackFailureOutput, output) => {
		sandbox.configure({ callbackFailureOutput });
		const { id, ended } = await suspend({ downloadOutputs: true }, toErrorOutput);
		sandbox.finishRun(id, 'failed');
		const message = 'The provider could not read image 1. [item 0]';
		expect(jsonOf((await ended).items(FAILED))).toMatchObject([
			{ error: { message, code: 'INPUT_VALIDATION_FAILED', runId: id } },
		]);
		expect(reported(id)).toMatchObject([{ event: 'run.failed', output }]);
		expect(sandbox.requests.filter(({ host: name }) => name === 'storage')).toEqual([]);
	},
);

it.each(['seed', 'newer'] as const)(
	'row 4: the second attempt is taken, by %s rules',
	async (callbackRetryPolicy) => {
		// The node's own later reads never come, so only Runflow's second attempt can resume the execution.
		jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => new AbortController().signal);
		sandbox.configure({ callbackRetryPolicy });
		const { id, ended } = await suspend();
		const match = { method: 'GET', path: `/v1/runs/${id}` };
		sandbox.addFault({ kind: 'status', status: 502, match, times: 3 });
		sandbox.finishRun(id);
		expect((await ended).status).toBe('success');
		await until(() => sandbox.deliveries(id).every(({ status }) => status !== 'pending'));
		const attempts = sandbox.deliveries(id).flatMap((delivery) => delivery.attempts);
		expect(attempts.map(({ result }) => result)).toMatchObject([{ status: 503 }, { status: 200 }]);
		expect(sandbox.posts()).toHaveLength(1);
	},
);

it.each([
	['id', 'status_code'],
	['run_id', 'status'],
] as const)('row 7: records are read with %s and %s', async (idKey, statusKey) => {
	sandbox.configure({ idKey, statusKey });
	const { id, ended } = await suspend();
	sandbox.finishRun(id);
	expect(jsonOf((await ended).items(AFTER))).toMatchObject([{ id, status: 'succeeded' }]);
	expect(sandbox.posts()).toHaveLength(1);
});
