import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import ts from 'typescript';

import type { Operation } from '../../nodes/shared/properties/operation';
import { expectOperationWording } from '../descriptions/option';
import { ROOT } from '../repositoryFiles';
import { readPage } from './page';

const FOLDER = 'nodes/Wan27/operations';

/** The file that the page shows, as a module of the folder that it belongs to. */
function exampleOf(file: string): Record<string, unknown> {
	const [block] = readPage(file).blocks.filter(({ language }) => language === 'ts');
	const { outputText } = ts.transpileModule(block?.text ?? '', {
		compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
	});
	const exported: Record<string, unknown> = {};
	const load = (path: string): unknown => jest.requireActual(join(ROOT, FOLDER, path));
	const run = runInThisContext(`(require, exports) => {${outputText}\n}`) as (
		require: typeof load,
		exports: object,
	) => void;
	run(load, exported);
	return exported;
}

describe('the example of docs/adding-a-model.md', () => {
	const { referenceToVideo } = exampleOf('docs/adding-a-model.md') as {
		referenceToVideo: Operation;
	};

	it('is an operation that keeps the rules of wording', () => {
		expect(referenceToVideo.option.value).toBe('referenceToVideo');
		expectOperationWording(referenceToVideo.option);
	});

	it('binds each of its fields to a place in the body', () => {
		const places = [...referenceToVideo.fields, ...referenceToVideo.options].map(
			({ routing }) => routing?.send?.property,
		);
		expect(places).toEqual([
			'input.prompt',
			'input.reference_image_url',
			'input.resolution',
			'input.duration',
			'input.enable_safety_checker',
			'input.seed',
		]);
	});
});
