/** Figures at the edges of every width, where codecs go wrong; and some in between, by a seed. */

const widths = [7, 8, 15, 16, 24, 31, 32, 33, 48, 53, 63, 64] as const;
const integerMin = -(2n ** 63n);
const integerMax = 2n ** 63n - 1n;
const randomCount = 200;

/** Integers of 64 bits: both signs of each power, its neighbours, and as many random ones. */
export function integersAtEdges(): readonly bigint[] {
  const found = new Set<bigint>();
  for (const width of widths) {
    for (const power of [2n ** BigInt(width), -(2n ** BigInt(width))]) {
      for (let step = -2n; step <= 2n; step += 1n) found.add(power + step);
    }
  }
  for (let step = -2n; step <= 2n; step += 1n) found.add(step);
  // A linear congruential generator of 64 bits (Knuth's MMIX), each shifted to another width.
  let state = 7n;
  for (let i = 0; i < randomCount; i++) {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    found.add(BigInt.asIntN(64, state) >> BigInt(i % 60));
  }
  return [...found].filter((each) => each >= integerMin && each <= integerMax);
}

/** Floats whose bits are at edges, as the integers of those bits. */
export function floatsAtEdges(): readonly number[] {
  const view = new DataView(new ArrayBuffer(8));
  const floats = integersAtEdges().map((bits) => {
    view.setBigInt64(0, bits);
    return view.getFloat64(0);
  });
  const powers = [-1074, -1022, -149, -126, -1, 0, 1, 23, 24, 31, 32, 52, 53, 63, 64, 127, 1023];
  for (const power of powers) {
    for (const sign of [1, -1]) floats.push(sign * 2 ** power, sign * 2 ** power * 1.5);
  }
  return floats.filter((each) => !Number.isNaN(each));
}

/** Lengths and counts. */
export const lengthsAtEdges = [
  ...[0, 1, 7, 8, 9, 15, 16, 31, 32, 39, 40, 41, 63, 64, 65, 127, 128, 255, 256, 257],
  ...[1023, 1024, 4095, 4096, 4097, 16_383, 16_384, 32_767, 32_768, 65_535, 65_536, 65_537],
] as const;
