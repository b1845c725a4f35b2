import { trimText } from '../values/text';

/** Reads another parameter of the same item, for rules that depend on two. */
export type ReadParameter = (name: string, options?: { rawExpressions: boolean }) => unknown;

/**
 * The result of a rule: the value to use (`undefined`: nothing is filled in), or why it cannot be used.
 */
export type ValidationResult<Value = unknown> = { accepted: Value | undefined } | InvalidValue;

/** Why a value may not be used. */
export interface InvalidValue {
	/** What is wrong, as the rest of a sentence that starts with the parameter's displayed name. */
	problem: string;
	/** What to do about it. */
	advice: string;
	/** The displayed name, where it is not the one of the parameter that the rule belongs to. */
	parameter?: string;
}

/** Why a parameter may not be sent, with its displayed name. */
export type InvalidParameter = Required<InvalidValue>;

/** Validates the value of one parameter. Pure: no rule sends anything. */
export type Rule<Value = unknown> = (
	value: unknown,
	read: ReadParameter,
) => ValidationResult<Value>;

/** The binary fields of the current item. */
export interface BinaryFields {
	names(): string[];
	/** What the item has under a name; a node before may have put anything there. */
	find(name: string): unknown;
}

/** What decides which files and addresses the item can give. */
export interface MediaContext {
	fields: BinaryFields;
	/** The Base URL of the credential. */
	apiUrl: string;
	/** Whether the node is a tool of an AI agent, which has no nodes before it. */
	isTool: () => boolean;
}

/** Validates a value that may name binary fields of the item. It reads none of them. */
export type FileRule = (
	value: unknown,
	read: ReadParameter,
	media: MediaContext,
) => ValidationResult;

/** Nothing was filled in, so nothing is sent. */
export const NOTHING: { accepted: undefined } = { accepted: undefined };

/** The value may be sent. */
export function valid<Value>(value: Value): { accepted: Value } {
	return { accepted: value };
}

/** The value may not be sent, so the item stops. */
export function invalid(problem: string, advice: string, parameter?: string): InvalidValue {
	return { problem, advice, ...(parameter === undefined ? {} : { parameter }) };
}

/** Whether a result stops the item. */
export function isInvalid(result: ValidationResult): result is InvalidValue {
	return 'problem' in result;
}

/** What n8n gives for a parameter that is left empty, or for an expression that finds nothing. */
export function isEmpty(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && trimText(value) === '')
	);
}

/** A value for a message: short, with text in quotes. */
export function show(value: unknown): string {
	const words = typeof value === 'string' ? `"${value}"` : written(value);
	return words.length > 60 ? `${words.slice(0, 60)}…` : words;
}

function written(value: unknown): string {
	// JSON has no NaN and throws at 10n.
	if (typeof value === 'number' || typeof value === 'bigint') return String(value);
	if (ArrayBuffer.isView(value)) return 'a Buffer';
	try {
		// Functions and symbols have no JSON.
		const json: unknown = JSON.stringify(value);
		return typeof json === 'string' ? json : typeof value;
	} catch {
		return typeof value;
	}
}
