import { fuzz, problemsOf, type FuzzReport } from './fuzz';
import { FORGED } from './generators/forged';
import { read } from './oracle';
import { commandOf } from './plan';
import { randomOf } from './random';
import { makeOne, fuzzCaseOf, type Base } from './fuzzCase';

/** The share of `npm run attack:fuzz` that CI sends. */
const PLAN = { seed: 20261122, requests: 2000 };

const BASE: Base = {
	path: '/webhook/hook',
	body: Buffer.from('{"event":"run.completed","run_id":"a","status":"succeeded"}'),
	runId: 'a',
	secrets: ['whsec_Current0123456789', 'whsec_Old0123456789'],
	taken: [],
	otherRuns: [],
	otherPaths: [],
};

describe('the webhooks, fuzzed', () => {
	let report: FuzzReport;
	beforeAll(async () => {
		report = await fuzz(PLAN);
	}, 240_000);

	it('refuses every forged callback, accepts every true one, and does not crash', () => {
		const again = `${commandOf(PLAN)} --only=INDEX`;
		expect({ problems: problemsOf(report), again }).toEqual({ problems: [], again });
	});

	it('sends all requests, some of which are accepted', () => {
		const found = Object.entries(report.found);
		expect(found.reduce((sum, [, { sent }]) => sum + sent, 0)).toBe(PLAN.requests);
		const opened = Object.fromEntries(found.map(([name, findings]) => [name, findings.opened]));
		expect(opened).toMatchObject({
			'Runflow Trigger, without a secret': 0,
			// One for each hundred requests.
			'suspended executions, with secrets': 8,
			'suspended executions, without a secret': 2,
		});
		expect(opened['Runflow Trigger, with secrets']).toBeGreaterThanOrEqual(8);
		expect(opened['Runflow Trigger, unsigned ones accepted']).toBeGreaterThan(0);
		expect(opened['Runflow Trigger, unsigned ones accepted, with Full Run']).toBeGreaterThan(0);
	});

	it('sends the API nothing with a secret, and little without one', () => {
		const cost = Object.entries(report.found).map(([name, { apiRequests, apiRequestsFor }]) => {
			const most = name.endsWith('with secrets') ? 0.05 : 1;
			return [name, apiRequests <= most * apiRequestsFor];
		});
		expect(cost.filter(([, isLittle]) => isLittle !== true)).toEqual([]);
		expect(report.found['Runflow Trigger, with secrets']?.apiRequests).toBe(0);
		expect(report.found['Runflow Trigger, without a secret']?.apiRequests).toBe(0);
		expect(report.found['Runflow Trigger, unsigned ones accepted']?.apiRequests).toBe(0);
	});
});

describe('the fuzzer itself', () => {
	it('makes the same request for the same seed and index', () => {
		const made = (seed: number) =>
			Array.from({ length: 100 }, (_, index) => {
				const { body, ...fuzzCase } = makeOne(FORGED, randomOf(seed, index), BASE);
				return `${JSON.stringify(fuzzCase).slice(0, 1000)} ${body.length} ${body.toString('hex', 0, 200)}`;
			});
		expect(made(5)).toEqual(made(5));
		expect(new Set([...made(5), ...made(6)]).size).toBeGreaterThan(150);
	});

	it('never makes a true callback by chance', () => {
		const fuzzCases = Array.from({ length: 1000 }, (_, index) =>
			makeOne(FORGED, randomOf(3, index), BASE),
		);
		const trueOnes = fuzzCases.filter((fuzzCase) => {
			const { signed, said } = read(fuzzCase, BASE.secrets);
			return signed === 'right' && said !== undefined;
		});
		expect(trueOnes.map(({ kind }) => kind)).toEqual([]);
	});

	it('uses an oracle that accepts a true callback', () => {
		expect(read(fuzzCaseOf(BASE, 'valid'), BASE.secrets)).toMatchObject({
			signed: 'right',
			inForm: true,
			said: { run_id: 'a' },
		});
		expect(read(fuzzCaseOf(BASE, 'valid'), ['whsec_other'])).toMatchObject({ signed: 'bad' });
		expect(read(fuzzCaseOf(BASE, 'unsigned', { signature: null }), BASE.secrets)).toMatchObject({
			signed: 'absent',
		});
	});
});
