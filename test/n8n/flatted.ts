/**
 * Parses the format in which n8n sends an execution's data: a JSON list of values, in which every string
 * inside an object or list is the position of its value in that list.
 */
export function parseFlatted(text: string): unknown {
	const values = JSON.parse(text) as unknown[];
	const revived = new Map<number, unknown>();

	const follow = (value: unknown): unknown =>
		typeof value === 'string' ? revive(Number(value)) : value;

	const revive = (position: number): unknown => {
		const known = revived.get(position);
		if (known !== undefined) return known;
		const value = values[position];
		if (typeof value !== 'object' || value === null) return value;
		// Registered before it is filled: the data may refer back to itself.
		const whole: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
		revived.set(position, whole);
		Object.assign(
			whole,
			Array.isArray(value)
				? value.map(follow)
				: Object.fromEntries(Object.entries(value).map(([key, part]) => [key, follow(part)])),
		);
		return whole;
	};

	return revive(0);
}
