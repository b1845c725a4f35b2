import { selected, nameOf, type Numbered, type Job } from './choice';

const ALL: Numbered[] = ['nodes/a/x.ts', 'nodes/a/y.ts', 'nodes/ab.ts'].flatMap((file) =>
	Array.from({ length: 50 }, (_, index) => ({
		id: `${file}:${index}`,
		at: index,
		mutant: { file, line: `line ${index}`, original: '1', replacement: '2', nth: 0 },
	})),
);

const JOB: Job = { code: '', all: '', tests: 'all', files: [], seed: 1 };

function ids(job: Partial<Job>): string[] {
	return selected(ALL, { ...JOB, ...job }).map(({ id }) => id);
}

it('chooses the named files and folders, or everything', () => {
	expect(ids({})).toHaveLength(150);
	expect(ids({ files: ['nodes/a/y.ts'] })).toHaveLength(50);
	expect(new Set(ids({ files: ['nodes/a'] }).map((id) => id.split(':')[0]))).toEqual(
		new Set(['nodes/a/x.ts', 'nodes/a/y.ts']),
	);
});

it('draws the same sample for the same seed, and extends it when it is larger', () => {
	const sample = ids({ sample: 20 });
	expect(sample).toHaveLength(20);
	expect(ids({ sample: 20 })).toEqual(sample);
	expect(ids({ sample: 40 }).slice(0, 20)).toEqual(sample);
	expect(ids({ sample: 20, seed: 2 })).not.toEqual(sample);
});

it('says what a sample was drawn from', () => {
	const choice = { selected: ALL.slice(0, 20), of: 150, untried: [] };
	expect(nameOf({ ...JOB, sample: 20, seed: 2 }, choice)).toBe(
		'a sample of 20 of 150 changes, seed 2',
	);
	expect(nameOf(JOB, choice)).toBe('all of these files');
});
