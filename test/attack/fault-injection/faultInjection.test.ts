import { forgetBinaryData } from '../../engine/binaryData';
import { carryOutAll } from './carryOut';
import { COMPLETIONS, REQUESTS } from './requests';
import { FAULTS } from './faults';
import { generate, ON_ERROR } from './cases';
import { shareOf } from './share';

const { cases, none } = generate();
const share = shareOf(cases);

afterAll(() => {
	forgetBinaryData();
});

describe('the matrix', () => {
	it('has for every request and fault a case, or a reason why there is none', () => {
		const open = REQUESTS.flatMap((request) =>
			FAULTS.flatMap((fault) => {
				const isCase = cases.some((one) => one.request === request && one.fault === fault);
				const reason = none.find(
					(one) => one.request === request && one.fault === fault && one.part === undefined,
				);
				return isCase === (reason === undefined) ? [] : [`${request.id} × ${fault.id}`];
			}),
		);
		expect(open).toEqual([]);
	});

	it('has every completion, setting and number of times for each pair, or a reason why not', () => {
		const open = REQUESTS.filter(({ by }) => by === 'Wan 2.7').flatMap((request) => {
			const own = cases.filter((one) => one.request === request);
			const reasons = new Set(none.flatMap((one) => (one.request === request ? [one.part] : [])));
			const missing = [
				...COMPLETIONS.filter((part) => !own.some(({ completion }) => completion === part)),
				...ON_ERROR.filter((part) => !own.some(({ onError }) => onError === part)),
				...(['once', 'for good'] as const).filter(
					(part) => !own.some(({ times }) => times === part),
				),
			];
			return missing.filter((part) => !reasons.has(part)).map((part) => `${request.id} ${part}`);
		});
		expect(open).toEqual([]);
		expect(none.filter(({ why }) => why === '')).toEqual([]);
	});

	it('has each case once', () => {
		expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
	});
});

describe('a share of the matrix', () => {
	it('has every request, fault, completion and setting', () => {
		const missing = [
			...REQUESTS.filter((request) => !share.some((one) => one.request === request)),
			...FAULTS.filter((fault) => !share.some((one) => one.fault === fault)),
			...COMPLETIONS.filter((part) => !share.some(({ completion }) => completion === part)),
			...ON_ERROR.filter((part) => !share.some(({ onError }) => onError === part)),
		];
		expect(missing).toEqual([]);
		expect(share.length).toBe(60);
	});

	it('keeps every promise', async () => {
		const results = await carryOutAll(share, { slow: 0, heavy: 2, others: 15 });
		expect(results).toHaveLength(share.length);
		const broken = results.flatMap(({ case: { id }, broken: lines, failed = [] }) =>
			[...lines.map(({ promise, line }) => `${promise}: ${line}`), failed]
				.flat()
				.map((line) => `${id}: ${line}`),
		);
		expect(broken).toEqual([]);
	}, 300_000);
});
