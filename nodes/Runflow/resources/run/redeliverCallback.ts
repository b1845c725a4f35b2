import { isObject } from '../../../shared/values/json';
import { withoutToken } from '../../../shared/api/output';
import type { Operation } from '../../../shared/properties/operation';
import { apiRouting } from '../../../shared/run/apiRouting';
import { isFailure } from '../../../shared/run/read/itemErrors';
import { aboutRun, runField, runPath, RUN_ID } from './runId';

/** Sends a callback again. @see docs/runflow-api.md, "Callback redelivery" */
export const redeliverCallback: Operation = {
	option: {
		name: 'Redeliver Callback',
		value: 'redeliverCallback',
		action: 'Redeliver run callback',
		description:
			'Ask Runflow to send the callback of a finished run to its Callback URL again. It costs nothing.',
		routing: apiRouting({
			method: 'POST',
			url: '/v1/runs/{id}/callback-redeliveries',
			async execute({ settings, call }) {
				const chosen = settings({ runId: RUN_ID });
				if (isFailure(chosen)) return chosen;
				const { runId } = chosen;
				const delivery = await call(
					{ method: 'POST', url: `${runPath(runId)}/callback-redeliveries` },
					({ body }) => (isObject(body) ? body : undefined),
					{
						...aboutRun(runId, 'a delivery'),
						scope: 'runs:execute',
						invalid:
							'A callback can be sent again when the run has ended, was started with a Callback URL, and no delivery is in progress. Check with Get Callback Deliveries.',
						unclear:
							'It is not known whether the callback is sent again. Check with Get Callback Deliveries.',
					},
				);
				return isFailure(delivery) ? delivery : [{ json: withoutToken(delivery) }];
			},
		}),
	},
	fields: [runField],
	options: [],
};
