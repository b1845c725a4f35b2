import { page } from './page';

it('has a section for each part, and says what is not reached', () => {
	const machine = { cpu: 'A', cores: 2, memoryGiB: 24, node: '20.0.0', n8n: 'n8n-core 2.0.0' };
	const common = { date: '2026-11-21T20:00Z', commit: 'abc1234', machine, raw: {} };
	const goal = { atMost: 1.2 };
	const files = { title: 'Figures', about: 'Written by a test.', json: 'raw.json' };
	const text = page(files, {
		created: {
			...common,
			rounds: 3,
			rows: [{ what: 'CPU', value: 1.5, unit: '×', goal, from: '3 / 2' }],
		},
		load: {
			...common,
			rounds: 1,
			profile: {
				about: 'Those 12.3 ms',
				functions: [{ name: 'f', file: 'nodes/a.ts', self: 10.04, own: 8 }],
			},
			rows: [{ what: 'files', value: 14, unit: 'files', from: 'npm pack' }],
		},
	});
	expect(text.split('\n\n')).toEqual([
		'# Figures',
		'Written by a test. The raw figures are in [raw.json](raw.json).',
		'## created',
		'2026-11-21T20:00Z, commit abc1234, 3 rounds; 2 cores (A), 24 GiB, Node 20.0.0, n8n-core 2.0.0',
		'| Measured | Figure | Goal | Reached | From |\n| --- | --- | --- | --- | --- |\n| CPU | 1.50 × | ≤ 1.2 × | **no** | 3 / 2 |',
		'## load',
		'2026-11-21T20:00Z, commit abc1234, 1 round; 2 cores (A), 24 GiB, Node 20.0.0, n8n-core 2.0.0',
		'| Measured | Figure | Goal | Reached | From |\n| --- | --- | --- | --- | --- |\n| files | 14.0 files |  |  | npm pack |',
		'Those 12.3 ms:',
		'| Function | File | Itself, below code of ours | Itself, in all of the block |\n| --- | --- | --- | --- |\n| `f` | nodes/a.ts | 8.00 ms | 10.0 ms |\n',
	]);
});
