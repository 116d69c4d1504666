import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readCsv } from './csv.ts'
import { csvLine } from './text/csv-line.ts'

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const read = (text: string | Buffer, size = 7) =>
  Array.fromAsync(readCsv(cut(Buffer.from(text as string), size)))
const fieldsOf = async (text: string) => (await read(text)).map(({ fields }) => fields)

describe('CSV', () => {
  it('is read as it was written, regardless of how it is split into chunks', async () => {
    const field = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', 'é', '😀', ' ') }),
    )
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const records = await read(rows.map(csvLine).join(''), size)
        assert.deepEqual(
          records.map(({ fields, fault }) => ({ fields, fault })),
          rows.map((fields) => ({ fields, fault: undefined })),
        )
      }),
    )
  })

  it('may have a byte order mark, any line breaks, blank lines, and no line break at the end', async () => {
    assert.deepEqual(await fieldsOf('\uFEFF"a",b\r\n\r\n1,"x\ny ""z"""\n\n2,'), [
      ['a', 'b'],
      ['1', 'x\ny "z"'],
      ['2', ''],
    ])
    assert.deepEqual(await fieldsOf(''), [])
  })

  it('has the number of the line on which each record starts', async () => {
    assert.deepEqual(
      (await read('a,b\n"x\ny",1\n\nz,2\n')).map(({ line }) => line),
      [1, 2, 5],
    )
  })

  it('has a fault for each invalid record, and is read on after it', async () => {
    const faults = async (text: string | Buffer) => (await read(text)).map(({ line, fault }) => [line, fault])
    assert.deepEqual(await faults('a\n"b"c\nd"e\nf\n"g'), [
      [1, undefined],
      [2, 'has text after a closing quote'],
      [3, 'has a quote inside a field that is not quoted'],
      [4, undefined],
      [5, 'has a quote that is not closed'],
    ])
    assert.deepEqual(await faults(Buffer.from('a,b\xff\nc,d\n', 'latin1')), [
      [1, 'is not valid UTF-8'],
      [2, undefined],
    ])
  })

  it('with a quote that is never closed is not read into memory', async () => {
    const [record, ...rest] = await read(
      Buffer.concat([Buffer.from('"'), Buffer.alloc(9_000_000, `${'x'.repeat(99)}\n`)]),
      65536,
    )
    assert.equal(record!.fault, 'has a quote that is not closed')
    assert.deepEqual(rest, [])
  })
})
