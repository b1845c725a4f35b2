import { isObject } from '../values/json';
import { findMissing, foundNothing, hasExpression, isExpression } from './expression';
import { isEmpty, isInvalid, type InvalidParameter, type ReadParameter, type Rule } from './result';

/** A parameter that is not sent, but decides what the node does. */
export interface Setting<Value> {
	/** Where a workflow stores it, such as `options.statuses`. */
	path: string;
	/** Its displayed name. */
	title: string;
	rule: Rule<Value>;
	/** Its value where nothing is filled in. */
	otherwise: Value;
	/** Whether an expression must find something: for a filter, nothing would mean everything. */
	mustFind?: true;
}

/** The settings of a node, by the names that its code has for their values. */
export type SettingsTable<Values extends object> = {
	readonly [Name in keyof Values]: Setting<Values[Name]>;
};

/** What {@link readSettings} gives. */
export interface ReadSettings<Values extends object> {
	/** The values; the usual one for a setting that could not be read. */
	values: Values;
	/** The first setting that could not be read. While there is one, nothing may be done by the values. */
	problem: InvalidParameter | undefined;
}

/**
 * Reads settings by their rules.
 * @param read gives the value at a path
 * @param readRaw gives what the workflow stores there; needed for settings with `mustFind`
 */
export function readSettings<Values extends object>(
	table: SettingsTable<Values>,
	read: ReadParameter,
	readRaw: ReadParameter = () => undefined,
): ReadSettings<Values> {
	let problem: InvalidParameter | undefined;
	const values = Object.entries<Setting<unknown>>(table).map(([name, setting]) => {
		const { path, title, rule, otherwise, mustFind } = setting;
		const value = read(path);
		const missing = mustFind === true ? findMissing(readRaw(path), value, isEmpty) : undefined;
		const result =
			missing === undefined
				? rule(value, read)
				: foundNothing(title + missing, 'Correct the expression, or choose fixed values.');
		if (!isInvalid(result)) return [name, result.accepted ?? otherwise] as const;
		problem ??= { parameter: title, ...result };
		return [name, otherwise] as const;
	});
	return { values: Object.fromEntries(values) as Values, problem };
}

/**
 * The first setting that cannot be read, among those without an expression.
 * @param readRaw gives what the workflow stores at a path
 */
export function findUnreadable<Values extends object>(
	table: SettingsTable<Values>,
	readRaw: ReadParameter,
): InvalidParameter | undefined {
	const literals = Object.entries<Setting<unknown>>(table).filter(
		([, { path }]) => !hasExpression(readRaw(path)),
	);
	return readSettings(Object.fromEntries(literals), readRaw).problem;
}

/**
 * Reads parameters by their paths, each top-level one only once: n8n takes long for each.
 * @param readWhole reads such a parameter by its name
 */
export function byPath(readWhole: ReadParameter): ReadParameter {
	const known = new Map<string, unknown>();
	return (path) => {
		const [name = '', ...rest] = path.split('.');
		if (!known.has(name)) known.set(name, readWhole(name));
		return rest.reduce<unknown>(
			(part, key) => (isExpression(part) ? part : isObject(part) ? part[key] : undefined),
			known.get(name),
		);
	};
}
