import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decode, readTable } from './csv.ts'
import { fileOf, guessTargets } from './mapping.ts'

describe('A CSV file of contacts', () => {
  it('is read with quotes, lines inside of them, any separator and every end of lines', () => {
    const text = '\uFEFFName;E-Mail\r\n"Ada ""A""; Lovelace";ada@example.com\r\n\r\n"two\nlines";\rb\nlast'
    assert.deepEqual(readTable(text), {
      columns: ['Name', 'E-Mail'],
      rows: [
        { line: 2, cells: ['Ada "A"; Lovelace', 'ada@example.com'] },
        { line: 4, cells: ['two\nlines', 'b'] },
        { line: 6, cells: ['last'] },
      ],
    })
    assert.deepEqual(readTable('a,b\n1,2').rows, [{ line: 2, cells: ['1', '2'] }])
    assert.deepEqual(readTable(''), { columns: [], rows: [] })
  })

  it('is decoded as UTF-8, or as western spreadsheets write it', () => {
    const bytes = (...values: number[]) => new Uint8Array(values).buffer
    assert.equal(decode(bytes(0x5a, 0xc3, 0xab)), 'Zë')
    assert.equal(decode(bytes(0x5a, 0xeb)), 'Zë')
  })

  it('goes to the fields that its columns are called after, each once', () => {
    const definition = { attribute_key: 'plan', attribute_display_name: 'Tariff' } as never
    const columns = ['Name', 'E-Mail', 'Mobile', 'Tariff', 'plan', 'Shoe size']
    const targets = guessTargets(columns, [definition])
    assert.deepEqual(targets, ['name', 'email', 'phone_number', 'custom_attributes.plan', '', ''])
    const rows = [
      { line: 3, cells: ['Ada', '', '+49 (30) 123-45', 'gold', 'x', '38; vip'] },
      { line: 6, cells: ['Two\nlines', '', '', '', '', '["a,b"]'] },
      { line: 8, cells: ['Last', '', '', '', '', ''] },
    ]
    assert.deepEqual(fileOf({ columns, rows }, [...targets.slice(0, 5), 'labels']).split('\n'), [
      'name,email,phone_number,custom_attributes.plan,labels',
      '',
      'Ada,,+493012345,gold,"[""38"",""vip""]"',
      '',
      '',
      '"Two',
      'lines",,,,"[""a,b""]"',
      'Last,,,,',
      '',
    ])
  })
})
