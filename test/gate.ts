import { ESLint, type Linter } from 'eslint';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * n8n's gate for community packages, run by n8n's own scanner configuration over both things it
 * reads: the sources of the commit and the compiled files of the tarball. Inline disables count
 * for nothing. The scanner itself drops warnings; reviewers do not, so here they fail too.
 */
interface Scanner {
	buildScanConfig(): Promise<Linter.Config[]>;
	SOURCE_FILE_PATTERNS: string[];
}

const ROOT = resolve(__dirname, '..');
const TARBALL_PATTERNS = ['**/*.js', 'package.json'];

async function findings(scanner: Scanner, folder: string, patterns: string[]): Promise<number> {
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await scanner.buildScanConfig(),
		ignorePatterns: ['node_modules/**'],
	});
	const results = await eslint.lintFiles(patterns);
	const formatter = await eslint.loadFormatter('stylish');
	process.stdout.write(await formatter.format(results));

	const errors = results.reduce((sum, result) => sum + result.errorCount, 0);
	const warnings = results.reduce((sum, result) => sum + result.warningCount, 0);
	console.log(`${results.length} files, ${errors} errors, ${warnings} warnings`);
	return errors + warnings;
}

function unpackTarball(into: string): string {
	execFileSync('npm', ['pack', '--silent', '--pack-destination', into], { cwd: ROOT });
	const tarball = readdirSync(into).find((file) => file.endsWith('.tgz'));
	if (tarball === undefined) throw new Error('npm pack made no tarball');
	const unpacked = join(into, 'package');
	mkdirSync(unpacked);
	execFileSync('tar', ['-xzf', join(into, tarball), '-C', unpacked, '--strip-components=1']);
	return unpacked;
}

async function main() {
	// Held in a variable so that TypeScript does not look for types, since the scanner has none.
	const scannerModule = '@n8n/scan-community-package/scanner/scanner.mjs';
	const scanner = (await import(scannerModule)) as Scanner;
	const temporary = mkdtempSync(join(tmpdir(), 'runflow-gate-'));
	try {
		console.log('Sources of this commit:');
		const inSources = await findings(scanner, ROOT, scanner.SOURCE_FILE_PATTERNS);
		console.log('Compiled files of the tarball:');
		const inTarball = await findings(scanner, unpackTarball(temporary), TARBALL_PATTERNS);
		process.exitCode = inSources + inTarball === 0 ? 0 : 1;
	} finally {
		rmSync(temporary, { recursive: true, force: true });
	}
}

void main();
