import { readManifest } from '../release/manifest';
import { ROOT } from '../repositoryFiles';
import { readPage, readPages } from './page';

const { scripts } = readManifest(ROOT);

/** npm knows these without `run`. */
const SHORT = ['test', 'start'];

function commandOf(script: string): string {
	return SHORT.includes(script) ? `npm ${script}` : `npm run ${script}`;
}

describe.each(readPages())('$file', ({ text }) => {
	it('names scripts that package.json has', () => {
		const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => String(script));
		expect(named.filter((script) => !(script in scripts))).toEqual([]);
	});
});

describe('CONTRIBUTING.md', () => {
	it('describes every script in package.json', () => {
		const [few = [], others = []] = readPage('CONTRIBUTING.md').tables;
		const described = [...few.slice(1), ...others.slice(1)].map(([command, what]) => {
			expect(what?.text).not.toBe('');
			return command?.text ?? '';
		});
		const commands = Object.keys(scripts).map(commandOf);
		expect(commands.filter((command) => !described.some((cell) => cell === command))).toEqual([]);
	});
});
