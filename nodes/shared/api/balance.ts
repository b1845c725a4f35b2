import type { IDataObject } from 'n8n-workflow';

import { asText, isObject } from '../values/json';
import { callApi, type Connection, type RequestContext } from './client';
import type { ApiAnswer, ApiResult } from './result/result';

/** The address on Runflow's pages, and that of its own clients. @see docs/runflow-api.md, "Balance" */
export const BALANCE_PATH = '/v1/billing/balance';
const CREDIT_BALANCES_PATH = '/v1/credit-balances';

/** The credit of an organization. */
export interface Balance extends IDataObject {
	/** As decimal text: a number could be rounded. */
	balance: string;
	/** Null where Runflow does not say. */
	currency: string | null;
	/** As decimal text; null where Runflow does not say. */
	low_balance_threshold: string | null;
	/** All that Runflow says. */
	raw: IDataObject;
}

/**
 * Reads the balance at the address on Runflow's pages. If it is not there or may not be read, reads it where Runflow's
 * own clients do.
 */
export async function fetchBalance(
	context: RequestContext,
	connection: Connection,
): Promise<ApiResult<Balance>> {
	const read = async (url: string) =>
		await callApi(context, { method: 'GET', url }, connection, readBalance);
	const balance = await read(BALANCE_PATH);
	if (balance.ok || !HAS_NONE.has(balance.error.status ?? 0)) return balance;
	const other = await read(CREDIT_BALANCES_PATH);
	// Of two refusals, the one that names the missing scope helps.
	return other.ok || other.error.status !== 404 ? other : balance;
}

/** How an address answers that has no balance, that the API key may not read, or that answers in another form. */
const HAS_NONE: ReadonlySet<number> = new Set([200, 403, 404]);

/**
 * The balance in a response, in any of the documented spellings: `balance` as decimal text, `balance_cents` with
 * `currency`, or `balance_usd`.
 * @returns undefined where the response has none
 * @see docs/readings.md, row 12
 */
export function readBalance({ body }: Pick<ApiAnswer, 'body'>): Balance | undefined {
	if (!isObject(body)) return undefined;
	const raw = body;
	const spellings: [balance: string | undefined, currency: string | null][] = [
		[decimal(raw.balance), null],
		[decimal(raw.balance_usd), 'USD'],
		[fromCents(decimal(raw.balance_cents)), null],
	];
	const [balance, ownCurrency] = spellings.find(([found]) => found !== undefined) ?? [];
	if (balance === undefined) return undefined;
	const currency = asText(raw.currency);
	return {
		balance,
		currency: currency === '' ? (ownCurrency ?? null) : currency,
		low_balance_threshold: decimal(raw.low_balance_threshold) ?? null,
		raw,
	};
}

/** A number as the text that it was sent as, as far as JSON keeps it. */
function decimal(value: unknown): string | undefined {
	const text = asText(value).trim();
	return /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined;
}

/** Moves the decimal point by two digits, as text. */
function fromCents(cents: string | undefined): string | undefined {
	const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(cents ?? '') ?? [];
	if (whole === '') return undefined;
	const digits = whole.padStart(3, '0');
	return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}${rest}`;
}
