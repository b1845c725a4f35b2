import { countDue } from '../../../../nodes/RunflowTrigger/deduplication/history';

const CALLBACK = { event: 'run.failed', run_id: '1', output: null, metadata: { a: [1, { b: 2 }] } };
const BODY = JSON.stringify(CALLBACK);
const OVER = '2026-04-08T10:00:08+00:00';

/** A delivery of that body, taken at once. */
function delivery(fields: object = {}): object {
	return {
		id: 'd1',
		payload_bytes: BODY,
		payload: CALLBACK,
		is_automatic: true,
		completed_at: OVER,
		attempts: [{ status_code: 200 }],
		...fields,
	};
}

const manual = { is_automatic: false };
const underWay = { completed_at: null, attempts: [] };
const lost = { attempts: [{ status_code: 500 }, { status_code: 401 }] };
const unanswered = { attempts: [{ status_code: 500 }, { status_code: null }] };
const reordered = {
	metadata: { a: [1, { b: 2 }] },
	output: null,
	run_id: '1',
	event: 'run.failed',
};

it.each<[string, unknown[], number]>([
	['nothing', [], 0],
	['no deliveries', ['x', null, 3], 0],
	['the first delivery', [delivery()], 1],
	['the first delivery, doubled', [delivery(), delivery(), delivery(underWay)], 1],
	['a redelivery', [delivery(), delivery({ ...manual, ...underWay })], 2],
	['two redeliveries', [delivery(), delivery(manual), delivery({ ...manual, ...underWay })], 3],
	['a redelivery alone', [delivery({ ...manual, ...underWay })], 1],
	['a first delivery that was lost', [delivery(lost), delivery({ ...manual, ...underWay })], 1],
	[
		'a first delivery without an answer, which may have started',
		[delivery(unanswered), delivery({ ...manual, ...underWay })],
		2,
	],
	...[199, 300].map((status): [string, unknown[], number] => [
		`a first delivery that was answered with ${status}, which is no success`,
		[delivery({ attempts: [{ status_code: status }] }), delivery({ ...manual, ...underWay })],
		1,
	]),
	[
		'refused attempts without the time of an end, which may be repeated',
		[delivery({ ...lost, completed_at: undefined })],
		1,
	],
	['a redelivery that was lost', [delivery(), delivery({ ...manual, ...lost })], 1],
	[
		'one taken at the third attempt',
		[delivery({ attempts: [{ status_code: 500 }, { status_code: 201 }] })],
		1,
	],
	['one that is being tried again', [delivery({ ...lost, completed_at: null })], 1],
	['other bytes', [delivery({ payload_bytes: `${BODY} ` })], 0],
	['a number of bytes, and the payload', [delivery({ payload_bytes: BODY.length })], 1],
	[
		'bytes in base64, and the payload',
		[delivery({ payload_bytes: btoa(BODY), payload: reordered })],
		1,
	],
	[
		'no bytes, and another payload',
		[delivery({ payload_bytes: null, payload: { ...CALLBACK, extra: 1 } })],
		0,
	],
	[
		'no bytes, and a payload that differs within',
		[delivery({ payload_bytes: null, payload: { ...CALLBACK, metadata: { a: [1, { b: 3 }] } } })],
		0,
	],
	[
		'no bytes, and a payload whose list ends early',
		[delivery({ payload_bytes: null, payload: { ...CALLBACK, metadata: { a: [1] } } })],
		0,
	],
	[
		'no bytes, and a payload with an object instead of null',
		[delivery({ payload_bytes: null, payload: { ...CALLBACK, output: {} } })],
		0,
	],
	[
		'no bytes, and a payload with fewer fields',
		[delivery({ payload_bytes: null, payload: { event: 'run.failed', run_id: '1' } })],
		0,
	],
	['no bytes and no payload', [delivery({ payload_bytes: null, payload: null })], 0],
])('%s', (_what, history, due) => {
	expect(countDue(history, Buffer.from(BODY), CALLBACK)).toBe(due);
});
