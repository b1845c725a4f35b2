import type { INodeProperties } from 'n8n-workflow';

import { optionsCollection, type Operation } from './operation';
import {
	callbackNotice,
	completion,
	downloadOutputs,
	outputOptions,
	runOptions,
	simplify,
	waitOptions,
} from './runParameters';

/** All parameters of an operation that starts a run: its own, and those that every run takes. */
export function runOperationParameters({
	fields,
	options,
}: Pick<Operation, 'fields' | 'options'>): INodeProperties[] {
	return [
		...fields,
		completion,
		callbackNotice,
		downloadOutputs,
		simplify,
		...optionsCollection([...options, ...runOptions, ...outputOptions, ...waitOptions]),
	];
}
