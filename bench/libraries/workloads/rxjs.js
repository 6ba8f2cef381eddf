import {
  concatMap,
  from,
  groupBy,
  map,
  mergeMap,
  of,
  range,
  reduce,
  scan,
  Subject,
  switchMap,
  toArray,
  zip,
} from 'rxjs'
import {
  bufferCount,
  catchError,
  distinctUntilChanged,
  filter,
  share,
  take,
  throwIfEmpty,
} from 'rxjs/operators'

export function run({ rows }) {
  const out = []
  const note = name => ({
    next: value => out.push([name, value]),
    error: error => out.push([name, 'error', error.message]),
    complete: () => out.push([name, 'end']),
  })
  from(rows)
    .pipe(
      groupBy(({ count }) => count),
      mergeMap(group =>
        group.pipe(
          reduce((sum, { cents }) => sum + cents, 0),
          map(sum => [group.key, sum]),
        ),
      ),
      toArray(),
    )
    .subscribe(note('groups'))
  const subject = new Subject()
  const shared = subject.pipe(
    scan((sum, n) => sum + n, 0),
    distinctUntilChanged(),
    share(),
  )
  shared.pipe(bufferCount(50)).subscribe(note('buffers'))
  shared
    .pipe(
      filter(n => n % 3 === 0),
      take(20),
    )
    .subscribe(note('thirds'))
  for (let n = 0; n < 4000; n++) subject.next(n % 11)
  subject.complete()
  zip(range(0, 500), from(rows))
    .pipe(
      concatMap(([n, { name }]) => of(n, name)),
      toArray(),
    )
    .subscribe(note('zip'))
  from(rows)
    .pipe(
      switchMap(({ id }) => {
        if (id === 77) throw new Error('seventy-seven')
        return of(id)
      }),
      catchError(({ message }) => of(message)),
      toArray(),
    )
    .subscribe(note('caught'))
  of().pipe(throwIfEmpty()).subscribe(note('empty'))
  return JSON.stringify(out)
}
