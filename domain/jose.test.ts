import { createSign, createVerify, generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { derToJose, joseToDer } from './jose.ts'

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const hex = (data: Uint8Array) => Buffer.from(data).toString('hex')
const filled = (byte: string, count: number) => byte.repeat(count)

describe('DER and JOSE are two forms of one signature', () => {
  test.each([
    ['both full, high bits clear', `3044 0220 ${filled('11', 32)} 0220 ${filled('22', 32)}`, `${filled('11', 32)}${filled('22', 32)}`],
    ['high bits set: DER has a zero in front', `3046 0221 00 ${filled('ff', 32)} 0221 00 ${filled('80', 32)}`, `${filled('ff', 32)}${filled('80', 32)}`],
    ['short numbers: JOSE is padded', '3006 020101 020102', `${filled('00', 31)}01${filled('00', 31)}02`],
    ['one short, one with a zero in front', `3026 020101 0221 00 ${filled('ff', 32)}`, `${filled('00', 31)}01${filled('ff', 32)}`],
  ])('%s', (_, der, jose) => {
    expect(hex(derToJose(bytes(der)))).toBe(jose)
    expect(hex(joseToDer(bytes(jose)))).toBe(der.replaceAll(' ', ''))
  })
})

test.each([
  ['empty', ''],
  ['not a sequence', '3106 020101 020102'],
  ['cut short', '3006 020101 0201'],
  ['bytes after it', '3006 020101 020102 00'],
  ['a third number', '3009 020101 020102 020103'],
  ['negative', '3006 0201ff 020102'],
  ['needless zero', '3007 02020001 020102'],
  ['a number of no bytes', '3005 0200 020102'],
  ['long form of a short length', '308106 020101 020102'],
  ['indefinite length', '3080 020101 020102 0000'],
  ['too big for the curve', `3026 0221 01 ${filled('00', 32)} 020101`],
])('refused: %s', (_, der) => expect(() => derToJose(bytes(der))).toThrow(/DER|fit/))

test.each([['', 0], ['010203', 3]])('refused as JOSE: %s', (jose) => expect(() => joseToDer(bytes(jose))).toThrow(/JOSE/))

describe.each([['P-256', 32], ['P-384', 48], ['P-521', 66]] as const)('%s signatures made elsewhere', (namedCurve, size) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve })
  test('convert to what verifies as JOSE, and back', () => {
    for (let round = 0; round < 20; round++) {
      const message = `message ${round}`
      const der = createSign('sha256').update(message).sign(privateKey)
      const jose = derToJose(der, size)
      expect(jose.length).toBe(2 * size)
      expect(createVerify('sha256').update(message).verify({ key: publicKey, dsaEncoding: 'ieee-p1363' }, jose)).toBe(true)
      expect(hex(joseToDer(jose))).toBe(hex(der))
    }
  })
})
