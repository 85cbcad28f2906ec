// Progress bars, one for each thing that is under way; silent where nobody watches.
import type { MultiBar, SingleBar } from 'cli-progress'
import { type Drawn, drawBar } from './draw-bar.ts'
import type { Io, Sink } from './io.ts'

export type Bar = {
  readonly update: (state: Partial<Drawn>) => void
  /** It is over, one way or the other: `words` stay beside it. */
  readonly end: (words: string) => void
}

export type Bars = {
  readonly kind: 'drawn' | 'quiet'
  readonly add: (name: string, unit: Drawn['unit'], total?: number) => Bar
  /** A line of text above the bars; with quiet ones it is printed as it is. */
  readonly say: (line: string) => void
  readonly stop: () => void
}

/** On standard error, so that what is piped holds none; not on a terminal that cannot move its cursor (`TERM=dumb`). */
export async function progressBars({ stderr: screen, env }: Pick<Io, 'stderr' | 'env'>): Promise<Bars> {
  if (screen.isTTY !== true || env.TERM === 'dumb') return quiet(screen)
  const { default: progress } = await import('cli-progress')
  const bars = new progress.MultiBar({
    stream: screen,
    format: (_options, _params, drawn: Drawn) => drawBar(drawn, screen.columns || 80),
    // Ctrl-C is the command's matter, and a cursor that was hidden stays so when a process is killed.
    gracefulExit: false,
    hideCursor: false,
    linewrap: null,
    forceRedraw: true,
    fps: 10,
  })
  return {
    kind: 'drawn',
    add: (name, unit, total) => barOf(bars, { name, unit, value: 0, total, speed: 0, eta: undefined, words: '' }),
    say: line => bars.log(`${line}\n`),
    stop() {
      bars.update()
      bars.stop()
    },
  }
}

function barOf(bars: MultiBar, first: Drawn): Bar {
  let drawn = first
  const bar: SingleBar = bars.create(first.total ?? 0, 0, drawn)
  const show = (next: Drawn) => {
    drawn = next
    if (next.total !== undefined) bar.setTotal(next.total)
    bar.update(next.value, next)
  }
  return {
    update: state => show({ ...drawn, ...state }),
    end: words => show({ ...drawn, words }),
  }
}

function quiet(screen: Sink): Bars {
  const bar: Bar = { update() {}, end() {} }
  return { kind: 'quiet', add: () => bar, say: line => void screen.write(`${line}\n`), stop() {} }
}
