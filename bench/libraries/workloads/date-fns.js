import {
  addBusinessDays,
  differenceInCalendarDays,
  eachWeekOfInterval,
  endOfMonth,
  format,
  formatDistance,
  formatISO,
  getISOWeek,
  intervalToDuration,
  parse,
  parseISO,
  startOfWeek,
} from 'date-fns'
import { de } from 'date-fns/locale/de'

export function run({ rows }) {
  const start = new Date(2024, 1, 1, 12, 30)
  const dates = rows.map(({ id, cents }) => addBusinessDays(start, id * 3 + (cents % 50)))
  return JSON.stringify([
    dates.map(date => format(date, "EEEE, do 'of' MMMM yyyy, HH:mm:ss.SSS QQQ w I")),
    dates.map(date => format(date, 'PPPPpppp', { locale: de })),
    dates.map(date => [
      getISOWeek(date),
      differenceInCalendarDays(date, start),
      formatISO(startOfWeek(date)),
    ]),
    dates.map(date => formatDistance(date, start, { addSuffix: true, locale: de })),
    dates.map(date => intervalToDuration({ start, end: endOfMonth(date) })),
    dates.map(
      date =>
        parse(format(date, 'dd.MM.yyyy HH:mm'), 'dd.MM.yyyy HH:mm', start).getTime() -
        parseISO(formatISO(date)).getTime(),
    ),
    eachWeekOfInterval({ start, end: dates.at(-1) }).length,
  ])
}
