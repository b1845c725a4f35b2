import { readRunStatus } from '../api/run';
import { trimText } from '../values/text';
import type { Rule } from './result';
import { oneOf } from './rules';

/** One of the statuses to choose from, in each of the spellings that Runflow has, such as `canceled`. */
export function runStatus<Status extends string>(
	...statuses: readonly { name: string; value: Status }[]
): Rule<Status> {
	const known = oneOf(...statuses);
	return (value, read) =>
		known(
			typeof value === 'string' ? readRunStatus({ status: trimText(value).toLowerCase() }) : value,
			read,
		);
}
