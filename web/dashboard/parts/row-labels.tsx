import { LabelChip } from './label-chip.tsx'

// About as many letters fit next to the name of an inbox; a chip needs the room of four for its dot and margins.
const mostLetters = 20
const lettersOfChip = 4

/** The labels of a row: the first ones that fit as a whole, and how many more there are. */
export function RowLabels({ titles }: { titles: readonly string[] }) {
  const shown = titles.slice(0, Math.max(1, fitting(titles)))
  const others = titles.slice(shown.length)
  return (
    <>
      {shown.map((title) => (
        <LabelChip key={title} title={title} />
      ))}
      {others.length > 0 && (
        <span class="row-more" title={others.join(', ')}>
          +{others.length}
        </span>
      )}
    </>
  )
}

function fitting(titles: readonly string[]): number {
  let letters = 0
  const beyond = titles.findIndex((title) => {
    letters += title.length + lettersOfChip
    return letters > mostLetters
  })
  return beyond < 0 ? titles.length : beyond
}
