import type { IDataObject } from 'n8n-workflow';

import { withoutToken } from '../../../shared/api/output';
import type { ApiAnswer } from '../../../shared/api/result/result';
import type { Operation } from '../../../shared/properties/operation';
import { apiRouting } from '../../../shared/run/apiRouting';
import { isFailure } from '../../../shared/run/read/itemErrors';
import { isObject } from '../../../shared/values/json';
import { aboutRun, runField, runPath, RUN_ID } from './runId';

/** The callbacks that Runflow has sent for a run. @see docs/runflow-api.md, "Delivery history" */
export const getCallbackDeliveries: Operation = {
	option: {
		name: 'Get Callback Deliveries',
		value: 'getCallbackDeliveries',
		action: 'Get run callback deliveries',
		description:
			'Get each callback that was sent for a run, with its attempts and the answers to them',
		routing: apiRouting({
			method: 'GET',
			url: '/v1/runs/{id}/callback',
			async execute({ settings, call }) {
				const chosen = settings({ runId: RUN_ID });
				if (isFailure(chosen)) return chosen;
				const { runId } = chosen;
				const deliveries = await call(
					{ method: 'GET', url: `${runPath(runId)}/callback` },
					readDeliveries,
					aboutRun(runId, 'a list of deliveries'),
				);
				return isFailure(deliveries)
					? deliveries
					: deliveries.map((delivery) => ({ json: withoutToken(delivery) }));
			},
		}),
	},
	fields: [runField],
	options: [],
};

/** The deliveries in a response: a list, or a page of one. */
function readDeliveries({ body }: ApiAnswer): IDataObject[] | undefined {
	const list = isObject(body) ? body.items : body;
	return Array.isArray(list) ? (list as unknown[]).filter(isObject) : undefined;
}
