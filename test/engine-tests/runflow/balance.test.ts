import { jsonOf } from '../../engine/engine';
import { DEFAULT_API_KEY } from '../../sandbox';
import { NODE, onlyError, useRunflow, WITH_ERROR_OUTPUT } from './scene';

const bench = useRunflow();
const getBalance = { resource: 'account', operation: 'getBalance' };
const PATHS = ['/v1/billing/balance', '/v1/credit-balances'];

function paths(): string[] {
	return bench.sandbox.requests.map(({ path }) => path);
}

/** What Runflow answers. */
function balanceIn(spelling: string, balance: string): unknown {
	return spelling === 'balance_cents' ? Number(balance) * 100 : balance;
}

it.each([
	['balance', '42.1250', { balance: '42.1250', currency: null, low_balance_threshold: '5.0000' }],
	['balance_cents', '42.12', { balance: '42.12', currency: 'USD', low_balance_threshold: null }],
	['balance_usd', '0.10', { balance: '0.10', currency: 'USD', low_balance_threshold: null }],
	[
		'balance',
		'12345678901234567890.1234567890',
		{
			balance: '12345678901234567890.1234567890',
			currency: null,
			low_balance_threshold: '5.0000',
		},
	],
] as const)('reads %s %s as text, without rounding it', async (balanceSpelling, balance, item) => {
	bench.sandbox.configure({ balance, balanceSpelling });
	const outcome = await bench.run(getBalance, [{}, {}]);
	const items = outcome.items(NODE);
	const raw = expect.objectContaining({
		[balanceSpelling]: balanceIn(balanceSpelling, balance),
	}) as unknown;
	expect(jsonOf(items)).toEqual([
		{ ...item, raw },
		{ ...item, raw },
	]);
	expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	expect([...new Set(paths())]).toEqual(balanceSpelling === 'balance_usd' ? PATHS : [PATHS[0]]);
});

it('names the scope that the API key lacks', async () => {
	bench.sandbox.configure({ keys: [{ key: DEFAULT_API_KEY, scopes: [], email: 'a@example.com' }] });
	const outcome = await bench.run(getBalance, [{ a: 1 }], WITH_ERROR_OUTPUT);
	const error = onlyError(outcome);
	expect(error).toMatchObject({ httpCode: '403', code: 'PERMISSION_DENIED' });
	expect(error.description).toContain('The API key lacks the scope credit_balance:read');
	expect(outcome.items(NODE, 1)[0]?.pairedItem).toEqual({ item: 0 });
	expect(paths()).toEqual(PATHS);
});

it('says so when the answer has no balance', async () => {
	bench.sandbox.addFault({ kind: 'wrong-json', body: { amount: 5 }, times: 99 });
	const outcome = await bench.run(getBalance);
	expect(outcome.error?.message).toBe(
		"Runflow's answer could not be read as a balance (HTTP status 200) [item 0]",
	);
	expect(outcome.error?.description).toMatch(/Base URL[^]*Run the item again/);
});

it('reads it again after a temporary error, and not after a refusal', async () => {
	bench.sandbox.addFault({ kind: 'status', status: 502, times: 1 });
	const outcome = await bench.run(getBalance);
	expect(outcome.error).toBeUndefined();
	expect(paths()).toHaveLength(2);
	bench.sandbox.reset();
	bench.sandbox.addFault({ kind: 'status', status: 401, body: { code: 'UNAUTHORIZED' } });
	const refused = await bench.run(getBalance);
	expect(refused.error?.description).toContain('paste a valid key');
	expect(paths()).toHaveLength(1);
});
