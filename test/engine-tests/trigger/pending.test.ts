import {
	countStarts,
	dropDeliveryLog,
	deliveryLogOf,
	type DeliveryLog,
} from '../../../nodes/RunflowTrigger/deduplication/deliveryLog';
import {
	confirmStart,
	failStart,
	openStart,
	outcomeOf,
	pendingStart,
	PENDING_LIFETIME,
} from '../../../nodes/RunflowTrigger/deduplication/pending';
import { postAndLeave } from '../../engine/webhook';
import { until } from '../../until';
import { CALLBACK, PARAMETERS, signed, useTrigger } from './context';

const bench = useTrigger();

jest.setTimeout(60_000);
// n8n and the tests have the same clock.
afterEach(() => {
	jest.restoreAllMocks();
});

const BODY = JSON.stringify(CALLBACK);

async function sleep(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}

/** What n8n has done to make an execution. */
interface Making {
	started: boolean;
	failed: boolean;
}

/** Makes n8n fail once, after a while. */
function failOnce(afterMs: number, runId: string = CALLBACK.run_id): Making {
	const seen: Making = { started: false, failed: false };
	bench.host.creating = async (item) => {
		if (seen.failed || item.run_id !== runId) return;
		seen.started = true;
		await sleep(afterMs);
		seen.failed = true;
		throw new Error('SQLITE_BUSY: database is locked');
	};
	return seen;
}

/** What the log says of a delivery that Runflow has to repeat. */
function notYet(detail: string): string {
	return `"Runflow Trigger" refused a callback with 503: Not everything could be fetched yet (${detail})`;
}

/** Resolves once a run is being read. */
async function isRead(id: string): Promise<void> {
	await until(() => bench.sandbox.requests.some(({ path }) => path === `/v1/runs/${id}`));
}

/** Has the trigger read the run of a callback. Gives the id of one that has ended. */
async function endedRun(): Promise<string> {
	bench.host.parameters = { ...PARAMETERS, options: { fullRun: true } };
	const id = await bench.start({ callback_url: 'http://127.0.0.1:1/nowhere' });
	bench.sandbox.finishRun(id, 'succeeded');
	return id;
}

/** Has Runflow take its time to answer the next reading. */
function readSlowly(): void {
	bench.sandbox.addFault({ kind: 'slow', overMs: 600, match: { method: 'GET' }, times: 1 });
}

/** Sends a callback, leaves while its run is read, and waits until n8n has failed to make the execution; returns its body. */
async function leaveWhileRead(): Promise<string> {
	const id = await endedRun();
	readSlowly();
	const seen = failOnce(0, id);
	const body = JSON.stringify({ ...CALLBACK, run_id: id });
	await postAndLeave(bench.host.url, body, signed(body), isRead(id));
	await until(() => seen.failed);
	return body;
}

describe('n8n cannot make the execution', () => {
	it('and the sender has left meanwhile: the retry starts the workflow', async () => {
		const seen = failOnce(400);
		await postAndLeave(
			bench.host.url,
			BODY,
			signed(BODY),
			until(() => seen.started),
		);
		await until(() => seen.failed);
		expect((await bench.send(BODY)).status).toBe(200);
		expect(bench.host.executions).toHaveLength(1);
	});

	it('and the sender had left before, while the run was read: the retry starts it', async () => {
		const body = await leaveWhileRead();
		expect((await bench.send(body)).status).toBe(200);
		expect(bench.host.executions).toHaveLength(1);
	});

	it('and a copy comes meanwhile: that one starts the workflow', async () => {
		const seen = failOnce(400);
		const first = bench.send(BODY);
		await until(() => seen.started);
		const copies = await Promise.all([bench.send(BODY), bench.send(BODY)]);
		expect((await first).status).toBe(500);
		expect(copies.map(({ status }) => status)).toEqual([200, 200]);
		expect(bench.host.executions).toHaveLength(1);
	});

	it('never: no copy is answered with success', async () => {
		let started = false;
		bench.host.creating = async () => {
			started = true;
			await sleep(300);
			throw new Error('SQLITE_BUSY: database is locked');
		};
		const first = bench.send(BODY);
		await until(() => started);
		expect((await bench.send(BODY)).status).toBe(500);
		expect((await first).status).toBe(500);
		expect((await bench.send(BODY)).status).toBe(500);
	});

	it('and other starts are saved meanwhile: this one is not saved with them', async () => {
		const seen = failOnce(800, 'a');
		const first = bench.send({ ...CALLBACK, run_id: 'a' });
		await until(() => seen.started);
		for (let index = 0; index < 9; index++) await bench.send({ ...CALLBACK, run_id: `b${index}` });
		expect(bench.host.database.staticData).not.toBe('null');
		expect((await first).status).toBe(500);
		expect((await bench.send({ ...CALLBACK, run_id: 'a' })).status).toBe(200);
		expect(bench.host.executions).toHaveLength(10);
	});
});

describe('n8n takes its time to make the execution', () => {
	it('and a copy comes meanwhile: it starts nothing and gets 200 once the execution is made', async () => {
		let started = false;
		let made = false;
		bench.host.creating = async () => {
			started = true;
			await sleep(400);
			made = true;
		};
		const first = bench.send(BODY);
		await until(() => started);
		const copy = await bench.send(BODY);
		expect(made).toBe(true);
		expect(copy).toMatchObject({ status: 200, json: { message: 'Delivery already received' } });
		expect((await first).status).toBe(200);
		expect(bench.host.executions).toHaveLength(1);
	});

	it('after its run was read, and a copy comes meanwhile: it starts nothing', async () => {
		const body = { ...CALLBACK, run_id: await endedRun() };
		let started = false;
		bench.host.creating = async () => {
			started = true;
			await sleep(400);
		};
		const first = bench.send(body);
		await until(() => started);
		expect((await bench.send(body)).json).toEqual({ message: 'Delivery already received' });
		expect((await first).status).toBe(200);
		expect(bench.host.executions).toHaveLength(1);
	});

	it('and a redelivery comes twice at once: only one of them starts the workflow again', async () => {
		await bench.send(BODY);
		const body = [true, false].map((is_automatic) => ({ payload: CALLBACK, is_automatic }));
		const match = { method: 'GET' };
		bench.sandbox.addFault({ kind: 'wrong-json', status: 200, body, match, times: 2 });
		// Both get to the history before either can begin.
		let come = 0;
		bench.host.before = () => (come += 1);
		bench.host.decrypting = async () => {
			await until(() => come === 2);
		};
		bench.host.creating = async () => {
			await until(() => bench.sandbox.requests.length >= 2);
			await sleep(200);
		};
		await Promise.all([bench.send(BODY), bench.send(BODY)]);
		expect(bench.host.executions).toHaveLength(2);
	});

	it('and the sender has left: the retry starts nothing', async () => {
		let started = false;
		bench.host.creating = async () => {
			started = true;
			await sleep(400);
		};
		await postAndLeave(
			bench.host.url,
			BODY,
			signed(BODY),
			until(() => started),
		);
		expect((await bench.send(BODY)).json).toEqual({ message: 'Delivery already received' });
		expect(bench.host.executions).toHaveLength(1);
	});

	it('and a copy waits for half a minute: it gets 503 and starts nothing', async () => {
		let started = false;
		let make: () => void = () => undefined;
		const made = new Promise<void>((resolve) => (make = resolve));
		bench.host.creating = async () => {
			if (started) return;
			started = true;
			await made;
		};
		const first = bench.send(BODY);
		await until(() => started);
		// Ten seconds pass between two looks at the clock.
		let now = Date.now();
		jest.spyOn(Date, 'now').mockImplementation(() => (now += 10_000));
		const copy = await bench.send(BODY);
		jest.restoreAllMocks();
		make();
		expect([(await first).status, copy.status]).toEqual([200, 503]);
		expect(bench.host.logs).toEqual([
			notYet('another copy of this delivery is still being started'),
		]);
		expect(bench.host.executions).toHaveLength(1);
	});
});

it('a copy that comes while the run cannot be read gets 503 too, without another read', async () => {
	bench.host.parameters = { ...PARAMETERS, options: { fullRun: true } };
	const match = { host: 'api', method: 'GET' } as const;
	bench.sandbox.addFault({ kind: 'status', status: 500, match, times: 3 });
	const first = bench.send(BODY);
	await isRead(CALLBACK.run_id);
	expect((await bench.send(BODY)).status).toBe(503);
	expect((await first).status).toBe(503);
	expect(bench.sandbox.requests).toHaveLength(3);
	expect(bench.host.logs[1]).toBe(notYet('another copy of this delivery met the same problem'));
});

it('a sender that left while the run was read does not delay saving', async () => {
	await leaveWhileRead();
	bench.host.parameters = PARAMETERS;
	await bench.send({ ...CALLBACK, run_id: 'later' });
	expect(bench.host.database.staticData).not.toBe('null');
});

it('a start that failed does not delay saving', async () => {
	failOnce(0);
	expect((await bench.send(BODY)).status).toBe(500);
	await bench.send({ ...CALLBACK, run_id: 'later' });
	expect(bench.host.database.staticData).not.toBe('null');
});

it('a start whose run took long to read does not delay saving', async () => {
	const id = await endedRun();
	readSlowly();
	let started = false;
	let make: () => void = () => undefined;
	const made = new Promise<void>((resolve) => (make = resolve));
	bench.host.creating = async (item) => {
		if (item.run_id !== id) return;
		started = true;
		await made;
	};
	const first = bench.send({ ...CALLBACK, run_id: id });
	await isRead(id);
	const now = Date.now.bind(Date);
	jest.spyOn(Date, 'now').mockImplementation(() => now() + 10_000);
	await until(() => started);
	bench.host.parameters = PARAMETERS;
	await bench.send({ ...CALLBACK, run_id: 'later' });
	expect(bench.host.database.staticData).not.toBe('null');
	make();
	expect((await first).status).toBe(200);
});

describe('a start that is being made', () => {
	let deliveryLog: DeliveryLog;
	const response = { statusCode: 200 };

	beforeEach(() => {
		dropDeliveryLog('key');
		deliveryLog = deliveryLogOf('key');
		response.statusCode = 200;
	});

	it('counts once, after n8n has made it', () => {
		const pending = openStart(deliveryLog, 'a', response);
		expect(countStarts(deliveryLog, 'a')).toBe(0);
		expect(pendingStart(deliveryLog, 'a')).toBe(pending);
		confirmStart(deliveryLog, pending);
		confirmStart(deliveryLog, pending);
		expect(countStarts(deliveryLog, 'a')).toBe(1);
		expect(pendingStart(deliveryLog, 'a')).toBeUndefined();
	});

	it('is not waited for longer than set', async () => {
		const pending = openStart(deliveryLog, 'a', response);
		expect(await outcomeOf(deliveryLog, pending, 100)).toBe('open');
	});

	it('has failed once n8n has set the status of a failure', async () => {
		const pending = openStart(deliveryLog, 'a', response);
		setTimeout(() => (response.statusCode = 500), 80);
		expect(await outcomeOf(deliveryLog, pending, 5000)).toBe('failed');
		expect(pendingStart(deliveryLog, 'a')).toBeUndefined();
	});

	it('names the reason of the failure', async () => {
		const pending = openStart(deliveryLog, 'a', response);
		failStart(deliveryLog, pending, 'unfetched');
		failStart(deliveryLog, pending, 'failed');
		expect(await outcomeOf(deliveryLog, pending, 5000)).toBe('unfetched');
	});

	it('is given up after an hour, and counts should n8n make it yet', () => {
		const pending = openStart(deliveryLog, 'a', response);
		const now = Date.now();
		jest.spyOn(Date, 'now').mockReturnValue(now + PENDING_LIFETIME + 1000);
		expect(pendingStart(deliveryLog, 'a')).toBeUndefined();
		const second = openStart(deliveryLog, 'a', response);
		confirmStart(deliveryLog, pending);
		expect(countStarts(deliveryLog, 'a')).toBe(1);
		expect(pendingStart(deliveryLog, 'a')).toBe(second);
	});

	it('is forgotten when it failed, by the next one', () => {
		openStart(deliveryLog, 'a', { statusCode: 500 });
		openStart(deliveryLog, 'b', response);
		openStart(deliveryLog, 'c', { statusCode: 503 });
		openStart(deliveryLog, 'd', response);
		expect([...deliveryLog.pending.keys()]).toEqual(['b', 'c', 'd']);
	});
});
