import { editorCalls, type EditorCalls } from '../../engine/editorCalls';
import { DEFAULT_API_KEY } from '../../sandbox';
import { useRunflow } from './scene';

const bench = useRunflow();

function editor(): EditorCalls {
	const parameters = { resource: 'run', operation: 'get' };
	return editorCalls(bench.engine, 'n8n-nodes-runflow.runflow', parameters, {
		search: 'searchRuns',
	});
}

it('offers the newest runs by status, time, prompt and client reference', async () => {
	const createdAtMs = Date.parse('2026-11-29T12:34:56Z');
	const prompt = 'A shoe that turns slowly on a pedestal in soft light';
	const runs = bench.sandbox.addRuns(3, (index) => ({
		createdAtMs: createdAtMs + index * 60_000,
		outcome: index === 1 ? 'failed' : 'succeeded',
		input: index === 2 ? { image_url: 'https://example.com/1.png' } : { prompt },
		clientRef: index === 0 ? 'order-1' : null,
	}));
	const { results, paginationToken } = await editor().search();
	const time = (minute: number) =>
		new Date(createdAtMs + minute * 60_000)
			.toLocaleString('sv-SE', { timeZone: 'America/New_York' })
			.slice(0, 16);
	const [oldest, failed, newest] = runs;
	expect(results).toEqual([
		{
			name: expect.stringMatching(/^succeeded · [-\d]{10} [\d:]{5} · [0-9a-f-]{36}$/) as unknown,
			value: newest?.id,
		},
		{
			name: `failed · ${time(1)} · A shoe that turns slowly on a pedestal i…`,
			value: failed?.id,
		},
		{
			name: `succeeded · ${time(0)} · A shoe that turns slowly on a pedestal i… · order-1`,
			value: oldest?.id,
		},
	]);
	expect(paginationToken).toBeUndefined();
});

it('offers further pages', async () => {
	bench.sandbox.addRuns(120);
	const first = await editor().search();
	expect(first.results).toHaveLength(50);
	const second = await editor().search('', String(first.paginationToken));
	const third = await editor().search('', String(second.paginationToken));
	expect(third.results).toHaveLength(20);
	expect(third.paginationToken).toBeUndefined();
	const ids = [first, second, third].flatMap(({ results }) => results.map(({ value }) => value));
	expect(new Set(ids).size).toBe(120);
});

it('searches the newest 2,000 runs by any of these words, and by the ID', async () => {
	const runs = bench.sandbox.addRuns(2100, (index) => ({ clientRef: `order-${index}` }));
	const { results } = await editor().search('SUCCEEDED order-20');
	expect(results.map(({ value }) => value)).toEqual(
		[...runs.slice(200, 210), ...runs.slice(2000)].reverse().map(({ id }) => id),
	);
	expect(bench.sandbox.requests).toHaveLength(4);
	bench.sandbox.reset();
	const [, run] = bench.sandbox.addRuns(3);
	expect((await editor().search(run?.id)).results).toHaveLength(1);
});

it('says what is wrong when the list cannot be read', async () => {
	bench.sandbox.configure({ keys: [{ key: DEFAULT_API_KEY, scopes: [], email: 'a@example.com' }] });
	await expect(editor().search()).rejects.toMatchObject({
		description: expect.stringContaining('The API key lacks the scope runs:read') as unknown,
	});
});
