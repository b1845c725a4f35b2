import { errorAnswer, jsonAnswer, type Answer } from '../http/answer';
import { isoTime } from '../isoTime';
import { uuidOf } from '../uuidOf';
import type { Request } from './route';

/**
 * Out: the organization's balance, as decimal text or in cents.
 * @see docs/runflow-api.md, "Balance"; docs/readings.md, row 12
 */
export function getBalance({ state, caller, nowMs }: Request): Answer {
	const { balance, balanceSpelling } = state.switches;
	switch (balanceSpelling) {
		case 'balance':
			return jsonAnswer(200, {
				id: uuidOf(`balance of ${caller.org.id}`),
				org_id: caller.org.id,
				balance,
				low_balance_threshold: '5.0000',
				low_balance_notified_at: null,
				created_at: isoTime(nowMs),
				updated_at: isoTime(nowMs),
			});
		case 'balance_cents':
			return jsonAnswer(200, { balance_cents: Math.round(Number(balance) * 100), currency: 'USD' });
		case 'balance_usd':
			return errorAnswer(404, 'NOT_FOUND', 'No such endpoint.');
	}
}

/**
 * Out: the organization's balance, as first-party code reads it.
 * @see docs/runflow-api.md, "Balance"; docs/readings.md, row 12
 */
export function getCreditBalances({ state, caller }: Request): Answer {
	const { balance, balanceSpelling } = state.switches;
	return balanceSpelling === 'balance_usd'
		? jsonAnswer(200, { org_id: caller.org.id, balance_usd: balance })
		: errorAnswer(404, 'NOT_FOUND', 'No such endpoint.');
}
