/** Writes the bits of a NAL unit. @see ITU-T H.264, 7.2 and 9.1 */
export class BitWriter {
	private bytes = Buffer.alloc(1024);
	private length = 0;
	private pending = 0;
	private pendingBits = 0;

	/** `count` bits of a number, the highest first. */
	bits(value: number, count: number): void {
		for (let bit = count - 1; bit >= 0; bit -= 1) {
			this.pending = (this.pending << 1) | ((value >>> bit) & 1);
			this.pendingBits += 1;
			if (this.pendingBits === 8) this.flush();
		}
	}

	/** An unsigned Exp-Golomb code. */
	ue(value: number): void {
		const length = 32 - Math.clz32(value + 1);
		this.bits(0, length - 1);
		this.bits(value + 1, length);
	}

	/** Zeros up to the next whole byte. */
	align(): void {
		while (this.pendingBits > 0) this.bits(0, 1);
	}

	/** A whole byte, only after `align`. */
	byte(value: number): void {
		this.pending = value;
		this.flush();
	}

	/** Ends the unit. Out: its bytes without a start code. */
	nalUnit(): Buffer {
		this.bits(1, 1);
		this.align();
		return escape(this.bytes.subarray(0, this.length));
	}

	private flush(): void {
		if (this.length === this.bytes.length) {
			this.bytes = Buffer.concat([this.bytes, Buffer.alloc(this.bytes.length)]);
		}
		this.bytes[this.length] = this.pending;
		this.length += 1;
		this.pending = 0;
		this.pendingBits = 0;
	}
}

/** Two zeros and a byte up to 3 would look like a start code: a 3 goes between. */
function escape(bytes: Buffer): Buffer {
	const parts: Buffer[] = [];
	let from = 0;
	let zeros = 0;
	for (let index = 0; index < bytes.length; index += 1) {
		const byte = bytes[index] ?? 0;
		if (zeros === 2 && byte <= 3) {
			parts.push(bytes.subarray(from, index), Buffer.of(3));
			from = index;
			zeros = 0;
		}
		zeros = byte === 0 ? zeros + 1 : 0;
	}
	return Buffer.concat([...parts, bytes.subarray(from)]);
}
