/**
 * ECDSA signatures in their two forms. KMS answers with DER, SEQUENCE { r INTEGER, s INTEGER } (RFC 3279, 2.2.3);
 * a JWT needs r and s side by side, each padded to the size of the curve (RFC 7518, 3.4).
 */

/** @param size bytes of each number: 32 for P-256. Throws on anything but one DER signature whose numbers fit. */
export function derToJose(der: Uint8Array, size = 32): Uint8Array {
  const sequence = read(der, 0, 0x30)
  if (sequence.end !== der.length) throw new Error(`not a DER signature: ${der.length - sequence.end} bytes follow it`)
  const r = read(der, sequence.start, 0x02)
  const s = read(der, r.end, 0x02)
  if (s.end !== sequence.end) throw new Error('not a DER signature: it has more than two numbers')
  const jose = new Uint8Array(2 * size)
  for (const [index, { start, end }] of [r, s].entries()) {
    const number = unsigned(der.subarray(start, end))
    if (number.length > size) throw new Error(`a number of ${number.length} bytes does not fit a curve of ${size}`)
    jose.set(number, (index + 1) * size - number.length)
  }
  return jose
}

/** @param jose r and s, of equal length. Throws when its length is odd or 0. */
export function joseToDer(jose: Uint8Array): Uint8Array {
  if (jose.length === 0 || jose.length % 2 === 1) throw new Error(`not a JOSE signature: ${jose.length} bytes`)
  const half = jose.length / 2
  const numbers = [jose.subarray(0, half), jose.subarray(half)].flatMap((number) => [...element(0x02, signed(number))])
  return element(0x30, Uint8Array.from(numbers))
}

/** Where the content of one DER element begins and ends. Only the shortest form of a length is DER (X.690, 10.1). */
function read(der: Uint8Array, at: number, tag: number): { start: number; end: number } {
  if (der[at] !== tag) throw new Error(`not a DER signature: byte ${at} is ${der[at] ?? 'missing'}, not ${tag}`)
  const first = der[at + 1] ?? Number.NaN
  const long = first === 0x81 // two numbers of a 521-bit curve need 139 bytes; nothing needs more
  const length = long ? der[at + 2] ?? Number.NaN : first
  const start = at + (long ? 3 : 2)
  const shortest = long ? length >= 0x80 : length < 0x80
  if (!shortest || start + length > der.length) throw new Error(`not a DER signature: bad length at byte ${at + 1}`)
  return { start, end: start + length }
}

/** A DER integer is signed: a leading zero keeps a high first bit from meaning "negative", and is allowed only there (X.690, 8.3). */
function unsigned(number: Uint8Array): Uint8Array {
  const [first, second] = number
  if (first === undefined || first >= 0x80) throw new Error('not a DER signature: a number is empty or negative')
  if (first !== 0 || second === undefined) return number
  if (second < 0x80) throw new Error('not a DER signature: a number has a needless zero in front')
  return number.subarray(1)
}
function signed(number: Uint8Array): Uint8Array {
  const from = number.findIndex((byte) => byte !== 0)
  const short = from === -1 ? Uint8Array.of(0) : number.subarray(from)
  return short[0]! >= 0x80 ? Uint8Array.of(0, ...short) : short
}
const element = (tag: number, content: Uint8Array): Uint8Array =>
  Uint8Array.of(tag, ...(content.length < 0x80 ? [content.length] : [0x81, content.length]), ...content)
