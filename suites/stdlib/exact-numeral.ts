/** What a numeral's double is, by exact arithmetic on integers: the judge of every reader. */

const decimalForm = String.raw`(?<whole>\d*)\.?(?<fraction>\d*)(?:[eE](?<decimal>[-+]?\d+))?`;
const binaryForm = String.raw`0[xX](?<hex>[\da-fA-F]*)\.?(?<hexFraction>[\da-fA-F]*)`;
const binaryExponent = String.raw`(?:[pP](?<binary>[-+]?\d+))?`;
const pattern = new RegExp(`^(?<sign>[-+]?)(?:${binaryForm}${binaryExponent}|${decimalForm})$`);

/** The bits of the double nearest to a numeral of Lua, ties to even. Throws on what is none. */
export function exactBits(text: string): bigint {
  const parts = pattern.exec(text.trim())?.groups;
  if (parts === undefined) throw new RangeError(`no numeral: ${text}`);
  const { sign, hex, hexFraction = "", binary = "0" } = parts;
  const { whole = "", fraction = "", decimal = "0" } = parts;
  const magnitude =
    hex === undefined
      ? nearest(scaled(BigInt(`${whole}${fraction}`), 10n, Number(decimal) - fraction.length))
      : nearest(
          scaled(BigInt(`0x${hex}${hexFraction}`), 2n, Number(binary) - 4 * hexFraction.length),
        );
  return sign === "-" ? magnitude | (1n << 63n) : magnitude;
}

interface Ratio {
  readonly above: bigint;
  readonly below: bigint;
}

function scaled(digits: bigint, base: bigint, exponent: number): Ratio {
  return exponent >= 0
    ? { above: digits * base ** BigInt(exponent), below: 1n }
    : { above: digits, below: base ** BigInt(-exponent) };
}

const bitLength = (value: bigint) => value.toString(2).length;

function nearest({ above, below }: Ratio): bigint {
  if (above === 0n) return 0n;
  // The unit in the last place is 2^exponent: 53 bits, or fewer at the smallest exponent.
  let exponent = Math.max(bitLength(above) - bitLength(below) - 53, -1074);
  let mantissa = roundedQuotient(above, below, exponent);
  if (mantissa >> 53n !== 0n) {
    exponent += 1;
    mantissa = roundedQuotient(above, below, exponent);
  }
  if (exponent > 971) return 0x7ffn << 52n;
  // A normal number's leading bit adds one to the exponent's field.
  const field = BigInt(exponent + 1074);
  const bits = (field << 52n) + mantissa;
  return bits > 0x7ffn << 52n ? 0x7ffn << 52n : bits;
}

/** above / below / 2^exponent, ties to even. */
function roundedQuotient(above: bigint, below: bigint, exponent: number): bigint {
  const numerator = exponent < 0 ? above << BigInt(-exponent) : above;
  const denominator = exponent > 0 ? below << BigInt(exponent) : below;
  const whole = numerator / denominator;
  const twice = 2n * (numerator - whole * denominator);
  const isUp = twice > denominator || (twice === denominator && whole % 2n === 1n);
  return isUp ? whole + 1n : whole;
}
