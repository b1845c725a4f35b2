import { foundBy, stillTrue, type Outcome, type Trial } from './outcomes';

const NOW = { code: 'code', all: 'all' };

function known(...outcomes: Partial<Outcome>[]): unknown[] {
	const whole = outcomes.map((one): Outcome => ({ key: 'k', status: 'Survived', ...NOW, ...one }));
	return [...stillTrue(whole, NOW)].map(([key, { status }]) => [key, status]);
}

it('reuses found changes for the same code, and others for the same tests', () => {
	expect(known({}, { key: 'l', status: 'Killed', all: 'other' })).toEqual([
		['k', 'Survived'],
		['l', 'Killed'],
	]);
	expect(known({ all: 'other' }, { status: 'NoCoverage', all: 'other' })).toEqual([]);
	expect(known({ status: 'Killed', code: 'other' })).toEqual([]);
});

it('uses the latest outcome', () => {
	expect(known({}, { status: 'Timeout' })).toEqual([['k', 'Timeout']]);
});

it('counts the changes of a source that each test file has found', () => {
	const trial = (source: string, files: string[], by?: string): Trial => {
		const found = by === undefined ? {} : { by };
		return { id: '1', all: 'all', source, files, leftOut: [], seconds: 1, doubted: 0, ...found };
	};
	const trials = [
		trial('a.ts', ['x', 'y'], 'test'),
		trial('a.ts', ['y'], 'test'),
		trial('a.ts', ['x']),
		trial('b.ts', ['x'], 'test'),
	];
	expect([...foundBy(trials, 'a.ts')]).toEqual([['y', 2]]);
});
