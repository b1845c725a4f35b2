import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

import { REPOSITORY } from '../n8n/folders';

const WORKFLOW = path.dirname(path.dirname(path.dirname(require.resolve('n8n-workflow'))));

function sources(): string[] {
	return ['nodes', 'credentials'].flatMap((folder) =>
		readdirSync(path.join(REPOSITORY, folder), { recursive: true, encoding: 'utf8' })
			.filter((name) => name.endsWith('.ts'))
			.map((name) => path.join(REPOSITORY, folder, name)),
	);
}

it('uses nothing that the oldest n8n does not declare, except these guarded or harmless functions', () => {
	const { config } = ts.readConfigFile(path.join(REPOSITORY, 'tsconfig.json'), (file) =>
		ts.sys.readFile(file),
	) as { config: { compilerOptions: unknown } };
	const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, REPOSITORY);
	const program = ts.createProgram(sources(), {
		...options,
		noEmit: true,
		paths: { 'n8n-workflow': [WORKFLOW] },
	});
	const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
		const where = path.relative(REPOSITORY, file?.fileName ?? '').replaceAll(path.sep, '/');
		return `${where}: ${ts.flattenDiagnosticMessageText(messageText, ' ').split('.')[0] ?? ''}`;
	});
	expect(problems).toEqual([
		// Called only where it is there.
		"nodes/shared/n8n/executionOver.ts: Property 'onExecutionFinish' does not exist on type 'IExecutePaginationFunctions'",
	]);
}, 120_000);

it('never checks the version of n8n or Node', () => {
	const asking = sources().filter((file) =>
		/typeVersion|nodeVersion|N8N_VERSION|semver|process\.version|getInstanceVersion|n8nVersion/i.test(
			readFileSync(file, 'utf8'),
		),
	);
	expect(asking).toEqual([]);
});
