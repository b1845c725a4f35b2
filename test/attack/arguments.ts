/** Says what is wrong with a command, and ends it: nothing was tried. */
export function misused(problem: string): never {
	console.error(problem);
	process.exit(1);
}

/** In: an argument's name, its words, and the least it may be. Out: its whole number; any other ends the command. */
export function wholeNumber(name: string, words: string, least: number): number {
	const number = Number(words);
	const isWhole = /^\d+$/.test(words) && Number.isSafeInteger(number) && number >= least;
	return isWhole ? number : misused(`--${name} takes a whole number from ${least}, not ${words}`);
}

/**
 * The numbers among the arguments of a command, such as `--seed=2`; any other argument ends the command, which would
 * otherwise ignore it.
 * @param least what each may be at the least, by its name
 */
export function numbersIn<Name extends string>(
	args: readonly string[],
	least: Readonly<Record<Name, number>>,
): Partial<Record<Name, number>> {
	const found: Partial<Record<Name, number>> = {};
	const isKnown = (name: string): name is Name => Object.hasOwn(least, name);
	for (const arg of args) {
		const [name = '', words = ''] = arg.replace(/^--/, '').split('=', 2);
		if (!arg.startsWith('--') || !isKnown(name)) {
			const known = Object.keys(least).map((one) => `--${one}=N`);
			misused(`There is no ${arg}, but ${known.join(', ')}`);
		}
		found[name] = wholeNumber(name, words, least[name]);
	}
	return found;
}
